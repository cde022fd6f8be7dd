"""Arrivals for tests: everybody in them is made up."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR, Actor
from alongside.core.clocks import LONDON
from alongside.core.ids import uuid7
from alongside.core.models import Event
from alongside.core.rows.realms import inside
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.organisations.models import Organisation
from alongside.support.arrivals.referrals import actions
from alongside.support.arrivals.referrals.actions import Arrival, Point
from alongside.support.arrivals.referrals.models import Addition, Offer, Referral, Ticket
from alongside.support.people.victims.actions import Identity
from tests.world import World

TESTINA = Identity(
    title="Ms", given_name="Testina", family_name="Sampleford", birth_date=date(1990, 1, 1), sex="female",
    language="en", access_needs="Large print", council="E08000025",
)  # fmt: skip
PHONE = Point("phone", "07700 900123", "yes", safe_times="10:00-12:00", instructions="Say you are the library")


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
    at = changes.pop("at", world.now)
    return actions.receive(arrival(world, **changes), by=SYSTEM_ACTOR, at=at)


@contextmanager
def at_work(world: World, person: str) -> Iterator[Actor]:
    """A stretch of code as one person at work, under their realm's role."""
    actor = world.actor(person)
    with transaction.atomic(), inside(actor.realm, orgs=actor.orgs, user=actor.user_id):
        yield actor


def service(world: World, place: str = "provider", **changes: Any) -> Service:
    """A service that takes referrals."""
    provider: Organisation = getattr(world, place)
    given = {"code": f"{provider.code}-support", "name": "Sample Support", "updated_at": world.now}
    return Service.objects.create(**given | {"provider": provider} | changes)


def taken(world: World, **changes: Any) -> Referral:
    """A referral that the triage officer has taken."""
    referral = received(world, **changes)
    with at_work(world, "triage_officer") as officer:
        return actions.take(referral, by=officer, at=world.now)


def offered(world: World, **changes: Any) -> Offer:
    """An offer to the provider, waiting for its answer."""
    referral, sent_to = taken(world, **changes), service(world)
    with at_work(world, "triage_officer") as officer:
        return actions.offer(referral, by=officer, at=world.now, service=sent_to, reasons=["Helps here"], agreed=True)


def events_of(referral: Referral) -> list[str]:
    """The names of what happened to a referral, in order."""
    return list(Event.objects.filter(subject=referral.pk).order_by("at", "id").values_list("name", flat=True))


def this_minute() -> dict[str, str]:
    """Day and time as the form of an attempt first shows them."""
    here = timezone.now().astimezone(LONDON)
    return {"tried_on_day": str(here.day), "tried_on_month": str(here.month), "tried_on_year": str(here.year),
            "tried_at": f"{here:%H:%M}"}  # fmt: skip


def added(referral: Referral, *, at: datetime, kind: str = "words", ticket: Ticket | None = None) -> Addition:
    """Something that the victim added who came back, unread."""
    ticket = ticket or Ticket.objects.create(
        id=uuid7(), referral=referral, hub_id=referral.hub_id, victim_id=referral.victim_id, lookup=referral.pk.bytes,
        word="received", since=referral.received_at,
    )  # fmt: skip
    return Addition.objects.create(id=uuid7(), ticket=ticket, victim_id=ticket.victim_id, kind=kind, added_at=at)
