"""When to try a victim next: what is worked out, what an officer sets, and taking up again who was given up."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.clocks import LONDON
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.messages import queries as contacts
from alongside.foundation.office.messages.models import ContactPoint
from alongside.support.arrivals.referrals import actions, attempts, queries
from alongside.support.arrivals.referrals.models import Attempt, Referral
from alongside.support.arrivals.referrals.tests.arrivals import PHONE, at_work, events_of, offered, service, taken
from alongside.support.people.victims import actions as victims
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TEN, NOON = time(10), time(12)


@pytest.fixture
def officer(world: World) -> Client:
    return world.client("triage_officer")


def tried(world: World, referral: Referral, *, days: int = 0, result: str = "no_answer", **more: Any) -> Attempt:
    """An attempt so many days after the referral arrived, written down at once."""
    at = world.now + days * DAY
    with at_work(world, "triage_officer") as by:
        return attempts.record_attempt(referral, by=by, at=at, channel="phone", result=result, **more)


def planned(world: World, referral: Referral, day: date, *, hours: tuple[time, time] = (TEN, NOON), **more: Any) -> Any:
    given: dict[str, Any] = {"day": day, "from_time": hours[0], "until_time": hours[1], "sure": False} | more
    with at_work(world, "triage_officer") as by:
        return attempts.plan_attempt(referral, by=by, at=world.now, **given)


def given_up(world: World, *, reason: str = "not_reached", **changes: Any) -> Referral:
    referral = taken(world, **changes)
    for day in range(3):
        tried(world, referral, days=day)
    with at_work(world, "triage_officer") as by:
        return actions.close(referral, by=by, at=world.now + 3 * DAY, reason=reason, information_left=True)


def due(referral: Referral) -> datetime | None:
    referral.refresh_from_db()
    return referral.next_attempt_at


def test_after_an_attempt_in_vain_the_next_is_due_in_their_safe_hours(world: World) -> None:
    referral = taken(world)
    tried(world, referral)
    when = due(referral)
    assert when is not None and referral.next_attempt_until is not None
    assert when.astimezone(LONDON) == datetime.combine(world.now.date() + DAY, TEN, tzinfo=LONDON)
    assert referral.next_attempt_until - when == timedelta(hours=2)


@pytest.mark.parametrize("result", ["spoke", "call_back", "someone_else", "not_safe"])
def test_nothing_is_planned_once_they_are_reached_or_something_says_stop(world: World, result: str) -> None:
    referral = taken(world)
    tried(world, referral)
    tried(world, referral, days=1, result=result)
    assert due(referral) is None


@pytest.mark.parametrize(
    "point", [replace(PHONE, safe="no"), replace(PHONE, safe_times="Never; I will call you"), None]
)
def test_nothing_is_planned_where_no_safe_hour_is_known(world: World, point: Any) -> None:
    referral = taken(world, points=(point,) if point else ())
    tried(world, referral)
    assert due(referral) is None


def test_whoever_did_not_say_when_is_called_in_the_hours_of_the_rulebook(world: World) -> None:
    referral = taken(world, points=(replace(PHONE, safe_times=""),))
    tried(world, referral)
    window = queries.set_window(Referral.objects.get(pk=referral.pk))
    assert window and (window.starts.astimezone(LONDON).hour, window.ends.astimezone(LONDON).hour) == (9, 20)


def test_after_enough_days_nobody_is_chased_until_an_attempt_is_struck_out(world: World) -> None:
    referral = taken(world)
    made = [tried(world, referral, days=day) for day in range(3)]
    assert due(referral) is None
    with at_work(world, "triage_officer") as by:
        attempts.strike_out(made[0], by=by, at=world.now + 2 * DAY, reason="Another person")
    assert due(referral) is not None


def test_striking_out_an_earlier_attempt_leaves_what_was_set(world: World) -> None:
    referral = taken(world)
    first = tried(world, referral)
    tried(world, referral, days=1)
    before = due(referral)
    with at_work(world, "triage_officer") as by:
        attempts.strike_out(first, by=by, at=world.now + DAY, reason="Another person")
    assert due(referral) == before


def test_striking_out_the_last_attempt_works_the_next_one_out_again(world: World) -> None:
    referral = taken(world)
    only = tried(world, referral)
    with at_work(world, "triage_officer") as by:
        attempts.strike_out(only, by=by, at=world.now, reason="Another person")
    assert due(referral) is None


def test_what_is_sent_or_closed_has_no_next_attempt(world: World) -> None:
    referral, sent_to = taken(world), service(world)
    tried(world, referral)
    with at_work(world, "triage_officer") as by:
        actions.offer(referral, by=by, at=world.now, service=sent_to, reasons=[], agreed=True)
    assert due(referral) is None
    tried(world, referral, days=1)
    assert due(referral) is None
    with pytest.raises(IntegrityError, match="referrals_next_attempt"), transaction.atomic():
        Referral.objects.filter(pk=referral.pk).update(next_attempt_at=world.now, next_attempt_until=world.now + DAY)


def test_the_end_of_a_window_is_not_left_out(world: World) -> None:
    referral = taken(world)
    with pytest.raises(IntegrityError, match="referrals_next_attempt"), transaction.atomic():
        Referral.objects.filter(pk=referral.pk).update(next_attempt_at=world.now)


def test_a_wish_to_stop_ends_what_was_planned(world: World) -> None:
    referral = taken(world)
    tried(world, referral)
    actions.stop(Referral.objects.get(pk=referral.pk), by=SYSTEM_ACTOR, at=world.now)
    assert due(referral) is None


def test_an_officer_sets_another_time_inside_the_safe_hours(world: World) -> None:
    referral = taken(world)
    tried(world, referral)
    planned(world, referral, world.now.date() + 5 * DAY, hours=(time(11), NOON))
    when = due(referral)
    assert when and when.astimezone(LONDON) == datetime.combine(world.now.date() + 5 * DAY, time(11), tzinfo=LONDON)
    assert events_of(referral)[-1] == "referral.attempt_planned"


def test_a_time_outside_the_safe_hours_is_refused_with_those_hours_and_what_to_do(world: World) -> None:
    referral, day = taken(world), world.now.date() + DAY
    tries: tuple[dict[str, Any], ...] = ({}, {"sure": True}, {"despite": "danger_now"})
    for more in tries:
        with pytest.raises(RuleBroken, match=r"from 10am to midday only.*record that as safe") as refused:
            planned(world, referral, day, hours=(time(18), time(19)), **more)
        assert refused.value.field == "from_time"
    assert due(referral) is None


def test_a_manager_sets_one_for_a_coded_reason_which_is_on_record(world: World) -> None:
    referral, day = taken(world), world.now.date() + DAY
    evening: dict[str, Any] = {"day": day, "from_time": time(18), "until_time": time(19), "sure": False}
    for despite in ("", "no such reason"):
        with pytest.raises(RuleBroken, match="say why") as refused, at_work(world, "hub_manager") as by:
            attempts.plan_attempt(referral, by=by, at=world.now, despite=despite, **evening)
        assert refused.value.field == "despite"
    with at_work(world, "hub_manager") as by:
        attempts.plan_attempt(referral, by=by, at=world.now, despite="danger_now", **evening)
    assert due(referral) is not None
    told = Event.objects.filter(name="referral.attempt_planned").latest("at", "id").details
    assert (told["outside"], told["why"]) == (True, "danger_now")


def test_the_page_asks_a_manager_why_and_an_officer_nothing(world: World, officer: Client) -> None:
    referral, day = taken(world), date.today() + DAY
    tried(world, referral)
    given = {"from_time": "18:00", "until_time": "19:00", "despite": "danger_now"}
    given |= {"day_day": str(day.day), "day_month": str(day.month), "day_year": str(day.year)}
    address = f"/referrals/{referral.pk}/plan-attempt/"
    page = officer.post(address, given).content.decode()
    assert "It is safe to call from 10am to midday only" in page and "outside the hours that are safe?" not in page
    manager = world.client("hub_manager")
    assert "outside the hours that are safe?" in manager.post(address, {**given, "despite": ""}).content.decode()
    shown = manager.post(address, given, follow=True).content.decode()
    assert "Call due 6pm to 7pm tomorrow" in shown and "not inside the hours" in shown


@pytest.mark.parametrize(("days", "words"), [(-1, "has passed"), (29, "within 28 days")])
def test_a_time_is_neither_past_nor_years_away(world: World, days: int, words: str) -> None:
    with pytest.raises(RuleBroken, match=words):
        planned(world, taken(world), world.now.date() + days * DAY)


def test_no_call_is_set_where_no_way_is_safe(world: World) -> None:
    with pytest.raises(RuleBroken, match="No safe way"):
        planned(world, taken(world, points=()), world.now.date() + DAY, sure=True)


def test_a_neighbour_sees_no_call_and_sets_none(world: World) -> None:
    referral = taken(world)
    tried(world, referral)
    assert "Calls due (0)" in world.client("far_triage_officer").get("/referrals/?view=calls_due").content.decode()
    strangers = ("far_triage_officer", "neighbour_caseworker", "caseworker", "referrer", "commissioning_officer")
    for verb in ("plan-attempt", "take-up-again"):
        address = f"/referrals/{referral.pk}/{verb}/"
        assert {world.client(who).post(address).status_code for who in strangers} == {404}


def test_the_page_says_when_the_next_call_is_due_and_lets_an_officer_change_it(world: World, officer: Client) -> None:
    referral = taken(world)
    tried(world, referral)
    address = f"/referrals/{referral.pk}/plan-attempt/"
    assert address in officer.get(f"/referrals/{referral.pk}/").content.decode()
    page = officer.get(address).content.decode()
    assert 'value="10:00"' in page and "They told me" not in page
    day = date.today() + DAY
    given = {"from_time": "11:00", "until_time": "11:30"}
    given |= {"day_day": str(day.day), "day_month": str(day.month), "day_year": str(day.year)}
    shown = officer.post(address, given, follow=True).content.decode()
    assert "Call due 11am to 11:30am tomorrow" in shown and "not inside the hours" not in shown


def test_the_page_that_sets_a_call_starts_from_a_time_to_come_that_is_safe(world: World, officer: Client) -> None:
    referral = taken(world)
    planned(world, referral, world.now.date() + DAY)
    later = world.now + 9 * DAY
    referral.refresh_from_db()
    for at, day in ((world.now, world.now.date() + DAY), (later, later.date() + DAY)):
        window = queries.window_to_start_from(referral, at=at)
        assert window and window.starts.astimezone(LONDON).date() == day
    ContactPoint.objects.filter(person_id=referral.victim_id).update(safe_times="When I am at work")
    assert queries.window_to_start_from(referral, at=later) is None
    assert b"When I am at work" in officer.get(f"/referrals/{referral.pk}/plan-attempt/").content


def test_a_call_that_was_safe_when_it_was_set_is_looked_at_again(world: World, officer: Client) -> None:
    referral = taken(world)
    tried(world, referral)
    assert b"not inside the hours" not in officer.get(f"/referrals/{referral.pk}/").content
    assert b"look first" not in officer.get("/referrals/?view=mine").content
    point = ContactPoint.objects.get(person_id=referral.victim_id)
    messages.change_safety(point, by=SYSTEM_ACTOR, at=world.now, safe="yes", safe_times="18:00-20:00")
    assert b"not inside the hours" in officer.get(f"/referrals/{referral.pk}/").content
    assert b"Not a time that is recorded as safe: look first" in officer.get("/referrals/?view=mine").content
    messages.change_safety(point, by=SYSTEM_ACTOR, at=world.now, safe="no")
    assert b"not inside the hours" in officer.get(f"/referrals/{referral.pk}/").content
    assert b"look first" in officer.get("/referrals/?view=mine").content


def test_however_many_people_the_queue_asks_twice_who_may_be_called(
    world: World, django_assert_max_num_queries: Any
) -> None:
    people = {taken(world, source_ref=f"TEST-{number}").victim_id: number == 2 for number in range(3)}
    ContactPoint.objects.filter(person_id__in=people).update(safe="unknown")
    with django_assert_max_num_queries(2):  # their ways of contact, and which of them are barred
        assert list(contacts.calling_times(people).values()) == ["10:00-12:00", "10:00-12:00", None]


@pytest.mark.parametrize(
    ("point", "offers"), [(PHONE, False), (replace(PHONE, safe_times="", verified_how="by voice"), True)]
)
def test_after_enough_days_a_safe_message_comes_first_if_one_may_go(
    world: World, officer: Client, point: Any, offers: bool
) -> None:
    at = datetime.now(LONDON) - 3 * DAY
    referral = taken(world, points=(point,), at=at)
    with at_work(world, "triage_officer") as by:
        for day in range(3):
            attempts.record_attempt(referral, by=by, at=at + day * DAY, channel="phone", result="no_answer")
    page = officer.get(f"/referrals/{referral.pk}/").content.decode()
    assert "Tried on 3 days and not reached" in page
    assert (f"/victims/{referral.victim_id}/send/" in page) is offers
    link = f"/referrals/{referral.pk}/close/?reason=not_reached"
    assert link in page
    assert 'value="not_reached" checked' in officer.get(link).content.decode()


def test_whoever_said_no_to_messages_gets_none(world: World) -> None:
    referral = taken(world, points=(replace(PHONE, safe_times="", verified_how="by voice"),))
    with at_work(world, "triage_officer") as by:
        known = queries.triage(referral, at=world.now)
        for day in range(3):
            attempts.record_attempt(referral, by=by, at=world.now + day * DAY, channel="phone", result="no_answer")
        assert queries.contacting(known, by=by, at=world.now).may_send
        victims.agree(referral.victim, by=by, at=world.now, about="contact", given=False, channel="text")
        assert not queries.contacting(known, by=by, at=world.now).may_send


def test_whoever_could_not_be_reached_is_taken_up_again_in_one_click(world: World, officer: Client) -> None:
    referral = given_up(world)
    before = referral.first_attempt_at, referral.attempt_due_at
    assert "Take it up again" in officer.get(f"/referrals/{referral.pk}/").content.decode()
    page = officer.post(f"/referrals/{referral.pk}/take-up-again/", follow=True).content.decode()
    assert "Taken up again" in page
    referral.refresh_from_db()
    assert (referral.state, referral.closed_at, referral.closed_why) == ("IN_TRIAGE", None, "")
    assert (referral.first_attempt_at, referral.attempt_due_at) == before, "what was in time stays in time"
    assert referral.worker == world.people["triage_officer"].pk
    assert referral.offer_due_at > datetime.now(LONDON)
    assert (
        referral.next_attempt_at and referral.next_attempt_until and referral.next_attempt_until > datetime.now(LONDON)
    )
    assert events_of(referral)[-1] == "referral.taken_up_again"
    twice = officer.post(f"/referrals/{referral.pk}/take-up-again/", follow=True).content
    assert b"Taken up again" not in twice and events_of(referral).count("referral.taken_up_again") == 1


def test_days_before_it_was_taken_up_again_give_nobody_up(world: World) -> None:
    referral = given_up(world)
    again = world.now + 10 * DAY
    with at_work(world, "triage_officer") as by:
        attempts.take_up_again(referral, by=by, at=again)
        with pytest.raises(RuleBroken, match="attempts on 0"):
            actions.close(referral, by=by, at=again, reason="not_reached", information_left=True)
        attempts.record_attempt(referral, by=by, at=again, channel="phone", result="no_answer")
        assert queries.plan(Referral.objects.get(pk=referral.pk), at=again).days == 1


def test_nothing_is_planned_where_it_is_taken_up_again_and_no_way_is_safe(world: World, officer: Client) -> None:
    referral = given_up(world, points=())
    with at_work(world, "triage_officer") as by:
        again = attempts.take_up_again(referral, by=by, at=world.now + 9 * DAY)
    assert due(again) is None
    assert b"Nobody has tried since it was taken up again" in officer.get(f"/referrals/{referral.pk}/").content


def test_a_first_offer_that_was_made_keeps_its_clock(world: World) -> None:
    offer = offered(world)
    with at_work(world, "triage_officer") as by:
        referral = actions.call_back(offer, by=by, at=world.now)
    for day in range(3):
        tried(world, referral, days=day)
    before = referral.offer_due_at
    with at_work(world, "triage_officer") as by:
        actions.close(referral, by=by, at=world.now + 3 * DAY, reason="not_reached", information_left=True)
        assert attempts.take_up_again(referral, by=by, at=world.now + 9 * DAY).offer_due_at == before


def test_only_who_could_not_be_reached_is_taken_up_again(world: World, officer: Client) -> None:
    referral = given_up(world, reason="victim_declined")
    assert "Take it up again" not in officer.get(f"/referrals/{referral.pk}/").content.decode()
    with at_work(world, "triage_officer") as by, pytest.raises(RuleBroken, match="could not be reached"):
        attempts.take_up_again(referral, by=by, at=world.now)


def test_whoever_asked_us_to_stop_is_not_taken_up_again(world: World) -> None:
    referral = given_up(world)
    actions.stop(referral, by=SYSTEM_ACTOR, at=world.now)
    with at_work(world, "triage_officer") as by, pytest.raises(RuleBroken, match="asked us to stop"):
        attempts.take_up_again(referral, by=by, at=world.now)
