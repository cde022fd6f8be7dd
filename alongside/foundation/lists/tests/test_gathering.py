"""A list of services read from an address: every page of it, whole or not at all, from hosts that are named."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pytest_django import Settings

from alongside.core.outside import Unfetched
from alongside.foundation.directory.management.commands import directory
from alongside.foundation.directory.models import Service
from alongside.foundation.directory.openreferral import pages
from tests.world import World

pytestmark = pytest.mark.django_db
WHERE = "https://lists.example/services"


def entry(number: int) -> dict[str, Any]:
    return {"id": f"sample-{number}", "name": f"Sample {number}", "status": "active", "email": "", "url": ""}


def serving(monkeypatch: pytest.MonkeyPatch, documents: dict[str, object]) -> list[str]:
    """As if these documents lay at these addresses; how they are read is tested where it is done."""
    asked: list[str] = []

    def fetch(url: str, *, hosts: Any) -> bytes:
        asked.append(url)
        if url not in documents:
            raise Unfetched("The server answered 404 in place of a document.")
        found = documents[url]
        return found if isinstance(found, bytes) else json.dumps(found).encode()

    monkeypatch.setattr(directory, "fetch", fetch)
    return asked


def imported(address: str = WHERE) -> dict[str, Any]:
    out = StringIO()
    call_command("directory", "import", address, "--source", "sample-list", "--json", stdout=out)
    told: dict[str, Any] = json.loads(out.getvalue())
    return told


def test_every_page_of_a_list_is_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"total_pages": 2, "total_items": 3}
    asked = serving(monkeypatch, {
        f"{WHERE}?full=true": {**told, "contents": [entry(1), entry(2)]},
        f"{WHERE}?full=true&page=2": {**told, "contents": [entry(3)]},
    })  # fmt: skip
    done = imported(f"{WHERE}?full=true")
    assert (done["services"], done["added"], done["oddities"]["empty:email"]) == (3, 3, 3)
    assert asked == [f"{WHERE}?full=true", f"{WHERE}?full=true&page=2"]
    assert imported(f"{WHERE}?full=true")["unchanged"] == 3


@pytest.mark.parametrize(
    ("documents", "words"),
    [({}, "answered 404"), ({WHERE: b"\xff"}, "not JSON"), ({WHERE: {"a": 1}}, "no list of services"),
     ({WHERE: {"totalElements": 3, "content": [entry(1)]}}, "says that it has 3 services and gave 1"),
     ({WHERE: {"total_pages": 2, "contents": [entry(1)]}}, "answered 404"),
     ({WHERE: {"total_pages": 501, "contents": []}}, "501 pages")],
)  # fmt: skip
def test_what_cannot_be_read_whole_is_not_imported_at_all(
    world: World, monkeypatch: pytest.MonkeyPatch, documents: dict[str, object], words: str
) -> None:
    serving(monkeypatch, documents)
    with pytest.raises(CommandError, match=words):
        imported()
    assert not Service.objects.filter(source="sample-list").exists()


def test_pages_that_are_too_large_together_are_left(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    large = json.dumps({"total_pages": 3, "contents": [{**entry(1), "description": "x" * 30_000_000}]}).encode()
    serving(monkeypatch, {WHERE: large, f"{WHERE}?page=2": large})
    with pytest.raises(CommandError, match="too large together"):
        imported()


def test_no_host_is_read_that_the_operator_did_not_name(world: World, settings: Settings) -> None:
    assert settings.LIST_HOSTS == ()
    with pytest.raises(CommandError, match="not one of the hosts"):
        imported()
    with pytest.raises(CommandError, match="https://"):
        imported("http://lists.example/services")


def test_a_count_that_is_none_is_passed_over() -> None:
    assert pages([]) == (1, None)
    assert pages({"total_pages": True, "totalPages": "2", "totalElements": 0}) == (1, 0)
    assert pages({"total_pages": -1, "totalPages": 4, "total_items": 9}) == (4, 9)
