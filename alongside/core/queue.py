"""The queue from outside a job: how one stands, putting a parked one back, and what to do when a worker died.

A worker that is killed leaves its job *doing*, and whatever waits for the same lock waits with it. `revive` puts such
jobs back, and parks one that has been begun as often as a failing job may.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import connection, transaction
from procrastinate.contrib.django import app

from alongside.core.jobs import ATTEMPTS

SILENT = 120  # seconds without a sign of life after which a worker is taken for dead


class Standing(StrEnum):
    """How a job stands. What is done is not in the queue any more."""

    WAITING = "waiting"
    RUNNING = "running"
    PARKED = "parked"


@dataclass(frozen=True)
class Found:
    """A job about one record."""

    number: int
    standing: Standing


_STANDINGS = {"todo": Standing.WAITING, "doing": Standing.RUNNING, "failed": Standing.PARKED}
_ABOUT = """
SELECT DISTINCT ON (args ->> 'subject') args ->> 'subject', id, status::text FROM procrastinate_jobs
 WHERE task_name = %s AND args ->> 'subject' = ANY (%s) AND status IN ('todo', 'doing', 'failed')
 ORDER BY args ->> 'subject', id DESC"""
_DEAD = """
SELECT job.id, job.attempts FROM procrastinate_jobs job
  LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
 WHERE job.status = 'doing' AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %s))
 ORDER BY job.id FOR UPDATE OF job SKIP LOCKED"""


def about(task: str, subjects: Iterable[UUID]) -> dict[UUID, Found]:
    """The latest job of a task about each record, where one is in the queue."""
    with connection.cursor() as cursor:
        cursor.execute(_ABOUT, [task, [str(subject) for subject in subjects]])
        return {UUID(subject): Found(number, _STANDINGS[status]) for subject, number, status in cursor.fetchall()}


def put_back(number: int, *, at: datetime) -> None:
    """Puts a parked job into the queue for one more attempt."""
    app.job_manager.retry_job_by_id(number, at)


def revive() -> int:
    """Puts back, or parks, the jobs of workers that died. Returns how many there were."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_DEAD, [SILENT])
        found = cursor.fetchall()
        for number, attempts in found:
            if attempts + 1 < ATTEMPTS:
                cursor.execute("SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)", [number])
            else:
                cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [number])
    return len(found)
