"""Reads of tasks: those that came of a record, opened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from alongside.core.access.actor import Actor
from alongside.core.privacy import crypt, fields
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.rules import MOMENTS
from alongside.support.cases.tasks.models import Task


@dataclass(frozen=True)
class Opened:
    """A task with its words, and with what was done."""

    task: Task
    words: str
    said: str


def opened(found: Iterable[Task]) -> tuple[Opened, ...]:
    listed = list(found)
    crypt.load_keys({one.victim_id for one in listed})
    return tuple(Opened(one, fields.read(one, "words"), fields.read(one, "said")) for one in listed)


def of_sources(keys: Iterable[UUID], by: Actor) -> tuple[Opened, ...]:
    """The tasks that came of these records, of cases that the reader sees."""
    found = Task.objects.visible_to(by).filter(source__in=list(keys)).select_related("case")
    return opened(found.order_by("due_on", "id"))


def again(case: Case, words: str, *, by: Actor, at: datetime, source: UUID) -> Task | None:
    """The same task, asked for by the same person moments ago: its form was sent twice."""
    recent = Task.objects.filter(case=case, source=source, asked_by=by.user_id, asked_at__gt=at - MOMENTS)
    return next((one for one in recent if fields.read(one, "words") == words), None)
