"""Who may see the queue."""

import pytest

from alongside.support.arrivals.referrals.tests.arrivals import received
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("person", ["caseworker", "referrer", "analyst"])
def test_the_queue_is_for_the_hub(world: World, person: str) -> None:
    assert world.client(person).get("/referrals/").status_code == 403


def test_the_queue_shows_one_hub_only(world: World) -> None:
    received(world)
    assert b"Sampleford" in world.client("triage_officer").get("/referrals/").content
    assert b"Sampleford" not in world.client("far_triage_officer").get("/referrals/").content
