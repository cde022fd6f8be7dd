"""Questions on somebody's own phone: by a safe way alone, opened once, answered once, kept as an assessment."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.models import Event
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.messages.models import ContactPoint, Outgoing
from alongside.foundation.office.messages.rules import FOR_GOOD
from alongside.foundation.office.rulebook import actions as rulebook
from alongside.support.arrivals.intake.tests.visitors import CRIME
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework import queries as casework_queries
from alongside.support.cases.casework.models import Case
from alongside.support.cases.journey import actions as journey_actions
from alongside.support.cases.journey.tests.opened import as_worker, case_of, close, enter, link_in, phrase_of, turned_on
from alongside.support.cases.outcomes import queries as outcomes
from alongside.support.cases.outcomes.models import Assessment
from alongside.support.cases.tools import jobs, queries, sending
from alongside.support.cases.tools.models import Sending
from tests.world import World

pytestmark = pytest.mark.django_db
CODES = [f"adult_{outcome}_{n}" for outcome in ("health", "coping", "safety", "informed") for n in (1, 2)]


def sent(world: World, case: Case, stage: str = "first", **more: Any) -> Outgoing:
    tool = outcomes.tool("adult", world.now.date())
    item: Outgoing = as_worker(world, sending.send, case, tool, stage=stage, **more)
    return item


def link_of(world: World, case: Case, **more: Any) -> str:
    address = link_in(sent(world, case, **more), world)
    Sending.objects.filter(ended_at=None).update(expires_at=timezone.now() + timedelta(hours=1))
    cache.clear()
    return address


def opened(world: World, case: Case, **more: Any) -> Client:
    client = Client()
    assert client.post(link_of(world, case, **more)).status_code == 302
    return client


def run() -> None:
    told = Event.objects.filter(name="tool.answered").latest("at")
    for _ in range(2):
        jobs.keep.func(event=str(told.pk), subject=str(told.subject))


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_questions_are_opened_once_by_a_press_and_answered_once(world: World) -> None:
    case = case_of(world)
    address = link_of(world, case)
    robot, client = Client(), Client()
    for _ in range(2):
        assert "It opens once" in text(robot.get(address))
    assert Sending.objects.get().opened_at is None, "a look opens nothing"
    assert client.post(address).headers["Location"] == "/page/few/now/"
    assert "opens nothing any more" in text(robot.post(address))
    shown = text(client.get("/page/few/now/"))
    assert "I feel safe where I live." in shown and "<title>A few questions</title>" in shown
    assert not CRIME.search(re.sub(r"<link[^>]*>|<script[^>]*>|<legend.*?</legend>", "", shown, flags=re.DOTALL))
    for word in (case.reference, "Testina", "Alongside", "Test Provider"):
        assert word not in shown
    done = text(client.post("/page/few/now/", {f"q_{code}": "4" for code in CODES[:-1]} | {f"q_{CODES[-1]}": "skip"}))
    assert "Thank you" in done
    assert "opens nothing any more" in text(client.get("/page/few/now/"))
    run()
    kept = Assessment.objects.get()
    assert (kept.way, kept.in_own_words, kept.stage, kept.scores["health"], kept.scores["informed"]) == (
        "phone", True, "first", 4.0, None,
    )  # fmt: skip
    assert Sending.objects.get().answers == {}, "kept in one place alone"
    assert Event.objects.get(name="case.assessed").organisation_id == case.provider_id


def test_what_was_chosen_stays_on_an_error(world: World) -> None:
    client = opened(world, case_of(world))
    nothing = text(client.post("/page/few/now/", {f"q_{CODES[0]}": "skip"}))
    assert "Choose an answer to at least one" in nothing
    assert re.search(rf'name="q_{CODES[0]}"[^>]*value="skip"[^>]*checked', nothing)
    wrong = text(client.post("/page/few/now/", {f"q_{CODES[0]}": "9", f"q_{CODES[1]}": "2"}))
    assert re.search(rf'name="q_{CODES[1]}"[^>]*value="2"[^>]*checked', wrong)
    assert not Event.objects.filter(name="tool.answered").exists()


def test_it_goes_by_a_verified_safe_way_or_not_at_all(world: World) -> None:
    case = case_of(world)
    ContactPoint.objects.update(safe="no")
    assert sent(world, case).state != "WAITING"
    assert not Sending.objects.exists()


def test_another_link_ends_the_one_before_and_a_worker_may_stop_it(world: World) -> None:
    case = case_of(world)
    first = link_of(world, case)
    again = as_worker(
        world, sending.send, case, outcomes.tool("adult", world.now.date()), stage="first",
        at=world.now + timedelta(hours=4),
    )  # fmt: skip
    assert again.state == "WAITING"
    assert Sending.objects.filter(ended_at=None).count() == 1
    assert "opens nothing" in text(Client().post(first))
    for _ in range(2):
        as_worker(world, sending.stop, case)
    assert not Sending.objects.filter(ended_at=None).exists()
    assert Event.objects.filter(name="tool.stopped").count() == 1


def test_a_link_that_ran_out_opens_nothing_and_too_many_tries_wait(world: World) -> None:
    address = link_of(world, case_of(world))
    Sending.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    client = Client()
    assert "opens nothing" in text(client.post(address))
    assert "opens nothing" in text(client.get("/page/few/now/"))
    answers = [client.post("/page/few/nothing/").status_code for _ in range(12)]
    assert answers[-1] == 429


def test_it_shuts_with_the_case_and_a_follow_up_comes_after(world: World) -> None:
    case = case_of(world)
    client = opened(world, case)
    close(world, case)
    assert "opens nothing" in text(client.get("/page/few/now/"))
    with pytest.raises(RuleBroken, match="closed"):
        sent(world, case, stage="review", at=world.now + timedelta(hours=5))
    Assessment.objects.create(
        case_id=case.pk, provider_id=case.provider_id, stage="first", question_set="adult", set_version=1,
        scores={"health": 2.0}, assessed_at=world.now,
    )  # fmt: skip
    client = opened(world, case, stage="follow_up", at=world.now + timedelta(hours=2, minutes=30))
    client.post("/page/few/now/", {f"q_{code}": "5" for code in CODES})
    run()
    assert Assessment.objects.filter(stage="follow_up", way="phone").count() == 1


def test_nothing_of_somebody_who_died_opens(world: World) -> None:
    case = case_of(world)
    client = opened(world, case)
    as_worker(
        world, messages.hold, case.victim_id, organisation_id=case.provider_id, reason="died", until=FOR_GOOD,
        cause=uuid7(),
    )  # fmt: skip
    assert "opens nothing" in text(client.get("/page/few/now/"))


def test_a_first_that_somebody_made_meanwhile_makes_it_a_review(world: World) -> None:
    case = case_of(world)
    client = opened(world, case)
    Assessment.objects.create(
        case_id=case.pk, provider_id=case.provider_id, stage="first", question_set="adult", set_version=1,
        scores={"health": 2.0}, assessed_at=world.now,
    )  # fmt: skip
    client.post("/page/few/now/", {f"q_{code}": "5" for code in CODES})
    run()
    assert Assessment.objects.get(way="phone").stage == "review"
    Sending.objects.update(kept_at=None, answered_at=None)
    assert sending.keep(Sending.objects.get(), by=SYSTEM_ACTOR, at=timezone.now()) is None


def test_only_whom_it_is_for_and_only_languages_that_are_offered(world: World) -> None:
    with pytest.raises(RuleBroken, match="language"):
        sent(world, case_of(world), language="xx")
    young = case_of(world, born=timezone.localdate() - timedelta(days=8 * 365))
    with pytest.raises(RuleBroken, match="under 13"):
        sent(world, young)


def test_questions_are_read_in_another_language_and_english_is_marked(world: World) -> None:
    words = {"language": "cy", "english": "I am able to rest and sleep.", "says": "Rwy’n cysgu.", "native": True}
    rulebook.add(
        "translations", "one", by=world.actor("hub_manager"), at=timezone.now(), title="One", body=words,
        source="Office", since=timezone.localdate(),
    )  # fmt: skip
    address = link_of(world, case_of(world), language="cy")
    assert address.startswith("/cy/page/few/")
    client = Client()
    assert client.post(address).headers["Location"] == "/cy/page/few/now/"
    shown = text(client.get("/cy/page/few/now/"))
    assert '<html lang="cy"' in shown and "Rwy’n cysgu." in shown
    assert '<span lang="en" dir="ltr">I feel safe where I live.</span>' in shown


def test_no_error_says_what_it_is_about_in_any_language(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    for address in ("/page/few/now/", "/cy/page/few/now/"):
        shown = text(client.post(address, {"q_x": "1"}))
        assert "<title>Your page</title>" in shown and "upport" not in shown


def test_a_worker_sends_it_from_the_case_and_sees_what_came_of_it(world: World) -> None:
    case, worker = case_of(world), world.client("caseworker")
    here = reverse("tools:phone", args=[case.pk])
    assert "Send a link" in text(worker.get(here))
    assert "Choose which questions" in text(worker.post(here, {}))
    assert "it is another assessment" in text(worker.post(here, {"tool": "adult", "stage": "last"}))
    assert "It is handed over" in text(worker.post(here, {"tool": "adult"}, follow=True))
    assert "Not opened" in text(worker.get(here))
    assert "That opens nothing now" in text(worker.post(reverse("tools:stop", args=[case.pk]), follow=True))
    ContactPoint.objects.update(safe="no")
    Outgoing.objects.all().delete()
    assert "It was not sent." in text(worker.post(here, {"tool": "adult"}, follow=True))
    neighbour = world.client("neighbour_caseworker")
    assert neighbour.get(here).status_code == 404


def test_without_a_tool_nothing_is_sent(world: World) -> None:
    by = world.actor("hub_manager")
    for tool in outcomes.tools(timezone.localdate()):
        rulebook.withdraw(queries.BOOK, tool.code, by=by, at=timezone.now(), until=timezone.localdate())
    here = reverse("tools:phone", args=[case_of(world).pk])
    assert "There is no outcome tool for them" in text(world.client("caseworker").get(here))


def test_a_sheet_of_paper_says_nothing_of_anybody_unless_it_is_asked_to(world: World) -> None:
    worker = world.client("caseworker")
    plain = text(worker.get("/casework/sheets/adult/"))
    assert "A few questions</h1>" in plain and "5. Completely" in plain
    printed = plain[plain.index("<h1") :]
    assert "Alongside" not in printed and "How things are" not in printed
    assert "How things are, for adults" in text(worker.get("/casework/sheets/adult/?named=on&version=1"))
    assert '<html lang="cy"' in text(worker.get("/casework/sheets/adult/?language=cy"))
    assert worker.get("/casework/sheets/stars/").status_code == 404


def test_how_their_answers_moved_is_on_their_own_page_and_on_paper_where_it_was_chosen(world: World) -> None:
    case = turned_on(world, parts=["moved"])
    for stage, score, days in (("first", 2, 2), ("review", 4, 1)):
        as_worker(
            world, casework.assess, case, casework_queries.to_ask(case, today=world.now.date()), stage=stage,
            answers=dict.fromkeys(CODES, score), in_own_words=True, words="",
            answered_at=world.now - timedelta(days=days),
        )  # fmt: skip
    journey_actions.refresh(case, at=world.now + timedelta(hours=3))
    client = enter(case, phrase_of(world, case))
    shown = text(client.get("/page/now/"))
    assert "How you said things are" in shown and "Better than at first: 2.0, 4.0" in shown
    printed = text(world.client("caseworker").get(reverse("tools:drawn", args=[case.pk])))
    assert "Better than at first" in printed
    for word in (case.reference, "Testina", "Alongside"):
        assert word not in printed[printed.index("<h1") :]
    other = text(world.client("caseworker").get(reverse("tools:drawn", args=[case_of(world).pk])))
    assert "nothing to show yet" in other
