"""The needs one by one on the provider's page of a case: for as long as the person agrees, and for that provider."""

from datetime import timedelta

import pytest
from django.utils import timezone

from alongside.core.models import Look
from alongside.support.arrivals.referrals import actions as referrals
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.referrals.tests.arrivals import at_work, service
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from alongside.support.desk.assessment import queries
from alongside.support.desk.assessment.tests.found import assessed
from alongside.support.people.victims import actions as victims
from alongside.support.people.victims.models import Agreement
from tests.world import World

pytestmark = pytest.mark.django_db


def supported(world: World, *, agreed: bool | None = True) -> Case:
    """A case of somebody whose needs the hub has asked about."""
    detail = assessed(world)
    with at_work(world, "triage_officer") as officer:
        referral = Referral.objects.get(pk=detail.referral_id)
        offer = referrals.offer(referral, by=officer, at=world.now, service=service(world), reasons=[], agreed=agreed)
    with at_work(world, "caseworker") as worker:
        return casework.accept(offer, by=worker, at=world.now)


def shown(world: World, case: Case, person: str = "caseworker") -> str:
    answer = world.client(person).get(f"/casework/cases/{case.pk}/")
    return str(answer.content.decode())


def test_the_provider_reads_each_need_with_how_much_and_in_whose_words(world: World) -> None:
    case = supported(world)
    page = shown(world, case)
    assert "Needs, as they told the hub" in page and "I cannot pay the rent" in page and ">Urgent" in page
    assert "Afraid of the dark" not in page and "Shook while talking" not in page, "only the needs are"
    assert "assessment" in Look.objects.filter(route="casework:show").latest("at").fields
    assert "Needs, as they told the hub" not in shown(world, case, "triage_officer")


def test_without_agreement_or_once_it_is_taken_back_it_is_not_shown(world: World) -> None:
    case = supported(world, agreed=None)
    assert "Needs, as they told the hub" not in shown(world, case)
    with at_work(world, "caseworker") as worker:
        given = victims.agree(case.victim, by=worker, at=timezone.now(), about="share", given=True,
                              with_organisation=world.provider.pk)  # fmt: skip
        assert queries.shared(case.referral, worker) is not None
        victims.withdraw(given, by=worker, at=timezone.now())
        assert queries.shared(case.referral, worker) is None
    assert "Needs, as they told the hub" not in shown(world, case)


def test_who_asked_us_to_stop_and_who_agreed_for_another_provider_shares_nothing(world: World) -> None:
    case = supported(world)
    Agreement.objects.filter(about="share").update(with_organisation=world.neighbour.pk)
    assert "Needs, as they told the hub" not in shown(world, case)
    Agreement.objects.filter(about="share").update(with_organisation=None)
    assert "Needs, as they told the hub" in shown(world, case)
    with at_work(world, "caseworker") as worker:
        victims.stop(case.victim, by=worker, at=world.now + timedelta(hours=1))
    assert "Needs, as they told the hub" not in shown(world, case)


def test_where_no_need_was_found_nothing_stands_there(world: World) -> None:
    detail = assessed(world, levels={"health": "none"}, words={})
    with at_work(world, "triage_officer") as officer:
        referral = Referral.objects.get(pk=detail.referral_id)
        offer = referrals.offer(referral, by=officer, at=world.now, service=service(world), reasons=[], agreed=True)
    with at_work(world, "caseworker") as worker:
        case = casework.accept(offer, by=worker, at=world.now)
    assert "Needs, as they told the hub" not in shown(world, case)
