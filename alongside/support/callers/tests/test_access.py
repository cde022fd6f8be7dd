"""The hub alone takes down calls, and what was taken down is the hub's alone."""

import pytest

from alongside.support.callers.tests.calling import TYPED
from alongside.support.referrals.models import Referral
from tests.world import World

pytestmark = pytest.mark.django_db
PAGE = "/callers/take-down/"


@pytest.mark.parametrize("person", ["caseworker", "service_manager", "referrer", "commissioning_officer"])
def test_nobody_outside_the_hub_takes_down_a_call(world: World, person: str) -> None:
    assert world.client(person).get(PAGE).status_code == 403
    assert world.client(person).post(PAGE, TYPED).status_code == 403
    assert not Referral.objects.exists()


def test_a_provider_sees_nothing_of_a_call(world: World) -> None:
    world.client("triage_officer").post(PAGE, TYPED)
    found = Referral.objects.get()
    assert world.client("caseworker").get(f"/victims/{found.victim_id}/").status_code == 404
