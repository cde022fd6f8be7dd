"""Lists kept and read: added, changed, paused, removed; readings asked for, followed, prepared, refused, stopped."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection
from pytest_django import Settings

from alongside.core import queue
from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.tests.test_actions import made
from alongside.foundation.local.lists import actions, deciding, gathering, jobs, queries
from alongside.foundation.local.lists.actions import Setting
from alongside.foundation.local.lists.models import Difference, List, Reading, Tie
from alongside.foundation.local.lists.tests.shelf import FIRST, SECOND, WHERE, accepted, listed, taken_in, waits
from alongside.foundation.office.organisations.models import Postcode
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def apart(settings: Settings, tmp_path: Path) -> None:
    settings.SPOOL = tmp_path
    settings.LIST_HOSTS = ("lists.example",)


def serving(*documents: object) -> Callable[..., bytes]:
    """As if these were the pages of an address."""
    left = list(documents)
    return lambda url, **how: json.dumps(left.pop(0)).encode()


def read(reading: Reading, through: Callable[..., bytes] | None = None) -> Reading:
    through = through or serving([FIRST, SECOND])
    actions.read(reading.pk, by=SYSTEM_ACTOR, now=lambda: reading.asked_at, through=through)
    reading.refresh_from_db()
    return reading


def events(subject: Any) -> list[str]:
    return list(Event.objects.filter(subject=subject).order_by("id").values_list("name", flat=True))


# Lists


def test_add_gives_a_list_a_code_of_its_own(world: World) -> None:
    first, again = listed(world), listed(world, address=WHERE, rhythm="daily")
    assert (first.code, again.code, first.hub, events(first.pk)) == (
        "sample-directory", "sample-directory-2", world.hub, ["list.added"],
    )  # fmt: skip
    assert listed(world, name="!!!").code == "list"


@pytest.mark.parametrize(
    ("words", "field", "said"),
    [({"name": " "}, "name", "name"), ({"rhythm": "hourly"}, "rhythm", "Choose how often"),
     ({"rhythm": "daily"}, "rhythm", "only when you upload it"),
     ({"address": "http://lists.example/x"}, "address", "https://"),
     ({"address": "https://other.example/x"}, "address", "Ask whoever runs it to add that host")],
)  # fmt: skip
def test_add_refuses_what_cannot_be_read_and_says_whom_to_ask(
    world: World, words: dict[str, str], field: str, said: str
) -> None:
    with pytest.raises(RuleBroken, match=said) as fault:
        listed(world, **words)
    assert fault.value.field == field


@pytest.mark.parametrize("person", ["service_manager", "commissioning_officer"])
def test_only_a_hub_has_lists(world: World, person: str) -> None:
    with pytest.raises(RuleBroken, match="The hub says"):
        actions.add(Setting("Sample"), by=world.actor(person), at=world.now)


def test_a_list_may_take_up_services_that_came_before_there_was_a_page_for_it(world: World) -> None:
    old = Service.objects.create(name="Sample Old", code="o", source="old-list", source_id="s-1", source_hash="x" * 64,
                                 takes_referrals=False, updated_at=world.now, cost="")  # fmt: skip
    by = world.actor("hub_manager")
    with pytest.raises(RuleBroken, match="Choose one of the lists") as fault:
        actions.add(Setting("Sample"), by=by, at=world.now, code="not-here")
    assert fault.value.field == "code"
    of = actions.add(Setting("Sample Council", licence="Free to use."), by=by, at=world.now, code="old-list")
    old.refresh_from_db()
    assert (old.listed_by, old.licence, queries.orphans()) == ("Sample Council", "Free to use.", [])
    reading = taken_in(world, of, {"id": "s-1", "name": "Sample Old", "description": "New words", "status": "active"})
    assert (reading.changed, reading.added) == (1, 0)
    assert waits(of)["s-1"].changes == {"summary": "New words"}


def test_change_credits_its_services_anew_and_keeps_an_address_that_stands(world: World, settings: Settings) -> None:
    of = listed(world, address=WHERE)
    service = accepted(world, of, FIRST)["s-1"]
    assert (service.listed_by, service.licence) == ("Sample Council", "Under the Sample Licence.")
    settings.LIST_HOSTS = ()
    setting = Setting("Sample Directory", licence="New licence", address=WHERE, councils=("E08000025",))
    of = actions.change(of, setting, by=world.actor("hub_manager"), at=world.now)
    service.refresh_from_db()
    assert (service.listed_by, service.licence, of.councils) == ("Sample Directory", "New licence", ["E08000025"])
    with pytest.raises(RuleBroken, match="another hub's list"):
        actions.change(of, setting, by=world.actor("far_triage_officer"), at=world.now)


def test_pause_and_resume_are_each_done_once(world: World) -> None:
    of, by = listed(world, address=WHERE, rhythm="daily"), world.actor("hub_manager")
    actions.pause(of, by=by, at=world.now)
    with pytest.raises(RuleBroken, match="so already"):
        actions.pause(of, by=by, at=world.now)
    assert queries.due(world.now) == []
    actions.resume(of, by=by, at=world.now)
    with pytest.raises(RuleBroken, match="so already"):
        actions.resume(of, by=by, at=world.now)
    assert queries.due(world.now) == [of]


def test_remove_closes_its_services_and_keeps_them_but_not_while_one_is_run_here(world: World) -> None:
    of, by = listed(world), world.actor("hub_manager")
    held = accepted(world, of, FIRST, SECOND)
    Service.objects.filter(pk=held["s-1"].pk).update(provider=world.provider)
    with pytest.raises(RuleBroken, match="One service of this list is run"):
        actions.remove(of, by=by, at=world.now)
    Service.objects.filter(pk=held["s-2"].pk).update(provider=world.provider)
    with pytest.raises(RuleBroken, match="2 services of this list are run"):
        actions.remove(of, by=by, at=world.now)
    Service.objects.filter(source=of.code).update(provider=None)
    key = of.pk
    actions.remove(of, by=by, at=world.now)
    assert set(Service.objects.filter(source="sample-directory").values_list("state", "closed_on")) == {
        ("CLOSED", world.now.date())
    }
    assert not List.objects.exists() and events(key)[-1] == "list.removed"
    assert queries.orphans() == ["sample-directory"]
    assert listed(world).code == "sample-directory-2"


# Readings


def test_ask_wants_an_address_whose_host_may_be_read_and_one_reading_at_a_time(
    world: World, settings: Settings
) -> None:
    by = world.actor("hub_manager")
    with pytest.raises(RuleBroken, match="no address"):
        actions.ask(listed(world), by=by, at=world.now)
    of = listed(world, address=WHERE)
    reading = actions.ask(of, by=by, at=world.now)
    assert events(reading.pk) == ["list.reading_asked"]
    for again in (lambda: actions.ask(of, by=by, at=world.now),
                  lambda: actions.upload(of, [b"[]"], by=by, at=world.now, file="x.json"),
                  lambda: taken_in(world, of, FIRST)):  # fmt: skip
        with pytest.raises(RuleBroken, match="being read now"):
            again()
    actions.stop(reading, by=by, at=world.now)
    settings.LIST_HOSTS = ()
    with pytest.raises(RuleBroken, match="ALONGSIDE_LIST_HOSTS"):
        actions.ask(of, by=by, at=world.now)


def test_a_reading_prepares_and_publishes_nothing(world: World) -> None:
    of = listed(world, address=WHERE)
    reading = read(actions.ask(of, by=world.actor("hub_manager"), at=world.now))
    assert (reading.state, reading.services, reading.added, reading.unchanged) == ("READ", 2, 2, 0)
    assert {name: (one.kind, one.state) for name, one in waits(of).items()} == {
        "s-1": ("NEW", "OPEN"), "s-2": ("NEW", "OPEN"),
    }  # fmt: skip
    assert not Service.objects.exists()
    assert events(reading.pk) == ["list.reading_asked", "list.read"]
    talk = waits(of)["s-1"]
    assert (talk.heard, talk.crimes, waits(of)["s-2"].heard) == (["domestic abuse", "abuse"], ["domestic_abuse"], [])
    assert {"kind": "empty", "field": "email", "count": 1, "examples": ["s-1"]} in reading.mends
    assert reading.unused == {}


def test_progress_is_told_page_by_page_and_whatever_was_stopped_is_thrown_away(world: World) -> None:
    of, by = listed(world, address=WHERE), world.actor("hub_manager")
    reading = actions.ask(of, by=by, at=world.now)
    seen: list[tuple[int, int | None, int]] = []

    def pages(url: str, **how: Any) -> bytes:
        held = Reading.objects.get(pk=reading.pk)
        seen.append((held.pages, held.pages_said, held.services))
        if len(seen) == 3:
            actions.stop(held, by=by, at=world.now)
        return json.dumps({"total_pages": 4, "contents": [{**FIRST, "id": f"s-{len(seen)}"}]}).encode()

    read(reading, pages)
    assert seen == [(0, None, 0), (1, 4, 1), (2, 4, 2)]
    assert (reading.state, events(reading.pk)[-1]) == ("STOPPED", "list.reading_stopped")
    assert not Difference.objects.exists()
    with pytest.raises(RuleBroken, match="over already"):
        actions.stop(reading, by=by, at=world.now)
    read(reading)
    assert not Difference.objects.exists()


def test_a_reading_that_was_stopped_at_its_very_end_prepares_nothing(world: World) -> None:
    of = listed(world)
    reading = Reading.objects.create(list=of, state="STOPPED", asked_at=world.now)
    with pytest.raises(actions.Stopped):
        actions.prepare(reading, gathering.gather(b"[]"), by=SYSTEM_ACTOR, at=world.now)


def test_why_a_list_could_not_be_read_is_kept_and_what_was_held_stays(world: World) -> None:
    of = listed(world, address=WHERE)
    held = accepted(world, of, FIRST)["s-1"]
    reading = actions.ask(of, by=world.actor("hub_manager"), at=world.now)
    read(reading, lambda url, **how: b"<html>Down for maintenance")
    assert (reading.state, reading.why[-20:]) == ("REFUSED", "Nothing has changed.")
    assert "web page" in reading.why
    assert events(reading.pk)[-1] == "list.reading_refused"
    assert not waits(of) and Service.objects.get().updated_at == held.updated_at
    actions.refuse(reading, "Again", by=SYSTEM_ACTOR, at=world.now)
    assert Reading.objects.get(pk=reading.pk).why == reading.why


def test_upload_refuses_what_is_no_list_before_anything_changes(world: World, settings: Settings) -> None:
    of, by = listed(world), world.actor("hub_manager")
    large = b" " * (gathering.MOST_BYTES + 1)
    refused = {
        b"": "empty",
        b"\xff\xfe[\x00]\x00": "UTF-16",
        b"<html>": "web page",
        b'[{"a': "breaks off",
        large: "larger",
    }
    for raw, words in refused.items():
        with pytest.raises(RuleBroken, match=words) as fault:
            actions.upload(of, [raw[:2], raw[2:], b""], by=by, at=world.now, file="x.json")
        assert fault.value.field == "file"
    assert not Reading.objects.exists() and list(settings.SPOOL.iterdir()) == []


def test_an_uploaded_file_waits_where_only_this_user_reads_until_it_is_read(
    world: World, settings: Settings, django_capture_on_commit_callbacks: Any
) -> None:
    of = listed(world)
    raw = json.dumps([FIRST]).encode()
    reading = actions.upload(of, [raw[:5], raw[5:]], by=world.actor("hub_manager"), at=world.now, file="list.json")
    kept = queries.spooled(reading.pk)
    assert kept.read_bytes() == raw and kept.stat().st_mode & 0o777 == 0o600
    with django_capture_on_commit_callbacks(execute=True):
        jobs.read.func(event="", subject=str(reading.pk))
    reading.refresh_from_db()
    assert (reading.state, reading.added, list(settings.SPOOL.iterdir())) == ("READ", 1, [])


def test_a_file_that_is_gone_or_has_no_room_is_said(world: World, settings: Settings, tmp_path: Path) -> None:
    of, by = listed(world), world.actor("hub_manager")
    reading = actions.upload(of, [b"[]"], by=by, at=world.now, file="list.json")
    queries.spooled(reading.pk).unlink()
    assert "no longer here" in read(reading).why
    settings.SPOOL = tmp_path / "not" / "there"
    with pytest.raises(RuleBroken, match="no room"):
        actions.upload(of, [b"[]"], by=by, at=world.now, file="list.json")


def test_a_reading_whose_job_was_given_up_or_is_gone_is_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    of, by = listed(world, address=WHERE), world.actor("hub_manager")
    reading = actions.ask(of, by=by, at=world.now)
    with pytest.raises(RuleBroken, match="being read, already"):
        actions.try_again(reading, by=by, at=world.now)
    number = queue.about(queries.TASK, [reading.pk])[reading.pk].number
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [number])
        cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [number])
    assert queries.has_failed(reading)
    actions.try_again(reading, by=by, at=world.now)
    assert not queries.has_failed(reading) and events(reading.pk)[-1] == "list.reading_tried_again"
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [number])
    actions.try_again(reading, by=by, at=world.now)
    assert events(reading.pk)[-1] == "list.reading_asked"
    read(reading)
    with pytest.raises(RuleBroken, match="being read, already"):
        actions.try_again(reading, by=by, at=world.now)


@pytest.mark.parametrize(
    ("rhythm", "ago", "asked"),
    [("never", timedelta(days=90), False), ("daily", timedelta(hours=22), False), ("daily", timedelta(hours=23), True),
     ("weekly", timedelta(days=6), False), ("weekly", timedelta(days=7), True)],
)  # fmt: skip
def test_lists_are_read_again_when_their_day_has_come(world: World, rhythm: str, ago: timedelta, asked: bool) -> None:
    of = listed(world, address=WHERE, rhythm=rhythm)
    Reading.objects.create(list=of, state="REFUSED", asked_at=world.now - ago)
    assert actions.ask_due(by=SYSTEM_ACTOR, at=world.now) == asked
    assert actions.ask_due(by=SYSTEM_ACTOR, at=world.now) == 0
    assert Reading.objects.filter(state="WAITING").exists() is asked


def test_a_list_whose_host_may_be_read_no_more_says_so_on_its_page(world: World, settings: Settings) -> None:
    of = listed(world, address=WHERE, rhythm="daily")
    settings.LIST_HOSTS = ()
    jobs.read_due.func()
    failed = Reading.objects.get(list=of)
    assert (failed.state, events(failed.pk)) == ("REFUSED", ["list.reading_refused"])
    assert "ALONGSIDE_LIST_HOSTS" in failed.why


def test_a_list_that_is_the_same_as_before_has_no_difference(world: World) -> None:
    of = listed(world)
    accepted(world, of, FIRST, SECOND)
    reading = taken_in(world, of, FIRST, SECOND)
    assert (reading.unchanged, reading.added, reading.changed, reading.gone, waits(of)) == (2, 0, 0, 0, {})


def test_what_nobody_decided_gives_way_to_what_is_found_now_and_keeps_its_key_where_it_is_the_same(
    world: World,
) -> None:
    of = listed(world)
    taken_in(world, of, FIRST, SECOND, {**FIRST, "id": "s-3"})
    before = waits(of)
    taken_in(world, of, FIRST, {**SECOND, "name": "Sample Coffee Dance"})
    after = waits(of)
    assert set(after) == {"s-1", "s-2"}
    assert (after["s-1"].pk, after["s-2"].name) == (before["s-1"].pk, "Sample Coffee Dance")
    assert after["s-2"].pk != before["s-2"].pk


def test_what_was_mended_here_is_not_asked_back(world: World) -> None:
    """Only what the list says otherwise than last time is a difference, and not what somebody put right here."""
    of = listed(world)
    service = accepted(world, of, FIRST)["s-1"]
    Service.objects.filter(pk=service.pk).update(name="Mended here", phone="01632 960 009")
    taken_in(world, of, {**FIRST, "phones": [{"number": "01632 960 009"}], "description": "New words."})
    assert waits(of)["s-1"].changes == {"summary": "New words."}


def test_only_what_is_odd_changed_and_nothing_that_is_kept(world: World) -> None:
    of = listed(world)
    accepted(world, of, FIRST)
    assert taken_in(world, of, {**FIRST, "fees": ""}).unchanged == 1


def test_a_killed_worker_leaves_nothing_half_and_the_next_one_does_it_whole(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    of, by = listed(world, address=WHERE), world.actor("hub_manager")
    accepted(world, of, FIRST)
    taken_in(world, of, SECOND)
    before = {(one.kind, one.source_id) for one in waits(of).values()}
    reading = actions.ask(of, by=by, at=world.now)
    third = {**SECOND, "id": "s-3"}

    def killed(*args: object, **words: object) -> None:
        assert Difference.objects.filter(reading=reading).exists()
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(actions, "_end", killed)
        with pytest.raises(SystemExit):
            read(reading, serving([FIRST, third]))
    reading.refresh_from_db()
    assert (reading.state, {(one.kind, one.source_id) for one in waits(of).values()}) == ("WAITING", before)
    read(reading, serving([FIRST, third]))
    assert (reading.state, list(waits(of))) == ("READ", ["s-3"])


@pytest.mark.django_db(transaction=True)
def test_no_transaction_and_no_connection_is_held_while_another_server_is_waited_for(
    world: World, settings: Settings
) -> None:
    of = listed(world, address=WHERE)
    reading = actions.ask(of, by=world.actor("hub_manager"), at=world.now)
    held: list[bool] = []

    def slow(url: str, **how: Any) -> bytes:
        held.append(connection.in_atomic_block or connection.connection is not None)
        return json.dumps({"total_pages": 2, "contents": [{**FIRST, "id": url}]}).encode()

    actions.read(reading.pk, by=SYSTEM_ACTOR, now=lambda: world.now, through=slow)
    reading.refresh_from_db()
    assert (held, reading.state, reading.added) == ([False, False], "READ", 2)


@pytest.mark.django_db(transaction=True)
def test_a_worker_whose_connection_is_cut_in_the_middle_leaves_nothing_and_its_job_is_done_again(
    world: World, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = actions.ask(listed(world, address=WHERE), by=world.actor("hub_manager"), at=world.now)

    def cut(*args: object, **words: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with monkeypatch.context() as patched:
        patched.setattr(actions, "_end", cut)
        with pytest.raises(DatabaseError):
            actions.read(reading.pk, by=SYSTEM_ACTOR, now=lambda: world.now, through=serving([FIRST, SECOND]))
    connection.close()
    assert not Difference.objects.exists()
    assert Reading.objects.get().state == "WAITING"
    assert (read(reading).state, Difference.objects.count()) == ("READ", 2)


# What comes


def test_eight_hundred_services_with_every_fault_are_all_kept(world: World) -> None:
    """Empty addresses, HTML, dates of 1900, ids that come twice, lists inside lists, entries that are no service."""
    of = listed(world)
    empty = [{"location": {"addresses": [[{"address_1": ""}], []]}}]
    told = {"description": "<p>Help &amp; talk</p>", "assured_date": "1900-01-01", "service_at_locations": empty}
    faulty = [{**told, "id": f"s-{number // 2}", "name": f"Sample {number}", "status": ""} for number in range(800)]
    reading = taken_in(world, of, *faulty, "stray", ["list", "inside"])
    assert (reading.services, reading.added) == (800, 800)
    counts = {(one["kind"], one["field"]): one["count"] for one in reading.mends}
    assert counts["html", "description"] == counts["too_old", "assured_date"] == 800
    assert (counts["duplicate", "id"], counts["not_a_service", "str"], counts["not_a_service", "list"]) == (400, 1, 1)
    keys = [one.pk for one in waits(of).values()]
    done = deciding.accept_many(of, keys, by=world.actor("hub_manager"), at=world.now)
    assert (done.count, Service.objects.count(), Tie.objects.count()) == (800, 800, 800)
    assert set(Service.objects.values_list("summary", "checked_on", "location")) == {("Help & talk", None, "")}


@pytest.mark.parametrize("page", ["contents", "content"])
def test_both_versions_of_the_standard_are_read(world: World, page: str) -> None:
    of = listed(world)
    gathered = gathering.gather(json.dumps({page: [FIRST]}).encode())
    assert actions.take_in(of, gathered, by=SYSTEM_ACTOR, at=world.now, file="x").added == 1


def test_a_service_that_is_here_already_is_likely_the_same(world: World) -> None:
    own = made(world, name="Sample Safe Talks", phone="01632 960001")
    of, other = listed(world), listed(world, name="Another Directory")
    accepted(world, of, SECOND)
    far = made(world, name="Sample Safe Talk", phone="01632 960001")
    Service.objects.filter(pk=far.pk).update(provider=world.far_provider)
    taken_in(world, other, FIRST, SECOND)
    found = waits(other)
    assert (found["s-1"].likely, found["s-1"].alike) == (own, ["name", "phone"])
    assert found["s-2"].likely == Service.objects.get(source=of.code)


def test_where_a_service_is_is_told_by_its_postcode_or_by_the_list(world: World) -> None:
    from_list = listed(world, councils=("E08000031",))
    place = {
        "service_at_locations": [
            {"location": {"addresses": [{"address_1": "1 Sample Street", "postal_code": "B1 1BB"}]}}
        ]
    }

    Postcode.objects.get_or_create(code="B11BB", defaults={"council": "E08000025"})
    taken_in(world, from_list, FIRST, {**SECOND, **place})
    assert {name: one.councils for name, one in waits(from_list).items()} == {
        "s-1": ["E08000031"], "s-2": ["E08000025"],
    }  # fmt: skip


def test_the_moment_of_a_reading_is_the_workers_own(world: World) -> None:
    of = listed(world, address=WHERE)
    reading = actions.ask(of, by=world.actor("hub_manager"), at=world.now)
    later: datetime = world.now + timedelta(minutes=5)
    actions.read(reading.pk, by=SYSTEM_ACTOR, now=lambda: later, through=serving([]))
    reading.refresh_from_db()
    assert reading.done_at == later
