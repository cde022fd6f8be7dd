"""Every path of Open Referral UK 3.0, every answer held against the standard's own schemas, at both its levels."""

from datetime import date
from itertools import product
from typing import Any

import pytest
from django.test import Client

from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.openreferral import read
from alongside.foundation.local.exchange.tests import standard
from alongside.foundation.local.exchange.tests.published import ROOT, Directory, build, every_answer, got
from tests.world import World

pytestmark = pytest.mark.django_db
PAGING = {"total_items", "total_pages", "page_number", "size", "first_page", "last_page", "empty", "contents"}


@pytest.fixture
def directory(world: World) -> Directory:
    return build(world)


def schema_of(address: str) -> str:
    """The standard's schema for an address of ours."""
    path = address.partition("?")[0]
    return standard.paths()[path if path in standard.paths() else f"{path.rpartition('/')[0]}/{{id}}"]


@pytest.mark.usefixtures("directory")
def test_every_path_answers_as_the_standards_schemas_say() -> None:
    answers = every_answer()
    assert {schema_of(address) for address in answers} == set(standard.paths().values())
    assert [fault for address, body in answers.items() for fault in standard.faults(schema_of(address), body)] == []


def test_the_schemas_find_a_fault_where_there_is_one(directory: Directory) -> None:
    whole = got(f"/services/{directory.full.pk}")
    for name, wrong in {
        "email": "nobody",
        "url": "lantern",
        "id": "7",
        "status": "open",
        "last_modified": "today",
    }.items():
        assert standard.faults("service", whole | {name: wrong}), name
    location = whole["service_at_locations"][0]["location"]
    assert standard.faults(
        "service", whole | {"service_at_locations": [{"id": whole["id"], "location": {**location, "id": 1}}]}
    )


@pytest.mark.usefixtures("directory")
def test_nothing_empty_leaves_and_every_date_is_one() -> None:
    for address, body in every_answer().items():
        assert standard.empties(body) == [], address
        for _, value in standard.dates(body):
            assert date.fromisoformat(value[:10])


@pytest.mark.usefixtures("directory")
@pytest.mark.parametrize("group", standard.read("levels")["testGroups"], ids=lambda group: str(group["name"])[:7])
def test_both_levels_of_validation_are_met(group: dict[str, Any]) -> None:
    """As the standard's validator walks: lists with their paging, then the first of each by its id."""
    assert group["tests"]
    for one in group["tests"]:
        path, schema = one["endpoint"], one["schema"].rpartition("/")[2].removesuffix(".json")
        if "useIdFrom" in one:
            path += got(path.rstrip("/"))["contents"][0]["id"]
        body = got(path)
        assert standard.faults(schema, body) == [], one["name"]
        if one.get("pagination"):
            assert_pages(path)


def assert_pages(path: str) -> None:
    first = got(path, per_page=1, page=1)
    total = first["total_items"]
    assert total > 1 and first["total_pages"] == total and set(first) == PAGING
    assert (first["page_number"], first["size"], first["first_page"], first["last_page"]) == (1, 1, True, False)
    last, past = got(path, per_page=1, page=total), got(path, per_page=1, page=total + 1)
    assert (last["first_page"], last["last_page"], last["empty"]) == (False, True, False)
    assert (past["contents"], past["size"], past["empty"], past["last_page"]) == ([], 0, True, True)
    every = [got(path, per_page=2, page=page)["contents"] for page in range(1, -(-total // 2) + 1)]
    ids = [row["id"] for rows in every for row in rows]
    assert len(ids) == len(set(ids)) == total


def test_an_empty_directory_is_a_standard_one_too(world: World) -> None:
    for path in ("/services", "/service_at_locations", "/organizations"):
        page = got(path)
        assert standard.faults(schema_of(path), page) == []
        assert (page["total_items"], page["total_pages"], page["empty"], page["first_page"], page["last_page"]) == (
            0, 0, True, True, True,
        )  # fmt: skip


def test_a_service_says_all_that_others_may_know(directory: Directory) -> None:
    told = got(f"/services/{directory.full.pk}")
    assert told["description"] == "Somebody to talk to.\n\nA worker calls."
    assert (told["minimum_age"], told["maximum_age"], told["fees"], told["status"]) == (13, 17, "Free", "active")
    assert told["contacts"][0]["phones"][0]["number"] == "01632 960401"
    assert [one["name"] for one in told["service_areas"]] == ["Birmingham"]
    assert {one["name"] for one in told["languages"]} == {"Polish", "English"}
    terms = {(one["link_type"], one["taxonomy_term"]["name"]) for one in told["attributes"]}
    assert ("crime_types", "Stalking") in terms and ("modes", "By phone") in terms and len(terms) == 6
    address = told["service_at_locations"][0]["location"]["addresses"][0]
    assert (address["postal_code"], address["state_province"], address["country"]) == ("ZZ1 1AA", "West Midlands", "GB")
    assert told["organization"]["name"] == "Lantern Sample Charity"
    assert got(f"/services/{directory.bare.pk}")["service_areas"][0]["name"] == "The area of West Midlands Police"


def test_how_open_it_is_is_said(world: World, directory: Directory) -> None:
    def told(service: Service) -> tuple[str, str]:
        body = got(f"/services/{service.pk}")
        return body["status"], body.get("alert", "")

    assert told(directory.full) == ("active", "")
    assert told(directory.waiting) == ("active", "There is a waiting list.")
    assert told(directory.closed) == ("temporarily closed", "Closed to new people.")
    Service.objects.filter(pk=directory.closed.pk).update(moves_to=directory.full)
    assert told(directory.closed) == ("inactive", "Closed to new people.")


def test_only_running_services_of_organisations_here_that_are_written_here_are_published(directory: Directory) -> None:
    everything = str(every_answer())
    assert "Silent" not in everything and "Fell Sample" not in everything
    for service in directory.silent:
        assert Client().get(f"{ROOT}/services/{service.pk}").status_code == 404
    assert len(got("/services")["contents"]) == 5


def test_what_is_for_the_house_does_not_leave(directory: Directory) -> None:
    Service.objects.filter(pk=directory.full.pk).update(
        access_notes="for-the-house", oddities=["for-the-house"], places=7777, places_free=7776
    )
    everything = str(every_answer())
    assert not [
        word for word in ("SECRET-AWARD-7", "for-the-house", "7777", "Adviser for Polish") if word in everything
    ]


def test_a_way_of_contact_that_is_none_is_left_out(directory: Directory) -> None:
    pairs = product(
        ("nobody", "a@b", "x@sample.example y"), ("javascript:alert(1)", "http://", "https://sämple.example")
    )
    for email, web in pairs:
        Service.objects.filter(pk=directory.full.pk).update(email=email, web=web)
        told = got(f"/services/{directory.full.pk}")
        assert "email" not in told and "url" not in told
    Service.objects.filter(pk=directory.full.pk).update(email=" help@lantern.example ", web="lantern.example/help")
    told = got(f"/services/{directory.full.pk}")
    assert (told["email"], told["url"]) == ("help@lantern.example", "https://lantern.example/help")


def test_ids_stay_while_the_thing_stays(world: World, directory: Directory) -> None:
    def ids() -> set[str]:
        return {one["id"] for path in ("/organizations", "/taxonomy_terms", "/service_at_locations", "/taxonomies")
                for one in got(path, per_page=1000)["contents"]}  # fmt: skip

    before = ids()
    type(world.provider).objects.filter(pk=world.provider.pk).update(name="Lantern Renamed")
    sites = [{"name": "New", "address_1": "2 Example Street", "city": "Birmingham", "postcode": "ZZ1 1AB"}]
    Service.objects.filter(pk=directory.full.pk).update(sites=sites + directory.full.sites)
    assert before < ids()
    assert len({one["id"] for one in got("/taxonomies")["contents"]}) == 4


def test_what_we_publish_we_can_read_ourselves_without_a_mend(directory: Directory) -> None:
    feed = read(got("/services", full="true"))
    assert (len(feed.listings), feed.oddities) == (5, {"missing:description": 3})  # three say nothing of themselves
    (full,) = [one for one in feed.listings if one.source_id == str(directory.full.pk)]
    assert (full.fields["phone"], full.fields["web"]) == (directory.full.phone, directory.full.web)
