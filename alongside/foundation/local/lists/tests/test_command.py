"""The operator's command: a list brought in at once by the road of the office, and postcodes."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from alongside.core.models import Event
from alongside.core.rows import realms
from alongside.core.rows.realms import Realm
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.tests.test_actions import made
from alongside.foundation.local.directory.tests.test_openreferral import ENTRIES, V1
from alongside.foundation.local.lists import deciding
from alongside.foundation.local.lists.management.commands import directory
from alongside.foundation.local.lists.models import List
from alongside.foundation.local.lists.tests.shelf import FIRST, listed, taken_in, waits
from alongside.foundation.office.organisations.models import Organisation, Postcode
from tests.world import World

pytestmark = pytest.mark.django_db


@given(ENTRIES)
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_comes_the_database_holds_it_and_the_second_time_changes_nothing(
    world: World, document: list[Any]
) -> None:
    with transaction.atomic():
        of = listed(world, name="Odd")
        first = taken_in(world, of, *document)
        done = deciding.accept_many(
            of, [one.pk for one in waits(of).values()], by=world.actor("hub_manager"), at=world.now
        )
        again = taken_in(world, of, *document)
        assert (done.count, again.added, again.changed, again.gone) == (first.services, 0, 0, 0)
        transaction.set_rollback(True)


def load(tmp_path: Path, document: object, *options: str) -> dict[str, Any]:
    path = tmp_path / "feed.json"
    path.write_text(json.dumps(document))
    out = StringIO()
    call_command("directory", "import", str(path), "--source", "sample-list", "--force", "west-midlands",
                 "--json", *options, stdout=out)  # fmt: skip
    receipt: dict[str, Any] = json.loads(out.getvalue())
    return receipt


def test_the_receipt_adds_up_and_a_second_import_changes_nothing(world: World, tmp_path: Path) -> None:
    document = [{**V1, "id": f"s{number}"} for number in range(5)]
    with realms.inside(Realm.WORKER):
        first = load(tmp_path, document, "--council", "E08000025")
        again = load(tmp_path, document)
    assert (first["services"], first["added"], first["file"]) == (5, 5, "feed.json")
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 5)
    assert first["sha256"] == again["sha256"]
    assert len(first["sha256"]) == 64
    assert first["oddities"]["empty:email"] == 5
    assert Event.objects.filter(name="service.added").count() == 5


def test_what_changed_there_is_written_but_for_a_service_that_is_run_here(world: World, tmp_path: Path) -> None:
    load(tmp_path, [V1, {**V1, "id": "gone"}, {**V1, "id": "adopted"}])
    Service.objects.filter(source_id="adopted").update(provider=world.provider, crime_types=["stalking"])
    receipt = load(tmp_path, [{**V1, "name": "Sample New Name"}, {**V1, "id": "adopted", "name": "Sample Newer Name"}])
    held = {one.source_id: one for one in Service.objects.all()}
    assert (receipt["changed"], receipt["left"], receipt["unchanged"], receipt["absent"]) == (1, 1, 0, 1)
    assert (held["sample-1"].name, held["adopted"].name) == ("Sample New Name", "Sample Listening Ear")
    assert (held["adopted"].provider, held["adopted"].crime_types) == (world.provider, ["stalking"])
    assert held["gone"].state == "OPEN"
    assert set(waits(List.objects.get())) == {"gone", "adopted"}


def test_what_is_imported_takes_no_referrals(world: World, tmp_path: Path) -> None:
    load(tmp_path, [V1])
    held = Service.objects.get()
    assert (held.takes_referrals, held.provider, held.source) == (False, None, "sample-list")
    assert not Service.objects.routable().exists()


def test_the_receipt_in_words_names_what_has_no_place(world: World, tmp_path: Path) -> None:
    path = tmp_path / "feed.json"
    path.write_text(json.dumps([V1]))
    out = StringIO()
    call_command("directory", "import", str(path), "--source", "sample-list", "--council", "E08000025", stdout=out)
    assert "1 services. 1 added" in out.getvalue()
    assert "no place for organization.id in 1" in out.getvalue()


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "empty"), (b"\xff\xfe", "UTF-16"), (b"{}", "no list of services")]
)
def test_a_file_that_is_no_list_is_refused_in_words(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=words):
        call_command("directory", "import", str(path), "--source", "x")


def test_wrong_words_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "feed.json"
    path.write_text("[]")
    for words in (["--source", "Not A Code"], ["--source", "x", "--council", "nowhere"]):
        with pytest.raises(CommandError):
            call_command("directory", "import", str(path), *words)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("directory", "import", str(tmp_path / "absent.json"), "--source", "x")
    with pytest.raises(CommandError, match="--all"):
        call_command("directory", "postcodes")
    with pytest.raises(CommandError, match="No police area"):
        call_command("directory", "postcodes", "--force", "atlantis")


def test_postcodes_of_a_police_area_are_loaded(world: World) -> None:
    out = StringIO()
    call_command("directory", "postcodes", "--force", "city-of-london", stdout=out)
    assert out.getvalue() == f"{Postcode.objects.count():,} postcodes loaded.\n"
    assert Postcode.objects.get(pk="EC2V7HH").council == "E09000001"
    assert set(Postcode.objects.values_list("council", flat=True)) == {"E09000001"}


def test_the_hub_that_decides_is_the_areas_the_councils_or_the_only_one(world: World, tmp_path: Path) -> None:
    path = tmp_path / "feed.json"
    path.write_text(json.dumps([V1]))
    with pytest.raises(CommandError, match="Say --force"):
        call_command("directory", "import", str(path), "--source", "x")
    for options in (["--force", "nowhere"], ["--council", "E08000025", "E06000063"]):
        with pytest.raises(CommandError, match="Say --force"):
            call_command("directory", "import", str(path), "--source", "x", *options)
    call_command(
        "directory", "import", str(path), "--source", "by-council", "--council", "E06000063", stdout=StringIO()
    )
    assert List.objects.get(code="by-council").hub == world.far_hub
    Organisation.objects.filter(pk=world.far_hub.pk).update(until=world.now.date())
    call_command("directory", "import", str(path), "--source", "the-only", stdout=StringIO())
    assert List.objects.get(code="the-only").hub == world.hub


def test_what_the_office_rejected_stays_so_and_what_it_should_look_at_is_left_to_it(
    world: World, tmp_path: Path
) -> None:
    of = listed(world, name="Sample List")
    taken_in(world, of, FIRST)
    deciding.reject(waits(of)["s-1"], by=world.actor("hub_manager"), at=world.now)
    made(world, name=V1["name"], web="https://www.sample.example/help")
    receipt = load(tmp_path, [FIRST, V1, {**V1, "id": "s-9", "name": "Sample Nine", "url": ""}])
    assert (receipt["added"], receipt["left"], receipt["rejected_before"]) == (1, 1, 1)
    assert set(waits(of)) == {"sample-1"}


def test_a_list_that_is_being_read_is_not_brought_in_beside_it(world: World, tmp_path: Path) -> None:
    of = listed(world, name="Sample List")
    of.readings.create(state="WAITING", asked_at=world.now)
    with pytest.raises(CommandError, match="being read now"):
        load(tmp_path, [V1])


def test_a_list_at_an_address_is_read_whole_or_not_at_all(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    out, where = StringIO(), "https://lists.example/services"
    with pytest.raises(CommandError, match=r"not one of the hosts.* Nothing was imported"):
        call_command("directory", "import", where, "--source", "x", "--force", "west-midlands")
    found = directory.gathering.gather(json.dumps([FIRST]).encode())
    monkeypatch.setattr(directory.gathering, "follow", lambda address, **how: how["told"](1, 1, 1) or found)
    call_command("directory", "import", where, "--source", "x", "--force", "west-midlands", "--json", stdout=out)
    assert json.loads(out.getvalue())["added"] == 1
