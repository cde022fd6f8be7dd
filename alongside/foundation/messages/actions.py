"""Writes of contact points: the only door to a person."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.privacy import crypt, fields
from alongside.foundation.messages import rules
from alongside.foundation.messages.models import ContactPoint


@transaction.atomic
def add(
    person_id: UUID, *, by: Actor, at: datetime, organisation_id: int, kind: str, value: str, safe: str,
    safe_times: str = "", instructions: str = "", leave_message: bool = False, verified_how: str = "",
) -> ContactPoint:  # fmt: skip
    """Adds a way to reach a person, sealed. `verified_how`: how the victim gave it; empty means unverified."""
    point = ContactPoint(
        person_id=person_id, recorded_by=organisation_id, kind=kind, safe=safe, safe_times=safe_times,
        leave_message=leave_message, verified_how=verified_how, verified_at=at if verified_how else None,
        recorded_at=at, lookup=crypt.blind(kind, rules.normalise(kind, value)),
    )  # fmt: skip
    fields.write(point, value=value, instructions=instructions)
    point.save(force_insert=True)
    events.record(
        "contact_point.added", point.pk, by=by, at=at, kind=kind, safe=safe, verified=bool(verified_how)
    )
    return point
