"""Writes of a worker's calendar: its secret address, its print, and what becomes of it when somebody leaves or a case
ends."""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.core.cache import cache
from django.db import transaction

from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.privacy import crypt
from alongside.foundation.office.documents import actions as documents
from alongside.support.cases.appointments import lifecycle, queries
from alongside.support.cases.appointments.models import Appointment, Engagement, Feed
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.queries import limit

HOUR = timedelta(hours=1)
CASE_CLOSED = "case_closed"


@transaction.atomic
def make_feed(*, by: Actor, at: datetime) -> str:
    """A new address of one's own calendar, told once. The one before it is worth nothing from now on."""
    assert by.user_id is not None and by.organisation_id is not None
    _stop(by, at)
    token = secrets.token_urlsafe(32)
    feed = Feed(user_id=by.user_id, organisation_id=by.organisation_id, lookup=queries.lookup(token), made_at=at)
    feed.save(force_insert=True)
    events.record("calendar.address_made", feed.pk, by=by, at=at)
    return token


@transaction.atomic
def stop_feed(*, by: Actor, at: datetime) -> None:
    """The address of one's own calendar is worth nothing from now on."""
    stopped = _stop(by, at)
    if stopped is None:
        raise RuleBroken("There is no address to stop.")
    events.record("calendar.address_stopped", stopped, by=by, at=at)


def _stop(by: Actor, at: datetime) -> UUID | None:
    held = Feed.objects.visible_to(by).select_for_update()
    feed = held.filter(organisation_id=by.organisation_id or 0, stopped_at=None).first()
    if feed is None:
        return None
    feed.stopped_at = at
    feed.save(update_fields=["stopped_at"])
    return feed.pk


def count_call(*, caller: bytes, at: datetime) -> None:
    """Counts one request of a connection (a blind index), kept for an hour. Raises RuleBroken when it was too many."""
    window = int(at.timestamp() // HOUR.total_seconds())
    key = f"calendar-calls-{crypt.blind('calendar-calls', f'{window}|{caller.hex()}').hex()}"
    called, allowed = int(cache.get(key, 0)), limit("calendar_calls", clocks.london_date(at))
    if called >= allowed:
        raise RuleBroken("Too many requests from one connection. Wait, then go on.")
    cache.set(key, called + 1, int(HOUR.total_seconds()))


def print_day(*, by: Actor, at: datetime) -> None:
    """Says that somebody printed a day of theirs. It carries no name, no address and no exact place."""
    assert by.user_id is not None
    documents.note_print(by.user_id, by=by, at=at, what="day")


@transaction.atomic
def let_go(user_id: UUID, *, organisation_id: int, by: Actor, at: datetime) -> int:
    """What somebody who left had planned here is nobody's, and their manager sees it. Returns how many; safe to repeat.

    Their calendar's address ends too."""
    by = replace(by, organisation_id=organisation_id)
    held = Appointment.objects.select_for_update().filter(
        worker=user_id, provider_id=organisation_id, state=lifecycle.PLANNED
    )
    left = list(held)
    for one in left:
        one.worker, one.version = None, one.version + 1
        one.save(update_fields=["worker", "version"])
        events.record("appointment.handed_over", one.case_id, by=by, at=at, appointment=str(one.pk), kind=one.kind)
    Engagement.objects.filter(worker=user_id, organisation_id=organisation_id, ends_at__gt=at).delete()
    Feed.objects.filter(user_id=user_id, organisation_id=organisation_id, stopped_at=None).update(stopped_at=at)
    return len(left)


@transaction.atomic
def follow(case_id: UUID, *, was: UUID | None, worker: UUID | None, by: Actor, at: datetime) -> int:
    """What was planned with whoever had a case goes with it. What a colleague does on it stays theirs. How many went;
    safe to repeat. The event says how many of them meet something else that the new worker has planned."""
    case = Case.objects.filter(pk=case_id, worker=worker).first()
    held = Appointment.objects.select_for_update().filter(
        case=case, worker=was, state=lifecycle.PLANNED, starts_at__gt=at
    )  # fmt: skip
    moved = list(held.order_by("starts_at")) if case and was != worker else []
    clashes = 0
    for one in moved:
        others = Appointment.objects.filter(worker=worker, state=lifecycle.PLANNED).exclude(case_id=case_id)
        met = others.filter(starts_at__lt=one.ends_at, ends_at__gt=one.starts_at)
        clashes += bool(worker) and met.exists()
        one.worker, one.version = worker, one.version + 1
        one.save(update_fields=["worker", "version"])
    if moved:
        by = replace(by, organisation_id=moved[0].provider_id)
        events.record("appointment.followed", case_id, by=by, at=at, count=len(moved), clashes=clashes)
    return len(moved)


@transaction.atomic
def end_all(case_id: UUID, *, by: Actor, at: datetime) -> int:
    """A case that closed has nothing planned any more. Returns how many ended; one that was reopened keeps all.

    The agenda is cleared by the domain that keeps it."""
    case = Case.objects.select_for_update().filter(pk=case_id, state=Case.State.CLOSED).first()
    held = Appointment.objects.select_for_update().filter(case=case, state=lifecycle.PLANNED) if case else ()
    ended = list(held)
    for one in ended:
        one.state, one.why, one.settled_at, one.settled_by = lifecycle.CANCELLED, CASE_CLOSED, at, None
        one.version += 1
        one.save(update_fields=["state", "why", "settled_at", "settled_by", "version"])
    if ended:
        events.record("appointment.all_ended", case_id, by=by, at=at, count=len(ended))
    return len(ended)
