"""Who may see what of an assessment: the hub all of it, who helps what was found, a neighbour nothing."""

import pytest
from django.db import ProgrammingError, transaction

from alongside.core.rows.realms import Realm, inside
from alongside.support.arrivals.referrals import actions as referrals
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.referrals.tests.arrivals import at_work, service, taken
from alongside.support.desk.assessment.models import Alarm, Decision, Detail, Review
from alongside.support.desk.assessment.tests.found import assessed
from tests.world import World

pytestmark = pytest.mark.django_db
HUB_ONLY = (Decision, Review, Alarm)


def supported(world: World) -> Detail:
    """An assessment of somebody whom the provider supports."""
    detail = assessed(world)
    with at_work(world, "triage_officer") as officer:
        referral = Referral.objects.get(pk=detail.referral_id)
        offer = referrals.offer(referral, by=officer, at=world.now, service=service(world), reasons=[])
    with at_work(world, "caseworker") as worker:
        referrals.accept(offer, by=worker, at=world.now)
    return detail


@pytest.mark.parametrize("page", ["assess/", "danger/", "assessments/", "rights/"])
def test_nobody_outside_the_hub_opens_its_pages(world: World, page: str) -> None:
    referral = supported(world).referral
    for person in ("caseworker", "neighbour_caseworker", "far_triage_officer", "referrer"):
        answer = world.client(person).get(f"/referrals/{referral.pk}/{page}")
        assert answer.status_code in (403, 404), person
        assert "Testina" not in answer.content.decode()


def test_a_provider_reads_what_was_found_and_never_why_rights_apply(world: World) -> None:
    supported(world)
    with transaction.atomic(), inside(Realm.PROVIDER, orgs=[world.provider.pk]):
        assert Detail.objects.count() == 1
    with transaction.atomic(), inside(Realm.PROVIDER, orgs=[world.neighbour.pk]):
        assert Detail.objects.count() == 0
    for model in HUB_ONLY:
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            inside(Realm.PROVIDER, orgs=[world.provider.pk]),
        ):
            model.objects.count()


def test_what_was_found_cannot_be_changed_by_the_hub(world: World) -> None:
    detail = assessed(world)
    with pytest.raises(ProgrammingError, match="permission denied"), at_work(world, "triage_officer"):
        Detail.objects.filter(pk=detail.pk).update(levels={})


def test_another_hub_sees_no_alarm(world: World) -> None:
    referral = taken(world)
    client = world.client("triage_officer")
    client.post(f"/referrals/{referral.pk}/danger/")
    alarm = Alarm.objects.get()
    far = world.client("far_triage_officer")
    assert "Testina" not in far.get("/referrals/danger/").content.decode()
    assert far.post(f"/referrals/danger/{alarm.pk}/take/").status_code == 404
