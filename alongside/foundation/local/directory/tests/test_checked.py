"""What nobody checked lately comes later, for the public and for whoever sends people on, and says so."""

from datetime import timedelta

import pytest

from alongside.foundation.local.directory import queries
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.rules import Seeker
from alongside.foundation.local.directory.tests.test_actions import made
from tests.world import World

pytestmark = pytest.mark.django_db
ANYONE = Seeker(council="E08000025")
CAUTION = "Nobody has checked this lately, so some of it may have changed"


@pytest.mark.parametrize("asked", [queries.services_for, queries.help_for])
def test_a_stale_entry_comes_after_a_fresh_one_and_says_so(world: World, asked: object) -> None:
    assert callable(asked)
    on, names = world.now.date(), ("Sample Ash Outreach", "Sample Birch Outreach")
    for name, days in zip(names, (400, 2), strict=True):
        pk = made(world, name=name, councils=("E08000025",), phone="01632 960 401").pk
        Service.objects.filter(pk=pk).update(checked_on=on - timedelta(days=days))
    fresh, stale = asked(ANYONE, on=on)
    assert [queries.whole([one])[0].service.name for one in (fresh, stale)] == [
        "Sample Birch Outreach",
        "Sample Ash Outreach",
    ]
    assert CAUTION in stale.notes
    assert CAUTION not in fresh.notes
