"""A neighbour, the hub, the police and the commissioner see nothing of a risk, by page or by table."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse

from alongside.core.ids import uuid7
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import inside
from alongside.support.cases.risk import wording
from alongside.support.cases.risk.models import Alert, Draft, Sitting
from alongside.support.cases.risk.tests.sittings import DA, begun, case_of, finished
from tests.world import World

pytestmark = pytest.mark.django_db
OF_CASE, OF_SITTING, OF_ALERT = (
    ("history", "begin", "compare"),
    ("show", "sit", "finish", "throw_away"),
    ("see", "see_answer", "answer"),
)


@pytest.fixture
def case(world: World) -> Case:
    case, at = case_of(world), world.now + timedelta(hours=2)
    finished(world, case, 15, at)
    begun(world, case, at + timedelta(days=1))
    return case


def addresses(case: Case) -> list[tuple[str, Any]]:
    sittings = Sitting.objects.filter(case=case)
    return [
        *((view, case.pk) for view in OF_CASE), *((view, one.pk) for view in OF_SITTING for one in sittings),
        *((view, Alert.objects.get().pk) for view in OF_ALERT),
    ]  # fmt: skip


@pytest.mark.parametrize("person", ["neighbour_caseworker", "neighbour_manager", "far_caseworker"])
def test_a_neighbours_risk_and_an_absent_one_are_the_same_404(world: World, case: Case, person: str) -> None:
    client = world.client(person)
    for view, pk in addresses(case):
        for ask in (client.get, client.post):
            foreign, absent = (ask(reverse(f"risk:{view}", args=[key])) for key in (pk, uuid7()))
            if absent.status_code == 404:
                assert (foreign.status_code, foreign.content) == (404, absent.content), view
            else:
                assert foreign.status_code == absent.status_code, view
    assert case.reference not in world.client("neighbour_manager").get(reverse("risk:alerts")).content.decode()


@pytest.mark.parametrize("person", ["triage_officer", "hub_manager", "officer", "commissioning_officer", "analyst"])
def test_who_is_no_provider_opens_no_page(world: World, case: Case, person: str) -> None:
    for view, pk in addresses(case):
        assert world.client(person).post(reverse(f"risk:{view}", args=[pk])).status_code in (403, 404, 405), view
    assert world.client(person).get(reverse("risk:alerts")).status_code == 403


@pytest.mark.parametrize("model", [Sitting, Alert])
def test_the_database_shows_a_neighbour_nothing_and_the_hub_not_even_the_table(
    world: World, case: Case, model: Any
) -> None:
    with transaction.atomic(), inside(world, "neighbour_caseworker"):
        assert list(model.objects.all()) == []
    for person in ("triage_officer", "commissioning_officer", "officer"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), inside(world, person):
            model.objects.count()


def test_a_caseworker_has_no_list_of_what_rose_and_may_not_mark_it_seen(world: World, case: Case) -> None:
    client, alert = world.client("caseworker"), Alert.objects.get()
    assert client.get(reverse("risk:alerts")).status_code == 403
    for view in ("see", "see_answer"):
        assert client.post(reverse(f"risk:{view}", args=[alert.pk])).status_code == 403


def test_another_offices_draft_is_not_found(world: World) -> None:
    held = wording.begin(DA, by=world.actor("hub_manager"), at=world.now)
    for person, status in (("office_administrator", 404), ("caseworker", 403), ("hub_manager", 200)):
        found = world.client(person).get(reverse("risk:draft", args=[held.pk])).status_code
        assert found == status or (status == 403 and found == 404), person
    with transaction.atomic(), inside(world, "office_administrator"):
        assert list(Draft.objects.all()) == []
