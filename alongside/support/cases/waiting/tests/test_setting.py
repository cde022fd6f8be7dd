"""Writes about a list itself: set up, changed, its order ruled anew, closed and opened."""

from typing import Any

import pytest

from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.support.cases.casework.tests.cases import service_of
from alongside.support.cases.waiting import queries, setting
from alongside.support.cases.waiting.models import PositionRule, WaitingList
from alongside.support.cases.waiting.tests.lists import SETTINGS, WEIGHTS, a_list, day, done, joined, later
from tests.world import World

pytestmark = pytest.mark.django_db
MANAGER = "service_manager"


def now(held: WaitingList) -> WaitingList:
    return WaitingList.objects.get(pk=held.pk)


def ruled(world: World, held: WaitingList, *, days: int = 10, **said: Any) -> PositionRule:
    found: PositionRule = done(
        world, setting.rule, held, person=MANAGER, from_on=day(world, days), **{**WEIGHTS, **said}
    )  # fmt: skip
    return found


def test_a_list_is_set_up_once_with_its_first_order(world: World) -> None:
    held = a_list(world)
    assert (held.state, held.review_weeks) == ("OPEN", 8)
    rule = PositionRule.objects.get()
    assert (rule.number, rule.from_on, rule.need, rule.risk, rule.week) == (1, day(world), 4, 6, 1)
    assert a_list(world) == held, "sent twice"
    with pytest.raises(RuleBroken, match="has a list for that already"):
        done(world, setting.set_up, held.service, person=MANAGER, modality="counselling", **WEIGHTS, **SETTINGS)


def test_a_list_is_of_ones_own_service_for_something_and_says_what_counts(world: World) -> None:
    theirs, mine = service_of(world, "neighbour"), service_of(world)
    for service, modality, weights, words in (
        (theirs, "counselling", WEIGHTS, "your own organisation"),
        (mine, "nonsense", WEIGHTS, "Choose what people wait for"),
        (mine, "counselling", {"need": 0, "risk": 0, "week": 0}, "at least one of them a point"),
    ):
        with pytest.raises(RuleBroken, match=words):
            done(world, setting.set_up, service, person=MANAGER, modality=modality, **weights, **SETTINGS)
    assert not WaitingList.objects.exists()


def test_what_is_changed_is_on_record_and_nobody_writes_over_a_colleague(world: World) -> None:
    held = a_list(world)
    done(world, setting.revise, held, person=MANAGER, seen=1, **{**SETTINGS, "limit_people": 40})
    assert now(held).limit_people == 40
    assert Event.objects.get(name="waiting_list.revised").details == {"changed": ["limit_people"]}
    with pytest.raises(RuleBroken, match="Somebody else changed this"):
        done(world, setting.revise, held, person=MANAGER, seen=1, **SETTINGS)


def test_an_order_is_changed_from_a_day_on_and_the_version_before_is_kept(world: World) -> None:
    held = a_list(world)
    two = ruled(world, held, risk=20)
    assert (two.number, ruled(world, held, risk=20)) == (2, two)
    assert queries.rule_on(held, day(world, 9)).number == 1 and queries.rule_on(held, day(world, 10)).number == 2
    assert queries.coming(held, day(world)) == two and queries.coming(held, day(world, 10)) is None
    assert queries.rule_on(held, day(world, -99)).number == 1
    with pytest.raises(RuleBroken, match="decided already"):
        ruled(world, held, risk=20, days=11, at=later(world, days=3))
    with pytest.raises(RuleBroken, match="later change is written already"):
        ruled(world, held, risk=30, days=9)
    with pytest.raises(RuleBroken, match="days that are over"):
        ruled(world, held, risk=30, days=1)


def test_what_a_change_of_order_would_do_is_known_before(world: World) -> None:
    held = a_list(world)
    urgent, early = joined(world, held, need="urgent", at=later(world, days=9)), joined(world, held, need="steady")
    said = {"need": 0, "risk": 0, "week": 1, "from_on": day(world, 30)}
    effect, people = queries.tried(held, said, day(world, 10))
    assert (effect.up, effect.down, effect.same) == (1, 1, 0)
    assert set(people) == {urgent.pk, early.pk} and PositionRule.objects.count() == 1


def test_a_list_is_closed_with_why_and_what_is_offered_meanwhile_and_opened_again(world: World) -> None:
    held = a_list(world)
    said = {"why": "No counsellor until spring.", "meanwhile": "A group on Tuesdays."}
    with pytest.raises(RuleBroken, match="on the day itself"):
        done(world, setting.close, held, person=MANAGER, closed_on=day(world, 30), **said)
    done(world, setting.close, held, person=MANAGER, closed_on=day(world, 1), **said)
    closed = now(held)
    assert (closed.state, closed.closed_on, closed.meanwhile) == ("CLOSED", day(world, 1), said["meanwhile"])
    with pytest.raises(RuleBroken, match="You cannot close this waiting list"):
        done(world, setting.close, held, person=MANAGER, closed_on=day(world, 1), **said)
    for _ in range(2):
        done(world, setting.reopen, held, person=MANAGER)
    assert (now(held).state, now(held).closed_on, now(held).closed_why) == ("OPEN", None, "")
    assert Event.objects.filter(name="waiting_list.reopened").count() == 1
