"""Who sees what of freshness."""

import pytest
from django.db import connection, transaction

from alongside.core.rows.realms import Realm, inside
from alongside.foundation.local.directory.tests.test_actions import made
from alongside.foundation.local.freshness.models import Flag, Keeper
from alongside.foundation.local.freshness.tests.test_actions import flagged, named
from tests.world import PEOPLE, World

SEES = {"hub_manager", "service_manager"}


def test_managers_of_the_provider_and_of_its_hub_open_a_flag_and_name_a_keeper(world: World) -> None:
    service = made(world)
    flag = flagged(world, service)
    for person in sorted(PEOPLE):
        client = world.client(person)
        for address in (f"/services/flags/{flag.pk}/", f"/services/{service.pk}/keeper/"):
            assert (client.get(address).status_code == 200) is (person in SEES), (person, address)


@pytest.mark.parametrize("person", ["neighbour_manager", "far_triage_officer", "caseworker", "referrer"])
def test_nobody_else_answers_or_names(world: World, person: str) -> None:
    service = made(world)
    flag = flagged(world, service)
    told = {"answer": "RIGHT", "keeper": str(world.people[person].pk)}
    for address in (f"/services/flags/{flag.pk}/", f"/services/{service.pk}/keeper/"):
        assert world.client(person).post(address, told).status_code in (403, 404)
    flag.refresh_from_db()
    assert flag.state == "WAITING" and not Keeper.objects.exists()


@pytest.mark.parametrize("person", ["caseworker", "triage_officer", "commissioning_officer", "referrer"])
def test_only_managers_have_the_page_of_those_to_check(world: World, person: str) -> None:
    assert world.client(person).get("/services/check/").status_code == 403


def test_row_security_shows_a_provider_its_own_and_a_hub_those_of_its_area(world: World) -> None:
    service = made(world)
    flagged(world, service)
    named(world, service)
    seen = {}
    for name, realm, place in (("own", Realm.PROVIDER, world.provider), ("neighbour", Realm.PROVIDER, world.neighbour),
                               ("hub", Realm.HUB, world.hub), ("far", Realm.HUB, world.far_hub)):  # fmt: skip
        with transaction.atomic(), inside(realm, orgs=[place.pk]):
            seen[name] = (Flag.objects.count(), Keeper.objects.count())
    assert seen == {"own": (1, 1), "neighbour": (0, 0), "hub": (1, 1), "far": (0, 0)}


@pytest.mark.parametrize("table", ["flag", "hearback", "keeper", "reminder"])
@pytest.mark.parametrize("realm", [Realm.PUBLIC, Realm.REFERRER, Realm.COMMISSIONING])
def test_other_realms_do_not_read_them_at_all(world: World, realm: Realm, table: str) -> None:
    with pytest.raises(Exception, match="permission denied"), transaction.atomic(), inside(realm, orgs=[world.hub.pk]):
        connection.cursor().execute(f"SELECT 1 FROM freshness_{table}")


@pytest.mark.parametrize("realm", [Realm.PROVIDER, Realm.HUB])
def test_staff_never_read_the_address_of_who_flagged_nor_change_what_they_said(world: World, realm: Realm) -> None:
    body = world.provider if realm == Realm.PROVIDER else world.hub
    flagged(world, made(world), mailbox="anyone@mail.example")
    for statement in ("SELECT mailbox FROM freshness_hearback", "UPDATE freshness_flag SET wrong = 'x'",
                      "DELETE FROM freshness_flag"):  # fmt: skip
        with pytest.raises(Exception, match="permission denied"), transaction.atomic(), inside(realm, orgs=[body.pk]):
            connection.cursor().execute(statement)
