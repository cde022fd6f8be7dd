"""Reads for the operator: the queue, whether a worker is alive, and what each night erased."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Max, Q, QuerySet
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from alongside.core.access.actor import Actor
from alongside.core.models import Erasure
from alongside.core.privacy import crypt
from alongside.foundation.office.accounts.permissions import Permission
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.arrivals.feeds.models import Upload
from alongside.support.arrivals.feeds.queries import TASK as FEED

LATE = timedelta(minutes=15)
ALIVE = timedelta(minutes=1)
NIGHTS = 90
LOW, GIGABYTE, DAILY = 0.1, 1024**3, timedelta(hours=26)
TITLES = {
    FEED: "Load an uploaded feed", "messages.send": "Send a message", "collect.write_snapshot": "Write the snapshot",
    "collect.write_asked": "Write a snapshot that was asked for",
    "retention.erase_night": "Erase what is past its time", "feeds.forget": "Forget kept rows",
    "reconciliation.watch": "Look for files that are missing or short",
    "changes.pass_on": "Pass on what a source sent again", "changes.carry_out": "Do what was decided of a change",
    "messages.bring": "Tell an officer that an answer waits",
    "mending.take_up_again": "Take up a row that an officer answered",
    "sources.forget": "Forget sources that nobody finished setting up",
    "casework.hand_over": "Hand over a leaver's cases", "referrals.let_go": "Free a leaver's referrals",
    "intake.stop_using": "Stop using what a victim says is unsafe",
}  # fmt: skip
KEPT_BY = {"open": "Something is open", "held": "Somebody holds it", "not_yet": "Its time is not over"}


@dataclass(frozen=True)
class Parked:
    """A job that failed until it was put aside. Its words are codes and ids, and are not shown."""

    id: int
    name: str
    title: str
    attempts: int
    failed_at: datetime | None
    upload: UUID | None


@dataclass(frozen=True)
class Queue:
    """The state of the queue. `late` jobs should have been started some time ago."""

    waiting: int
    running: int
    late: int
    worker_seen_at: datetime | None
    worker_alive: bool
    parked: tuple[Parked, ...]

    @property
    def stuck(self) -> bool:
        return bool(self.late) and not self.worker_alive


def queue(actor: Actor, at: datetime) -> Queue:
    """The queue as it is now. A feed that failed is named where the actor may open its page."""
    jobs = ProcrastinateJob.objects.all()
    seen = ProcrastinateWorker.objects.aggregate(seen=Max("last_heartbeat"))["seen"]
    return Queue(
        waiting=jobs.filter(status="todo").count(),
        running=jobs.filter(status="doing").count(),
        late=_late(jobs, at),
        worker_seen_at=seen,
        worker_alive=seen is not None and at - seen < ALIVE,
        parked=_parked(actor, list(_failed(jobs))),
    )


def _late(jobs: "QuerySet[ProcrastinateJob]", at: datetime) -> int:
    """Waiting jobs that were entered, or are due since, longer ago than is well."""
    waiting = jobs.filter(status="todo").annotate(
        entered=Max("procrastinateevent__at", filter=Q(procrastinateevent__type="deferred"))
    )
    return waiting.filter(Q(scheduled_at__lt=at - LATE) | Q(scheduled_at=None, entered__lt=at - LATE)).count()


def _failed(jobs: "QuerySet[ProcrastinateJob]") -> "QuerySet[ProcrastinateJob]":
    failed_at = Max("procrastinateevent__at", filter=Q(procrastinateevent__type="failed"))
    return jobs.filter(status="failed").annotate(failed_at=failed_at).order_by("-failed_at")[:200]


def _parked(actor: Actor, jobs: list[ProcrastinateJob]) -> tuple[Parked, ...]:
    about = {job.pk: job.args.get("subject") for job in jobs if job.task_name == FEED}
    uploads = _uploads(actor, list(about.values()))
    return tuple(_shown(job, uploads.get(about.get(job.pk, ""))) for job in jobs)


def _shown(job: ProcrastinateJob, upload: UUID | None) -> Parked:
    title, failed_at = TITLES.get(job.task_name, job.task_name), vars(job)["failed_at"]
    return Parked(job.pk, job.task_name, title, job.attempts, failed_at, upload)


def _uploads(actor: Actor, keys: list[str]) -> dict[str, UUID]:
    """Which of these uploads the actor may open, by their keys as jobs write them."""
    if not keys or not actor.may(Permission.FEED_LOAD):
        return {}
    return {str(key): key for key in Upload.objects.visible_to(actor).filter(pk__in=keys).values_list("pk", flat=True)}


@dataclass(frozen=True)
class Count:
    """How many of a class, in words."""

    words: str
    number: int


@dataclass(frozen=True)
class Night:
    """One night's erasure."""

    at: datetime
    erased: tuple[Count, ...]
    waiting: tuple[Count, ...]
    soon: tuple[Count, ...]
    kept: tuple[Count, ...]

    @property
    def total(self) -> int:
        return sum(count.number for count in self.erased)


@dataclass(frozen=True)
class Nights:
    """The latest nights, newest first; how long each class is kept; whether last night's is missing."""

    nights: tuple[Night, ...]
    kept_for: tuple[RuleRow, ...]
    a_night: int
    missed: bool


def nights(on: date) -> Nights:
    """The last ninety nights of erasure."""
    rows = rulebook.current("retention", on)
    titles = {row.code: row.title for row in rows} | KEPT_BY
    found = tuple(_night(row, titles) for row in Erasure.objects.order_by("-at")[:NIGHTS])
    return Nights(
        nights=found, kept_for=rows, a_night=rulebook.rule("limits", "erased_a_night", on).number("number"),
        missed=bool(found) and found[0].at.date() < on - timedelta(days=1),
    )  # fmt: skip


def _night(row: Erasure, titles: Mapping[str, str]) -> Night:
    erased, waiting, soon, kept = (
        tuple(Count(titles.get(code, code), number) for code, number in counts.items())
        for counts in (row.erased, row.waiting, row.soon, row.kept)
    )
    return Night(row.at, erased, waiting, soon, kept)


@dataclass(frozen=True)
class Health:
    """What else an operator looks after, as this machine sees it: room, backups, the key ring."""

    free: int
    low: bool
    backed_up_at: datetime | None
    proved_at: datetime | None
    stale: bool
    ring: str


def health(at: datetime) -> Health:
    """Room in gigabytes where files are kept; the latest backup here, and the latest that a drill proved."""
    room = shutil.disk_usage(settings.VAR)
    made, proved = _last_backup(settings.VAR / "backups"), _last_proof(settings.VAR / "backups" / "last-drill.json")
    return Health(
        free=room.free // GIGABYTE, low=room.free < room.total * LOW, backed_up_at=made, proved_at=proved,
        stale=made is None or at - made > DAILY, ring=crypt.ring().current,
    )  # fmt: skip


def _last_backup(folder: Path) -> datetime | None:
    whole = sorted(path.parent.name for path in folder.glob("*/manifest.json"))
    return datetime.strptime(whole[-1], "%Y%m%dT%H%M%S%z") if whole else None


def _last_proof(note: Path) -> datetime | None:
    try:
        return datetime.fromisoformat(json.loads(note.read_text(encoding="utf-8"))["proved_at"])
    except (OSError, ValueError, KeyError):
        return None
