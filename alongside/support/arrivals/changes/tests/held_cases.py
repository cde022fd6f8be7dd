"""A referral by feed that a provider has accepted, and the same row sent again otherwise."""

from datetime import timedelta
from pathlib import Path

from django.db import transaction

from alongside.core.rows.realms import inside
from alongside.foundation.local.directory.models import Service
from alongside.support.arrivals.changes import jobs
from alongside.support.arrivals.feeds.models import Delivery, KeptRow
from alongside.support.arrivals.feeds.tests.samples import sample
from alongside.support.arrivals.feeds.tests.test_actions import NOW, feed, load, working
from alongside.support.arrivals.referrals import actions as referrals
from alongside.support.arrivals.referrals.models import Offer, Referral
from tests.world import World


def offered(world: World, folder: Path) -> Offer:
    """What the force sent, offered to the provider."""
    load(feed(folder, sample()), world.force)
    hub, at = world.actor("triage_officer"), NOW + timedelta(hours=1)
    service = Service.objects.create(code="test-service", provider=world.provider, name="Sample", updated_at=NOW)
    with transaction.atomic(), inside(hub.realm, orgs=hub.orgs, user=hub.user_id):
        referral = referrals.take(Referral.objects.get(), by=hub, at=at)
        referrals.assess(referral, by=hub, at=at, needs=["health"], vulnerability=[], entitlements=[],
                         high_risk=False, reason="")  # fmt: skip
        return referrals.offer(referral, by=hub, at=at, service=service, reasons=["Near"])


def accept(world: World, offer: Offer) -> None:
    by = world.actor("caseworker")
    with transaction.atomic(), inside(by.realm, orgs=by.orgs, user=by.user_id):
        referrals.accept(offer, by=by, at=NOW + timedelta(hours=2))


def sent_again(world: World, folder: Path, name: str = "again.csv", **cells: str) -> KeptRow:
    """The row comes again with other cells, and the worker has passed it on to whoever holds the case."""
    load(feed(folder, sample(**cells), name=name), world.force, NOW + timedelta(hours=3))
    with working():
        jobs.pass_on.func(event="", subject=str(Delivery.objects.latest("received_at").pk))
    return KeptRow.objects.latest("delivery__received_at")


def held(world: World, folder: Path, **cells: str) -> KeptRow:
    """The whole: accepted, then sent again."""
    accept(world, offered(world, folder))
    return sent_again(world, folder, **cells)
