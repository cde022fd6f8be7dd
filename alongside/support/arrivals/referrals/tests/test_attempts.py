"""Attempts that are written down afterwards, and those that are struck out."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from alongside.core.clocks import LONDON
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.privacy import fields
from alongside.support.arrivals.referrals import actions, attempts
from alongside.support.arrivals.referrals.models import Attempt, Offer, Referral, Standing
from alongside.support.arrivals.referrals.tests.arrivals import at_work, events_of, offered, taken
from tests.world import World

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def officer(world: World) -> Client:
    return world.client("triage_officer")


def tried(world: World, referral: Referral, *, after: timedelta, **changes: Any) -> Attempt:
    """An attempt so long after the referral arrived, written down five hours after."""
    given: dict[str, Any] = {"channel": "phone", "result": "no_answer", "attempted_at": referral.received_at + after}
    with at_work(world, "triage_officer") as by:
        return attempts.record_attempt(referral, by=by, at=world.now + 5 * HOUR, **given | changes)


def struck(world: World, attempt: Attempt, reason: str = "It was another person's call") -> Referral:
    with at_work(world, "triage_officer") as by:
        attempts.strike_out(attempt, by=by, at=world.now + 6 * HOUR, reason=reason)
    return Referral.objects.get(pk=attempt.referral_id)


def test_clocks_go_by_when_it_was_tried_and_not_by_when_it_was_written_down(world: World) -> None:
    referral = taken(world)
    tried(world, referral, after=3 * HOUR, result="spoke")
    tried(world, referral, after=HOUR)
    later = tried(world, referral, after=4 * HOUR, result="spoke")
    referral.refresh_from_db()
    assert (referral.first_attempt_at, referral.first_contact_at) == (world.now + HOUR, world.now + 3 * HOUR)
    assert (later.attempted_at, later.recorded_at) == (world.now + 4 * HOUR, world.now + 5 * HOUR)


@pytest.mark.parametrize(
    ("after", "words"), [(6 * HOUR, "has not been made yet"), (-HOUR, "before the referral arrived")]
)
def test_an_attempt_lies_between_the_referral_and_now(world: World, after: timedelta, words: str) -> None:
    referral = taken(world)
    with pytest.raises(RuleBroken, match=words):
        tried(world, referral, after=after)
    assert not Attempt.objects.exists()


def test_two_tries_of_one_morning_that_are_written_down_together_are_two(world: World) -> None:
    referral = taken(world)
    for after in (HOUR, HOUR, 2 * HOUR):
        tried(world, referral, after=after)
    assert referral.attempts.count() == 2


def test_what_is_struck_out_stays_to_be_read_and_counts_for_nothing(world: World) -> None:
    referral = taken(world)
    wrong, right = tried(world, referral, after=HOUR, result="spoke"), tried(world, referral, after=2 * HOUR)
    assert Standing.objects.get().word == "contacted"
    referral = struck(world, wrong)
    assert (referral.first_attempt_at, referral.first_contact_at) == (right.attempted_at, None)
    assert Standing.objects.get().word == "received"
    wrong.refresh_from_db()
    assert fields.read(wrong, "struck_why") == "It was another person's call"
    assert referral.attempts.count() == 2
    assert struck(world, right).first_attempt_at is None
    assert events_of(referral).count("referral.attempt_struck_out") == 2
    said = Event.objects.filter(name="referral.attempt_struck_out").latest("id").details
    assert said == {"attempt": str(right.pk)}


def test_an_attempt_is_struck_out_once_and_may_be_recorded_rightly_at_once(world: World) -> None:
    referral = taken(world)
    wrong = tried(world, referral, after=HOUR)
    struck(world, wrong)
    with pytest.raises(RuleBroken, match="already"):
        struck(world, wrong)
    assert tried(world, referral, after=HOUR).pk != wrong.pk


def test_attempts_that_were_struck_out_give_nobody_up(world: World) -> None:
    referral = taken(world)
    made = [tried(world, referral, after=timedelta())]
    with at_work(world, "triage_officer") as by:
        for day in (1, 2):
            at = world.now + timedelta(days=day)
            made.append(attempts.record_attempt(referral, by=by, at=at, channel="phone", result="no_answer"))
    struck(world, made[1])
    with at_work(world, "triage_officer") as by, pytest.raises(RuleBroken, match="attempts on 2"):
        actions.close(referral, by=by, at=world.now, reason="not_reached", information_left=False)


@pytest.mark.parametrize("end", ["accept", "close"])
def test_a_wrong_attempt_is_struck_out_even_when_the_hub_is_done(world: World, end: str) -> None:
    offer = offered(world)
    referral = Referral.objects.get(pk=offer.referral_id)
    wrong = tried(world, referral, after=HOUR, result="spoke")
    if end == "accept":
        with at_work(world, "caseworker") as by:
            actions.accept(offer, by=by, at=world.now)
    else:
        with at_work(world, "triage_officer") as by:
            referral = actions.call_back(offer, by=by, at=world.now)
            actions.close(referral, by=by, at=world.now, reason="victim_declined", information_left=True)
    before = Standing.objects.get().word
    after = struck(world, wrong)
    assert (after.first_attempt_at, Standing.objects.get().word) == (None, before)
    assert Offer.objects.get().state in ("ACCEPTED", "WITHDRAWN")


def test_an_attempt_is_struck_out_by_somebody_or_stands(world: World) -> None:
    attempt = tried(world, taken(world), after=HOUR)
    with pytest.raises(IntegrityError, match="referrals_attempt_struck"), transaction.atomic():
        Attempt.objects.filter(pk=attempt.pk).update(struck_by=world.people["triage_officer"].pk)


def test_the_form_starts_now_and_takes_an_earlier_time(world: World, officer: Client) -> None:
    referral = taken(world)
    address = f"/referrals/{referral.pk}/record-attempt/"
    page = officer.get(address).content.decode()
    assert f'value="{date.today().year}"' in page
    given = {"channel": "phone", "result": "no_answer", "tried_on_day": "15", "tried_on_month": "9",
             "tried_on_year": "2026", "tried_at": "14.30"}  # fmt: skip
    assert b"before the referral arrived" in officer.post(address, {**given, "tried_on_day": "1"}).content
    assert b"on or before" in officer.post(address, {**given, "tried_on_year": "2099"}).content
    assert b"24 hour clock" in officer.post(address, {**given, "tried_at": "half two"}).content
    shown = officer.post(address, given, follow=True).content.decode()
    assert Attempt.objects.get().attempted_at == datetime(2026, 9, 15, 14, 30, tzinfo=LONDON)
    assert "15 September 2026 at 2:30pm" in shown and ", written down " in shown


def test_an_officer_strikes_out_an_attempt_with_a_reason(world: World, officer: Client) -> None:
    attempt = tried(world, taken(world), after=HOUR, note="Rang twice")
    record, address = f"/referrals/{attempt.referral_id}/", f"/referrals/attempts/{attempt.pk}/strike-out/"
    assert f'href="{address}"' in officer.get(record).content.decode()
    assert b"Rang twice" in officer.get(address).content
    assert b"What is wrong with it?" in officer.post(address, {"reason": ""}).content
    page = officer.post(address, {"reason": "Another person’s call"}, follow=True).content.decode()
    assert "<s>Rang twice</s>" in page and "Another person’s call" in page
    assert "Struck out by Testa Triage Officer" in page
    assert f'href="{address}"' not in page
    assert b"struck out already" in officer.post(address, {"reason": "Again"}).content


def test_only_its_own_hub_strikes_out_an_attempt(world: World) -> None:
    attempt = tried(world, taken(world), after=HOUR)
    address = f"/referrals/attempts/{attempt.pk}/strike-out/"
    strangers = ("far_triage_officer", "caseworker", "neighbour_caseworker", "referrer", "commissioning_officer")
    assert {world.client(who).get(address).status_code for who in strangers} == {404}
