"""Every row ends somewhere, and an alarm says when a file is missing or short."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.privacy import fields
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.office.messages.models import Notice
from alongside.support.arrivals.deliveries.models import Batch, Connection
from alongside.support.arrivals.feeds import actions as feeds
from alongside.support.arrivals.feeds.models import Delivery, Feed, KeptRow, SourceVersion, Upload
from alongside.support.arrivals.feeds.rows import COLUMNS
from alongside.support.arrivals.feeds.tests.samples import sample
from alongside.support.arrivals.feeds.tests.test_actions import NOW, feed, load, working
from alongside.support.arrivals.reconciliation import actions, jobs, queries
from alongside.support.arrivals.reconciliation.models import Alarm
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _outbox(tmp_path: Path, settings: Any) -> None:
    settings.OUTBOX, settings.NOTIFY_API_KEY = str(tmp_path / "outbox"), ""


TODAY = NOW.date()  # a Friday


@contextmanager
def at_the_hub(world: World) -> Iterator[None]:
    with transaction.atomic(), inside(Realm.HUB, orgs=[world.hub.pk]):
        yield


def due(world: World, **more: Any) -> SourceVersion:
    """The force sends a file of three rows at least by nine on weekdays."""
    said = {"due_days": [0, 1, 2, 3, 4], "due_by": time(9), "least_rows": 3, "saved_at": NOW - timedelta(hours=5)}
    version = SourceVersion(
        hub_id=world.hub.pk, source=world.force, number=1, name="Daily", contact="Crime desk",
        columns={column: column for column in COLUMNS}, **{**said, **more},
    )  # fmt: skip
    version.save(force_insert=True)
    return version


def watch(at: datetime = NOW) -> int:
    with working():
        return actions.watch(by=SYSTEM_ACTOR, at=at)


def rows(number: int, start: int = 0) -> list[dict[str, str]]:
    return [sample(source_ref=f"WM/{start + one}") for one in range(number)]


def today(world: World) -> Any:
    (found,) = queries.tallies(world.actor("hub_manager"), TODAY, TODAY).values()
    return found


def test_every_row_of_a_day_is_in_one_figure_and_they_add_up(world: World, tmp_path: Path) -> None:
    held, bad = sample(source_ref="H/1", consent="no"), sample(source_ref="R/1", phone="none")
    path = feed(tmp_path, *rows(3), held, bad, sample(source_ref="H/2", phone_safe="no"))
    load(path, world.force)
    load(path, world.force, NOW + timedelta(minutes=5))
    Upload.objects.create(hub_id=world.hub.pk, source=world.force, file="x.csv", lines=7, uploaded_at=NOW,
                          uploaded_by=world.people["hub_manager"].pk, state="REFUSED")  # fmt: skip
    found = today(world)
    assert (found.files, found.sent, found.received, found.refused) == (2, 19, 12, 7)
    assert (found.accepted, found.duplicate, found.held, found.rejected) == (3, 6, 2, 1)
    assert (found.waiting, found.unexplained) == (3, 0)


def test_a_batch_by_api_that_waits_is_sent_and_not_received_yet(world: World) -> None:
    by = world.people["hub_manager"].pk
    link = Connection.objects.create(hub_id=world.hub.pk, source=world.force, name="Crime system", secret=b"0" * 16,
                                     opened_at=NOW, opened_by=by)  # fmt: skip
    Batch.objects.create(hub_id=world.hub.pk, source=world.force, connection=link, said=b"1" * 16, rows=5, sent_at=NOW)
    found = today(world)
    assert (found.sent, found.loading, found.received, found.unexplained) == (5, 5, 0, 0)


def test_what_was_dealt_with_is_in_another_figure_and_stays_there_when_it_is_forgotten(
    world: World, tmp_path: Path
) -> None:
    held = [sample(source_ref=f"H/{number}", consent="no") for number in range(4)]
    load(feed(tmp_path, *held), world.force)
    ends = ("released", "returned", "closed", "applied")
    with working():
        for row, how in zip(KeptRow.objects.order_by("line"), ends, strict=True):
            feeds.settle(row, how, by=SYSTEM_ACTOR, at=NOW, words="Sample")
    before = today(world)
    assert (before.released, before.returned, before.closed, before.waiting) == (2, 1, 1, 0)
    with working():
        assert feeds.forget(at=NOW + timedelta(days=91)) == 4
    assert today(world) == before and before.unexplained == 0


def test_what_nothing_explains_is_said(world: World, tmp_path: Path) -> None:
    load(feed(tmp_path, sample(consent="no")), world.force)
    KeptRow.objects.all().delete()
    assert today(world).unexplained == 1


def test_a_day_is_a_day_in_london(world: World, tmp_path: Path) -> None:
    late = datetime.fromisoformat("2026-07-01T23:30:00+00:00")  # half past midnight in London
    load(feed(tmp_path, sample(reported_at="2026-06-01T09:30", occurred_from="")), world.force, late)
    assert list(queries.tallies(world.actor("hub_manager"), late.date(), late.date() + timedelta(days=1))) == [
        (world.force.pk, "", late.date() + timedelta(days=1))
    ]  # fmt: skip


def test_a_neighbouring_hub_has_no_figures_of_ours(world: World, tmp_path: Path) -> None:
    load(feed(tmp_path, sample()), world.force)
    assert queries.tallies(world.actor("far_triage_officer"), TODAY, TODAY) == {}


def test_a_missing_file_raises_one_alarm_and_it_is_over_when_the_file_comes(world: World, tmp_path: Path) -> None:
    due(world)
    assert (watch(NOW - timedelta(hours=4)), watch(), watch()) == (0, 1, 0)
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.day, alarm.rows, alarm.over_at) == ("missing", TODAY, 0, None)
    assert queries.alarms_open(world.actor("triage_officer")).count() == 1
    assert list(Notice.objects.values_list("user_id", "about")) == [(world.people["hub_manager"].pk, alarm.pk)]
    load(feed(tmp_path, *rows(2)), world.force)
    watch()
    assert (Alarm.objects.get().kind, Alarm.objects.get().rows) == ("short", 2)
    load(feed(tmp_path, *rows(1, 5), name="rest.csv"), world.force)
    watch(NOW + timedelta(hours=1))
    watch(NOW + timedelta(hours=2))
    alarm.refresh_from_db()
    assert (alarm.rows, alarm.over_at) == (3, NOW + timedelta(hours=1))
    assert queries.alarms_open(world.actor("triage_officer")).count() == 0
    names = Event.objects.filter(subject=alarm.pk).order_by("at", "id").values_list("name", flat=True)
    assert list(names) == ["feed.alarm_raised", "feed.alarm_revised", "feed.alarm_over"]


def test_yesterdays_file_sent_again_is_not_todays(world: World, tmp_path: Path) -> None:
    due(world)
    path = feed(tmp_path, *rows(3))
    load(path, world.force, NOW - timedelta(days=1))
    load(path, world.force)
    assert watch() == 1 and Alarm.objects.get().kind == "missing"


def test_no_alarm_is_raised_for_days_before_somebody_said_when_it_is_due(world: World) -> None:
    due(world, saved_at=NOW)
    assert watch() == 0
    SourceVersion.objects.create(
        hub_id=world.hub.pk, source=world.force, number=2, name="x", contact="x", columns={}, saved_at=NOW
    )
    assert watch(NOW + timedelta(days=4)) == 0, "the version in force says nothing of a schedule"


def test_every_day_without_a_file_is_shown_and_the_job_looks_back(world: World) -> None:
    due(world, saved_at=NOW - timedelta(days=3))
    with working():
        jobs.watch.func()
    watch()
    days = queries.days(world.actor("hub_manager"), TODAY - timedelta(days=9), TODAY, at=NOW)
    assert [(one.day.day, one.tally.files, bool(one.alarm)) for one in days] == [
        (20, 0, True), (19, 0, True), (18, 0, True)
    ]  # fmt: skip
    other = queries.days(world.actor("hub_manager"), TODAY, TODAY, at=NOW, feed=Feed(world.partner))
    assert other == []


def test_an_alarm_is_acknowledged_once_with_a_reason(world: World) -> None:
    due(world)
    watch()
    alarm, by = Alarm.objects.get(), world.actor("triage_officer")
    with at_the_hub(world):
        with pytest.raises(RuleBroken, match="reason"), transaction.atomic():
            actions.acknowledge(alarm, by=by, at=NOW, reason="because")
        actions.acknowledge(alarm, by=by, at=NOW, reason="system_down", words="Their duty desk said so")
        with pytest.raises(RuleBroken, match="already"), transaction.atomic():
            actions.acknowledge(alarm, by=by, at=NOW, reason="system_down")
    alarm.refresh_from_db()
    assert (alarm.reason, fields.read(alarm, "words")) == ("system_down", "Their duty desk said so")
    assert queries.words_of(alarm) == "Their duty desk said so"


def test_the_database_lets_a_hub_raise_no_alarm_and_see_its_own_alone(world: World) -> None:
    due(world)
    watch()
    with at_the_hub(world), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Alarm.objects.update(kind="short")
    with transaction.atomic(), inside(Realm.HUB, orgs=[world.far_hub.pk]):
        assert (Alarm.objects.count(), Delivery.objects.count()) == (0, 0)
