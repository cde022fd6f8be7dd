"""The operator's page shows what is late or parked and tries it again; nobody else may."""

import json
import shutil
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from alongside.core.models import Event
from alongside.support.arrivals.feeds.models import Upload
from tests.world import World

pytestmark = pytest.mark.django_db
OPERATORS = ("hub_manager", "office_administrator")
OTHERS = ("triage_officer", "caseworker", "service_manager", "officer", "analyst", "board_member")


def park(task: str = "tests.parked", **args: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, attempts) "
            "VALUES ('alongside', %s, %s, 'failed', 5) RETURNING id",
            [task, json.dumps(args)],
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


def test_a_parked_feed_leads_its_own_hub_to_what_to_do(world: World) -> None:
    uploads = [
        Upload.objects.create(
            hub_id=hub.pk, source=world.force, file="monday.csv", lines=2, uploaded_at=world.now, uploaded_by=uuid4()
        )
        for hub in (world.hub, world.far_hub)
    ]
    for upload in uploads:
        park("feeds.take_in", subject=str(upload.pk))
    page = world.client("hub_manager").get("/jobs/").text
    assert f"/feeds/loading/{uploads[0].pk}/" in page
    assert f"/feeds/loading/{uploads[1].pk}/" not in page
    assert "Open the feed" not in world.client("office_administrator").get("/jobs/").text


def test_an_operator_sees_room_backups_and_the_ring(
    world: World, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VAR = tmp_path
    page = world.client("hub_manager").get("/jobs/").text
    assert "No backup was made here" in page and "Never: run" in page and "current key is k1" in page
    made = tmp_path / "backups" / timezone.now().strftime("%Y%m%dT%H%M%SZ")
    made.mkdir(parents=True)
    (made / "manifest.json").write_text("{}")
    (tmp_path / "backups" / "last-drill.json").write_text('{"proved_at": "2026-11-01T10:00:00+00:00"}')
    monkeypatch.setattr(shutil, "disk_usage", lambda where: shutil._ntuple_diskusage(100, 95, 5))
    page = world.client("office_administrator").get("/jobs/").text
    assert "No backup was made here" not in page and "1 November 2026" in page and "little room" in page
