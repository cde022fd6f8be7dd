"""Who may call: the hub of the area, by the permission of triage; and only oneself sees what one recorded last."""

import pytest

from alongside.support.arrivals.referrals.tests.arrivals import at_work, taken
from alongside.support.desk.calls import actions
from alongside.support.desk.calls.models import Last
from tests.world import World

pytestmark = pytest.mark.django_db
PAGES = ("call/outcome/", "call/step/speaking/")


@pytest.mark.parametrize(
    ("person", "status"),
    [("triage_officer", 200), ("hub_manager", 200), ("far_triage_officer", 404), ("caseworker", 404),
     ("board_member", 404)],
)  # fmt: skip
def test_calls_are_the_hubs_own(world: World, person: str, status: int) -> None:
    referral = taken(world)
    found = {world.client(person).get(f"/referrals/{referral.pk}/{page}").status_code for page in PAGES}
    assert found == {status}


def test_only_oneself_sees_what_one_recorded_last(world: World) -> None:
    referral = taken(world)
    with at_work(world, "triage_officer") as by:
        actions.record(referral, by=by, at=world.now, result="no_answer")
        assert Last.objects.visible_to(by).count() == Last.objects.count() == 1
    for other in ("other_triage_officer", "hub_manager", "far_triage_officer"):
        with at_work(world, other) as by:
            assert Last.objects.visible_to(by).count() == Last.objects.count() == 0
