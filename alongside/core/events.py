"""Events: every write records one, in its own transaction; `SUBSCRIPTIONS` says which jobs it starts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from alongside.core.access.actor import Actor
from alongside.core.models import Event


def _jobs_for(name: str) -> tuple[Any, ...]:
    table: Mapping[str, tuple[str, ...]] = import_string(settings.SUBSCRIPTIONS)
    return tuple(import_string(path) for path in table.get(name, ()))


def record(name: str, subject: UUID, *, by: Actor, at: datetime, **details: object) -> Event:
    """Records what happened to a record. Details are codes and counts, never a person's words or identity."""
    event = Event(
        at=at, name=name, subject=subject, user_id=by.user_id, organisation_id=by.organisation_id,
        realm=by.realm, details=details,
    )  # fmt: skip
    event.save(force_insert=True)
    for job in _jobs_for(name):
        job.defer(event=str(event.id), subject=str(subject))
    return event


def record_many(name: str, subjects: list[UUID], *, by: Actor, at: datetime, **details: object) -> None:
    """One event for each of many records written together; their jobs are started by the caller's own event."""
    Event.objects.bulk_create(
        [
            Event(at=at, name=name, subject=subject, user_id=by.user_id, organisation_id=by.organisation_id,
                  realm=by.realm, details=details)
            for subject in subjects
        ],
        batch_size=5000,
    )  # fmt: skip
