"""Arrivals for tests: everybody in them is made up."""

from dataclasses import replace
from datetime import date
from typing import Any

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.support.referrals import actions
from alongside.support.referrals.actions import Arrival, Point
from alongside.support.referrals.models import Referral
from alongside.support.victims.actions import Identity
from tests.world import World

TESTINA = Identity(
    title="Ms", given_name="Testina", family_name="Sampleford", birth_date=date(1990, 1, 1), sex="female",
    language="english", access_needs="Large print", council="E08000025",
)  # fmt: skip
PHONE = Point(
    "phone", "07700 900123", "yes", safe_times="10:00-12:00", instructions="Say you are the library"
)


def arrival(world: World, **changes: Any) -> Arrival:
    """A partner's referral of Testina to the hub, with anything changed."""
    given = Arrival(
        hub_id=world.hub.pk, source="partner", identity=TESTINA, crime_type="burglary", points=(PHONE,),
        source_organisation=world.partner.pk, source_ref="TEST-1", reported_at=world.now, council="E08000025",
        officer="PC Sample", notes="Testina is staying with a friend.", consent="yes",
    )  # fmt: skip
    return replace(given, **changes)


def received(world: World, **changes: Any) -> Referral:
    """A referral in the hub's queue."""
    return actions.receive(arrival(world, **changes), by=SYSTEM_ACTOR, at=changes.pop("at", world.now))
