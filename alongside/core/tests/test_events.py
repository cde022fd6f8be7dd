"""Events start the jobs that the table names, after commit, with ids alone; a failing job is parked."""

from typing import Any
from uuid import UUID

import pytest
from django.test import override_settings
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from alongside.core import events
from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.ids import uuid7
from alongside.core.jobs import ATTEMPTS, job
from alongside.core.models import Event
from alongside.core.rows.bulk import Staging

DONE: list[str] = []


@job("core.test_job")
def told(*, event: str, subject: str) -> None:
    DONE.append(subject)


@job("core.test_periodic", cron="0 3 * * *", lock="core.test_periodic")
def nightly() -> None:
    DONE.append("nightly")


TABLE = {"thing.happened": ("alongside.core.tests.test_events.told",)}


@pytest.mark.django_db
def test_an_event_is_written_and_its_jobs_are_deferred_with_ids_alone() -> None:
    subject = uuid7()
    with override_settings(SUBSCRIPTIONS="alongside.core.tests.test_events.TABLE"):
        event = events.record("thing.happened", subject, by=SYSTEM_ACTOR, at=timezone.now(), count=2)
    assert Event.objects.get(name="thing.happened").details == {"count": 2}
    deferred = ProcrastinateJob.objects.get()
    assert deferred.task_name == "core.test_job"
    assert deferred.args == {"event": str(event.pk), "subject": str(subject)}


@pytest.mark.django_db
def test_an_event_nobody_waits_for_starts_nothing() -> None:
    events.record("thing.ignored", uuid7(), by=SYSTEM_ACTOR, at=timezone.now())
    assert not ProcrastinateJob.objects.exists()


@pytest.mark.django_db
def test_many_events_are_written_together() -> None:
    subjects: list[UUID] = [uuid7() for _ in range(3)]
    events.record_many("thing.happened", subjects, by=SYSTEM_ACTOR, at=timezone.now())
    assert set(Event.objects.filter(name="thing.happened").values_list("subject", flat=True)) == set(subjects)


@pytest.mark.django_db
def test_a_job_runs_in_the_workers_realm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alongside.core.jobs.close_old_connections", lambda: None)
    DONE.clear()
    told(event="e", subject="s")
    nightly(timestamp=1)
    assert DONE == ["s", "nightly"]


def test_a_job_is_tried_five_times(monkeypatch: pytest.MonkeyPatch) -> None:
    strategy: Any = told.retry_strategy
    assert strategy.max_attempts == ATTEMPTS - 1


@pytest.mark.django_db
def test_events_of_staged_rows_are_written_from_where_they_are() -> None:
    subject = uuid7()
    staging = Staging("staged_things", {"event": "uuid", "subject": "uuid"})
    staging.fill([f"{uuid7()}\t{subject}"])
    events.record_staged(
        "thing.happened", staging, key="event", subject="subject", by=SYSTEM_ACTOR, at=timezone.now(), count=1
    )
    event = Event.objects.get(subject=subject)
    assert (event.realm, event.details) == ("worker", {"count": 1})
