"""A call that somebody asked for is the hub's of their area to know, and nobody else's."""

import pytest
from django.core.cache import cache
from django.db import ProgrammingError

from alongside.support.arrivals.callbacks.models import CallBack
from alongside.support.arrivals.callbacks.tests.asking import sent
from alongside.support.arrivals.referrals.tests.arrivals import at_work
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_counts(db: None) -> None:
    cache.clear()


@pytest.mark.parametrize(("person", "seen"), [("triage_officer", 1), ("hub_manager", 1), ("far_triage_officer", 0)])
def test_a_hub_sees_the_calls_of_its_own_people_alone(world: World, person: str, seen: int) -> None:
    sent()
    with at_work(world, person) as by:
        assert CallBack.objects.visible_to(by).count() == seen
        assert CallBack.objects.count() == seen, "the second lock"


def test_another_hub_reads_nothing_of_it(world: World) -> None:
    _, referral = sent()
    far = world.client("far_triage_officer")
    assert referral.reference not in far.get("/referrals/?view=call_backs").content.decode()
    assert far.get(f"/referrals/{referral.pk}/").status_code == 404


@pytest.mark.parametrize("person", ["caseworker", "referrer", "board_member"])
def test_nobody_but_a_hub_may_ask_for_calls(world: World, person: str) -> None:
    sent()
    with pytest.raises(ProgrammingError, match="permission denied"), at_work(world, person):
        CallBack.objects.count()
