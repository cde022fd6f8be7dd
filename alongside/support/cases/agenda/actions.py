"""Writes of the agenda. They are part of the write that makes something due, and have no event of their own."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from alongside.core.access.actor import Actor
from alongside.support.cases.agenda import queries, rules
from alongside.support.cases.agenda.models import Item
from alongside.support.cases.casework.models import Case


def put(
    case: Case, *, by: Actor, at: datetime, kind: str, about: UUID, due_at: datetime | date,
    details: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Says that something is due on a case, in place of what was said of this kind about this record before.

    A date is due by its end in London, as is the last moment of a day, which clocks of working days give.
    `details`: codes and numbers that its words are made of; nobody's words.
    """
    moment, all_day = rules.moment(due_at)
    item = Item(
        case=case, kind=kind, about=about, due_at=moment, all_day=all_day, details=dict(details or {}), put_at=at,
    )  # fmt: skip
    Item.objects.bulk_create(
        [item], update_conflicts=True, unique_fields=["case", "kind", "about"],
        update_fields=["due_at", "all_day", "details", "put_at"],
    )  # fmt: skip


def drop(case: Case, *, by: Actor, at: datetime, kind: str, about: UUID | None = None) -> None:
    """Takes what is due of a kind off a case: about one record, or about all."""
    found = Item.objects.filter(case=case, kind=kind)
    (found.filter(about=about) if about else found).delete()


def clear(case_id: UUID, *, by: Actor, at: datetime) -> None:
    """Takes off a case that has ended whatever ends with it. One that was reopened meanwhile keeps everything."""
    lasting = [kind for kind, declared in queries.kinds().items() if declared.lasts]
    ended = Item.objects.filter(case_id=case_id, case__state=Case.State.CLOSED)
    ended.exclude(kind__in=lasting).delete()
