"""Cases for tests: everybody in them is made up."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from alongside.core.rows import realms
from alongside.foundation.local.directory.models import Service
from alongside.support.arrivals.referrals import actions as referrals
from alongside.support.arrivals.referrals.models import Offer
from alongside.support.arrivals.referrals.tests.arrivals import received
from alongside.support.cases.casework import actions
from alongside.support.cases.casework.models import Case
from tests.world import World


def service_of(world: World, place: str = "provider") -> Service:
    """A service of a provider that takes referrals."""
    found: Service = Service.objects.get_or_create(
        code=f"test-{place}-service",
        defaults={"provider": world.organisations[place], "name": "Sample Support", "updated_at": world.now},
    )[0]
    return found


def offered(world: World, place: str = "provider", **changes: Any) -> Offer:
    """An offer that waits for the provider's answer."""
    hub, at = world.actor("triage_officer"), world.now
    harder = changes.pop("vulnerability", [])
    referral = referrals.take(received(world, **changes), by=hub, at=at)
    found = {"needs": ["health", "money"], "vulnerability": harder, "entitlements": []}
    referrals.assess(referral, by=hub, at=at, **found, high_risk=False, reason="")
    with transaction.atomic(), inside(world, "triage_officer"):
        return referrals.offer(
            referral, by=hub, at=at, service=service_of(world, place), reasons=["Near to where they live"]
        )


def accepted(world: World, person: str = "caseworker", at: datetime | None = None, **changes: Any) -> Case:
    """A case that the person's organisation has accepted and nobody works on yet."""
    place = "neighbour" if person.startswith("neighbour") else "provider"
    offer = offered(world, place, **changes)
    with transaction.atomic(), inside(world, person):
        return actions.accept(offer, by=world.actor(person), at=at or world.now + timedelta(hours=1))


def inside(world: World, person: str) -> Any:
    """The realm of a person's request."""
    actor = world.actor(person)
    return realms.inside(actor.realm, orgs=actor.orgs, user=actor.user_id)
