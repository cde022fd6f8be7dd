"""Pages of gaps, as the hub and the commissioner read them."""

import csv
from datetime import date, timedelta
from io import StringIO

import pytest
from django.test import Client
from django.utils import timezone

from alongside.core.periods import Quarter
from alongside.foundation.local.directory import actions as directory
from alongside.foundation.local.directory.models import Service, Version
from alongside.foundation.local.directory.tests.test_actions import made
from alongside.foundation.local.gaps import queries
from alongside.foundation.local.gaps.queries import Asked
from tests.world import PEOPLE, World

BIRMINGHAM = "E08000025"


def page(client: Client, address: str) -> str:
    found = client.get(address)
    assert found.status_code == 200
    return found.content.decode()


def rows(client: Client, asked: str = "") -> dict[tuple[str, str], dict[str, str]]:
    found = client.get(f"/services/gaps/gaps.csv{asked}")
    read = csv.DictReader(StringIO(found.content.decode("utf-8-sig")))
    return {(row["Crime"], row["Council"]): row for row in read}


def test_everybody_at_work_reads_them_and_nobody_else(world: World) -> None:
    for place in ("", "overlaps/", "reach/", "changes/", "gaps.csv"):
        for person in sorted(PEOPLE):
            assert world.client(person).get(f"/services/gaps/{place}").status_code == 200, (person, place)
        assert Client().get(f"/services/gaps/{place}").status_code == 302


def test_a_gap_is_said_in_words_and_in_the_table_with_a_way_to_the_services(world: World) -> None:
    made(world, crime_types=("stalking",), councils=(BIRMINGHAM,), places=10, award="AW-1")
    made(world, name="Sample Anything")
    client = world.client("hub_manager")
    shown = page(client, "/services/gaps/")
    assert "No service names it" in shown and "1 service for any crime" in shown
    assert f"/services/?crime=stalking&amp;council={BIRMINGHAM}" in shown
    told = rows(client)[("Stalking", "Birmingham")]
    assert (told["Services that name it"], told["An award pays for"], told["Places"]) == ("1", "1", "10")
    assert told["Services for any crime"] == "1"
    assert rows(client)[("Robbery", "Birmingham")]["Services that name it"] == "0"


def test_services_that_nobody_can_reach_are_said_with_why_the_worst_first(world: World) -> None:
    made(world, name="Sample Well", phone="01632 960 401")
    client = world.client("hub_manager")
    assert "People can reach every service" in page(client, "/services/gaps/reach/")
    told: dict[str, dict[str, object]] = {
        "Sample Slow": {"wait_days": 300}, "Sample Silent": {"takes_referrals": False, "phone": ""},
        "Sample Ended": {"state": "CLOSED"},
    }  # fmt: skip
    for name, words in told.items():
        Service.objects.filter(pk=made(world, name=name, phone="01632 960 401").pk).update(**words)
    shown = page(client, "/services/gaps/reach/")
    assert "3 of 4 services" in shown and "Sample Well" not in shown
    assert "A wait of about 10 months" in shown
    places = [shown.index(name) for name in ("Sample Silent", "Sample Ended", "Sample Slow")]
    assert places == sorted(places)
    far = page(world.client("far_triage_officer"), "/services/gaps/reach/")
    assert "Sample Silent" not in far


def test_one_asks_for_whom_and_which_services_count(world: World) -> None:
    made(world, crime_types=("stalking",), sexes=("female",))
    client, place = world.client("commissioning_officer"), ("Stalking", "Birmingham")
    for asked, number in (("?group=female", "1"), ("?group=male", "0"), ("?paid=yes", "0"), ("?group=cats", "1")):
        assert rows(client, asked)[place]["Services that name it"] == number
    assert "For: Men and boys" in page(client, "/services/gaps/?group=male")


def test_a_waiting_list_alone_is_a_gap_and_says_the_wait(world: World) -> None:
    service = made(world, crime_types=("stalking",))
    by = world.actor("service_manager")
    directory.open(service, by=by, at=world.now, waiting=True)
    directory.say_capacity(service, by=by, at=world.now, places_free=0, wait_days=70)
    shown = page(world.client("hub_manager"), "/services/gaps/")
    assert "Only a waiting list" in shown and "from about 10 weeks" in shown and "0 places free" in shown
    made(world, name="Sample Second", crime_types=("stalking",))
    assert "1 with a waiting list" in page(world.client("hub_manager"), "/services/gaps/")


def test_where_every_crime_is_served_it_says_so(world: World) -> None:
    crimes = tuple(code for code, _ in queries.crimes(timezone.localdate()))
    made(world, crime_types=crimes)
    assert "After every crime at least one service is open" in page(world.client("hub_manager"), "/services/gaps/")


def test_another_areas_services_and_lists_do_not_count(world: World) -> None:
    elsewhere = made(world, crime_types=("stalking",))
    Service.objects.filter(pk=elsewhere.pk).update(provider=world.far_provider)
    listed = made(world, crime_types=("robbery",))
    Service.objects.filter(pk=listed.pk).update(provider=None, source="sample", source_id="1")
    found = rows(world.client("hub_manager"))
    assert {row["Services that name it"] for row in found.values()} == {"0"}


def test_services_that_do_the_same_are_listed_with_what_they_share(world: World) -> None:
    made(world, name="Sample Left", crime_types=("stalking", "robbery", "theft", "violence"))
    other = made(world, name="Sample Right", crime_types=("stalking", "robbery", "theft", "violence"))
    Service.objects.filter(pk=other.pk).update(provider=world.neighbour)
    shown = page(world.client("hub_manager"), "/services/gaps/overlaps/")
    assert "Sample Left" in shown and "100%" in shown and "and 1 more. The whole area." in shown
    assert "No two services do the same" in page(world.client("hub_manager"), "/services/gaps/overlaps/?paid=yes")


def test_the_quarters_changes_are_told_by_the_versions(world: World) -> None:
    at = timezone.now()
    start = Quarter.containing(at).bounds[0]
    hub = world.actor("hub_manager")
    service = made(world, name="Sample Turned", crime_types=("stalking",))
    new = made(world, name="Sample Newcomer", crime_types=("theft",))
    Version.objects.filter(service=service).update(since=start - timedelta(days=9))
    Version.objects.filter(service=new).update(since=start + timedelta(hours=1))
    words = directory.details_from({**directory.worded(service), "crime_types": ["robbery"]})
    directory.revise(service, words, by=hub, at=at)
    shown = page(world.client("hub_manager"), "/services/gaps/changes/")
    assert "Gone: Sample Turned" in shown and "New: Sample Turned" in shown and "New: Sample Newcomer" in shown
    assert "1 → 0" in shown


@pytest.mark.parametrize(
    ("words", "was_there"),
    [
        ({}, True),
        ({"state": "CLOSED", "closed_on": date(2026, 10, 5)}, True),
        ({"state": "CLOSED", "closed_on": date(2026, 9, 5)}, False),
        ({"state": "CLOSED"}, False),
        ({"opens_on": date(2026, 10, 5)}, False),
    ],
)
def test_a_service_without_versions_counts_by_its_days(world: World, words: dict[str, object], was_there: bool) -> None:
    service = made(world, crime_types=("stalking",))
    Version.objects.all().delete()
    Service.objects.filter(pk=service.pk).update(**words)
    group = queries.group("", timezone.localdate())
    found = queries.then(world.actor("hub_manager"), Asked(group), quarter=Quarter(2026, 3), at=world.now,
                         on=timezone.localdate())  # fmt: skip
    assert bool(found.services) is was_there


def test_one_of_an_organisation_that_had_ended_does_not_count(world: World) -> None:
    made(world, crime_types=("stalking",))
    Version.objects.all().delete()
    type(world.provider).objects.filter(pk=world.provider.pk).update(until=date(2026, 9, 1))
    group = queries.group("", timezone.localdate())
    found = queries.then(world.actor("hub_manager"), Asked(group), quarter=Quarter(2026, 3), at=world.now,
                         on=timezone.localdate())  # fmt: skip
    assert found.services == 0


def test_nothing_that_changed_is_said_so(world: World) -> None:
    made(world, crime_types=("stalking",))
    Version.objects.update(since=timezone.now() - timedelta(days=200))
    assert "Nothing is different" in page(world.client("hub_manager"), "/services/gaps/changes/")


def test_a_crime_that_leaves_nobody_to_help_is_no_gap(world: World) -> None:
    assert "Crime without a person as its victim" not in page(world.client("hub_manager"), "/services/gaps/")
