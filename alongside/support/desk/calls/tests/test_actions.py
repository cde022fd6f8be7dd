"""What a call writes, each thing by the action that is there for it; and taking back what was recorded last."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.clocks import LONDON, working_day_after
from alongside.core.errors import RuleBroken
from alongside.core.privacy import fields
from alongside.foundation.office.messages import actions as holding
from alongside.foundation.office.messages import queries as messages
from alongside.support.arrivals.referrals import actions as referrals
from alongside.support.arrivals.referrals.models import Attempt, Referral
from alongside.support.arrivals.referrals.tests.arrivals import PHONE, at_work, events_of, received, service, taken
from alongside.support.desk.calls import actions, jobs, queries
from alongside.support.desk.calls.models import Last
from alongside.support.people.victims.models import Agreement
from tests.world import World

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
THEM = {"speaking": "them", "safe": "yes", "danger": "no"}


def test_whoever_calls_takes_what_nobody_has_and_leaves_a_colleagues(world: World) -> None:
    free, theirs = received(world), taken(world, source_ref="TEST-2")
    with at_work(world, "other_triage_officer") as by:
        assert actions.begin(free, by=by, at=world.now).worker == by.user_id
        assert actions.begin(theirs, by=by, at=world.now).worker == world.people["triage_officer"].pk


def test_begin_is_refused_where_nobody_may_be_rung(world: World) -> None:
    unsafe = received(world, points=(replace(PHONE, safe="no"),))
    stopped = received(world, source_ref="TEST-2")
    referrals.stop(stopped, by=SYSTEM_ACTOR, at=world.now)
    with at_work(world, "triage_officer") as by:
        with pytest.raises(RuleBroken, match="No telephone is known"):
            actions.begin(unsafe, by=by, at=world.now)
        with pytest.raises(RuleBroken, match="asked us to stop"):
            actions.begin(stopped, by=by, at=world.now)
        assert queries.numbers(unsafe, at=world.now) == ()


def test_begin_is_refused_while_contact_is_held(world: World) -> None:
    referral = taken(world)
    until = world.now.date() + timedelta(days=3)
    with at_work(world, "triage_officer") as by:
        holding.hold(referral.victim_id, by=by, at=world.now, organisation_id=world.hub.pk, reason="police_hold",
                     until=until, cause=referral.pk)  # fmt: skip
        for act in (actions.begin, partial(actions.record, result="no_answer")):
            with pytest.raises(RuleBroken, match="Make no contact before"):
                act(referral, by=by, at=world.now)


def test_record_takes_a_new_referral_and_plans_the_next_call(world: World) -> None:
    referral = received(world)
    with at_work(world, "triage_officer") as by:
        made = actions.record(referral, by=by, at=world.now, result="no_answer")
        found = queries.last(by, at=world.now)
    referral.refresh_from_db()
    assert (made.channel, made.reached, referral.state) == ("phone", False, "IN_TRIAGE")
    assert referral.next_attempt_at is not None and found is not None
    assert (found.words, found.next_call) == ("No answer", "Call due 10am to midday tomorrow")


def test_record_is_refused_where_the_existing_action_refuses(world: World) -> None:
    referral = taken(world)
    with at_work(world, "triage_officer") as by, pytest.raises(RuleBroken):
        actions.record(referral, by=by, at=world.now, result="nonsense")


def test_undo_strikes_out_ones_own_last_and_nothing_else(world: World) -> None:
    referral = taken(world)
    with at_work(world, "triage_officer") as by:
        made = actions.record(referral, by=by, at=world.now, result="someone_else")
    with at_work(world, "other_triage_officer") as other, pytest.raises(RuleBroken, match="no longer be taken back"):
        actions.undo(made, by=other, at=world.now)
    with at_work(world, "triage_officer") as by:
        with pytest.raises(RuleBroken, match="no longer be taken back"):
            actions.undo(made, by=by, at=world.now + 11 * MINUTE)
        assert actions.undo(made, by=by, at=world.now + MINUTE).struck_at is not None
        assert queries.last(by, at=world.now + MINUTE) is None
    referral.refresh_from_db()
    assert referral.first_attempt_at is None


def test_what_was_recorded_last_is_forgotten_after_a_day(world: World) -> None:
    referral = taken(world)
    with at_work(world, "triage_officer") as by:
        actions.record(referral, by=by, at=world.now, result="no_answer")
    assert actions.forget(at=world.now + timedelta(hours=1)) == 0
    jobs.forget()
    assert not Last.objects.exists()


@pytest.mark.parametrize("said", [{"speaking": "else"}, {"speaking": "else", "next_day": "2026-09-15"}])
def test_somebody_else_answered_and_sets_no_time(world: World, said: dict[str, str]) -> None:
    referral = taken(world)
    with at_work(world, "triage_officer") as by:
        made = actions.leave(referral, said | {"next_hours": "13:00-15:00"}, by=by, at=world.now)
    referral.refresh_from_db()
    assert (made.result, referral.next_attempt_at) == ("someone_else", None)
    assert events_of(referral)[-1] == "call.left"


def test_they_say_themselves_when_to_call_again(world: World) -> None:
    referral, day = taken(world), working_day_after(world.now.date(), 1)
    said = {"speaking": "them", "safe": "no", "next_day": day.isoformat(), "next_hours": "11:00-13:00"}
    with at_work(world, "triage_officer") as by:
        made = actions.leave(referral, said, by=by, at=world.now)
    referral.refresh_from_db()
    assert made.result == "call_back" and referral.next_attempt_at is not None
    assert referral.next_attempt_at.date() == day
    ends = referral.next_attempt_until
    assert ends and ends.astimezone(LONDON).hour == 12  # safe from 10 to 12


def test_hours_of_which_none_is_safe_are_refused_and_nothing_is_recorded(world: World) -> None:
    referral, day = taken(world), working_day_after(world.now.date(), 1)
    said = {"speaking": "them", "safe": "no", "next_day": day.isoformat(), "next_hours": "13:00-15:00"}
    with pytest.raises(RuleBroken, match="from 10am to midday only") as refused, at_work(world, "triage_officer") as by:
        actions.leave(referral, said, by=by, at=world.now)
    assert refused.value.field == "next_hours"
    assert not Attempt.objects.exists()


def test_finish_writes_everything_that_was_said(world: World) -> None:
    referral, sent_to = taken(world), service(world)
    with at_work(world, "triage_officer") as by:
        script = queries.script(world.now.date())
        point = messages.points_of(referral.victim_id)[0]
        said = {
            **THEM, "note_what_happened": "Sample words.", "support": "yes", "contact": "no", "share": "yes",
            "share_with": str(sent_to.provider_id), "way": str(point.pk), "way_safe": "yes",
            "way_times": "18:00-20:00", "way_message": "yes", "needs": ["money"],
        }  # fmt: skip
        made = actions.finish(referral, said, script.steps, by=by, at=world.now)
    assert (made.result, made.reached) == ("spoke", True)
    assert fields.read(made, "note") == "What happened: Sample words."
    given = {(one.about, one.channel): one.given for one in Agreement.objects.filter(recorded_by=by.user_id)}
    assert given == {("support", ""): True, ("contact", "phone"): False, ("share", ""): True}
    point.refresh_from_db()
    assert (point.safe_times, point.leave_message, point.verified_how) == ("18:00-20:00", True, "by_voice")


def test_a_number_that_is_not_safe_is_marked_and_verified_by_nothing(world: World) -> None:
    referral = taken(world)
    with at_work(world, "triage_officer") as by:
        point = messages.points_of(referral.victim_id)[0]
        said = {**THEM, "way": str(point.pk), "way_safe": "no", "way_times": "10:00-12:00", "way_message": "yes"}
        actions.finish(referral, said, queries.script(world.now.date()).steps, by=by, at=world.now)
    point.refresh_from_db()
    assert (point.safe, point.safe_times, point.leave_message, point.verified_how) == ("no", "", False, "")


def test_a_call_without_its_first_answers_is_not_recorded(world: World) -> None:
    referral = taken(world)
    with at_work(world, "triage_officer") as by, pytest.raises(RuleBroken, match="first questions"):
        actions.finish(referral, {}, queries.script(world.now.date()).steps, by=by, at=world.now)
    assert not Attempt.objects.exists() and Referral.objects.exists()
