"""Who sees a case: its provider all of it, the hub its shell, the neighbour nothing, the commissioner no table."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import ProgrammingError, models, transaction
from django.urls import reverse

from alongside.core.ids import uuid7
from alongside.core.rows import realms
from alongside.core.rows.realms import Realm
from alongside.support.arrivals.referrals.models import Offer, Referral
from alongside.support.cases.casework import actions
from alongside.support.cases.casework.models import Case, Contact, Need, Step
from alongside.support.cases.casework.tests.cases import accepted, inside, offered
from alongside.support.cases.casework.tests.test_actions import reach, sit
from alongside.support.cases.outcomes.models import Assessment
from alongside.support.people.victims.models import Victim
from tests.world import World

INSIDE: tuple[type[models.Model], ...] = (Contact, Need, Step, Assessment)
OF_CASE = ("show", "contacts", "record_contact", "plan", "find_need", "outcomes", "assess",
           "looks", "assign", "cover", "reopen", "correct_closing")  # fmt: skip
POSTED = ("take", "reveal", "print_out")


@pytest.fixture
def case(world: World) -> Case:
    """A case with a row in every table of it."""
    case, by = accepted(world), world.actor("caseworker")
    reach(world, case)
    need = actions.find_need(case, by=by, at=world.now, code="money", goal="Pay the rent")
    actions.add_step(need, by=by, at=world.now, what="Ring the bank", who="worker")
    sit(world, case, "first")
    return case


def rows_of(case: Case) -> list[tuple[str, UUID]]:
    """Every address about the case and its rows."""
    need, step = Need.objects.get(case=case), Step.objects.get(case=case)
    found = [(view, case.pk) for view in (*OF_CASE, *POSTED)]
    found += [(view, need.pk) for view in ("revise_need", "settle_need", "add_step")]
    return [*found, ("revise_step", step.pk), ("finish_step", step.pk)]


@pytest.mark.parametrize(
    "person", ["neighbour_caseworker", "neighbour_manager", "far_caseworker", "far_triage_officer"]
)
def test_a_neighbours_case_and_an_absent_one_are_the_same_404(world: World, case: Case, person: str) -> None:
    client = world.client(person)
    for view, pk in rows_of(case):
        for ask in (client.get, client.post):
            foreign, absent = (ask(reverse(f"casework:{view}", args=[key])) for key in (pk, uuid7()))
            assert (foreign.status_code, foreign.content) == (404, absent.content), view
            assert foreign.headers.items() == absent.headers.items()


def test_an_offer_to_another_provider_is_the_same_404(world: World) -> None:
    offer, client = offered(world), world.client("neighbour_caseworker")
    for view in ("offer", "accept", "decline"):
        foreign, absent = (client.post(reverse(f"casework:{view}", args=[key])) for key in (offer.pk, uuid7()))
        assert (foreign.status_code, foreign.content) == (404, absent.content)
    assert "Burglary" not in client.get(reverse("casework:offers")).content.decode()


def test_a_neighbours_lists_and_searches_are_empty(world: World, case: Case) -> None:
    client = world.client("neighbour_caseworker")
    for query in ({"whose": "", "state": "all"}, {"q": "Sampleford"}, {"q": case.reference}):
        for found in (
            client.get(reverse("casework:caseload"), query),
            client.post(reverse("casework:search"), query, follow=True),
        ):
            assert "Testina" not in found.content.decode()


@pytest.mark.parametrize("model", [Case, Referral, Victim, Offer, *INSIDE])
@pytest.mark.parametrize("person", ["neighbour_caseworker", "far_caseworker"])
def test_the_database_shows_a_neighbour_nothing_even_without_the_first_lock(
    world: World, case: Case, person: str, model: Any
) -> None:
    with transaction.atomic(), inside(world, person):
        assert list(model.objects.all()) == []
    with transaction.atomic(), inside(world, "caseworker"):
        assert model.objects.count() == 1


@pytest.mark.parametrize("model", INSIDE)
def test_the_hub_may_not_even_ask_for_what_is_inside(world: World, case: Case, model: Any) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        inside(world, "triage_officer"),
    ):
        model.objects.count()


def test_the_hub_sees_the_shell_and_nothing_inside_it(world: World, case: Case) -> None:
    client = world.client("triage_officer")
    text = client.get(reverse("casework:show", args=[case.pk])).content.decode()
    assert "Sample Support" in text
    for secret in ("Pay the rent", "Ring the bank", "Testa Caseworker"):
        assert secret not in text
    listed = client.get(reverse("casework:caseload")).content.decode()
    assert "Sampleford" in listed
    assert "Lantern Sample Charity" in listed


def test_the_hub_may_read_and_not_work(world: World, case: Case) -> None:
    client = world.client("hub_manager")
    for view, pk in rows_of(case):
        if view != "show":
            assert client.post(reverse(f"casework:{view}", args=[pk])).status_code in (403, 404), view
    with pytest.raises(ProgrammingError), transaction.atomic(), inside(world, "hub_manager"):
        Case.objects.filter(pk=case.pk).update(worker=None)


@pytest.mark.parametrize("model", [Case, *INSIDE])
@pytest.mark.parametrize("realm", [Realm.COMMISSIONING, Realm.PUBLIC, Realm.REFERRER, Realm.AUTH])
def test_other_realms_are_refused_by_the_database(world: World, case: Case, model: Any, realm: Realm) -> None:
    everybody = [world.provider.pk, world.hub.pk, world.body.pk]
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with refused, transaction.atomic(), realms.inside(realm, orgs=everybody):
        model.objects.count()


@pytest.mark.parametrize("person", ["commissioning_officer", "analyst", "board_member", "referrer"])
def test_a_commissioner_or_referrer_is_refused_the_pages(world: World, case: Case, person: str) -> None:
    client = world.client(person)
    for view, pk in rows_of(case):
        assert client.get(reverse(f"casework:{view}", args=[pk])).status_code == 404, view
    assert client.get(reverse("casework:caseload")).status_code == 403
    assert client.get(reverse("casework:offers")).status_code == 403


def test_a_provider_that_declined_sees_nothing_of_it_again(world: World) -> None:
    offer = offered(world)
    with transaction.atomic(), inside(world, "caseworker"):
        actions.decline(offer, by=world.actor("caseworker"), at=world.now, reason="no_capacity")
    with transaction.atomic(), inside(world, "caseworker"):
        for model in (Offer, Referral, Victim, Case):
            assert model.objects.count() == 0


def test_the_provider_sees_a_closed_case_still(world: World, case: Case) -> None:
    with transaction.atomic(), inside(world, "caseworker"):
        actions.close(
            case, by=world.actor("caseworker"), at=world.now, reason="moved_away", unmeasured_why="lost_contact"
        )
    page = world.client("caseworker").get(reverse("casework:plan", args=[case.pk]))
    assert "Pay the rent" in page.content.decode()


def test_nothing_is_written_for_a_case_of_another(world: World, case: Case) -> None:
    verbs: tuple[Callable[[], Any], ...] = (
        lambda: actions.find_need(case, by=world.actor("neighbour_caseworker"), at=world.now, code="money"),
        lambda: actions.find_need(case, by=world.actor("neighbour_caseworker"), at=world.now, code="health"),
    )
    for verb in verbs:
        refused = pytest.raises((ProgrammingError, Case.DoesNotExist))
        with refused, transaction.atomic(), inside(world, "neighbour_caseworker"):
            verb()
    assert Need.objects.count() == 1


def test_a_provider_corrects_whom_it_supports_and_nobody_it_was_only_offered(world: World) -> None:
    client, offer = world.client("caseworker"), offered(world)
    address = reverse("victims:correct", args=[offer.victim_id])
    given = {"given_name": "Testina", "family_name": "Fakename", "interpreter": "no", "location_protected": "no",
             "reason": "told_us", "seen": "1"}  # fmt: skip
    assert client.post(address, given).status_code == 404
    with transaction.atomic(), inside(world, "caseworker"):
        actions.accept(offer, by=world.actor("caseworker"), at=world.now)
    assert client.post(address, given).status_code == 302
    hub, own = (world.client(who).get(reverse("victims:show", args=[offer.victim_id])).content.decode()
                for who in ("triage_officer", "caseworker"))  # fmt: skip
    assert "was: Sampleford" in hub and "Lantern Sample Charity" in hub
    assert "Testina Fakename" in own and "Sampleford" not in own
