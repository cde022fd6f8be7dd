"""The pages of reconciliation, as the hub's people get them; and nobody else."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from alongside.core import clocks
from alongside.core.models import Event, Look
from alongside.support.arrivals.feeds import queries as feeds
from alongside.support.arrivals.feeds.models import KeptRow, SentAgain, Upload
from alongside.support.arrivals.feeds.tests.samples import sample
from alongside.support.arrivals.feeds.tests.test_actions import feed, load
from alongside.support.arrivals.reconciliation.models import Alarm
from alongside.support.arrivals.referrals.models import Referral
from tests.world import World

pytestmark = pytest.mark.django_db
WHERE = "/feeds/reconciliation/"


@pytest.fixture
def officer(world: World) -> Client:
    return world.client("triage_officer")


def page(client: Client, address: str, **asked: str | int) -> str:
    answer = client.get(address, asked)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.fixture
def day(world: World, tmp_path: Path) -> str:
    """The address of today's figures, after a file of four rows."""
    rows = (sample(), sample(source_ref="WM/2", consent="no"), sample(source_ref="WM/3", phone="x"))
    load(feed(tmp_path, *rows, sample(), name="monday.csv"), world.force, timezone.now())
    return f"{WHERE}{world.force.pk}/{clocks.london_date(timezone.now()).isoformat()}/"


def alarm(world: World, **more: object) -> Alarm:
    now = timezone.now()
    said = {"hub_id": world.hub.pk, "source": world.force, "day": clocks.london_date(now), "kind": "missing"}
    return Alarm.objects.create(**{**said, "due_at": now, "raised_at": now, **more})


def test_the_days_say_that_they_add_up_with_a_definition_beside_each_figure(
    world: World, officer: Client, day: str
) -> None:
    shown = page(officer, WHERE)
    assert "The figures add up: all 4 rows" in shown and "Rows that became a referral at once." in shown
    assert f'href="{day}accepted/"' in shown and "As at" in shown and "Adds up" in shown
    assert "Nothing came" in page(officer, WHERE, source=world.force.pk, until_day=1, until_month=2, until_year=2020)


def test_a_figure_that_is_not_explained_is_said_aloud(officer: Client, day: str) -> None:
    KeptRow.objects.all().delete()
    shown = page(officer, WHERE)
    assert "do not add up: 2 rows" in shown and "2 not explained" in shown


def test_a_day_opens_into_its_sums_its_files_and_the_rows_behind_each_figure(
    world: World, officer: Client, day: str
) -> None:
    Upload.objects.create(hub_id=world.hub.pk, source=world.force, file="bad.csv", lines=2, uploaded_at=timezone.now(),
                          uploaded_by=world.people["hub_manager"].pk)  # fmt: skip
    shown = page(officer, day)
    assert "monday.csv" in shown and "Received: the sum of these" in shown and "bad.csv" in shown
    assert Referral.objects.get().reference in page(officer, f"{day}accepted/")
    assert "WM/2" in page(officer, f"{day}held/") and "WM/3" in page(officer, f"{day}rejected/")
    waiting = page(officer, f"{day}waiting/")
    assert "WM/2" in waiting and "WM/3" in waiting
    assert set(KeptRow.objects.values_list("pk", flat=True)) == set(
        Look.objects.filter(route="reconciliation:rows").latest("at").subjects
    )
    assert "No row is kept" in page(officer, f"{day}closed/")


def test_a_figure_that_is_none_is_not_there(officer: Client, day: str) -> None:
    assert officer.get(f"{day}nothing/").status_code == 404


def test_of_what_is_with_us_already_the_rows_that_had_been_kept_are_listed(
    world: World, officer: Client, day: str, tmp_path: Path
) -> None:
    before = KeptRow.objects.get(source_ref="WM/3")
    assert f'href="{day}duplicate/"' not in page(officer, day), "nothing stands behind it"
    load(feed(tmp_path, dict(feeds.cells(before)), name="again.csv"), world.force, timezone.now())
    assert f'href="{day}duplicate/"' in page(officer, day) and "WM/3" in page(officer, f"{day}duplicate/")
    receipt = SentAgain.objects.get(kept=before).delivery
    shown = page(officer, f"/feeds/rows/{before.pk}/")
    assert "Sent again, unchanged" in shown and f'href="/feeds/{receipt.pk}/"' in shown


def test_a_day_that_is_none_or_another_hubs_is_not_there(world: World, officer: Client, day: str) -> None:
    assert officer.get(f"{WHERE}{world.force.pk}/monday/").status_code == 404
    assert officer.get(f"{WHERE}{world.provider.pk}/2026-01-01/").status_code == 404
    assert world.client("far_triage_officer").get(day).status_code == 404
    assert "No file came" in page(officer, f"{WHERE}{world.force.pk}/2026-01-01/")


@pytest.mark.parametrize("person", ["caseworker", "officer", "referrer", "commissioning_officer"])
def test_nobody_outside_the_hub_sees_figures_of_feeds(world: World, day: str, person: str) -> None:
    client = world.client(person)
    assert {client.get(address).status_code for address in (WHERE, day, f"{day}held/")} == {403}


def test_the_figures_leave_as_a_file_that_is_on_record(officer: Client, day: str) -> None:
    assert officer.get(f"{WHERE}reconciliation.csv").status_code == 302
    file = officer.post(f"{WHERE}reconciliation.csv")
    lines = file.content.decode("utf-8-sig").splitlines()
    assert (
        lines[0].startswith("Day,Source,Files,Sent,Received") and "Testshire Police,1,4,4,1,1,1,1,0,0,0,2" in lines[1]
    )
    assert "As at" in lines[-1] and Event.objects.get(name="export.made").details["about"] == "reconciliation"


def test_an_alarm_is_shown_at_home_and_on_the_page_until_it_is_acknowledged(world: World, officer: Client) -> None:
    raised = alarm(world)
    assert "file missing or short" in page(officer, "/home/")
    assert "no new file by" in page(officer, WHERE)
    address = f"{WHERE}alarms/{raised.pk}/"
    assert "There is a problem" in officer.post(address, {"words": "x"}).content.decode()
    officer.post(address, {"reason": "comes_later", "words": "At noon"})
    assert "file missing or short" not in page(officer, "/home/")
    shown = page(officer, f"{WHERE}{world.force.pk}/{raised.day.isoformat()}/")
    assert "Acknowledged by Testa Triage Officer" in shown and "At noon" in shown
    assert "already" in officer.post(address, {"reason": "comes_later"}).content.decode()


def test_a_short_file_and_one_that_came_after_all_are_said_in_words(world: World, officer: Client) -> None:
    short = alarm(world, kind="short", rows=2, least=50)
    where = f"{WHERE}{world.force.pk}/{short.day.isoformat()}/"
    assert "only 2 of at least 50 rows" in page(officer, WHERE) and "Short" in page(officer, where)
    Alarm.objects.update(over_at=timezone.now() + timedelta(minutes=1))
    assert "It came after all." in page(officer, where)
