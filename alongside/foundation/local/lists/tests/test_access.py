"""Who sees what of lists: the manager of the hub whose lists they are, and nobody else."""

from typing import Any

import pytest
from django.db import Error, connection, transaction

from alongside.core.rows.realms import Realm, inside
from alongside.foundation.local.lists.models import Difference, List, Reading, Tie
from alongside.foundation.local.lists.tests.shelf import FIRST, SECOND, accepted, listed, taken_in, waits
from alongside.foundation.office.organisations.models import Membership, Organisation
from tests.world import PEOPLE, World

pytestmark = pytest.mark.django_db
BASE = "/services/lists/"
TABLES = ("list", "reading", "tie", "difference")


@pytest.fixture
def of(world: World) -> List:
    of = listed(world)
    accepted(world, of, FIRST)
    taken_in(world, of, FIRST, SECOND)
    return of


def addresses(of: List) -> list[str]:
    reading, one = Reading.objects.filter(list=of)[0], waits(of)["s-2"]
    return [f"{BASE}{of.pk}/", f"{BASE}{of.pk}/change/", f"{BASE}{of.pk}/remove/", f"{BASE}{of.pk}/differences/",
            f"{BASE}{of.pk}/differences/all/?do=accept", f"{BASE}readings/{reading.pk}/",
            f"{BASE}differences/{one.pk}/"]  # fmt: skip


def posts(of: List) -> list[tuple[str, dict[str, Any]]]:
    reading, one = Reading.objects.filter(list=of)[0], waits(of)["s-2"]
    own: list[tuple[str, dict[str, Any]]] = [
        (f"{BASE}{of.pk}/{verb}/", {}) for verb in ("pause", "resume", "remove", "read")
    ]
    own += [(f"{BASE}readings/{reading.pk}/{verb}/", {}) for verb in ("stop", "try-again", "report")]
    own += [(f"{BASE}differences/{one.pk}/{verb}/", {}) for verb in ("accept", "reject", "undo", "same", "another")]
    return [*own, (f"{BASE}{of.pk}/differences/chosen/", {"do": "accept", "which": str(one.pk)}),
            (f"{BASE}{of.pk}/differences/all/", {"do": "accept", "number": "1"})]  # fmt: skip


def test_the_hubs_manager_opens_every_page_and_nobody_else_any(world: World, of: List) -> None:
    for person in sorted(PEOPLE):
        client = world.client(person)
        for address in (BASE, f"{BASE}add/", *addresses(of)):
            answer = client.get(address).status_code
            assert answer == 200 if person == "hub_manager" else answer in (403, 404), (person, address, answer)


def test_the_manager_of_another_hub_finds_nothing_there(world: World, of: List) -> None:
    Membership.objects.filter(user=world.people["far_triage_officer"]).update(role="hub_manager")
    client = world.client("far_triage_officer")
    assert of.name not in client.get(BASE).content.decode()
    for address in addresses(of):
        assert client.get(address).status_code == 404, address
    for address, told in posts(of):
        assert client.post(address, told).status_code == 404, address
    assert client.post(f"{BASE}upload/", {"list": str(of.pk)}).status_code == 404
    assert waits(of)["s-2"].state == "OPEN"


@pytest.mark.parametrize("person", ["triage_officer", "service_manager", "commissioning_officer", "referrer"])
def test_nobody_but_the_manager_decides(world: World, of: List, person: str) -> None:
    for address, told in posts(of):
        assert world.client(person).post(address, told).status_code in (403, 404), address
    assert waits(of)["s-2"].state == "OPEN" and List.objects.filter(pk=of.pk).exists()


def seen(realm: Realm, place: Organisation) -> tuple[int, ...]:
    with transaction.atomic(), inside(realm, orgs=[place.pk]):
        return tuple(model.objects.count() for model in (List, Reading, Tie, Difference))


def test_row_security_shows_a_hub_its_own_lists_alone(world: World, of: List) -> None:
    assert seen(Realm.HUB, world.hub) == (1, 2, 1, 2)
    assert seen(Realm.HUB, world.far_hub) == (0, 0, 0, 0)
    with transaction.atomic(), inside(Realm.WORKER):
        assert Difference.objects.count() == 2


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("realm", [Realm.PUBLIC, Realm.REFERRER, Realm.PROVIDER, Realm.COMMISSIONING, Realm.AUTH])
def test_no_other_realm_reads_them_at_all(world: World, realm: Realm, table: str) -> None:
    with pytest.raises(Error, match="permission denied"), transaction.atomic(), inside(realm, orgs=[world.hub.pk]):
        connection.cursor().execute(f"SELECT 1 FROM lists_{table}")


@pytest.mark.parametrize("statement", [
    "UPDATE lists_list SET name = 'x'", "DELETE FROM lists_difference", "UPDATE lists_tie SET digest = ''",
    "UPDATE lists_reading SET state = 'READ'",
])  # fmt: skip
def test_another_hub_writes_none_of_their_rows(world: World, of: List, statement: str) -> None:
    with transaction.atomic(), inside(Realm.HUB, orgs=[world.far_hub.pk]), connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount == 0


def test_a_hub_leaves_no_list_under_another_hubs_name(world: World, of: List) -> None:
    with (
        pytest.raises(Error, match="row-level security"),
        transaction.atomic(),
        inside(Realm.HUB, orgs=[world.far_hub.pk]),
    ):
        List.objects.create(hub=world.hub, code="theirs", name="Theirs", added_at=world.now)
