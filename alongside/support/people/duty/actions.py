"""Writes of the rota and of absences. A row is altered once: to say when it ended."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.people.duty import queries, rules
from alongside.support.people.duty.models import Absence, Turn
from alongside.support.people.duty.rules import FURTHEST, WEEKDAYS, Away, as_seen

CHANGED = (
    "Somebody changed the week meanwhile. What you chose is still here, with what is set now beside it. Check each day "
    "and press again."
)


@transaction.atomic
def set_week(
    hub_id: int, *, by: Actor, at: datetime, people: Mapping[int, UUID | None], seen: str | None = None
) -> None:
    """Who is on duty on each weekday from today on; nobody leaves a weekday to the turn.

    `seen`: the week as the writer had it before them; refused where somebody changed it meanwhile."""
    today, before = london_date(at), _held(hub_id)
    if seen not in (None, as_seen(before)):
        raise RuleBroken(CHANGED)
    changed = {weekday: user for weekday, user in people.items() if before.get(weekday) != user}
    _check(hub_id, *changed.values())
    Turn.objects.filter(hub_id=hub_id, until=None, weekday__in=changed).update(until=today)
    for weekday, user in changed.items():
        if user is not None:
            Turn(
                hub_id=hub_id, user_id=user, weekday=weekday, since=today, set_at=at, set_by=by.user_id
            ).save(force_insert=True)  # fmt: skip
    if changed:
        named = {WEEKDAYS[weekday]: str(user or "") for weekday, user in changed.items()}
        events.record("duty.week_set", UUID(int=hub_id), by=by, at=at, **named)


def _held(hub_id: int) -> dict[int, UUID]:
    """The week as it stands, held until this transaction ends."""
    current = Turn.objects.select_for_update().filter(hub_id=hub_id, until=None, weekday__isnull=False)
    return {turn.weekday: turn.user_id for turn in current if turn.weekday is not None}


def _check(hub_id: int, *people: UUID | None) -> None:
    here = {one.user_id for one in queries.officers(hub_id)}
    if any(user is not None and user not in here for user in people):
        raise RuleBroken("Choose somebody who works in triage here now.", "person")


@transaction.atomic
def set_day(hub_id: int, *, by: Actor, at: datetime, day: date, person: UUID, instead_of: UUID | None = None) -> Turn:
    """Puts somebody on duty on one day, in place of whoever it would have been.

    Where somebody is down for that very day, they have to be named in `instead_of`."""
    today = london_date(at)
    if day < today:
        raise RuleBroken("Choose today or a day to come.", "day")
    if day > today + FURTHEST:
        raise RuleBroken("Choose a day within the next two years.", "day")
    _check(hub_id, person)
    held = Turn.objects.select_for_update().filter(hub_id=hub_id, until=None, day=day).first()
    if held and held.user_id not in (person, instead_of):
        name = queries.name_of(held.user_id)
        raise RuleBroken(f"{name} is down for that day already. Press again to put somebody else there instead.", "day")
    if held:
        held.until = today
        held.save(update_fields=["until"])
    turn = Turn(hub_id=hub_id, user_id=person, day=day, since=today, set_at=at, set_by=by.user_id)
    turn.save(force_insert=True)
    events.record("duty.day_set", turn.pk, by=by, at=at, day=day.isoformat(), user=str(person))
    return turn


@transaction.atomic
def clear_day(turn: Turn, *, by: Actor, at: datetime) -> None:
    """Leaves a day to the usual rota again."""
    fresh = Turn.objects.select_for_update().get(pk=turn.pk)
    if fresh.until is not None:
        raise RuleBroken("Somebody changed this day meanwhile. This is how it is now.")
    fresh.until = max(london_date(at), fresh.since)
    fresh.save(update_fields=["until"])
    events.record("duty.day_cleared", fresh.pk, by=by, at=at)


@transaction.atomic
def set_absence(
    hub_id: int, *, by: Actor, at: datetime, person: UUID, since: date, until: date, cover: UUID | None
) -> Absence:  # fmt: skip
    """Says that somebody is away, and who answers meanwhile: for oneself, or for others by who sets the rota."""
    if person != by.user_id and not by.may(P.DUTY_SET):
        raise RuleBroken("Ask a manager to enter it for a colleague.", "person")
    _check(hub_id, person)
    if cover is not None:
        _check_cover(hub_id, cover)
    # One at a time for a hub, so that two people do not come to cover one another at once.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('duty.absence'), %s)", [hub_id])
    asked, today = Away(person, cover, since, until), london_date(at)
    rules.check_absence(asked, today=today, others=queries.away_between(hub_id, today))
    absence = Absence(
        hub_id=hub_id, user_id=person, cover_id=cover, since=since, until=until, set_at=at, set_by=by.user_id
    )  # fmt: skip
    absence.save(force_insert=True)
    events.record("duty.absence_set", absence.pk, by=by, at=at, user=str(person), cover=str(cover or ""))
    return absence


def _check_cover(hub_id: int, cover: UUID) -> None:
    if cover not in {one.user_id for one in queries.officers(hub_id)}:
        raise RuleBroken("Choose somebody who works in triage here now.", "cover")


@transaction.atomic
def end_absence(absence: Absence, *, by: Actor, at: datetime) -> Absence:
    """They are back, from today on; an absence that has not begun never happens."""
    fresh = Absence.objects.select_for_update().get(pk=absence.pk)
    if fresh.user_id != by.user_id and not by.may(P.DUTY_SET):
        raise RuleBroken("Ask a manager to change it for a colleague.")
    today = london_date(at)
    if fresh.until < today or fresh.back_on is not None:
        raise RuleBroken("This absence is over already.")
    fresh.back_on = today
    fresh.save(update_fields=["back_on"])
    events.record("duty.absence_ended", fresh.pk, by=by, at=at, user=str(fresh.user_id))
    return fresh
