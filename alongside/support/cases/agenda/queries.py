"""Reads of the agenda: what is due on a case, or on all that somebody works on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.module_loading import import_string

from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.rows import ahead
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.agenda.models import Item
from alongside.support.cases.agenda.rules import Kind, Lane, Pressing, end_of, pressing
from alongside.support.cases.casework.models import Case


@dataclass(frozen=True)
class Line:
    """Something due, in words: whose case, what, when, how pressing, and where it is done."""

    item: Item
    words: str
    href: str
    group: str
    lane: Lane
    due_at: datetime
    all_day: bool
    pressing: Pressing


def kinds() -> Mapping[str, Kind]:
    """Every kind of item that a domain declares."""
    table: Mapping[str, tuple[str, ...]] = import_string(settings.BESIDE)
    return {kind: one for path in table.get("agenda", ()) for kind, one in import_string(path).items()}


def lines(found: QuerySet[Item], *, now: datetime, lanes: tuple[Lane, ...] = (Lane.WORKER,)) -> tuple[Line, ...]:
    """Items in words, in their order."""
    declared, titles = kinds(), partial(rulebook.titles, on=london_date(now))
    return tuple(
        Line(
            item=item, words=kind.words(item.details, titles), group=kind.group, lane=kind.lane,
            href=reverse(kind.view, args=[item.case_id if kind.of == "case" else item.about]),
            due_at=item.due_at, all_day=item.all_day, pressing=pressing(item.due_at, now=now, all_day=item.all_day),
        )
        for item in found if (kind := declared.get(item.kind)) and kind.lane in lanes
    )  # fmt: skip


@ahead.question
def _on(case_id: UUID) -> QuerySet[Item]:
    return Item.objects.filter(case_id=case_id).order_by("due_at", "id")


def of_case(case_id: UUID, *, now: datetime) -> tuple[Line, ...]:
    """What is due on a case, for its worker and for their manager, but for what is kept apart from its page."""
    return tuple(line for line in lines(_on(case_id), now=now, lanes=tuple(Lane)) if not kinds()[line.item.kind].apart)


def reads(case: Case, *, by: Actor, at: datetime) -> Iterable["QuerySet[Any]"]:
    """What the page of a case asks of this domain: to be read in one with more (`rows.ahead`)."""
    return (_on(case.pk),)


def of_team(by: Actor, *, now: datetime, until: date, lane: Lane) -> tuple[Line, ...]:
    """What is due in the whole organisation, of a lane."""
    held = Item.objects.visible_to(by).filter(case__provider_id=by.organisation_id, due_at__lte=end_of(until))
    held = held.exclude(case__state=Case.State.CLOSED).select_related("case__victim").order_by("due_at", "id")
    return lines(held, now=now, lanes=(lane,))


def of_cases(keys: list[UUID], *, now: datetime, until: datetime, lane: Lane) -> tuple[Line, ...]:
    """What is due on these cases up to a moment, of a lane."""
    found = Item.objects.filter(case__in=keys, due_at__lte=until).order_by("due_at", "id")
    return lines(found, now=now, lanes=(lane,))
