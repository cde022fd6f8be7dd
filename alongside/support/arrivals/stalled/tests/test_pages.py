"""The hub sees what is stalled and what comes next; the provider sees that the hub asked again."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from alongside.core import clocks
from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.models import Look
from alongside.support.arrivals.referrals import actions as referrals
from alongside.support.arrivals.referrals.models import Offer, Referral
from alongside.support.arrivals.referrals.tests.arrivals import at_work, received, service
from alongside.support.arrivals.routing.tests.lists import working
from alongside.support.arrivals.stalled import actions, queries
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _outbox(settings: Any, tmp_path: Path) -> None:
    settings.OUTBOX = tmp_path


def waiting(world: World, days: int = 14) -> Offer:
    """An offer that has waited for some days, and whatever was due on it by now."""
    at = timezone.now() - timedelta(days=days)
    referral, sent_to = received(world, at=at), service(world)
    with at_work(world, "triage_officer") as officer:
        referrals.take(referral, by=officer, at=at)
        return referrals.offer(referral, by=officer, at=at, service=sent_to, reasons=[], agreed=True)


def office_open(hours: int = 0) -> datetime:
    """Now, or when the office opens next; so many of its hours later."""
    return clocks.office_time_after(timezone.now(), timedelta(hours=hours), clocks.OfficeHours(9, 17))


def go_on(offer: Offer) -> None:
    with working():
        actions.go_on(offer, by=SYSTEM_ACTOR, at=office_open())


def test_the_hub_sees_how_each_stalled_offer_stands_and_its_look_is_logged(world: World) -> None:
    offer = waiting(world)
    officer, reference = world.client("triage_officer"), Referral.objects.get().reference
    shown = officer.get("/stalled/").content.decode()
    assert reference in shown and "The provider is asked again" in shown and "Sampleford" not in shown
    assert offer.referral_id in Look.objects.get(route="stalled:stalled").subjects
    go_on(offer)
    assert "Asked again once; the hub manager is told" in officer.get("/stalled/").content.decode()
    assert "Asked again once" in officer.get(f"/referrals/{offer.referral_id}/").content.decode()
    with at_work(world, "hub_manager") as manager:
        planned = queries.plans([offer], timezone.now())[offer.pk]
        assert queries.stalled(manager, timezone.now()).get() == offer and len(planned) == 3


def test_the_provider_reads_that_the_hub_asked_again(world: World) -> None:
    offer = waiting(world)
    worker = world.client("caseworker")
    assert "Please answer" not in worker.get(f"/casework/offers/{offer.pk}/").content.decode()
    go_on(offer)
    assert "The hub asked again" in worker.get(f"/casework/offers/{offer.pk}/").content.decode()
    assert world.client("neighbour_caseworker").get(f"/casework/offers/{offer.pk}/").status_code == 404


def test_the_manager_is_told_on_the_home_page_and_the_referral_says_what_was_done(world: World) -> None:
    offer = waiting(world)
    manager = world.client("hub_manager")
    assert "stalled at a provider" not in manager.get("/home/").content.decode()
    for hours in (0, 10, 40):
        with working():
            actions.go_on(offer, by=SYSTEM_ACTOR, at=office_open(hours))
        if hours == 10:
            assert "stalled at a provider" in manager.get("/home/").content.decode()
            assert "For the manager" in manager.get("/stalled/").content.decode()
    shown = manager.get(f"/referrals/{offer.referral_id}/").content.decode()
    assert "did not answer, so it was called back" in shown and "Not sent on: no other service fits" in shown


def test_what_is_not_late_is_not_listed_and_others_see_nothing(world: World) -> None:
    offer = waiting(world, days=0)
    assert "No offer is late" in world.client("triage_officer").get("/stalled/").content.decode()
    assert (
        "No answer in time"
        not in world.client("triage_officer").get(f"/referrals/{offer.referral_id}/").content.decode()
    )
    late = waiting_far(world)
    assert late.reference not in world.client("far_triage_officer").get("/stalled/").content.decode()
    for person in ("caseworker", "service_manager", "referrer", "analyst"):
        assert world.client(person).get("/stalled/").status_code in (403, 404)


def waiting_far(world: World) -> Referral:
    """A stalled offer of this hub, for somebody of another to look for."""
    at = timezone.now() - timedelta(days=14)
    referral = received(world, source_ref="TEST-9", at=at)
    with at_work(world, "triage_officer") as officer:
        referrals.take(referral, by=officer, at=at)
        sent_to = service(world, "neighbour", code="far")
        referrals.offer(referral, by=officer, at=at, service=sent_to, reasons=[], agreed=True)
    return referral
