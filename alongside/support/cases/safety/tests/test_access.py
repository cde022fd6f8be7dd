"""A neighbour, the hub and the commissioner see nothing of a safety plan, by page or by table."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse

from alongside.core.ids import uuid7
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import inside
from alongside.support.cases.risk.tests.sittings import case_of
from alongside.support.cases.safety import actions
from alongside.support.cases.safety.models import Entry, Paper
from alongside.support.cases.safety.tests.test_actions import added
from tests.world import World

pytestmark = pytest.mark.django_db
OF_CASE, OF_ENTRY = ("plan", "history", "add", "review", "print_out"), ("revise", "mark", "take_out")


@pytest.fixture
def case(world: World) -> Case:
    case, at = case_of(world), world.now + timedelta(hours=2)
    actions.mark(added(world, case, at), by=world.actor("caseworker"), at=at, may_print=True, seen=1)
    actions.print_out(case, by=world.actor("caseworker"), at=at, home_shared="no", checked=True)
    return case


def addresses(case: Case) -> list[tuple[str, Any]]:
    return [
        *((view, case.pk) for view in OF_CASE), *((view, Entry.objects.get().pk) for view in OF_ENTRY),
        ("paper", Paper.objects.get().pk),
    ]  # fmt: skip


@pytest.mark.parametrize("person", ["neighbour_caseworker", "neighbour_manager", "far_caseworker"])
def test_a_neighbours_plan_and_an_absent_one_are_the_same_404(world: World, case: Case, person: str) -> None:
    client = world.client(person)
    for view, pk in addresses(case):
        for ask in (client.get, client.post):
            foreign, absent = (ask(reverse(f"safety:{view}", args=[key])) for key in (pk, uuid7()))
            assert (foreign.status_code, foreign.content) == (404, absent.content), view


@pytest.mark.parametrize("person", ["triage_officer", "hub_manager", "officer", "commissioning_officer", "analyst"])
def test_who_is_no_provider_opens_no_page(world: World, case: Case, person: str) -> None:
    for view, pk in addresses(case):
        assert world.client(person).post(reverse(f"safety:{view}", args=[pk])).status_code in (403, 404), view


@pytest.mark.parametrize("model", [Entry, Paper])
def test_the_database_shows_a_neighbour_nothing_and_the_hub_not_even_the_table(
    world: World, case: Case, model: Any
) -> None:
    with transaction.atomic(), inside(world, "neighbour_caseworker"):
        assert list(model.objects.all()) == []
    for person in ("triage_officer", "commissioning_officer", "officer"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), inside(world, person):
            model.objects.count()
