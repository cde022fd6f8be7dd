"""Who may bring a caseload along, and who sees nothing of it: neighbours, the hub, the provider's own workers."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse

from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.organisations.models import Membership
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import inside
from alongside.support.cases.imports import actions, queries
from alongside.support.cases.imports.models import Batch, Origin, Row, Understood
from alongside.support.cases.imports.tests.sheets import brought, mapped, row, states
from alongside.support.people.matching.models import Profile
from alongside.support.people.victims.models import Victim
from tests.world import World

pytestmark = pytest.mark.django_db
OF_BATCH = ("show", "choose_sheet", "map_columns", "say_words", "problems", "bring_in", "stop", "try_again", "undo",
            "throw_away")  # fmt: skip
OF_ROW = ("mend", "say_apart", "leave_out", "take_in_again")


def addresses(batch: Batch) -> list[tuple[str, Any]]:
    return [*((view, batch.pk) for view in OF_BATCH), *((view, row(batch, 6).pk) for view in OF_ROW)]


@pytest.mark.parametrize("person", ["neighbour_manager", "far_caseworker", "hub_manager", "officer"])
def test_anothers_file_and_an_absent_one_are_the_same(world: World, person: str) -> None:
    batch, client = brought(world), world.client(person)
    for view, pk in addresses(batch):
        for ask in (client.get, client.post):
            foreign, absent = (ask(reverse(f"imports:{view}", args=[key])) for key in (pk, uuid7()))
            assert foreign.status_code in (404, 405) and foreign.content == absent.content, view


def test_a_caseworker_brings_nothing_along(world: World) -> None:
    batch = mapped(world)
    for sender, refused in (("service_manager", 404), ("caseworker", 403)):
        Batch.objects.filter(pk=batch.pk).update(uploaded_by=world.people[sender].pk)
        for view, pk in addresses(batch):
            answer = world.client("caseworker").post(reverse(f"imports:{view}", args=[pk]))
            assert answer.status_code == refused, (sender, view)
    for view in ("imports", "upload", "guide"):
        assert world.client("caseworker").get(reverse(f"imports:{view}")).status_code == 403


@pytest.mark.parametrize("model", [Batch, Row, Understood, Origin])
def test_the_database_shows_a_neighbour_nothing_and_the_hub_not_even_the_table(world: World, model: Any) -> None:
    brought(world)
    assert model.objects.exists()
    with transaction.atomic(), inside(world, "neighbour_manager"):
        assert list(model.objects.all()) == []
    for person in ("hub_manager", "commissioning_officer", "officer"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), inside(world, person):
            list(model.objects.all())


def test_who_is_brought_along_is_seen_by_their_provider_alone(world: World) -> None:
    brought(world)
    for model in (Victim, Referral, Case):
        for person in ("hub_manager", "triage_officer", "neighbour_manager", "far_triage_officer"):
            with transaction.atomic(), inside(world, person):
                assert not model.objects.exists(), (model, person)
        with transaction.atomic(), inside(world, "caseworker"):
            assert model.objects.count() == 2
    with transaction.atomic(), inside(world, "hub_manager"):
        assert not Profile.objects.exists()


def test_the_first_lock_alone_hides_a_file_from_a_neighbour(world: World) -> None:
    batch = brought(world)
    theirs, ours = world.actor("neighbour_manager"), world.actor("service_manager")
    for model in (Batch, Row, Understood, Origin):
        assert not model.objects.visible_to(theirs).exists() and model.objects.visible_to(ours).exists()
    assert queries.origins([bytes(Origin.objects.earliest("pk").lookup)], theirs) == {}
    assert states(batch)


def test_a_file_is_for_whoever_sent_it_in_and_for_managers(world: World) -> None:
    """Both locks: a colleague sees nothing of it, even one who may bring a caseload along too."""
    sender, colleague, manager = (
        replace(world.actor(person), permissions=world.actor(person).permissions | {P.CASE_IMPORT})
        for person in ("caseworker", "other_caseworker", "service_manager")
    )
    batch = mapped(world)
    Batch.objects.filter(pk=batch.pk).update(uploaded_by=sender.user_id)
    for model in (Batch, Row):
        assert model.objects.visible_to(sender).exists() and model.objects.visible_to(manager).exists()
        assert not model.objects.visible_to(colleague).exists()
        for person, sees in (("caseworker", True), ("service_manager", True), ("other_caseworker", False)):
            with transaction.atomic(), inside(world, person):
                assert model.objects.exists() is sees, (model, person)
    with pytest.raises(RuleBroken, match="erased"), transaction.atomic(), inside(world, "other_caseworker"):
        actions.throw_away(batch, by=colleague, at=world.now)


def test_whoever_manages_no_more_keeps_what_they_sent_in_and_no_other_file(world: World) -> None:
    mine, others = mapped(world), mapped(world)
    Batch.objects.filter(pk=others.pk).update(uploaded_by=world.actor("caseworker").user_id)
    Membership.objects.filter(user=world.people["service_manager"]).update(role="caseworker")
    with transaction.atomic(), inside(world, "service_manager"):
        assert list(Batch.objects.values_list("pk", flat=True)) == [mine.pk]


def test_a_neighbours_preview_says_nothing_of_whom_we_know(world: World) -> None:
    brought(world)
    theirs = mapped(world, person="neighbour_manager", words={"crime_type": {"da": "domestic_abuse"}})
    page = world.client("neighbour_manager").get(reverse("imports:show", args=[theirs.pk])).content.decode()
    assert (
        "perhaps" not in page.lower().split("<main")[1].split("filters")[0]
        and "already here" not in page.split("<table")[1]
    )
