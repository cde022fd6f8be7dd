"""Who sees a transfer: a neighbour nothing, the receiver the summary and no more, and nothing after declining."""

from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse

from alongside.core.ids import uuid7
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import inside
from alongside.support.cases.transfers import actions
from alongside.support.cases.transfers.models import Pack, Transfer
from alongside.support.cases.transfers.tests.handing import HOUR, agreed, offered, taken_up, worked_on
from alongside.support.people.victims.models import Victim
from tests.world import World

pytestmark = pytest.mark.django_db
THEIRS, ITS_OWN = ("show", "accept", "decline"), ("offer", "sent", "start_from")


@pytest.fixture
def case(world: World) -> Case:
    return worked_on(world)


@pytest.fixture
def transfer(world: World, case: Case) -> Transfer:
    agreed(world, case)
    return offered(world, case)


def seen(world: World, person: str) -> list[int]:
    """What of it a person's database role shows: the summary, what goes along, the person, the referral, the case."""
    with transaction.atomic(), inside(world, person):
        return [model._default_manager.count() for model in (Transfer, Pack, Victim, Referral, Case)]


def addresses(case: Case, transfer: Transfer) -> list[tuple[str, Any]]:
    of_transfer = [(view, transfer.pk) for view in (*THEIRS, "take_back")]
    return [*of_transfer, *((view, case.pk) for view in ITS_OWN)]


@pytest.mark.parametrize("person", ["far_caseworker"])
def test_somebody_elses_transfer_and_an_absent_one_are_the_same_404(
    world: World, case: Case, transfer: Transfer, person: str
) -> None:
    client = world.client(person)
    for view, pk in addresses(case, transfer):
        for ask in (client.get, client.post):
            foreign, absent = (ask(reverse(f"transfers:{view}", args=[key])) for key in (pk, uuid7()))
            assert (foreign.status_code, foreign.content) == (absent.status_code, absent.content), view
            assert foreign.status_code in (404, 405), view
    assert seen(world, person) == [0, 0, 0, 0, 0]


@pytest.mark.parametrize("person", ["triage_officer", "hub_manager", "commissioning_officer", "analyst"])
def test_who_is_no_provider_opens_no_page_and_no_table(
    world: World, case: Case, transfer: Transfer, person: str
) -> None:
    for view, pk in addresses(case, transfer):
        assert world.client(person).post(reverse(f"transfers:{view}", args=[pk])).status_code in (403, 404), view
    for model in (Transfer, Pack):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), inside(world, person):
            model._default_manager.count()


def test_the_receiver_sees_the_summary_and_nothing_else_until_it_accepts(
    world: World, case: Case, transfer: Transfer
) -> None:
    assert seen(world, "neighbour_caseworker") == [1, 0, 0, 0, 0]
    client = world.client("neighbour_caseworker")
    for page in (reverse("transfers:incoming"), reverse("transfers:show", args=[transfer.pk])):
        text = client.get(page).content.decode()
        assert "Burglary" in text
        for secret in ("Sampleford", "07700", "Testina", "cellar", "rent", case.reference):
            assert secret not in text, (page, secret)
    for view in ("offer", "sent"):
        assert client.get(reverse(f"transfers:{view}", args=[case.pk])).status_code == 404
    assert client.post(reverse("transfers:take_back", args=[transfer.pk])).status_code == 404
    assert client.get(reverse("casework:show", args=[case.pk])).status_code == 404


def test_the_receiver_sees_nothing_after_declining(world: World, case: Case, transfer: Transfer) -> None:
    with transaction.atomic(), inside(world, "neighbour_caseworker"):
        actions.decline(transfer, by=world.actor("neighbour_caseworker"), at=world.now + 5 * HOUR,
                        reason="no_capacity")  # fmt: skip
    assert seen(world, "neighbour_caseworker") == [0, 0, 0, 0, 0]
    client = world.client("neighbour_caseworker")
    for view in THEIRS:
        assert client.post(reverse(f"transfers:{view}", args=[transfer.pk])).status_code == 404


def test_after_acceptance_each_sees_its_own_case_and_the_hub_both_shells(
    world: World, case: Case, transfer: Transfer
) -> None:
    taken_up(world, transfer)
    for person in ("caseworker", "neighbour_caseworker"):
        assert seen(world, person) == [1, 1, 1, 1, 1], person
    assert seen(world, "far_caseworker") == [0, 0, 0, 0, 0]
    with transaction.atomic(), inside(world, "triage_officer"):
        assert Case.objects.count() == 2
    text = world.client("triage_officer").get(reverse("casework:show", args=[case.pk])).content.decode()
    assert "Transferred to another service" in text


def test_the_sender_does_not_answer_its_own_transfer(world: World, case: Case, transfer: Transfer) -> None:
    client = world.client("caseworker")
    for view in THEIRS:
        assert client.post(reverse(f"transfers:{view}", args=[transfer.pk])).status_code == 404
