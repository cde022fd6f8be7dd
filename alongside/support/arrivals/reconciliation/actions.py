"""Every write of reconciliation: an alarm is raised, is over when the file comes after all, and is acknowledged."""

from datetime import date, datetime

from django.db import transaction

from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.privacy import fields
from alongside.foundation.office.documents import actions as documents
from alongside.foundation.office.documents.rules import Column
from alongside.foundation.office.messages import actions as messages
from alongside.support.arrivals.feeds.models import SourceVersion
from alongside.support.arrivals.reconciliation import queries, rules
from alongside.support.arrivals.reconciliation.models import Alarm
from alongside.support.arrivals.reconciliation.queries import Day

COME_AND_SEE = "come_and_see"
LOOKED_BACK = 7  # days, so that an alarm is raised even where no worker ran for a while
FIGURES = ("sent", "received", "accepted", "duplicate", "held", "rejected", "released", "returned", "closed",
           "waiting")  # fmt: skip
COLUMNS = (Column("day", "Day"), Column("source", "Source"), Column("files", "Files"),
           *(Column(name, name.capitalize()) for name in FIGURES), Column("adds_up", "Adds up"))  # fmt: skip


@transaction.atomic
def watch(*, by: Actor, at: datetime) -> int:
    """Raises an alarm for each file that was due by now and is missing or short; ends those that came right. Safe to
    run again. Returns how many were raised.
    """
    today = clocks.london_date(at)
    days = [today - number * clocks.ONE_DAY for number in range(LOOKED_BACK)]
    versions = queries.scheduled(SourceVersion.objects.all())
    return sum(_look(version, day, by=by, at=at) for version in versions for day in days)


def _look(version: SourceVersion, day: date, *, by: Actor, at: datetime) -> bool:
    """Whether an alarm was raised for a feed and a day."""
    schedule = queries.schedule(version)
    due = rules.due_at(schedule, day)
    if due is None or not version.saved_at < due <= at:
        return False
    files, rows = queries.came(version, day)
    kind = rules.amiss(schedule, files=files, rows=rows)
    of = {"hub_id": version.hub_id, "source": version.source, "feed": version.feed, "day": day}
    found = Alarm.objects.select_for_update().filter(**of).first()
    if found is None and kind:
        made = Alarm(id=uuid7(), **of, kind=kind, due_at=due, least=schedule.least, rows=rows, raised_at=at)
        made.save(force_insert=True)
        events.record(
            "feed.alarm_raised", made.pk, by=by, at=at, source=version.source.code, feed=version.feed, kind=kind
        )
        for person in queries.to_tell(version.hub_id):
            messages.notify(person, by=by, at=at, about=made.pk, template=COME_AND_SEE)
        return True
    if found is not None and (kind, rows) != ("" if found.over_at else found.kind, found.rows):
        _revise(found, kind, rows, by=by, at=at)
    return False


def _revise(alarm: Alarm, kind: str, rows: int, *, by: Actor, at: datetime) -> None:
    """Says what came meanwhile: enough, or a file that is still short."""
    over = at if not kind and alarm.over_at is None else alarm.over_at if not kind else None
    alarm.kind, alarm.rows, alarm.over_at = kind or alarm.kind, rows, over
    alarm.save(update_fields=["kind", "rows", "over_at"])
    name = "feed.alarm_revised" if kind else "feed.alarm_over"
    events.record(name, alarm.pk, by=by, at=at, kind=alarm.kind)


@transaction.atomic
def acknowledge(alarm: Alarm, *, by: Actor, at: datetime, reason: str, words: str = "") -> Alarm:
    """Says that somebody has seen to an alarm, and why nothing more is needed. `reason`: a code of the rulebook."""
    alarm = Alarm.objects.select_for_update().get(pk=alarm.pk)
    if alarm.acknowledged_at:
        raise RuleBroken("Somebody has acknowledged this already.")
    if reason not in dict(queries.reasons(clocks.london_date(at))):
        raise RuleBroken("Choose a reason.", "reason")
    alarm.acknowledged_at, alarm.acknowledged_by, alarm.reason = at, by.user_id, reason
    fields.write(alarm, words=words)
    alarm.save(update_fields=["acknowledged_at", "acknowledged_by", "reason", "words"])
    events.record("feed.alarm_acknowledged", alarm.pk, by=by, at=at, reason=reason)
    return alarm


@transaction.atomic
def export(days: list[Day], *, by: Actor, at: datetime) -> documents.Export:
    """The figures as a file, with the moment at which they were true."""
    rows: list[documents.Row] = [
        {"day": one.day.isoformat(), "source": one.feed.title, "files": one.tally.files,
         **{name: getattr(one.tally, name) for name in FIGURES}, "adds_up": not one.tally.unexplained}
        for one in days
    ]  # fmt: skip
    note = f"As at {at.astimezone(clocks.LONDON):%Y-%m-%d %H:%M} in London. A day is a day in London."
    return documents.table("reconciliation", COLUMNS, rows, by=by, at=at, about="reconciliation", notes=[note])
