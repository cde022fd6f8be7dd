"""Closing a case: what each reason asks for, what stops, and that a death silences everything."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.privacy import fields
from alongside.foundation.office.messages import queries as messages
from alongside.foundation.office.messages.models import ContactHold, Outgoing
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case, Need
from alongside.support.cases.casework.tests.cases import accepted, inside
from alongside.support.cases.casework.tests.test_actions import HOUR, reach, sit
from alongside.support.cases.closing import actions, jobs, queries
from alongside.support.cases.closing.actions import Told
from alongside.support.cases.closing.models import Ending
from alongside.support.cases.plans import actions as plans
from alongside.support.cases.risk.tests.sittings import case_of, finished
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def case(world: World) -> Case:
    case, by = accepted(world), world.actor("caseworker")
    casework.assign(case, by=by, at=world.now, worker=by.user_id)
    reach(world, case)
    sit(world, case, "first")
    sit(world, case, "last")
    return Case.objects.get(pk=case.pk)


def close(
    world: World, case: Case, reason: str, *, person: str = "caseworker", at: datetime | None = None, **told: Any
) -> Ending:  # fmt: skip
    said = {"knows_how": "yes", **told}
    with transaction.atomic(), inside(world, person):
        return actions.close(
            case, by=world.actor(person), at=at or world.now + 6 * HOUR, reason=reason, told=Told(**said)
        )


def test_close_as_planned_keeps_what_was_said_and_left(world: World, case: Case) -> None:
    ending = close(world, case, "needs_met", signposts=("doctor", "nowhere"), own_words="I sleep again")
    case.refresh_from_db()
    assert (case.state, case.closed_why, case.unmeasured_why) == ("CLOSED", "needs_met", "")
    assert (ending.signposts, ending.knows_how, ending.unscored_why) == (["doctor"], "yes", "")
    assert fields.read(ending, "own_words") == "I sleep again"
    assert Event.objects.filter(name="case.closed").count() == 1


def test_close_as_planned_waits_for_needs_that_are_open(world: World, case: Case) -> None:
    by = world.actor("caseworker")
    need = casework.find_need(case, by=by, at=world.now, code="money", goal="Pay the rent")
    with pytest.raises(RuleBroken, match="1 need still being worked on"):
        close(world, case, "needs_met")
    casework.settle_need(need, by=by, at=world.now, state=Need.State.MET, seen=1)
    close(world, case, "needs_met")


def test_close_asks_whether_they_know_how_to_come_back_and_for_a_reason_that_there_is(world: World, case: Case) -> None:
    with pytest.raises(RuleBroken, match="know how to come back"):
        close(world, case, "needs_met", knows_how="")
    for reason in ("transferred", "nothing"):
        with pytest.raises(RuleBroken, match="Choose why support ends"):
            close(world, case, reason)


def test_who_declined_is_asked_what_and_it_is_kept(world: World, case: Case) -> None:
    with pytest.raises(RuleBroken, match="What did they say no to"):
        close(world, case, "victim_stopped", said=" ")
    assert fields.read(close(world, case, "victim_stopped", said="The groups"), "said") == "The groups"


def attempt(world: World, case: Case, day: int, channel: str) -> None:
    moment = world.now + day * DAY
    with transaction.atomic(), inside(world, "caseworker"):
        casework.record_contact(case, by=world.actor("caseworker"), at=moment, happened_at=moment, channel=channel,
                                result="no_answer")  # fmt: skip


def test_contact_is_lost_after_tries_in_two_ways_or_on_a_managers_word(world: World, case: Case) -> None:
    later = world.now + 20 * DAY
    attempt(world, case, 2, "phone")
    attempt(world, case, 9, "phone")
    attempt(world, case, 15, "phone")
    with pytest.raises(RuleBroken, match=r"3 tries in 1 way.*Ask your manager"):
        close(world, case, "lost_contact", at=later)
    with pytest.raises(RuleBroken, match="say below why") as broken:
        close(world, case, "lost_contact", at=later, person="service_manager")
    assert broken.value.field == "despite"
    ending = close(world, case, "lost_contact", at=later, person="service_manager", despite="No other way is safe")
    assert fields.read(ending, "despite") == "No other way is safe"
    assert Event.objects.get(name="closing.answered_for").details == {"matters": 1}


def test_contact_is_lost_once_enough_was_tried(world: World, case: Case) -> None:
    attempt(world, case, 2, "phone")
    attempt(world, case, 9, "text")
    attempt(world, case, 15, "phone")
    close(world, case, "lost_contact", at=world.now + 20 * DAY)
    assert not Event.objects.filter(name="closing.answered_for").exists()


def test_high_risk_is_a_managers_to_close(world: World) -> None:
    case = case_of(world)
    finished(world, case, 20, world.now + HOUR)
    told = {"unmeasured_why": "not_wanted", "said": "All of it"}
    with pytest.raises(RuleBroken, match=r"risk was high.*Ask your manager"):
        close(world, case, "victim_stopped", at=world.now + DAY, **told)
    close(world, case, "victim_stopped", at=world.now + DAY, person="service_manager", despite="Police told", **told)


def test_a_death_stops_every_message_and_call_and_sends_nothing(world: World, case: Case) -> None:
    ending = close(world, case, "died", knows_how="")
    case.refresh_from_db()
    held = messages.held(case.victim_id, world.now + 400 * DAY)
    assert held is not None and held.words.startswith("The person has died. Make no contact.")
    assert not held.may_override
    assert (case.closed_why, ending.knows_how) == ("died", "")
    assert Outgoing.objects.count() == 0
    with transaction.atomic(), inside(world, "neighbour_caseworker"):
        assert not ContactHold.objects.exists()
    with transaction.atomic(), inside(world, "triage_officer"):
        assert ContactHold.objects.count() == 1


def test_a_death_that_was_a_mistake_lets_contact_go_on(world: World, case: Case) -> None:
    close(world, case, "died", knows_how="")
    casework.reopen(case, by=world.actor("service_manager"), at=world.now + 7 * HOUR, reason="closed_by_mistake")
    for _ in range(2):
        jobs.let_go_on(event="", subject=str(case.pk))
    assert messages.held(case.victim_id, world.now + DAY) is None


def test_a_death_asks_for_no_answers(world: World) -> None:
    case = accepted(world)
    ending = close(world, case, "died", knows_how="")
    case.refresh_from_db()
    assert (case.unmeasured_why, ending.unscored_why) == ("died", "")


def test_needs_that_were_scored_are_scored_again_or_it_is_said_why_not(world: World, case: Case) -> None:
    by = world.actor("caseworker")
    plans.score(case, by=by, at=world.now + HOUR, stage="first", answers={"money": 2}, said_by="victim")
    with pytest.raises(RuleBroken, match="Score the needs a last time"):
        close(world, case, "needs_met")
    ending = close(world, case, "needs_met", unmeasured_why="too_soon")
    case.refresh_from_db()
    assert (ending.unscored_why, case.unmeasured_why) == ("too_soon", "")


def test_nobody_closes_twice_and_the_last_ending_is_read(world: World, case: Case) -> None:
    assert queries.last(case) is None
    close(world, case, "victim_stopped", said="The groups")
    found = queries.last(case)
    assert found is not None and found.said == "The groups"
    with pytest.raises(RuleBroken, match="This case is closed"):
        close(world, case, "needs_met")
    assert Ending.objects.count() == 1
