"""Who works at an event makes a phone ready; the hub alone reads what was taken; a token sends and opens nothing."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import ProgrammingError, transaction

from alongside.core.rows.realms import Realm, inside, present_ticket
from alongside.support.desk.onthespot import actions, queries
from alongside.support.desk.onthespot.models import Entry, Occasion, Phone
from alongside.support.desk.onthespot.tests.spots import at_work, occasion, opened, phone, sent
from tests.world import World

pytestmark = pytest.mark.django_db
VERBS = ("", "set-aside/", "try-again/")


@pytest.fixture(autouse=True)
def _no_counts(db: None) -> None:
    cache.clear()


@pytest.mark.parametrize("realm", [Realm.PUBLIC, Realm.PROVIDER, Realm.REFERRER, Realm.COMMISSIONING])
def test_nobody_but_the_hub_reads_an_entry(world: World, realm: Realm) -> None:
    found = occasion(world)
    sent(phone(world, found), found)
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with refused, transaction.atomic(), inside(realm, orgs=[world.provider.pk]):
        Entry.objects.count()


def test_a_token_shows_its_own_phone_and_no_event(world: World) -> None:
    found = occasion(world)
    token = phone(world, found)
    phone(world, found)
    with transaction.atomic(), inside(Realm.PUBLIC):
        assert Phone.objects.count() == 0
        present_ticket(queries.lookup(token))
        assert Phone.objects.count() == 1
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Occasion.objects.count()


def test_the_public_leaves_no_entry_without_a_phone(world: World) -> None:
    found = occasion(world)
    phone(world, found)
    made = Entry(id=uuid4(), occasion=found, phone=Phone.objects.get(), hub_id=found.hub_id, envelope=b"x",
                 taken_at=world.now, arrived_at=world.now)  # fmt: skip
    refused = pytest.raises(ProgrammingError, match="row-level security")
    with refused, transaction.atomic(), inside(Realm.PUBLIC):
        made.save(force_insert=True)


def test_a_provider_sees_the_events_at_which_it_works_and_its_own_phones(world: World) -> None:
    found = occasion(world)
    phone(world, found)
    phone(world, found, "caseworker")
    for organisation, seen in ((world.provider, (1, 1)), (world.neighbour, (0, 0))):
        with transaction.atomic(), inside(Realm.PROVIDER, orgs=[organisation.pk]):
            assert (Occasion.objects.count(), Phone.objects.count()) == seen


@pytest.mark.parametrize(("model", "seen"), [(Occasion, [1, 0]), (Phone, [1, 0]), (Entry, [1, 0])])
def test_the_database_shows_a_hub_its_own_alone(world: World, model: Any, seen: list[int]) -> None:
    found = occasion(world)
    sent(phone(world, found), found)
    counted = []
    for hub in (world.hub, world.far_hub):
        with transaction.atomic(), inside(Realm.HUB, orgs=[hub.pk]):
            counted.append(model._default_manager.count())
    assert counted == seen


def test_who_does_not_work_there_finds_no_such_event(world: World) -> None:
    found = occasion(world)
    for person in ("neighbour_caseworker", "far_triage_officer", "far_caseworker"):
        client = world.client(person)
        assert client.post(f"/on-the-spot/{found.pk}/phone/").status_code == 404
        assert "City against United" not in client.get("/on-the-spot/").content.decode()
    assert world.client("referrer").post(f"/on-the-spot/{found.pk}/phone/").status_code == 404
    assert world.client("commissioning_officer").get("/on-the-spot/").status_code == 403


def test_a_caseworker_makes_a_phone_ready_and_reads_no_figures_of_the_event(world: World) -> None:
    found, client = occasion(world), world.client("caseworker")
    assert "City against United" in client.get("/on-the-spot/").content.decode()
    assert client.post(f"/on-the-spot/{found.pk}/phone/").status_code == 200
    assert {client.get(where).status_code for where in ("/events/", "/events/set-up/")} == {403}
    assert client.get(f"/events/{found.pk}/").status_code == 403


def test_another_hubs_entry_is_as_if_it_were_not_there(world: World) -> None:
    found = occasion(world)
    entry = opened(sent(phone(world, found), found, {}))
    client = world.client("far_triage_officer")
    assert {client.post(f"/events/entries/{entry.pk}/{verb}").status_code for verb in VERBS} == {404}
    assert client.get(f"/events/{found.pk}/").status_code == 404


def test_a_triage_officer_reads_events_and_sets_none_up(world: World) -> None:
    found, client = occasion(world), world.client("triage_officer")
    phone(world, found)
    assert client.get(f"/events/{found.pk}/").status_code == client.get("/events/").status_code == 200
    assert client.get(f"/events/{found.pk}/change/").status_code == 403
    assert client.post(f"/events/phones/{Phone.objects.get().pk}/stop/").status_code == 403


HONOUR = {"happened": "family_pressure", "given_name": "Canaryford"}


def entries(world: World, person: str) -> int:
    """How many entries somebody sees, by either lock alone."""
    with at_work(world, person) as by:
        by_row = Entry.objects.count()
        assert by_row == Entry.objects.visible_to(by).count(), "the two locks differ"
    return by_row


@pytest.mark.parametrize("text", [None, "it was a forced marriage, no form"])
def test_what_is_held_of_a_restricted_kind_is_for_those_whom_the_rule_names(world: World, text: str | None) -> None:
    found = occasion(world)
    entry = opened(sent(phone(world, found), found, HONOUR, text=text))
    assert entry.guarded and entry.state == "QUARANTINED"
    assert [entries(world, person) for person in ("triage_officer", "hub_manager", "privacy_officer")] == [0, 1, 1]
    client = world.client("triage_officer")
    assert {client.post(f"/events/entries/{entry.pk}/{verb}").status_code for verb in VERBS} == {404}
    page = client.get(f"/events/{found.pk}/").text
    assert str(entry.pk) not in page and "wait for named people" in page
    assert str(entry.pk) in world.client("hub_manager").get(f"/events/{found.pk}/").text
    assert "wait for named people" not in world.client("hub_manager").get(f"/events/{found.pk}/").text


def test_trying_it_again_opens_it_to_nobody_else_and_settling_it_does(world: World) -> None:
    found = occasion(world)
    entry = opened(sent(phone(world, found), found, HONOUR))
    with at_work(world, "hub_manager") as by:
        actions.try_again(entry, by=by, at=world.now)
    assert entries(world, "triage_officer") == 0
    opened(entry.pk)
    with at_work(world, "hub_manager") as by:
        actions.set_aside(entry, by=by, at=world.now)
    assert entries(world, "triage_officer") == 1


def test_what_is_held_of_another_kind_is_open_to_the_hub(world: World) -> None:
    found = occasion(world)
    assert not opened(sent(phone(world, found), found, {"happened": "attacked"})).guarded
    assert not opened(sent(phone(world, found), found, text="[]")).guarded
    assert entries(world, "triage_officer") == 2
