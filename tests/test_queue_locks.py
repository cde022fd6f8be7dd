"""The queue's locks, tried as each realm: a realm starts the jobs of its own events, and no other."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import Error, connection, transaction
from django.utils import timezone
from procrastinate import exceptions
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from alongside.config.subscriptions import STARTED_BY, SUBSCRIPTIONS
from alongside.core import events, queue
from alongside.core.access.actor import Actor
from alongside.core.rows import checks, queueing
from alongside.core.rows.realms import Realm, inside, role_name
from tests.world import World

pytestmark = pytest.mark.django_db
PLACES = {Realm.HUB: "hub", Realm.PROVIDER: "provider", Realm.COMMISSIONING: "body", Realm.REFERRER: "partner"}
OTHERS = [realm for realm in Realm if realm != Realm.WORKER]
NIGHTLY = "retention.erase_night"


def somebody(world: World, realm: Realm) -> Actor:
    if realm not in PLACES:
        return Actor(realm=realm)
    return Actor(realm=realm, user_id=uuid4(), organisation_id=world.organisations[PLACES[realm]].pk)


@contextmanager
def at_work(by: Actor) -> Iterator[None]:
    with transaction.atomic(), inside(by.realm, orgs=by.orgs, user=by.user_id):
        yield


@contextmanager
def refused(by: Actor) -> Iterator[None]:
    """At work, and the database says that this role may not."""
    with pytest.raises((Error, exceptions.ConnectorException)) as caught, at_work(by):
        yield
    assert isinstance(caught.value.__cause__, psycopg.errors.InsufficientPrivilege), caught.value


def happens(by: Actor, event: str) -> dict[str, str]:
    """Records an event that this realm's role may write, without its jobs, and gives what a job of it is told."""
    subject = uuid4()
    key = uuid4()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_event (id, at, name, subject, user_id, organisation_id, realm, details) "
            "VALUES (%s, now(), %s, %s, %s, %s, %s, '{}')",
            [key, event, subject, by.user_id, by.organisation_id, str(by.realm)],
        )  # fmt: skip
    return {"event": str(key), "subject": str(subject)}


def starts(task: str, told: dict[str, str], **other: Any) -> None:
    app.configure_task(task, queue=other.pop("queue", "alongside"), **other).defer(**told)


def test_every_event_that_starts_a_job_says_in_which_realms_it_is_recorded() -> None:
    assert STARTED_BY.keys() == SUBSCRIPTIONS.keys()
    assert all(STARTED_BY.values())


@pytest.mark.parametrize(
    ("realm", "event"), [(realm, event) for event, realms in STARTED_BY.items() for realm in realms]
)
def test_a_realm_starts_the_jobs_of_its_own_events(world: World, realm: Realm, event: str) -> None:
    by = somebody(world, realm)
    with at_work(by):
        events.record(event, uuid4(), by=by, at=timezone.now())
    wanted = {task for asker, name, task, *_ in queueing.started() if (asker, name) == (realm, event)}
    assert set(ProcrastinateJob.objects.values_list("task_name", flat=True)) == wanted != set()


@pytest.mark.parametrize("realm", OTHERS)
def test_a_realm_starts_no_other_job_by_any_event_that_it_can_write(world: World, realm: Realm) -> None:
    by = somebody(world, realm)
    mine = {(event, task) for asker, event, task, *_ in queueing.started() if asker == realm}
    asked = [(event, task) for event in (*SUBSCRIPTIONS, "case.closed") for task in app.tasks]
    for event, task in set(asked) - mine:
        with refused(by):
            starts(task, happens(by, event))
    assert not ProcrastinateJob.objects.exists()


@pytest.mark.parametrize("realm", OTHERS)
def test_no_realm_starts_a_nightly_job_or_holds_one_up(world: World, realm: Realm) -> None:
    by = somebody(world, realm)
    periodic = "SELECT procrastinate_defer_periodic_job_v2('alongside', NULL, NULL, %s, 0, '', 99999999999, '{}')"
    with refused(by):
        connection.cursor().execute(periodic, [NIGHTLY])


@pytest.mark.parametrize(
    "other",
    [
        {"lock": NIGHTLY},
        {"queueing_lock": NIGHTLY},
        {"priority": 9},
        {"queue": "builtin"},
        {"schedule_in": {"days": 9}},
    ],
)
def test_a_job_is_started_as_it_is_declared(world: World, other: dict[str, Any]) -> None:
    by = somebody(world, Realm.PUBLIC)
    with at_work(by):
        starts("intake.stop_using", happens(by, "referral.added_to"))
    with refused(by):
        starts("intake.stop_using", happens(by, "referral.added_to"), **other)


def test_a_job_is_told_of_its_event_and_of_nothing_else(world: World) -> None:
    by = somebody(world, Realm.PUBLIC)
    with transaction.atomic():
        told = happens(by, "referral.added_to")
    for wrong in ({**told, "event": str(uuid4())}, {**told, "subject": str(uuid4())}, {**told, "also": "this"}, {}):
        with refused(by):
            starts("intake.stop_using", wrong)


@pytest.mark.django_db(transaction=True)
def test_an_event_of_another_time_starts_nothing_again(world: World) -> None:
    by = somebody(world, Realm.PUBLIC)
    with at_work(by):
        told = happens(by, "referral.added_to")
        starts("intake.stop_using", told)
    with refused(by):
        starts("intake.stop_using", told)
    assert ProcrastinateJob.objects.filter(args=told).count() == 1


def parked(status: str = "failed") -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, attempts, args) "
            "VALUES ('alongside', %s, %s, 5, '{}') RETURNING id",
            [NIGHTLY, status],
        )  # fmt: skip
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("realm", queueing.OPERATORS)
def test_an_operator_puts_a_parked_job_back_as_it_was(world: World, realm: Realm) -> None:
    number, by = parked(), somebody(world, realm)
    with at_work(by):
        queue.put_back(number, at=timezone.now())
    assert ProcrastinateJob.objects.get(pk=number).status == "todo"


@pytest.mark.parametrize("realm", queueing.OPERATORS)
@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("doing", "now(), NULL, NULL, NULL"),
        ("failed", "now() + interval '9 years', NULL, NULL, NULL"),
        ("failed", "now(), 9, NULL, NULL"),
        ("failed", "now(), NULL, 'nobody', NULL"),
        ("failed", "now(), NULL, NULL, 'another'"),
    ],
)
def test_an_operator_neither_stops_nor_hides_a_job(world: World, realm: Realm, status: str, words: str) -> None:
    number = parked(status)
    with refused(somebody(world, realm)):
        connection.cursor().execute(f"SELECT procrastinate_retry_job_v2({number}, {words})")
    assert ProcrastinateJob.objects.get(pk=number).status == status


@pytest.mark.parametrize("realm", OTHERS)
def test_a_realm_may_call_no_more_of_the_queues_functions_than_it_uses(realm: Realm) -> None:
    starting = {asker for asker, *_ in queueing.started()}
    allowed = {"procrastinate_defer_jobs_v1"} if realm in starting else set()
    allowed |= {"procrastinate_retry_job_v2"} if realm in queueing.OPERATORS else set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE proname LIKE 'procrastinate%%' AND prorettype <> 'trigger'::regtype "
            "AND has_function_privilege(%s, oid, 'EXECUTE')",
            [role_name(realm)],
        )  # fmt: skip
        assert {name for (name,) in cursor.fetchall()} == allowed


def test_the_worker_starts_and_finishes_what_it_must(world: World) -> None:
    with at_work(Actor(realm=Realm.WORKER)):
        starts(NIGHTLY, {}, lock=NIGHTLY)
        number = ProcrastinateJob.objects.get().pk
        with connection.cursor() as cursor:
            cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [number])
            cursor.execute("SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)", [number])
    assert ProcrastinateJob.objects.get(pk=number).status == "todo"


def test_a_queue_without_its_guards_is_not_served(world: World) -> None:
    assert checks.check_queue() == []
    with transaction.atomic():
        connection.cursor().execute("DROP TRIGGER queue_retry ON procrastinate_jobs")
        connection.cursor().execute("ALTER TABLE procrastinate_jobs DISABLE TRIGGER queue_enter")
        assert ["queue_enter" in checks.check_queue()[0], "queue_retry" in checks.check_queue()[1]] == [True, True]
        transaction.set_rollback(True)
