"""Calls that were asked for: set, missed and offered again, made, taken back, stopped; and what is told to nobody."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import ProgrammingError
from django.test import Client
from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.clocks import LONDON
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.privacy import fields
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.messages import actions as holding
from alongside.foundation.office.messages import queries as messages
from alongside.foundation.office.messages.models import Notice
from alongside.foundation.office.organisations.models import Organisation
from alongside.foundation.office.rulebook import actions as rulebook
from alongside.foundation.office.rulebook.models import Rule
from alongside.support.arrivals.callbacks import actions, jobs, queries, rules
from alongside.support.arrivals.callbacks.models import CallBack
from alongside.support.arrivals.callbacks.tests.asking import sent, work
from alongside.support.arrivals.intake import actions as intake
from alongside.support.arrivals.intake import queries as intake_queries
from alongside.support.arrivals.intake.tests.visitors import as_public, filled
from alongside.support.arrivals.referrals import actions as referrals
from alongside.support.arrivals.referrals import attempts
from alongside.support.arrivals.referrals.models import Addition, Attempt, Referral, Ticket
from alongside.support.arrivals.referrals.tests.arrivals import at_work, events_of, received
from alongside.support.people.victims.models import Agreement
from tests.world import World

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _no_counts(db: None) -> None:
    cache.clear()


def settled(referral: Referral) -> CallBack:
    jobs.settle(event="", subject=str(referral.pk))
    return CallBack.objects.filter(referral=referral).latest("asked_at")


def tried(world: World, referral: Referral, result: str = "no_answer") -> Attempt:
    with at_work(world, "triage_officer") as officer:
        row = referrals.take(referral, by=officer, at=timezone.now())
        return attempts.record_attempt(row, by=officer, at=timezone.now(), channel="phone", result=result)


def test_a_wish_to_be_called_is_a_referral_with_a_safe_number_and_nothing_said_of_what_happened(world: World) -> None:
    _, referral = sent(young="on")
    assert (referral.state, referral.source, referral.crime_type) == ("RECEIVED", "self", "other")
    assert (referral.reported, referral.why_not_reported, referral.markers) == (False, "not_known", ["child"])
    assert "Said to be under 18" in fields.read(referral, "notes")
    point = messages.points_of(referral.victim_id)[0]
    assert (point.safe, point.safe_times, point.leave_message) == ("yes", "13:00-15:00", False)
    assert messages.reveal(point)[1] == (
        "Ask for this person by the name that they gave, and for nobody else.\nSay you are the library"
    )


def test_the_call_is_set_where_the_queue_reads_it_once(world: World) -> None:
    _, referral = sent()
    call = CallBack.objects.get()
    assert (call.hours, call.missed, call.due_at) == ("13:00-15:00", 0, call.ends_at)
    assert (referral.next_attempt_at, referral.next_attempt_until) != (call.starts_at, call.ends_at), (
        "set by the worker"
    )
    referral.refresh_from_db()
    assert (referral.next_attempt_at, referral.next_attempt_until) == (call.starts_at, call.ends_at)
    work("referral.self_sent", referral.pk)
    assert CallBack.objects.count() == 1 and events_of(referral).count("call_back.set") == 1


def test_a_self_referral_that_says_nothing_of_a_call_sets_none(world: World) -> None:
    client = filled(phone={"number": "07700 900123", "safe": "yes", "uses": ["text"], "times": [], "message": "no"})
    client.post("/support/check/")
    work("referral.self_sent", Referral.objects.get().pk)
    assert not CallBack.objects.exists()


def test_the_longer_form_sets_a_call_too(world: World) -> None:
    client = filled(call={"day": "any", "hours": "late_afternoon", "never": ["0"]})
    assert "Not on a Monday" in client.get("/support/check/").content.decode()
    client.post("/support/check/")
    assert "From 3 to 5 in the afternoon" in client.get("/support/kept/").content.decode().replace("from 3", "From 3")
    work("referral.self_sent", Referral.objects.get().pk)
    call = CallBack.objects.get()
    assert (call.hours, call.never) == ("15:00-17:00", [0]) and call.starts_at.weekday() != 0


def time_safe(referral: Referral, times: str, *, safe: str = "yes") -> None:
    """Somebody at the hub heard by voice when their telephone is safe."""
    point = messages.points_of(referral.victim_id)[0]
    holding.change_safety(
        point, by=SYSTEM_ACTOR, at=timezone.now(), safe=safe, safe_times=times, verified_how="by_voice"
    )


def ask_again(referral: Referral, hours: str) -> CallBack | None:
    wanted, now = rules.Asked(None, hours), timezone.now()
    return actions.schedule(referral, wanted, by=SYSTEM_ACTOR, at=now, asked_at=now)


def test_a_call_that_is_asked_for_outside_the_safe_hours_is_not_set_and_left_to_a_person(world: World) -> None:
    _, referral = sent()
    time_safe(referral, "09:00-12:00")
    assert ask_again(referral, "15:00-17:00") is None
    referral.refresh_from_db()
    assert referral.next_attempt_at is None and events_of(referral)[-1] == "call_back.not_safe"
    assert [one.ended for one in CallBack.objects.all()] == ["CHANGED"]
    assert messages.points_of(referral.victim_id)[0].safe_times == "09:00-12:00"


def test_what_of_the_hours_is_safe_is_kept_to(world: World) -> None:
    _, referral = sent()
    time_safe(referral, "09:00-12:00")
    made = ask_again(referral, "11:00-13:00")
    assert made and [moment.astimezone(LONDON).hour for moment in (made.starts_at, made.ends_at)] == [11, 12]


def test_no_call_is_set_where_no_way_is_safe_any_more(world: World) -> None:
    _, referral = sent()
    time_safe(referral, "", safe="no")
    assert ask_again(referral, "11:00-13:00") is None


def test_a_call_whose_hours_are_safe_no_more_is_not_offered_again_and_somebody_is_told(world: World) -> None:
    _, referral = sent()
    time_safe(referral, "09:00-10:00")
    call = CallBack.objects.get()
    assert actions.miss_all(by=SYSTEM_ACTOR, at=call.ends_at + HOUR) == 1
    call.refresh_from_db()
    referral.refresh_from_db()
    assert (call.ended, referral.next_attempt_at) == ("NOT_SAFE", None)
    assert Notice.objects.filter(about=call.pk).count() == 1


@pytest.mark.parametrize(
    ("safe", "fits"),
    [(None, ()), ((), ((time(11), time(13)),)), (((time(9), time(12)),), ((time(11), time(12)),)),
     (((time(14), time(15)),), ())],
)  # fmt: skip
def test_the_safe_part_of_the_hours(safe: Any, fits: Any) -> None:
    assert rules.safe_part(((time(11), time(13)),), safe) == fits


def test_hours_that_are_over_are_offered_again_and_told_once(world: World) -> None:
    _, referral = sent()
    call = CallBack.objects.get()
    assert actions.miss_all(by=SYSTEM_ACTOR, at=call.starts_at) == 0
    late = call.ends_at + HOUR
    assert actions.miss_all(by=SYSTEM_ACTOR, at=late) == 1
    call.refresh_from_db()
    referral.refresh_from_db()
    assert call.missed == 1 and call.starts_at > late and referral.next_attempt_at == call.starts_at
    assert Notice.objects.filter(about=call.pk).count() == 1
    assert actions.miss_all(by=SYSTEM_ACTOR, at=late) == 0 and actions.miss(call, by=SYSTEM_ACTOR, at=late) is None
    assert list(queries.missed(world.hub.pk)) == [call]


def test_nothing_is_missed_while_contact_is_held_and_the_call_waits_for_its_end(world: World) -> None:
    _, referral = sent()
    call, until = CallBack.objects.get(), timezone.now().date() + timedelta(days=30)
    with at_work(world, "triage_officer") as officer:
        holding.hold(referral.victim_id, by=officer, at=timezone.now(), organisation_id=world.hub.pk,
                     reason="police_hold", until=until, cause=referral.pk)  # fmt: skip
    assert actions.miss_all(by=SYSTEM_ACTOR, at=call.ends_at) == 0
    call.refresh_from_db()
    assert call.missed == 0 and call.starts_at.date() >= until
    assert rules.not_before(rules.Asked(), None) == rules.Asked()


def test_nobody_is_told_where_nobody_is_there(world: World) -> None:
    sent()
    call = CallBack.objects.get()
    User.objects.update(is_active=False)
    assert actions.miss_all(by=SYSTEM_ACTOR, at=call.ends_at) == 1 and not Notice.objects.exists()


def test_the_jobs_do_what_they_say(world: World) -> None:
    _, referral = sent()
    CallBack.objects.update(ends_at=timezone.now() - HOUR, starts_at=timezone.now() - 2 * HOUR)
    jobs.miss()
    assert CallBack.objects.get().missed == 1
    jobs.settle(event="", subject=str(world.people["officer"].pk))
    jobs.schedule(event=str(referral.pk), subject=str(referral.pk))
    assert CallBack.objects.get().ended == ""


def test_a_call_that_was_made_ends_it_and_one_that_is_struck_out_does_not(world: World) -> None:
    _, referral = sent()
    assert settled(referral).ended == ""
    attempt = tried(world, referral)
    assert settled(referral).ended == "CALLED" and settled(referral).ended == "CALLED"
    with at_work(world, "triage_officer") as officer:
        attempts.strike_out(attempt, by=officer, at=timezone.now(), reason="Another person")
    call = settled(referral)
    referral.refresh_from_db()
    assert call.ended == "" and referral.next_attempt_at == call.starts_at


def test_whoever_asks_us_to_stop_is_not_called(world: World) -> None:
    _, referral = sent()
    referrals.stop(referral, by=SYSTEM_ACTOR, at=timezone.now())
    jobs.settle_of(event="", subject=str(referral.victim_id))
    assert CallBack.objects.get().ended == "STOPPED"
    asked = rules.Asked()
    at = timezone.now() - HOUR
    assert actions.schedule(referral, asked, by=SYSTEM_ACTOR, at=timezone.now(), asked_at=at) is None


def test_what_is_no_longer_with_the_hub_is_not_called(world: World) -> None:
    _, referral = sent()
    call = CallBack.objects.get()
    tried(world, referral, "spoke")
    CallBack.objects.update(ended="", ended_at=None)
    with at_work(world, "triage_officer") as officer:
        row = Referral.objects.get(pk=referral.pk)
        referrals.close(row, by=officer, at=timezone.now(), reason="victim_declined", information_left=True)
    assert actions.miss(call, by=SYSTEM_ACTOR, at=call.ends_at) is None
    assert CallBack.objects.get().ended == "LEFT"
    row.refresh_from_db()
    assert actions.schedule(row, rules.Asked(), by=SYSTEM_ACTOR, at=timezone.now(), asked_at=timezone.now()) is None


def test_a_referral_that_nobody_asked_about_has_nothing_to_settle(world: World) -> None:
    referral = received(world)
    jobs.settle(event="", subject=str(referral.pk))
    assert "call_back.settled" not in events_of(referral)


def test_somebody_who_comes_back_chooses_another_time(world: World) -> None:
    client, referral = sent()
    typed = {"day": "any", "hours": "late_morning"}
    reference, phrase = kept_call(client)
    client.post("/support/return/", {"reference": reference, "phrase": phrase})
    assert client.post("/support/return/call/", typed)["Location"] == "/support/return/told/add/"
    work("call_back.asked", referral.pk)
    first, second = CallBack.objects.order_by("asked_at")
    assert (first.ended, second.hours, second.ended) == ("CHANGED", "11:00-13:00", "")
    assert second.starts_at.astimezone(LONDON).hour == 11
    assert messages.points_of(referral.victim_id)[0].safe_times == "11:00-13:00"
    assert fields.read(Addition.objects.get(), "words").startswith("Please call me: Any day, from 11")
    client.post("/support/return/stop/", {})
    assert "You asked us to stop" in client.post("/support/return/call/", typed).content.decode()


def kept_call(client: Client) -> tuple[str, str]:
    """The reference and phrase on the last page of asking for a call."""
    page = client.get("/support/call/kept/").content.decode()
    values = [part.split("<")[0] for part in page.split("app-phrase__value")[1:]]
    return values[0].partition(">")[2], values[1].partition(">")[2]


def test_stopping_is_refused_by_the_action_too(world: World) -> None:
    sent()
    ticket = Ticket.objects.get()
    ticket.withdrawn_at = timezone.now()
    with pytest.raises(RuleBroken, match="asked us to stop"):
        actions.again(ticket, {"day": "any", "hours": "any", "never": []}, at=timezone.now())


def test_an_area_that_nobody_serves_is_refused_and_one_hub_needs_no_council(world: World) -> None:
    said = {"number": "07700 900321", "name": "Inventa", "council": "", "day": "any", "hours": "any", "never": [],
            "message": "yes", "others": "", "young": False}  # fmt: skip
    with as_public():
        opened = intake.begin(at=timezone.now())
        with pytest.raises(RuleBroken, match="which area"):
            actions.ask(opened, said, "no", at=timezone.now())
    Organisation.objects.filter(pk=world.far_hub.pk).update(until=timezone.now().date())
    assert queries.only_hub() == world.hub
    with as_public():
        actions.ask(opened, said, "unsure", at=timezone.now())
        actions.ask(opened, said, "unsure", at=timezone.now())
    referral = Referral.objects.get()
    assert referral.hub_id == world.hub.pk and referral.high_risk and referral.markers == ["danger_not_known"]


def test_hours_that_are_none_are_not_offered_and_the_offices_stand_in(world: World) -> None:
    on = timezone.now().date()
    Rule.objects.filter(book="call_times").exclude(code="early_morning").update(until=on)
    rulebook.revise(
        "call_times", "early_morning", by=SYSTEM_ACTOR, at=timezone.now(), title="Whenever", body={"hours": "whenever"},
        since=on, source="Office decision",
    )  # fmt: skip
    assert queries.offered(on) == ("09:00-17:00",) and len(intake_queries.call_hours(on)) == 1


def test_a_referral_keeps_its_call_when_it_is_taken(world: World) -> None:
    _, referral = sent()
    with at_work(world, "triage_officer") as officer:
        referrals.take(referral, by=officer, at=timezone.now())
    referral.refresh_from_db()
    assert referral.next_attempt_at == CallBack.objects.get().starts_at


def test_the_public_may_not_read_calls(world: World) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), as_public():
        CallBack.objects.count()


def test_agreements_of_the_short_form_are_those_of_the_longer(world: World) -> None:
    _, referral = sent()
    told = Event.objects.get(name="referral.self_sent", subject=referral.pk).details
    intake.note_agreements(referral, told["channels"], by=SYSTEM_ACTOR, at=timezone.now())
    assert Agreement.objects.get().channel == "phone"
