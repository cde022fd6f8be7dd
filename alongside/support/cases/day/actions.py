"""Writes of the team: who is away and who covers for them, and several cases given out at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework import queries as casework_queries
from alongside.support.cases.casework.models import Case
from alongside.support.cases.day import queries, rules
from alongside.support.cases.day.models import Absence


@dataclass(frozen=True)
class Done:
    """What came of several at once: how many were done, and why each other was not, by its reference."""

    done: int
    refused: tuple[tuple[str, str], ...]


@transaction.atomic
def note_absence(user_id: UUID, *, by: Actor, at: datetime, since: date, until: date) -> Absence:
    """Says that somebody is away. Noted again for days that touch, it becomes one absence."""
    organisation, today = by.organisation_id or 0, london_date(at)
    if user_id not in casework_queries.workers(organisation):
        raise RuleBroken("Choose somebody who works for this organisation now.", "worker")
    if obstacle := rules.absence_obstacle(since, until, today):
        raise RuleBroken(*obstacle)
    known = Absence.objects.select_for_update().filter(
        organisation_id=organisation, user_id=user_id, back_on=None, since__lte=until, until__gte=since
    ).first()  # fmt: skip
    if known:
        known.until = max(until, known.until)
        known.save(update_fields=["until"])
        events.record("absence.noted", known.pk, by=by, at=at, until=known.until.isoformat())
        return known
    made = Absence(organisation_id=organisation, user_id=user_id, since=since, until=until, set_at=at,
                   set_by=by.user_id)  # fmt: skip
    made.save(force_insert=True)
    events.record("absence.noted", made.pk, by=by, at=at, until=until.isoformat())
    return made


@transaction.atomic
def come_back(absence: Absence, *, by: Actor, at: datetime) -> None:
    """Somebody is back before their last day. Cover that was arranged ends on its own day, or case by case."""
    held = Absence.objects.select_for_update().get(pk=absence.pk)
    today = london_date(at)
    if held.back_on is not None or held.until < today:
        raise RuleBroken(rules.NOT_AWAY)
    held.back_on = today
    held.save(update_fields=["back_on"])
    events.record("absence.ended", held.pk, by=by, at=at)


def cover_all(
    absence: Absence, *, by: Actor, at: datetime, covers: Mapping[UUID, UUID]
) -> Done:  # fmt: skip
    """Colleagues cover cases until the last day of an absence; each case by itself, so that one refusal spoils none."""
    cases = {case.pk: case for case in queries.to_cover(absence.user_id, by)}
    done, refused = 0, []
    for key, who in covers.items():
        case = cases.get(key)
        if case is None:
            continue
        try:
            with transaction.atomic():
                casework.cover(case, by=by, at=at, worker=who, until=absence.until)
            done += 1
        except RuleBroken as broken:
            refused.append((case.reference, broken.message))
    return Done(done, tuple(refused))


def allocate(chosen: Mapping[UUID, UUID], *, by: Actor, at: datetime) -> Done:
    """Gives several cases that nobody has to workers, each by itself. One that somebody took meanwhile stays theirs."""
    cases = {case.pk: case for case in _seen(chosen, by)}
    done, refused = 0, []
    for key, who in chosen.items():
        case = cases.get(key)
        if case is None:
            continue
        try:
            with transaction.atomic():
                _give(case, who, by=by, at=at)
            done += 1
        except RuleBroken as broken:
            refused.append((case.reference, broken.message))
    return Done(done, tuple(refused))


def _seen(chosen: Mapping[UUID, UUID], by: Actor) -> Iterable[Case]:
    seen: Iterable[Case] = Case.objects.visible_to(by).filter(pk__in=list(chosen), provider_id=by.organisation_id)
    return seen


def _give(case: Case, who: UUID, *, by: Actor, at: datetime) -> None:
    fresh = casework.locked(case)
    if fresh.worker is not None and fresh.worker != who:
        raise RuleBroken("Somebody else has it meanwhile.")
    if fresh.worker is None:
        casework.assign(fresh, by=by, at=at, worker=who)
