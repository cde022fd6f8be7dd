"""Pausing clocks for a coded reason, and letting them run again; on the page, with several clocks at once."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from alongside.core.clocks import LONDON, due, london_date
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.foundation.office.messages.models import ContactPoint
from alongside.support.arrivals.clocks import actions, queries, rules
from alongside.support.arrivals.clocks.models import Pause
from alongside.support.arrivals.referrals import actions as referrals
from alongside.support.arrivals.referrals import attempts
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.referrals.tests.arrivals import at_work, offered, received, taken
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def monday(world: World) -> date:
    return london_date(world.now)


def paused(world: World, referral: Referral, *, reason: str = "police_hold", days: int = 7, at: Any = None) -> Pause:
    when = at or world.now
    with at_work(world, "triage_officer") as by:
        return actions.pause(referral, by=by, at=when, reason=reason, until=london_date(when) + days * DAY)


def fresh(referral: Referral) -> Referral:
    return Referral.objects.get(pk=referral.pk)


def shown(world: World, referral: Referral, *, days: int = 0) -> dict[str, str]:
    at = world.now + days * DAY
    with at_work(world, "triage_officer"):
        return {line.code: rules.said(line, at)[0] for line in queries.lines(fresh(referral), at=at)}


def test_a_pause_moves_what_is_due_and_it_runs_again_by_itself(world: World) -> None:
    referral = received(world)
    paused(world, referral)
    after = fresh(referral)
    assert after.attempt_due_at == after.offer_due_at == after.due_at == due(monday(world) + 8 * DAY, 0)
    assert shown(world, referral)["first_contact_attempt"] == "Paused, runs again on 21 September 2026"
    assert shown(world, referral, days=7)["first_contact_attempt"] == "1 working day left"
    assert shown(world, referral, days=9)["first_contact_attempt"] == "Late by 1 working day"
    event = Event.objects.get(name="referral.paused")
    assert event.details == {"reason": "police_hold", "until": "2026-09-21"}


def test_it_runs_again_early_and_counts_the_days_that_it_stood_still(world: World) -> None:
    referral = received(world)
    one = paused(world, referral)
    with at_work(world, "hub_manager") as by:
        actions.resume(one, by=by, at=world.now + 2 * DAY)
    assert fresh(referral).attempt_due_at == due(monday(world) + DAY, 2)
    assert Event.objects.filter(name="referral.resumed", subject=referral.pk).count() == 1
    with at_work(world, "hub_manager") as by, pytest.raises(RuleBroken, match="run again already"):
        actions.resume(one, by=by, at=world.now + 2 * DAY)
    paused(world, referral, at=world.now + 2 * DAY, days=1)
    assert fresh(referral).attempt_due_at == due(monday(world) + 4 * DAY, 0)


def test_a_pause_that_ends_on_its_first_day_never_was(world: World) -> None:
    referral = received(world)
    before = referral.attempt_due_at
    with at_work(world, "triage_officer") as by:
        actions.resume(paused(world, referral), by=by, at=world.now)
    assert fresh(referral).attempt_due_at == before


def test_a_reason_pauses_the_clocks_that_it_names_and_no_other(world: World) -> None:
    referral = received(world)
    paused(world, referral, reason="victim_asked")
    after = fresh(referral)
    assert after.attempt_due_at == referral.attempt_due_at and after.offer_due_at > referral.offer_due_at


def test_what_was_done_keeps_the_time_that_it_was_measured_by(world: World) -> None:
    referral = taken(world)
    with at_work(world, "triage_officer") as by:
        attempts.record_attempt(referral, by=by, at=world.now, channel="phone", result="spoke")
    paused(world, referral)
    assert fresh(referral).attempt_due_at == referral.attempt_due_at
    offer = offered(world, source_ref="OFFERED")
    of = Referral.objects.get(pk=offer.referral_id)
    paused(world, of)
    assert fresh(of).offer_due_at == of.offer_due_at


def test_a_first_offer_that_is_owed_again_is_paused_from_then(world: World) -> None:
    referral, again = taken(world), world.now + 7 * DAY
    Referral.objects.filter(pk=referral.pk).update(taken_up_again_at=again)
    paused(world, fresh(referral), at=again, days=1, reason="victim_asked")
    assert fresh(referral).offer_due_at == due(again, 2)


def test_a_call_that_was_set_moves_to_the_first_safe_hours_after_the_pause(world: World) -> None:
    referral = taken(world)
    with at_work(world, "triage_officer") as by:
        attempts.record_attempt(referral, by=by, at=world.now, channel="phone", result="no_answer")
    paused(world, referral)
    after = fresh(referral)
    assert after.next_attempt_at and after.next_attempt_at == datetime(2026, 9, 21, 10, tzinfo=LONDON)


def test_a_call_after_the_pause_stays_and_one_without_a_safe_hour_is_let_drop(world: World) -> None:
    late, unsafe = taken(world, source_ref="A"), taken(world, source_ref="B")
    with at_work(world, "triage_officer") as by:
        for referral in (late, unsafe):
            attempts.record_attempt(referral, by=by, at=world.now, channel="phone", result="no_answer")
    Referral.objects.filter(pk=late.pk).update(
        next_attempt_at=world.now + 20 * DAY, next_attempt_until=world.now + 21 * DAY
    )
    ContactPoint.objects.filter(person_id=unsafe.victim_id).update(safe="no")
    for referral in (late, unsafe):
        paused(world, fresh(referral))
    assert fresh(late).next_attempt_at == world.now + 20 * DAY
    assert fresh(unsafe).next_attempt_at is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"reason": "lunch"}, "Choose why"), ({"days": 15}, "at the latest"), ({"days": 0}, "a day to come")],
)
def test_nothing_is_paused_without_a_reason_or_for_ever(world: World, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(RuleBroken, match=words):
        paused(world, received(world), **changes)


def test_nothing_is_paused_twice_at_once_or_once_it_has_left(world: World) -> None:
    referral = received(world)
    paused(world, referral)
    with pytest.raises(RuleBroken, match="still already"):
        paused(world, referral)
    offer = offered(world, source_ref="OFFERED")
    with at_work(world, "caseworker") as caseworker:
        referrals.accept(offer, by=caseworker, at=world.now)
    with pytest.raises(RuleBroken, match="no longer with the hub"):
        paused(world, Referral.objects.get(pk=offer.referral_id))


def test_several_clocks_run_at_once(world: World) -> None:
    reported = world.now - DAY
    police = {"source": "police_feed", "source_organisation": world.force.pk, "reported_at": reported}
    referral = taken(world, **police)
    with at_work(world, "triage_officer") as by:
        attempts.record_attempt(referral, by=by, at=world.now, channel="phone", result="no_answer")
        referrals.assess(
            referral, by=by, at=world.now, needs=["safety"], vulnerability=[], entitlements=[], high_risk=False,
            reason="",
        )  # fmt: skip
    ContactPoint.objects.update(verified_at=world.now)
    found = shown(world, referral)
    assert found.pop("safe_contact").endswith("working days left")
    assert found == {
        "referred_to_support": "Done in time", "first_contact_attempt": "Done in time",
        "first_offer": "2 working days left", "next_attempt": "1 working day left",
        "triage_review": "10 working days left",
    }  # fmt: skip


def test_what_is_offered_waits_for_its_answer(world: World) -> None:
    offer = offered(world)
    assert shown(world, Referral.objects.get(pk=offer.referral_id))["provider_answer"] == "2 working days left"


def test_what_a_person_at_the_provider_opens_has_no_clock_of_the_hub(world: World) -> None:
    referral = received(world)
    assert shown(world, referral)
    pause = paused(world, referral)
    for person in ("caseworker", "far_triage_officer", "referrer"):
        client = world.client(person)
        assert client.get(f"/clocks/{referral.pk}/pause/").status_code == 404
        assert client.post(f"/clocks/pauses/{pause.pk}/resume/").status_code == 404


def test_the_page_pauses_says_who_and_until_when_and_lets_them_run_again(world: World) -> None:
    officer: Client = world.client("triage_officer")
    referral = received(world, at=timezone.now())
    page = officer.get(f"/referrals/{referral.pk}/").content.decode()
    assert "Pause the clocks" in page
    asked = officer.get(f"/clocks/{referral.pk}/pause/").content.decode()
    assert "The police asked us to hold" in asked and "At most 14 days" in asked
    day = timezone.localdate() + 9 * DAY
    given = {"reason": "police_hold", "until_day": str(day.day), "until_month": str(day.month)}
    given["until_year"] = str(day.year)
    page = officer.post(f"/clocks/{referral.pk}/pause/", given, follow=True).content.decode()
    assert "Do not make contact until" in page
    assert "Paused by Testa Triage Officer" in page and "Paused, runs again on" in page
    assert "Pause the clocks" not in page
    assert referral.reference in officer.get("/referrals/?view=paused").content.decode()
    assert "Paused, runs again" in officer.get("/referrals/?view=to_do").content.decode()
    refused = officer.post(f"/clocks/{referral.pk}/pause/", given).content.decode()
    assert "stand still already" in refused
    pause = Pause.objects.get()
    page = officer.post(f"/clocks/pauses/{pause.pk}/resume/", follow=True).content.decode()
    assert "run again from today" in page and "Paused by" not in page
    assert referral.reference not in officer.get("/referrals/?view=paused").content.decode()
