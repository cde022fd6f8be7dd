"""An office drafts a tool, and publishes it from a day; two writers never overwrite each other."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.foundation.office.rulebook import actions as rulebook
from alongside.support.cases.outcomes import queries as outcomes
from alongside.support.cases.outcomes.rules import Question
from alongside.support.cases.tools import actions, queries, rules
from alongside.support.cases.tools.models import Draft
from tests.world import World

OFFICE = "hub_manager"
DAY = timedelta(days=1)


@pytest.fixture
def at() -> datetime:
    return timezone.now()


def drafted(world: World, at: datetime, person: str = OFFICE) -> Draft:
    return actions.begin("adult", by=world.actor(person), at=at)


def test_a_draft_is_begun_once_for_each_office(world: World, at: datetime) -> None:
    first = drafted(world, at)
    assert drafted(world, at).pk == first.pk != drafted(world, at, "office_administrator").pk
    assert queries.drafts(world.actor(OFFICE)) == (first,)


def test_a_question_is_put_in_reworded_moved_and_taken_out(world: World, at: datetime) -> None:
    by, held = world.actor(OFFICE), drafted(world, at)
    actions.put_in(held, by=by, at=at, question=Question("", "I have people whom I trust."), stamp=1)
    actions.reword(held, by=by, at=at, question=Question("q1", "People are there for me.", "coping"), stamp=2)
    actions.move(held, by=by, at=at, code="q1", up=True, stamp=3)
    held = actions.take_out(held, by=by, at=at, code="adult_health_1", stamp=4)
    whole = queries.drafted(held)
    assert [one.code for one in whole.questions][-2:] == ["q1", "adult_informed_2"]
    assert whole.question("q1") == Question("q1", "People are there for me.", "coping")
    with pytest.raises(RuleBroken, match="changed this draft meanwhile"):
        actions.take_out(held, by=by, at=at, code="q1", stamp=4)
    said = [one.what for one in queries.changed(held, at.date())]
    assert said == ["Question added", "Question taken out"]


def test_a_tool_has_room_for_so_many_questions(world: World, at: datetime) -> None:
    by, held = world.actor(OFFICE), drafted(world, at)
    whole = queries.drafted(held)
    many = tuple(Question(f"x{place}", "I sleep.") for place in range(rules.MOST_QUESTIONS))
    Draft.objects.update(body=replace(whole, questions=many).body())
    with pytest.raises(RuleBroken, match="at most 40"):
        actions.put_in(held, by=by, at=at, question=Question("", "One more"), stamp=1)


def test_settle_refuses_what_nobody_could_be_judged_by(world: World, at: datetime) -> None:
    by, held = world.actor(OFFICE), drafted(world, at)
    with pytest.raises(RuleBroken, match="no longer than the scale"):
        actions.settle(held, by=by, at=at, settings=lambda one: replace(one, step=9), stamp=1)
    held = actions.settle(held, by=by, at=at, settings=lambda one: replace(one, step=0.5), stamp=1)
    assert queries.drafted(held).step == 0.5


def test_publish_makes_a_version_from_its_day(world: World, at: datetime) -> None:
    by, held, day = world.actor(OFFICE), drafted(world, at), timezone.localdate(at)
    with pytest.raises(RuleBroken, match="Nothing was changed"):
        actions.publish(held, by=by, at=at, since=day, source="Office decision", stamp=1)
    held = actions.settle(held, by=by, at=at, settings=lambda one: replace(one, step=0.5), stamp=1)
    rule = actions.publish(held, by=by, at=at, since=day + 2 * DAY, source="Office decision", stamp=2)
    now, later = outcomes.tool("adult", day), outcomes.tool("adult", day + 2 * DAY)
    assert now is not None and later is not None
    assert (now.step, later.step, rule.version, later.ref) == (1.0, 0.5, 2, "adult@2")
    assert Event.objects.get(name="tool.published").details == {"code": "adult", "version": 2}
    with pytest.raises(RuleBroken, match="is gone"):
        actions.publish(held, by=by, at=at, since=day, source="Office decision", stamp=2)


def test_a_tool_of_ones_own_is_started_written_and_published(world: World, at: datetime) -> None:
    by, day = world.actor(OFFICE), timezone.localdate(at)
    held = actions.start(by=by, at=at, title="Our five", whose="Our hub")
    assert held.code == "own1"
    assert actions.start(by=by, at=at, title="Another", whose="Our hub").code == "own2"
    with pytest.raises(RuleBroken, match="from 1 to 40 questions"):
        actions.publish(held, by=by, at=at, since=day, source="Office decision", stamp=1)
    held = actions.put_in(held, by=by, at=at, question=Question("", "I feel safe.", "safety"), stamp=1)
    assert [one.what for one in queries.changed(held, day)] == ["Question added"]
    actions.publish(held, by=by, at=at, since=day, source="Office decision", stamp=2)
    assert "own1" in [one.code for one in outcomes.tools(day)]


def test_a_draft_may_begin_from_an_earlier_version_and_be_dropped(world: World, at: datetime) -> None:
    by, held, day = world.actor(OFFICE), drafted(world, at), timezone.localdate(at)
    held = actions.settle(held, by=by, at=at, settings=lambda one: replace(one, step=0.5), stamp=1)
    actions.publish(held, by=by, at=at, since=day, source="Office decision", stamp=2)
    held = actions.begin("adult", by=by, at=at, like=1)
    assert (queries.drafted(held).step, held.seen) == (1.0, 2)
    for _ in range(2):
        actions.drop(held, by=by, at=at)
    assert not Draft.objects.exists()
    assert Event.objects.filter(name="tool.dropped").count() == 1


def test_nobody_else_writes_and_what_was_withdrawn_is_not_written(world: World, at: datetime) -> None:
    for person in ("caseworker", "service_manager", "analyst"):
        with pytest.raises(RuleBroken, match="hub's manager writes"):
            drafted(world, at, person)
    by, day = world.actor(OFFICE), timezone.localdate(at)
    rulebook.withdraw(queries.BOOK, "adult", by=by, at=at, until=day + DAY)
    with pytest.raises(RuleBroken, match="withdrawn"):
        drafted(world, at)


def test_what_a_version_changed_is_said_and_what_is_not_held_together(world: World, at: datetime) -> None:
    tool = outcomes.tool("adult", at.date())
    assert tool is not None
    first = replace(tool.questions[0], words="I feel well.")
    now = replace(
        tool, title="New", scale=tool.scale[:4], higher=False, services=("one",), deviation=1.0, reliability=0.9,
        questions=(tool.questions[1], first, *tool.questions[3:], Question("q1", "I trust.")),
    )  # fmt: skip
    said = [one.what for one in rules.differences(tool, now, {})]
    assert said == [
        "Name", "Standard deviation", "Reliability", "Points of the scale", "Which end is better", "Services",
        "Question changed", "Question added", "Question taken out", "Order",
    ]  # fmt: skip
    worded = replace(tool, questions=(first, *tool.questions[1:]))
    assert rules.not_held_together(tool, worded, {"health": "Health"}) == ("Health",)
