"""The operator's page shows what is late or parked and tries it again; nobody else may."""

import pytest
from django.db import connection

from alongside.core.models import Event
from tests.world import World

pytestmark = pytest.mark.django_db
OPERATORS = ("hub_manager", "office_administrator")
OTHERS = ("triage_officer", "caseworker", "service_manager", "officer", "analyst", "board_member")


def park(task: str = "tests.parked") -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, attempts) "
            "VALUES ('alongside', %s, '{}', 'failed', 5) RETURNING id",
            [task],
        )
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("person", OPERATORS)
def test_an_operator_sees_a_parked_job_and_tries_it_again(world: World, person: str) -> None:
    number = park()
    assert "tests.parked" in world.client(person).get("/jobs/").text
    page = world.client(person).post(f"/jobs/{number}/try-again/", follow=True).text
    assert "in the queue again" in page
    assert "Nothing is parked" in page
    assert Event.objects.get(name="job.tried_again").details == {"job": "tests.parked"}


def test_a_job_is_tried_again_once(world: World) -> None:
    number = park()
    client = world.client("hub_manager")
    client.post(f"/jobs/{number}/try-again/")
    assert "not parked any more" in client.post(f"/jobs/{number}/try-again/", follow=True).text


def test_late_jobs_without_a_worker_are_said_to_be_stuck(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, scheduled_at) "
            "VALUES ('alongside', 'tests.late', '{}', now() - interval '1 hour')"
        )
    assert "no worker is running" in world.client("hub_manager").get("/jobs/").text


@pytest.mark.parametrize("person", OTHERS)
def test_nobody_else_may(world: World, person: str) -> None:
    number = park()
    assert world.client(person).get("/jobs/").status_code == 403
    assert world.client(person).post(f"/jobs/{number}/try-again/").status_code == 403
