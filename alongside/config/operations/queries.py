"""Reads of the queue: what waits, what is late, what is parked, and whether a worker is alive."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Q, QuerySet
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

LATE = timedelta(minutes=15)
ALIVE = timedelta(minutes=1)


@dataclass(frozen=True)
class Parked:
    """A job that failed until it was put aside. Its words are codes and ids, and are not shown."""

    id: int
    name: str
    attempts: int
    failed_at: datetime | None


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


def queue(at: datetime) -> Queue:
    """The queue as it is now."""
    jobs = ProcrastinateJob.objects.all()
    seen = ProcrastinateWorker.objects.aggregate(seen=Max("last_heartbeat"))["seen"]
    return Queue(
        waiting=jobs.filter(status="todo").count(),
        running=jobs.filter(status="doing").count(),
        late=_late(jobs, at),
        worker_seen_at=seen,
        worker_alive=seen is not None and at - seen < ALIVE,
        parked=tuple(_parked(job) for job in _failed(jobs)),
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


def _parked(job: ProcrastinateJob) -> Parked:
    return Parked(job.id, job.task_name, job.attempts, job.failed_at)  # type: ignore[attr-defined]
