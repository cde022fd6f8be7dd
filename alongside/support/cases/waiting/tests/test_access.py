"""Who sees a list and who waits on it: its provider's people. No neighbour, no hub, by no page and no query."""

from typing import Any

import pytest
from django.db import Error, ProgrammingError, connection, transaction

from alongside.core.models import Look
from alongside.core.rows.realms import Realm, inside
from alongside.support.arrivals.referrals.tests.arrivals import at_work
from alongside.support.cases.waiting import queries
from alongside.support.cases.waiting.models import Entry, Place, PositionRule, WaitingList
from alongside.support.cases.waiting.rules import Weights
from alongside.support.cases.waiting.tests.lists import a_list, day, joined, offered
from tests.world import World

pytestmark = pytest.mark.django_db
OTHERS = ("neighbour_caseworker", "neighbour_manager", "far_caseworker")
NOBODYS = ("triage_officer", "hub_manager", "referrer", "commissioning_officer", "office_administrator")


def seen(world: World, person: str) -> list[int]:
    """How many a person sees with both locks, and with the database's alone."""
    with at_work(world, person) as by:
        models: tuple[Any, ...] = (WaitingList, PositionRule, Entry, Place)
        return [number for one in models for number in (one.objects.visible_to(by).count(), one.objects.count())]


def test_a_providers_people_see_its_lists_and_a_neighbour_nothing(world: World) -> None:
    offered(world, joined(world, a_list(world)))
    for person in ("caseworker", "other_caseworker", "service_manager"):
        assert seen(world, person) == [1] * 8, person
    for person in OTHERS:
        assert seen(world, person) == [0] * 8, person


@pytest.mark.parametrize("person", ["triage_officer", "referrer", "commissioning_officer"])
def test_no_other_realm_may_ask_these_tables(world: World, person: str) -> None:
    joined(world, a_list(world))
    for model in (WaitingList, Entry, Place):
        with pytest.raises(ProgrammingError, match="permission denied"), at_work(world, person):
            list(model._default_manager.all()[:1])


def test_pages_of_a_list_and_of_who_waits_are_not_there_for_others(world: World) -> None:
    held = a_list(world)
    one = joined(world, held)
    addresses = [f"/waiting/lists/{held.pk}/", f"/waiting/lists/{held.pk}/order/", f"/waiting/cases/{one.case_id}/",
                 f"/waiting/people/{one.pk}/offer/"]  # fmt: skip
    for address in addresses:
        for person in OTHERS:
            assert world.client(person).get(address).status_code == 404, (person, address)
        for person in NOBODYS:
            assert world.client(person).get(address).status_code in (403, 404), (person, address)


def test_a_caseworker_works_from_a_list_and_sets_none_up(world: World) -> None:
    held = a_list(world)
    client = world.client("caseworker")
    for place in ("order", "revise", "close", "reopen"):
        assert client.post(f"/waiting/lists/{held.pk}/{place}/").status_code == 403, place
    assert client.get("/waiting/set-up/").status_code == 403
    assert client.post(f"/waiting/lists/{held.pk}/download/").status_code == 403


def test_nobody_hangs_a_place_on_anothers_case_or_a_list_on_another_provider(world: World) -> None:
    one = joined(world, a_list(world))
    theirs = a_list(world, "neighbour_manager")
    said = {"victim_id": one.victim_id, "joined_on": day(world), "added_at": world.now, "review_due_on": day(world),
            "contact_due_on": day(world), "need": "soon"}  # fmt: skip
    with pytest.raises(Error), transaction.atomic(), inside(Realm.PROVIDER, orgs=[world.neighbour.pk]):
        Entry.objects.create(list=theirs, case_id=one.case_id, **said)
    with pytest.raises(Error), transaction.atomic(), inside(Realm.PROVIDER, orgs=[world.neighbour.pk]):
        WaitingList.objects.create(
            provider=world.provider, service=one.list.service, modality="isva", review_weeks=1, contact_weeks=1,
            answer_days=1, declines_talk=1, made_at=world.now,
        )  # fmt: skip


def test_an_order_is_told_to_its_own_provider_alone(world: World) -> None:
    held = a_list(world)
    joined(world, held)
    for person, count in (("caseworker", 1), ("neighbour_caseworker", 0)):
        with at_work(world, person):
            assert len(queries.order(held, Weights(1, 1, 1, 1), day(world, 1))) == count
    with (
        pytest.raises(ProgrammingError, match="not for this role"), at_work(world, "triage_officer"),
        connection.cursor() as cursor,
    ):  # fmt: skip
        cursor.execute("SELECT * FROM waiting_standing(%s)", [held.pk])


def test_a_position_counts_those_whose_records_are_closed_to_the_reader(world: World) -> None:
    held = a_list(world)
    first, second = joined(world, held, need="urgent"), joined(world, held, need="steady")
    with transaction.atomic(), inside(
        Realm.PROVIDER, orgs=[world.provider.pk], closed=[first.victim_id]
    ):  # fmt: skip
        by, rule = world.actor("caseworker"), queries.rule_on(held, day(world, 1))
        found = queries.found(held, rule, asked={}, by=by, skip="", today=day(world, 1))
    assert [(line.entry.pk, line.stand.position) for line in found.lines] == [(second.pk, 2)]
    assert found.count == 2, "how many wait is true for everybody"


def test_whoever_reads_a_list_is_in_the_log_with_whom_it_showed(world: World) -> None:
    held = a_list(world)
    one = joined(world, held)
    world.client("caseworker").get(f"/waiting/lists/{held.pk}/")
    look = Look.objects.get(route="waiting:show")
    assert (look.subjects, look.fields) == ([one.victim_id], "name")
    world.client("service_manager").post(f"/waiting/lists/{held.pk}/download/")
    assert Look.objects.get(route="waiting:download").fields == "file"
