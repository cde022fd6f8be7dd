"""A neighbour, the hub and the commissioner see nothing of how a case ended."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse

from alongside.core.ids import uuid7
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted, inside
from alongside.support.cases.closing import actions
from alongside.support.cases.closing.actions import Told
from alongside.support.cases.closing.models import Ending
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(world: World) -> Case:
    case, at = accepted(world), world.now + timedelta(hours=2)
    told = Told(unmeasured_why="not_wanted", said="All of it", knows_how="yes")
    with transaction.atomic(), inside(world, "caseworker"):
        actions.close(case, by=world.actor("caseworker"), at=at, reason="victim_stopped", told=told)
    return case


@pytest.mark.parametrize("person", ["neighbour_caseworker", "neighbour_manager", "far_caseworker"])
def test_a_neighbours_closing_and_an_absent_one_are_the_same_404(world: World, case: Case, person: str) -> None:
    client = world.client(person)
    for ask in (client.get, client.post):
        foreign, absent = (ask(reverse("closing:close", args=[key])) for key in (case.pk, uuid7()))
        assert (foreign.status_code, foreign.content) == (404, absent.content)


@pytest.mark.parametrize("person", ["triage_officer", "hub_manager", "commissioning_officer", "analyst"])
def test_who_is_no_provider_closes_nothing(world: World, case: Case, person: str) -> None:
    assert world.client(person).post(reverse("closing:close", args=[case.pk])).status_code in (403, 404)


def test_the_database_shows_a_neighbour_nothing_and_the_hub_not_even_the_table(world: World, case: Case) -> None:
    with transaction.atomic(), inside(world, "neighbour_caseworker"):
        assert list(Ending.objects.all()) == []
    for person in ("triage_officer", "commissioning_officer", "officer"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), inside(world, person):
            Ending.objects.count()
