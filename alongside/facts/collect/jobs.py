"""Every night: a snapshot of the day before, and an end to what is past its time; and snapshots that were asked for."""

from datetime import datetime, time
from uuid import UUID

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.clocks import LONDON, london_date
from alongside.core.jobs import job
from alongside.facts.collect import actions
from alongside.facts.collect.models import Snapshot
from alongside.facts.measures import actions as kept
from alongside.facts.measures.models import TABLES


@job("collect.write_snapshot", cron="30 2 * * *", lock="collect.write_snapshot", still=True)
def write_snapshot() -> None:
    """The end of yesterday in London; once, however often it runs. First what an earlier night left unfinished goes."""
    at = timezone.now()
    actions.clear_away(by=SYSTEM_ACTOR, at=at)
    midnight = datetime.combine(london_date(at), time.min, tzinfo=LONDON)
    if not Snapshot.objects.filter(as_at=midnight).exists():
        _write(at, midnight)


@job("collect.write_asked", lock="collect.write_snapshot", still=True)
def write_asked(*, event: str, subject: str) -> None:
    """One of this moment, once, however often it runs."""
    at = timezone.now()
    if not Snapshot.objects.filter(pk=subject).exists():
        _write(at, at, made=UUID(subject))


def _write(at: datetime, as_at: datetime, *, made: UUID | None = None) -> None:
    """Writes one, and says meanwhile how many of its files are there."""
    done = iter(range(1, len(TABLES) + 1))
    kept.note_progress(0, len(TABLES), at=at)
    try:
        actions.write_snapshot(
            by=SYSTEM_ACTOR, at=at, as_at=as_at, made=made,
            tell=lambda words: kept.note_progress(next(done), len(TABLES), at=timezone.now()),
        )  # fmt: skip
    finally:
        kept.end_progress()


@job("collect.expire", cron="15 3 * * *", lock="collect.expire")
def expire() -> None:
    at = timezone.now()
    actions.expire(by=SYSTEM_ACTOR, at=at, on=london_date(at))
    actions.discard(by=SYSTEM_ACTOR, at=at)
