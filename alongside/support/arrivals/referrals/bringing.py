"""A referral that a provider had before it worked here: held by the provider alone, and no new one of anybody's."""

from datetime import datetime

from django.db import transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.messages import actions as messages
from alongside.support.arrivals.referrals import lifecycle
from alongside.support.arrivals.referrals.actions import Arrival, drafted, save_with_reference
from alongside.support.arrivals.referrals.models import Offer, Referral
from alongside.support.people.victims import actions as victims


@transaction.atomic
def bring_along(arrival: Arrival, service: Service, *, by: Actor, at: datetime, accepted_at: datetime) -> Offer:
    """The person with their referral, as it was accepted on a day that is past. `arrival.hub_id` is the provider: it is
    who received them, so that nobody else is let in, the hub neither. No job of a referral's receipt is started."""
    victim = victims.record(arrival.identity, by=by, at=at, hub_id=arrival.hub_id)
    referral = drafted(arrival, victim, at=accepted_at)
    referral.state = lifecycle.referral.target(referral.state, "bring_along")
    referral.accepted_at = accepted_at
    save_with_reference(referral)
    for point in arrival.points:
        messages.add(victim.pk, by=by, at=at, organisation_id=arrival.hub_id, **vars(point))
    taken = _taken(referral, service, by=by, accepted_at=accepted_at)
    taken.save(force_insert=True)
    events.record("referral.brought_along", referral.pk, by=by, at=at, service=service.code)
    return taken


def _taken(referral: Referral, service: Service, *, by: Actor, accepted_at: datetime) -> Offer:
    """What a case stands on: that a service took them, on that day."""
    return Offer(
        referral_id=referral.pk, victim_id=referral.victim_id, hub_id=referral.hub_id, service=service,
        provider=service.provider, state=Offer.State.ACCEPTED, crime_type=referral.crime_type, offered_at=accepted_at,
        answered_at=accepted_at, answered_by=by.user_id,
    )  # fmt: skip
