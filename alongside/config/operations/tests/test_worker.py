"""The queue in real use: the worker alone runs it; failures are retried, then parked."""

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import ProgrammingError, connection, connections, transaction
from procrastinate.contrib.django import app
from procrastinate.periodic import PeriodicDeferrer, PeriodicRegistry

from alongside.config.operations.management.commands.worker import run
from alongside.core.jobs import AFTER_ALL_ELSE, ATTEMPTS, job
from alongside.core.rows.realms import Realm, enter, inside, role_name
from conftest import prepare_database

SEEN: list[str] = []
BEFORE = datetime.now(UTC) - timedelta(hours=9)  # when the machine was off


@job("tests.note")
def note(word: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user::text")
        SEEN.append(f"{word} as {cursor.fetchone()[0]}")


@job("tests.pass_on")
def pass_on(word: str, fail: bool) -> None:
    """Defers another job, then fails or not: the other must be undone with it."""
    note.defer(word=word)
    if fail:
        raise RuntimeError("on purpose")


@job("tests.nightly", cron=f"{BEFORE.minute} {BEFORE.hour} * * *", lock="tests.nightly")
def nightly() -> None:
    SEEN.append("nightly")


@job("tests.weekly", cron=f"{BEFORE.minute} {BEFORE.hour} * * {(BEFORE.isoweekday() + 1) % 7}", lock="tests.weekly")
def weekly() -> None:
    SEEN.append("weekly")


def clock_of_a_worker_that_starts() -> None:
    """What a worker's clock does first, of the periodic jobs of these tests."""
    registry = PeriodicRegistry()
    registry.periodic_tasks = {
        key: one for key, one in app.periodic_registry.periodic_tasks.items() if key[0].startswith("tests.")
    }
    deferrer = PeriodicDeferrer(registry=registry, max_delay=settings.MISSED_FOR)

    async def begin() -> None:
        await deferrer.defer_jobs(deferrer.get_previous_tasks(at=time.time()))
        await sync_to_async(connections.close_all)()

    asyncio.run(begin())


def jobs() -> list[tuple[str, str, int]]:
    """Those of these tests; what is deferred by the clock may stand beside them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name, status, attempts FROM procrastinate_jobs WHERE task_name LIKE 'tests.%' ORDER BY id"
        )
        return list(cursor.fetchall())


def refused(realm: Realm, question: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            enter(realm)
            cursor.execute(question)
    except ProgrammingError as error:
        return "permission denied" in str(error)
    return False


def make_due() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now()")


@pytest.fixture
def worker(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The connections of the worker: its own role from the start, closed after each job."""
    SEEN.clear()
    options = {**connection.settings_dict["OPTIONS"], "options": f"-c role={role_name(Realm.WORKER)}"}
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", options)
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
    yield
    monkeypatch.undo()
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_periodic_defers WHERE task_name LIKE 'tests.%'")
        cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.fixture(scope="module", autouse=True)
def _seeds_again(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """These tests empty the tables, the shipped rows with them."""
    yield
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        prepare_database()


@pytest.mark.django_db
def test_a_job_is_undone_with_the_request_that_deferred_it() -> None:
    with transaction.atomic():
        with inside(Realm.WORKER):
            note.defer(word="never")
        transaction.set_rollback(True)
    assert jobs() == []


@pytest.mark.django_db
@pytest.mark.parametrize("realm", [Realm.PUBLIC, Realm.PROVIDER, Realm.REFERRER, Realm.AUTH])
def test_a_realm_may_neither_read_the_queue_nor_run_it(realm: Realm) -> None:
    assert refused(realm, "SELECT 1 FROM procrastinate_jobs")
    assert refused(realm, "SELECT procrastinate_finish_job_v1(1, 'failed', true)")


@pytest.mark.usefixtures("worker")
def test_the_worker_runs_a_job_in_its_own_role_and_drops_it() -> None:
    note.defer(word="hello")
    run(wait=False)
    assert [f"hello as {role_name(Realm.WORKER)}"] == SEEN
    assert jobs() == []


@pytest.mark.usefixtures("worker")
def test_a_job_deferred_by_a_job_lives_and_dies_with_it() -> None:
    pass_on.defer(word="kept", fail=False)
    pass_on.defer(word="lost", fail=True)
    run(wait=False)
    assert [f"kept as {role_name(Realm.WORKER)}"] == SEEN
    assert jobs() == [("tests.pass_on", "todo", 1)]


@pytest.mark.usefixtures("worker")
def test_a_job_that_fails_five_times_is_parked() -> None:
    pass_on.defer(word=str(uuid4()), fail=True)
    for _ in range(ATTEMPTS + 1):
        make_due()
        run(wait=False)
    assert jobs() == [("tests.pass_on", "failed", ATTEMPTS)]
    assert SEEN == []


def test_periodic_jobs_are_known_to_the_worker() -> None:
    assert "core.expire_grants" in {task.task.name for task in app.periodic_registry.periodic_tasks.values()}


@pytest.mark.usefixtures("worker")
def test_a_night_that_was_missed_is_made_up_for_once_when_a_worker_starts() -> None:
    clock_of_a_worker_that_starts()
    clock_of_a_worker_that_starts()  # another worker, at the same time
    run(wait=False)
    assert sorted(SEEN) == ["nightly", "weekly"]
    clock_of_a_worker_that_starts()  # it was started again
    assert jobs() == []


@pytest.mark.usefixtures("worker")
def test_what_a_night_missed_keeps_nobody_waiting() -> None:
    clock_of_a_worker_that_starts()
    note.defer(word="somebody waits")
    run(wait=False)
    assert SEEN[0].startswith("somebody waits")
    assert len(SEEN) == 3


def test_only_what_is_due_by_the_hour_of_the_day_runs_after_all_else() -> None:
    tasks = {one.task.name: one.task for one in app.periodic_registry.periodic_tasks.values()}
    assert tasks["retention.erase_night"].priority == AFTER_ALL_ELSE
    assert tasks["messages.send_due"].priority == 0
    assert app.tasks["tests.note"].priority == 0


def test_a_worker_looks_back_further_than_any_periodic_job_is_apart() -> None:
    for one in app.periodic_registry.periodic_tasks.values():
        first = one.croniter.get_prev(ret_type=float, start_time=time.time())
        assert first - one.croniter.get_prev(ret_type=float, start_time=first) < settings.MISSED_FOR
