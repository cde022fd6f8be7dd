"""A neighbour, the hub and the commissioner see nothing of a victim's page; the public sees the one that it opens."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from alongside.core.ids import uuid7
from alongside.core.rows import realms, records
from alongside.core.rows.realms import Realm
from alongside.foundation.office.messages.models import ContactPoint
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import inside
from alongside.support.cases.journey.models import Key, Page, Said, Voice
from alongside.support.cases.journey.tests.opened import case_of, opened, points, run, turned_on
from tests.world import World

pytestmark = pytest.mark.django_db
OF_CASE = ("page", "set_up", "turn_on", "turn_off", "give_phrase", "stop_ways", "send_link", "invite", "heed")
MODELS = (Page, Key, Said, Voice)


@pytest.fixture
def case(world: World) -> Case:
    case, client = opened(world)
    client.post("/page/say/", {"words": "Something"})
    client.post("/page/not-right/", {"words": "Something else"})
    run("voice.heard")
    return case


@contextmanager
def refused(why: str, ticket: bytes = b"") -> Iterator[None]:
    """A statement that the public's realm may not make, whatever it presents."""
    with (
        pytest.raises(ProgrammingError, match=why), transaction.atomic(), realms.inside(Realm.PUBLIC), shown(ticket)
    ):  # fmt: skip
        yield


@contextmanager
def shown(ticket: bytes) -> Iterator[None]:
    realms.present_ticket(ticket)
    yield


def addresses(case: Case) -> list[tuple[str, Any]]:
    voice = Voice.objects.get().pk
    return [
        *((view, case.pk) for view in OF_CASE), ("read", Said.objects.get().pk), ("voice", voice), ("take", voice)
    ]  # fmt: skip


@pytest.mark.parametrize("person", ["neighbour_caseworker", "neighbour_manager", "far_caseworker"])
def test_a_neighbours_page_and_an_absent_one_are_the_same_404(world: World, case: Case, person: str) -> None:
    client = world.client(person)
    for view, pk in addresses(case):
        foreign, absent = (client.post(reverse(f"journey:{view}", args=[key])) for key in (pk, uuid7()))
        assert (foreign.status_code, foreign.content) == (404, absent.content), view


@pytest.mark.parametrize("person", ["triage_officer", "hub_manager", "officer", "commissioning_officer", "analyst"])
def test_who_is_no_provider_opens_no_page_about_it(world: World, case: Case, person: str) -> None:
    for view, pk in addresses(case):
        assert world.client(person).post(reverse(f"journey:{view}", args=[pk])).status_code in (403, 404), view


@pytest.mark.parametrize("model", MODELS)
def test_the_database_shows_a_neighbour_nothing_and_the_hub_not_even_the_table(
    world: World, case: Case, model: Any
) -> None:
    with transaction.atomic(), inside(world, "neighbour_caseworker"):
        assert list(model.objects.all()) == []
    for person in ("triage_officer", "commissioning_officer", "officer"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), inside(world, person):
            model.objects.count()


def test_the_database_shows_a_complaint_to_the_manager_and_not_to_the_worker(world: World, case: Case) -> None:
    with transaction.atomic(), inside(world, "caseworker"):
        assert Voice.objects.count() == 0
    with transaction.atomic(), inside(world, "neighbour_manager"):
        assert Voice.objects.count() == 0
    with transaction.atomic(), inside(world, "service_manager"):
        assert Voice.objects.count() == 1


def test_the_public_reads_no_page_without_its_handle_and_no_case_at_all(world: World, case: Case) -> None:
    page, key = Page.objects.get(), Key.objects.get()
    with transaction.atomic(), realms.inside(Realm.PUBLIC):
        assert not Page.objects.exists() and not Key.objects.exists()
        realms.present_ticket(bytes(key.lookup))
        assert Key.objects.count() == 1 and not Page.objects.exists()
        realms.present_ticket(bytes(page.handle))
        assert Page.objects.count() == 1 and not Key.objects.exists()
    for model in (Case, ContactPoint, Said, Voice):
        with refused("permission denied"):
            list(model.objects.values_list("pk"))


def test_the_public_changes_of_a_page_when_it_was_opened_and_nothing_else(world: World, case: Case) -> None:
    page = Page.objects.get()
    for column in ("content", "state", "handle", "parts"):
        with refused("permission denied", bytes(page.handle)):
            Page.objects.update(**{column: getattr(page, column)})


def test_the_public_stops_ways_of_contact_of_the_page_that_is_open_and_of_nobody_else(world: World) -> None:
    mine, other = turned_on(world), case_of(world, source_ref="TEST-2")
    page = Page.objects.get()
    for handle, changed in ((uuid4().bytes, 0), (bytes(page.handle), 2)):
        with transaction.atomic(), realms.inside(Realm.PUBLIC), connection.cursor() as cursor:
            realms.present_ticket(handle)
            cursor.execute("SELECT * FROM journey_stop_using(%s)", [["phone", "email", "address"]])
            assert len(cursor.fetchall()) == changed
    assert points(mine) == {"no"} and points(other) == {"yes"}
    ContactPoint.objects.filter(person_id=mine.victim_id).update(safe="yes")
    Page.objects.update(state="OFF")
    with transaction.atomic(), realms.inside(Realm.PUBLIC), connection.cursor() as cursor:
        realms.present_ticket(bytes(page.handle))
        cursor.execute("SELECT * FROM journey_stop_using(%s)", [["phone"]])
        assert not cursor.fetchall()


def test_nothing_is_hung_on_a_page_that_is_not_open(world: World, case: Case) -> None:
    page = Page.objects.get()
    said = Said(page=page, case_id=case.pk, victim_id=case.victim_id, kind="words", words=b"", said_at=world.now)
    with refused("row-level security", uuid4().bytes):
        said.save(force_insert=True)


def test_a_restricted_record_is_closed_to_who_is_not_named_and_its_page_still_opens(world: World) -> None:
    case, client = opened(world)
    with transaction.atomic(), inside(world, "caseworker"):
        records.name(case.victim_id, world.people["caseworker"].pk, world.provider.pk, why="works on it")
        records.seal(case.victim_id)
    assert client.get("/page/now/").status_code == 200
    assert world.client("other_caseworker").get(reverse("journey:page", args=[case.pk])).status_code == 404
    with transaction.atomic(), inside(world, "other_caseworker"):
        assert Page.objects.count() == 0
    assert world.client("caseworker").get(reverse("journey:page", args=[case.pk])).status_code == 200


def test_worker_of_a_neighbour_cannot_reach_it_by_the_victims_own_words(world: World, case: Case) -> None:
    """A page says so little that whoever holds the words learns nothing of the case: not its service, nor its name."""
    neighbour = world.client("neighbour_caseworker")
    assert case.reference not in neighbour.get("/page/").content.decode()
