"""A plan's days and what is sent twice; wrong answers in words."""

import html
import re
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.pages.paging import page_of
from alongside.support.cases.casework import actions, rules, timeline
from alongside.support.cases.casework.models import Case, Need, Step
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.cases.casework.tests.test_actions import ANSWERS
from tests.world import World

TODAY = date(2026, 9, 14)


@pytest.fixture
def case(world: World) -> Case:
    return accepted(world)


@pytest.fixture
def need(world: World, case: Case) -> Need:
    return actions.find_need(case, by=world.actor("caseworker"), at=world.now, code="money", goal="Pay the rent")


@pytest.mark.parametrize(
    ("due", "before", "words"),
    [(None, None, ""), (TODAY, None, ""), (date(2028, 9, 14), None, ""),
     (date(2026, 9, 13), None, "The day must be today or later."),
     (date(2026, 9, 1), date(2026, 9, 2), "The day must be today or later."), (date(2026, 9, 1), date(2026, 9, 1), ""),
     (date(2206, 9, 20), None, "The day must be within 24 months. Check the year.")],
)  # fmt: skip
def test_a_step_is_due_today_or_later_and_not_in_another_age(due: date, before: date, words: str) -> None:
    obstacle = rules.due_obstacle(due, today=TODAY, months=24, before=before)
    assert (obstacle.words if obstacle else "") == words


def test_a_step_that_was_due_in_the_past_is_refused_when_added_and_kept_when_revised(world: World, need: Need) -> None:
    by: dict[str, Any] = {"by": world.actor("caseworker"), "who": "worker"}
    with pytest.raises(RuleBroken) as refused:
        actions.add_step(need, at=world.now, what="Ring the bank", due_on=date(2020, 1, 1), **by)
    assert refused.value.field == "due_on"
    step = actions.add_step(need, at=world.now, what="Ring the bank", due_on=TODAY, **by)
    late = world.now + timedelta(days=5)
    actions.revise_step(step, at=late, what="Write to the bank", due_on=TODAY, seen=1, **by)
    with pytest.raises(RuleBroken):
        actions.revise_step(step, at=late, what="Write to the bank", due_on=date(2026, 9, 15), seen=2, **by)
    assert Step.objects.get().due_on == TODAY


def test_a_step_or_need_that_is_sent_twice_is_kept_once(world: World, case: Case, need: Need) -> None:
    by = world.actor("caseworker")
    for seconds in (0, 5, 300):
        at = world.now + timedelta(seconds=seconds)
        actions.add_step(need, by=by, at=at, what="Ring the bank", who="worker", due_on=TODAY)
        actions.add_step(need, by=by, at=at, what="Ring the bank", who="victim", due_on=TODAY)
    assert Step.objects.count() == Event.objects.filter(name="case.step_added").count() == 4
    again: dict[str, Any] = {"by": by, "code": "money", "goal": "Pay the rent"}
    assert actions.find_need(case, at=world.now + timedelta(seconds=5), **again) == need
    for changes in ({"goal": "Pay the gas"}, {"at": world.now + timedelta(minutes=5)}):
        with pytest.raises(RuleBroken, match="in the plan already"):
            actions.find_need(case, **{"at": world.now, **again, **changes})
    assert Event.objects.filter(name="case.need_found").count() == 1


def test_a_wrong_day_is_said_beside_it_and_nothing_is_lost(world: World, need: Need) -> None:
    client, address = world.client("caseworker"), reverse("casework:add_step", args=[need.pk])
    given = {"what": "Ring the bank", "who": "worker", "due_on_day": "1", "due_on_month": "2", "due_on_year": "2020"}
    text = client.post(address, given).content.decode()
    assert "The day must be today or later." in text
    assert "Ring the bank" in text and 'value="2020"' in text
    given["due_on_year"] = f"{timezone.now().year + 1}"
    assert client.post(address, given).status_code == 302


def test_answers_that_cannot_be_are_told_in_plain_words(world: World, case: Case) -> None:
    client = world.client("caseworker")
    wrong = {"channel": "pigeon", "minutes": "1000", "happened_at": "noon"}
    text = client.post(reverse("casework:record_contact", args=[case.pk]), wrong).content.decode()
    for words in (
        "Enter minutes as a number up to 600", "Enter the time as hours and minutes, like 14:30", "Enter the day",
        "Choose one of the answers that are offered", "Choose what came of it",
    ):  # fmt: skip
        assert words in text, words
    text = client.post(reverse("casework:assess", args=[case.pk]), {"stage": "first"}).content.decode()
    asked = "Choose an answer, or “Not asked”, for “In the last week, I have felt well enough in body and mind to get"
    assert asked in text
    assert text.count("Choose an answer, or “Not asked”, for “") == 2 * len(ANSWERS)
    assert "Ensure this" not in text and "Choose in the" not in text


@pytest.fixture
def long_need(world: World, need: Need, monkeypatch: pytest.MonkeyPatch) -> Need:
    """A need with more steps than a page shows: three, where two fit; the first is done."""
    monkeypatch.setattr(timeline, "SIZE", 2)
    monkeypatch.setattr(timeline, "page_of", partial(page_of, size=2))
    by = world.actor("caseworker")
    for minute, words in enumerate(("Ring the bank", "Write to the bank", "Go to the bank")):
        at = world.now + timedelta(minutes=minute)
        step = actions.add_step(need, by=by, at=at, what=words, who="worker", due_on=None)
        if not minute:
            actions.finish_step(step, by=by, at=at, seen=1)
    return need


def test_of_very_many_steps_the_plan_shows_those_that_are_not_done(world: World, case: Case, long_need: Need) -> None:
    text = world.client("caseworker").get(reverse("casework:plan", args=[case.pk])).content.decode()
    assert "Write to the bank" in text and "Go to the bank" in text and "Ring the bank" not in text
    assert "Showing 2 of 3 steps" in text and reverse("casework:steps", args=[long_need.pk]) in text


def test_every_step_of_a_need_is_read_a_page_at_a_time(world: World, long_need: Need) -> None:
    client, address = world.client("caseworker"), reverse("casework:steps", args=[long_need.pk])
    text = client.get(address).content.decode()
    assert "Ring the bank" in text and "Go to the bank" not in text and "Showing 2 of 3 steps" in text
    after = html.unescape(re.search(r'href="(\?after=[^"]*)"', text)[1])  # type: ignore[index]
    assert "Go to the bank" in client.get(address + after).content.decode()
    last = Step.objects.order_by("-added_at")[0]
    done = client.post(reverse("casework:finish_step", args=[last.pk]) + f"{after}&of=steps", {"seen": "1"})
    assert done["Location"] == f"{address}{after}&of=steps"
    assert "Done" in client.get(done["Location"]).content.decode()
    assert world.client("neighbour_caseworker").get(address).status_code == 404


def test_a_goal_is_not_emptied_without_being_asked(world: World, case: Case, need: Need) -> None:
    client, address = world.client("caseworker"), reverse("casework:revise_need", args=[need.pk])
    assert "off the plan" not in client.get(address).content.decode()
    text = client.post(address, {"goal": "  ", "seen": "1"}).content.decode()
    assert "say below that the goal is taken off" in text and "“Pay the rent”" in text and 'name="without"' in text
    assert Need.objects.get().version == 1
    text = client.post(address, {"goal": "", "without": "on", "seen": "1"}, follow=True).content.decode()
    assert "The goal has been changed." in text and "Pay the rent" not in text
    text = client.post(address, {"goal": "", "seen": "2"}, follow=True).content.decode()
    assert "The goal has been changed." in text, "there was none to lose"


def test_each_change_of_the_plan_says_that_it_is_kept(world: World, case: Case, need: Need) -> None:
    def said(view: str, row: Case | Need | Step, **given: str) -> str:
        address = reverse(f"casework:{view}", args=[row.pk])
        return world.client("caseworker").post(address, given, follow=True).content.decode()

    assert "The step is in the plan." in said("add_step", need, what="Ring the bank", who="worker")
    step = Step.objects.get()
    assert "The step has been changed." in said("revise_step", step, what="Write", who="worker", seen="1")
    assert "It is kept how the need stands." in said("settle_need", need, state="MET", seen="1")
    assert "The need is in the plan." in said("find_need", case, code="health", goal="Sleep")
