"""Writes of operations: trying a parked job again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken


@transaction.atomic
def try_again(number: int, *, by: Actor, at: datetime) -> None:
    """Puts a parked job back into the queue for one more attempt."""
    job = ProcrastinateJob.objects.filter(pk=number, status="failed").first()
    if job is None:
        raise RuleBroken("That job is not parked any more.")
    app.job_manager.retry_job_by_id(number, at)
    events.record("job.tried_again", UUID(int=number), by=by, at=at, job=job.task_name)
