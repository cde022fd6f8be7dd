"""A job of a worker that died is put back, and parked when it has been begun too often; a live one is left alone."""

from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.utils import timezone

from alongside.core import queue
from alongside.core.jobs import ATTEMPTS
from alongside.core.queue import Found, Standing
from alongside.core.rows.realms import Realm, inside

pytestmark = pytest.mark.django_db
WORKER = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s)) RETURNING id"
JOB = """INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, attempts, worker_id)
 VALUES ('alongside', 'tests.long', jsonb_build_object('subject', %s::text), 'doing', %s, %s) RETURNING id"""


def doing(*, attempts: int = 0, silent: int | None = None, subject: UUID | None = None) -> int:
    """A job that a worker began; `silent`: seconds since the worker was heard, None when it is gone."""
    with connection.cursor() as cursor:
        worker = None
        if silent is not None:
            cursor.execute(WORKER, [silent])
            worker = cursor.fetchone()[0]
        cursor.execute(JOB, [str(subject or uuid4()), attempts, worker])
        return int(cursor.fetchone()[0])


def state(number: int) -> tuple[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text, attempts FROM procrastinate_jobs WHERE id = %s", [number])
        found = cursor.fetchone()
    return found[0], found[1]


@pytest.mark.parametrize("silent", [None, queue.SILENT + 5])
def test_the_job_of_a_dead_worker_is_put_back(silent: int | None) -> None:
    number = doing(silent=silent)
    with inside(Realm.WORKER):
        assert queue.revive() == 1
    assert state(number) == ("todo", 1)


def test_the_job_of_a_living_worker_is_left_alone() -> None:
    number = doing(silent=5)
    assert queue.revive() == 0
    assert state(number) == ("doing", 0)


def test_a_job_that_kills_its_worker_every_time_is_parked() -> None:
    number = doing(attempts=ATTEMPTS - 1)
    assert queue.revive() == 1
    assert state(number) == ("failed", ATTEMPTS)


def test_the_latest_job_about_a_record_says_how_it_stands() -> None:
    subject = uuid4()
    doing(subject=subject)
    number = doing(subject=subject, attempts=ATTEMPTS - 1)
    assert queue.about("tests.long", [subject, uuid4()]) == {subject: Found(number, Standing.RUNNING)}
    queue.revive()
    assert queue.about("tests.long", [subject])[subject].standing == Standing.PARKED
    queue.put_back(number, at=timezone.now())
    assert queue.about("tests.long", [subject])[subject].standing == Standing.WAITING
    assert queue.about("tests.other", [subject]) == {}
