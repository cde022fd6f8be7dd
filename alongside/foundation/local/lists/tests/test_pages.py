"""Pages of lists, as the hub's manager works with them."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from alongside.core import queue
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.tests.test_actions import made
from alongside.foundation.local.lists import actions, jobs, queries
from alongside.foundation.local.lists.models import Difference, List, Reading
from alongside.foundation.local.lists.tests.shelf import FIRST, SECOND, WHERE, accepted, listed, taken_in, waits
from tests.world import World

pytestmark = pytest.mark.django_db
BASE = "/services/lists/"


@pytest.fixture(autouse=True)
def apart(settings: Settings, tmp_path: Path) -> None:
    settings.SPOOL = tmp_path
    settings.LIST_HOSTS = ("lists.example",)


@pytest.fixture
def client(world: World) -> Client:
    return world.client("hub_manager")


def page(client: Client, address: str, told: dict[str, Any] | None = None) -> str:
    found = client.get(address) if told is None else client.post(address, told, follow=True)
    assert found.status_code == 200, (address, found.status_code)
    return found.content.decode()


def on(of: List, rest: str = "") -> str:
    return f"{BASE}{of.pk}/{rest}"


def at(one: Difference | Reading, rest: str = "") -> str:
    return f"{BASE}{'readings' if isinstance(one, Reading) else 'differences'}/{one.pk}/{rest}"


def file(*entries: Any) -> SimpleUploadedFile:
    return SimpleUploadedFile("sample.json", json.dumps(entries).encode())


def test_the_office_adds_a_list_and_is_told_whom_to_ask_where_its_host_may_not_be_read(
    world: World, client: Client
) -> None:
    assert "No list yet" in page(client, BASE)
    told = {"name": "Sample Directory", "publisher": "Sample Council", "address": "https://other.example/x",
            "rhythm": "daily", "councils": ["E08000025"]}  # fmt: skip
    refused = page(client, f"{BASE}add/", told)
    assert "Ask whoever runs it to add that host" in refused and not List.objects.exists()
    shown = page(client, f"{BASE}add/", {**told, "address": WHERE})
    assert "Never yet" in shown and "From lists.example: every day" in shown
    assert "They are found under Birmingham" in shown
    of = List.objects.get()
    assert 'value="Sample Council"' in page(client, on(of, "change/"))
    assert "Listed by Other Council" in page(client, on(of, "change/"), {**told, "publisher": "Other Council",
                                                                     "address": WHERE})  # fmt: skip
    assert "There is a problem" in page(client, on(of, "change/"), {"name": ""})
    assert "Paused" in page(client, on(of, "pause/"), {})
    assert "so already" in page(client, on(of, "pause/"), {})
    assert "read by itself again" in page(client, on(of, "resume/"), {})
    assert "Sample Directory" in page(client, BASE)


def test_services_that_came_before_are_offered_when_a_list_is_added(world: World, client: Client) -> None:
    assert "came from it before" not in page(client, f"{BASE}add/")
    Service.objects.create(name="Old", code="o", source="old-list", source_id="1", updated_at=world.now)
    assert "old-list" in page(client, f"{BASE}add/")
    page(client, f"{BASE}add/", {"name": "Old list", "rhythm": "never", "code": "old-list"})
    assert List.objects.get().code == "old-list"


def test_a_file_is_uploaded_compared_and_reported(world: World, client: Client) -> None:
    of = listed(world)
    refused = page(client, f"{BASE}upload/", {"list": of.pk, "file": SimpleUploadedFile("x.json", b"<html>")})
    assert "web page and not a list" in refused and "There is a problem" in refused
    assert "Choose the file" in page(client, f"{BASE}upload/", {"list": of.pk})
    assert client.get(f"{BASE}upload/").headers["Location"] == BASE
    running = page(client, f"{BASE}upload/", {"list": of.pk, "file": file(FIRST, SECOND, "stray")})
    assert "Waiting for its turn" in running and "Stop it" in running
    assert "being read now" in page(client, on(of))
    reading = Reading.objects.get()
    assert client.get(at(reading)).headers["Refresh"] == "3"
    jobs.read.func(event="", subject=str(reading.pk))
    shown = page(client, at(reading))
    assert "Empty text, kept as nothing" in shown and "An entry that is no service" in shown
    saved = client.post(at(reading, "report/"))
    assert saved.headers["Content-Disposition"].startswith("attachment")
    rows = saved.content.decode("utf-8-sig").splitlines()
    assert rows[0] == "What,Field in the list,How often,Some ids in the list"
    assert "Services read,,2," in rows and "An entry that is no service,str,1," in rows


@pytest.mark.parametrize("key", ["", "x", "0190a3b8-0000-7000-8000-000000000000"])
def test_an_upload_for_no_list_finds_nothing(client: Client, key: str) -> None:
    assert client.post(f"{BASE}upload/", {"list": key, "file": file(FIRST)}).status_code == 404


def test_a_list_is_read_from_its_address_stopped_and_tried_again(world: World, client: Client) -> None:
    upload_only, of = listed(world, name="Files"), listed(world, address=WHERE)
    assert "no address" in page(client, on(upload_only, "read/"), {})
    assert "You may leave this page" in page(client, on(of, "read/"), {})
    reading = Reading.objects.get()
    Reading.objects.filter(pk=reading.pk).update(pages=1, pages_said=4, services=50)
    assert "Page 1 of 4: 50 services" in page(client, at(reading))
    Reading.objects.filter(pk=reading.pk).update(pages_said=None)
    assert "Page 1: 50 services" in page(client, at(reading))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s",
                       [queue.about(queries.TASK, [reading.pk])[reading.pk].number])  # fmt: skip
    assert "nobody is trying any more" in page(client, at(reading))
    assert "nobody is trying any more" in page(client, on(of))
    assert "It is tried again" in page(client, at(reading, "try-again/"), {})
    assert "Stopped. Nothing has changed." in page(client, at(reading, "stop/"), {})
    assert "over already" in page(client, at(reading, "stop/"), {})


def test_why_a_list_was_not_read_is_on_its_page_and_on_home_what_waits(world: World, client: Client) -> None:
    of = listed(world, address=WHERE)
    taken_in(world, of, FIRST)
    Reading.objects.create(list=of, state="REFUSED", asked_at=timezone.now() + timedelta(hours=1), why="It is empty.")
    assert "It is empty." in page(client, on(of))
    assert "difference in a list" in page(client, "/home/")


def test_differences_are_narrowed_down(world: World, client: Client) -> None:
    of = listed(world, councils=("E08000031",))
    accepted(world, of, {**FIRST, "id": "s-0", "name": "Sample Gone"}, {**SECOND, "id": "s-3", "name": "Sample Old"})
    taken_in(world, of, FIRST, SECOND, {**SECOND, "id": "s-3", "name": "Sample Renamed"})
    names = {"Sample Safe Talk", "Sample Tea Dance", "Sample Renamed", "Sample Gone"}
    asked = {
        "": names, "kind=NEW": {"Sample Safe Talk", "Sample Tea Dance"}, "kind=CHANGED": {"Sample Renamed"},
        "kind=GONE": {"Sample Gone"}, "about=victims": {"Sample Safe Talk", "Sample Gone"},
        "about=others": {"Sample Tea Dance", "Sample Renamed"},
        "crime=domestic_abuse": {"Sample Safe Talk", "Sample Gone"},
        "council=E08000031": names, "council=E08000025": set(), "q=tea": {"Sample Tea Dance", "Sample Renamed"},
        "kind=nonsense&about=x": names,
    }  # fmt: skip
    for query, found in asked.items():
        shown = page(client, on(of, f"differences/?{query}"))
        assert {name for name in names if f">{name}<" in shown} == found, query


def test_several_are_decided_at_once(world: World, client: Client) -> None:
    of = listed(world)
    taken_in(world, of, FIRST, SECOND, {**SECOND, "id": "s-3"})
    found = waits(of)
    address = on(of, "differences/chosen/")
    assert "tick at least one" in page(client, address, {"do": "accept", "which": ["nonsense"]})
    assert "tick at least one" in page(client, address, {"which": [found["s-1"].pk]})
    sent = client.post(address, {"do": "signpost", "which": [found["s-1"].pk], "about": "victims"})
    assert sent.headers["Location"] == on(of, "differences/?about=victims")
    assert Service.objects.get().signposted_at is not None
    assert "1 rejected" in page(client, address, {"do": "reject", "which": [found["s-2"].pk]})
    assert "1 accepted." in page(client, address, {"do": "accept", "which": [found["s-3"].pk]})
    assert "Undo this decision" in page(client, at(found["s-2"]))
    assert "waits for a decision again" in page(client, at(found["s-2"], "undo/"), {})


def test_all_that_fit_are_decided_once_somebody_says_yes_to_their_number(world: World, client: Client) -> None:
    of = listed(world)
    made(world, name="Sample Tea Dance", summary="x", phone="01632 960 002")
    taken_in(world, of, FIRST, {**SECOND, "phones": [{"number": "01632 960002"}]}, {**FIRST, "id": "s-3"})
    address = on(of, "differences/all/")
    asked = page(client, f"{address}?do=accept&about=victims")
    assert "Accept 2?" in asked and "2 differences will be accepted" in asked
    assert "1 is left for you" in page(client, f"{address}?do=signpost")
    told = {"do": "accept", "about": "victims", "number": "3"}
    assert "the number changed meanwhile" in page(client, address, told)
    assert not Service.objects.filter(source=of.code).exists()
    assert "2 accepted" in page(client, address, {**told, "number": "2"})
    assert "Left for you to decide one by one: 1 may be a service" in page(
        client, address, {"do": "signpost", "number": "1"}
    )
    assert "1 rejected" in page(client, address, {"do": "reject", "number": "1"})
    assert "Nothing is left to decide" in page(client, f"{address}?do=accept")
    for query in ("", "?do=burn", "?do=accept&state=rejected"):
        assert client.get(f"{address}{query}").status_code == 404


def test_one_difference_is_shown_field_by_field_and_as_the_public_would_see_it(world: World, client: Client) -> None:
    of = listed(world)
    service = accepted(world, of, FIRST)["s-1"]
    told = {**FIRST, "description": "Newer words", "languages": [{"code": "pl"}], "assured_date": "2026-02-28",
            "minimum_age": 18, "status": "inactive"}  # fmt: skip
    taken_in(world, of, told)
    one = waits(of)["s-1"]
    shown = page(client, at(one))
    for words in (
        "Help after domestic abuse.",
        "Newer words",
        "Polish",
        "28 February 2026",
        "Under the Sample Licence.",
    ):
        assert words in shown
    refused = page(client, at(one, "accept/"), {"seen": "2020-01-01"})
    assert "changed here since" in refused
    assert "Choose what of it" in page(client, at(one, "accept/"), {})
    assert "There is a problem" in page(client, at(one, "accept/"), {"take": ["nonsense"]})
    assert "Accepted." in page(client, at(one, "accept/"), {"take": ["summary"]})
    service.refresh_from_db()
    assert (service.summary, service.state) == ("Newer words", "OPEN")
    decided = page(client, at(one))
    assert "Help after domestic abuse." in decided and "Polish" not in decided.split("As the public")[0]


def test_a_new_one_is_accepted_and_signposted_rejected_or_asked_again(world: World, client: Client) -> None:
    of = listed(world)
    taken_in(world, of, FIRST)
    one = waits(of)["s-1"]
    assert "Accept and signpost" in page(client, at(one))
    assert "The same is not asked again" in page(client, at(one, "reject/"), {})
    assert "decided this already" in page(client, at(one, "reject/"), {})
    taken_in(world, of, {**FIRST, "description": "About rape"})
    again = waits(of)["s-1"]
    assert "You rejected it before" in page(client, at(again))
    assert "You rejected it before" in page(client, on(of, "differences/"))
    assert "Accepted." in page(client, at(again, "accept/"), {"do": "signpost"})
    assert Service.objects.get().signposted_at is not None


def test_a_service_that_may_be_the_same_stands_beside_it(world: World, client: Client) -> None:
    own = made(world, name="Sample Safe Talks", phone="01632 960001", location_protected=True)
    of = listed(world)
    place = {"service_at_locations": [{"location": {"addresses": [{"address_1": "12 Hidden Lane"}]}}]}
    taken_in(world, of, {**FIRST, **place}, SECOND)
    one, other = waits(of)["s-1"], waits(of)["s-2"]
    shown = page(client, at(one))
    assert "the same name and phone number" in shown and world.provider.name in shown
    assert "Perhaps Sample Safe Talks" in page(client, on(of, "differences/"))
    shown = page(client, at(one, "same/"), {"service": str(own.pk)})
    assert "It is that service" in shown and "Its place is secret" in shown and "Hidden" not in shown
    assert "It stands here as new" in page(client, at(one, "another/"), {})
    assert "your hub looks after" in page(client, at(other, "same/"), {"service": "x"})
    assert "No service of that name" in page(client, at(other, "?find=zzz"))
    assert "It is Sample Safe Talks" in page(client, at(other, "?find=safe+talks"))


def test_one_that_is_gone_says_what_accepting_does_and_who_runs_it(world: World, client: Client) -> None:
    of = listed(world)
    service = accepted(world, of, FIRST)["s-1"]
    taken_in(world, of)
    one = waits(of)["s-1"]
    assert "the service closes today" in page(client, at(one))
    Service.objects.filter(pk=service.pk).update(provider=world.provider, location_public=False)
    assert "Ask them before you accept" in page(client, at(one))
    assert "Accepted." in page(client, at(one, "accept/"), {})


def test_removing_says_how_many_services_close_and_is_refused_while_one_is_run_here(
    world: World, client: Client
) -> None:
    of = listed(world)
    service = accepted(world, of, FIRST)["s-1"]
    Service.objects.filter(pk=service.pk).update(provider=world.provider)
    assert "1 service that came from it is run by" in page(client, on(of, "remove/"))
    assert "One service of this list is run" in page(client, on(of, "remove/"), {})
    Service.objects.filter(pk=service.pk).update(provider=None)
    assert "1 service that came from it will be closed" in page(client, on(of, "remove/"))
    assert "Removed." in page(client, on(of, "remove/"), {})


def test_the_public_reads_whose_list_it_is_and_its_licence(world: World) -> None:
    service = accepted(world, listed(world), FIRST)["s-1"]
    shown = page(Client(), f"/information/list/{service.pk}/")
    assert "Listed by Sample Council" in shown and "Under the Sample Licence." in shown


def test_what_waits_is_counted_for_the_office_alone(world: World) -> None:
    of = listed(world)
    taken_in(world, of, FIRST, SECOND)
    assert queries.to_decide(world.actor("hub_manager")) == 2
    assert queries.to_decide(world.actor("far_triage_officer")) == 0
    actions.remove(of, by=world.actor("hub_manager"), at=world.now)
    assert queries.to_decide(world.actor("hub_manager")) == 0
