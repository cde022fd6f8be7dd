"""Who sees a referral: the hub, the provider it was offered to as far as it goes, and nobody else."""

import pytest
from django.db import ProgrammingError

from alongside.core.models import Look
from alongside.support.arrivals.referrals import actions
from alongside.support.arrivals.referrals.models import Attempt, Offer, Referral
from alongside.support.arrivals.referrals.tests.arrivals import at_work, offered, received, taken
from alongside.support.people.victims.models import Victim
from tests.world import World

pytestmark = pytest.mark.django_db


def seen(world: World, person: str) -> tuple[int, int, int]:
    """How many offers, referrals and victims the database shows to a person."""
    with at_work(world, person):
        return Offer.objects.count(), Referral.objects.count(), Victim.objects.count()


def test_a_provider_sees_a_summary_before_it_accepts_and_the_whole_after(world: World) -> None:
    offer = offered(world)
    assert seen(world, "caseworker") == (1, 0, 0)
    with at_work(world, "caseworker") as caseworker:
        actions.accept(offer, by=caseworker, at=world.now)
    assert seen(world, "caseworker") == (1, 1, 1)
    assert seen(world, "neighbour_caseworker") == seen(world, "far_triage_officer") == (0, 0, 0)


def test_a_summary_names_nobody(world: World) -> None:
    offer = offered(world)
    words = " ".join(str(value) for value in vars(offer).values())
    assert "Sampleford" not in words
    assert (offer.age_band, offer.crime_type, offer.council) == ("35_to_44", "burglary", "E08000025")


def test_a_provider_sees_nothing_after_declining(world: World) -> None:
    offer = offered(world)
    with at_work(world, "caseworker") as caseworker:
        actions.decline(offer, by=caseworker, at=world.now, reason="no_capacity")
    assert seen(world, "caseworker") == (0, 0, 0)
    assert seen(world, "triage_officer") == (1, 1, 1)


def test_a_provider_sees_nothing_after_a_call_back(world: World) -> None:
    offer = offered(world)
    with at_work(world, "triage_officer") as officer:
        actions.call_back(offer, by=officer, at=world.now)
    assert seen(world, "caseworker") == (0, 0, 0)


@pytest.mark.parametrize("person", ["commissioning_officer", "analyst", "board_member"])
@pytest.mark.parametrize("model", [Referral, Offer, Attempt, Victim])
def test_the_commissioning_role_is_refused_by_the_database(world: World, person: str, model: type[Referral]) -> None:
    received(world)
    with pytest.raises(ProgrammingError, match="permission denied"), at_work(world, person):
        model.objects.count()


@pytest.mark.parametrize("person", ["far_triage_officer"])
@pytest.mark.parametrize("page", ["", "reveal/", "record-attempt/", "assess/", "offer/", "close/"])
def test_another_hub_gets_the_404_of_a_referral_that_never_was(world: World, person: str, page: str) -> None:
    referral = taken(world)
    client = world.client(person)
    foreign = client.get(f"/referrals/{referral.pk}/{page}")
    absent = client.get(f"/referrals/{referral.victim_id}/{page}")
    assert (foreign.status_code, absent.status_code) == (404, 404)
    assert foreign.content == absent.content


def test_a_provider_gets_404_for_the_hubs_page_before_and_403_after_accepting(world: World) -> None:
    offer = offered(world)
    assert world.client("caseworker").get(f"/referrals/{offer.referral_id}/").status_code == 404
    with at_work(world, "caseworker") as caseworker:
        actions.accept(offer, by=caseworker, at=world.now)
    assert world.client("caseworker").get(f"/referrals/{offer.referral_id}/").status_code == 403
    assert world.client("neighbour_caseworker").get(f"/referrals/{offer.referral_id}/").status_code == 404


@pytest.mark.parametrize("person", ["caseworker", "service_manager"])
def test_a_provider_that_accepted_does_not_open_the_hubs_numbers(world: World, person: str) -> None:
    offer = offered(world)
    with at_work(world, "caseworker") as caseworker:
        actions.accept(offer, by=caseworker, at=world.now)
    for ask in (world.client(person).get, world.client(person).post):
        answer = ask(f"/referrals/{offer.referral_id}/reveal/")
        assert answer.status_code == 403
        assert "07700" not in answer.content.decode()
    assert not Look.objects.filter(route="referrals:reveal").exists()


@pytest.mark.parametrize("verb", ["take", "take-over", "reveal"])
def test_another_hub_presses_no_button(world: World, verb: str) -> None:
    referral = received(world)
    assert world.client("far_triage_officer").post(f"/referrals/{referral.pk}/{verb}/").status_code == 404
    referral.refresh_from_db()
    assert referral.worker is None


def test_an_offer_of_another_hub_cannot_be_called_back(world: World) -> None:
    offer = offered(world)
    assert world.client("far_triage_officer").get(f"/referrals/offers/{offer.pk}/call-back/").status_code == 404
    assert world.client("caseworker").get(f"/referrals/offers/{offer.pk}/call-back/").status_code == 403
