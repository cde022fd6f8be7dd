"""Events: every write records one, in its own transaction; `SUBSCRIPTIONS` says which jobs it starts."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7s
from alongside.core.models import Event
from alongside.core.rows import ahead
from alongside.core.rows.bulk import Staging


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
    ahead.forget()
    for job in _jobs_for(name):
        job.defer(event=str(event.id), subject=str(subject))
    return event


def record_many(name: str, subjects: list[UUID], *, by: Actor, at: datetime, **details: object) -> None:
    """One event for each of many records written together; their jobs are started by the caller's own event."""
    ahead.forget()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_event (id, subject, at, name, user_id, organisation_id, realm, details) "
            "SELECT *, %s, %s, %s::uuid, %s::int, %s, %s::jsonb FROM unnest(%s::uuid[], %s::uuid[])",
            [at, name, by.user_id, by.organisation_id, str(by.realm), json.dumps(details),
             uuid7s(len(subjects)), subjects],
        )  # fmt: skip


def record_staged(
    name: str, staging: Staging, *, key: str, subject: str, by: Actor, at: datetime, **details: object
) -> None:
    """As `record_many`, for rows that are staged: the columns that hold the event's own key and its subject."""
    staging.insert(
        Event, {"id": key, "subject": subject}, name=name, at=at, user_id=by.user_id,
        organisation_id=by.organisation_id, realm=str(by.realm), details=details,
    )  # fmt: skip
