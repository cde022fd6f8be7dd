"""The clock that a row of the queue shows."""

from datetime import UTC, datetime, timedelta

import pytest

from alongside.support.referrals.models import Referral
from alongside.support.referrals.tests.arrivals import received
from alongside.support.triage import presenters
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("hours", "words"),
    [(0, "2 working days left"), (48, "Due today"), (72, "Late by 1 working day"), (120, "Late by 2 working days")],
)
def test_the_clock_speaks_in_working_days(world: World, hours: int, words: str) -> None:
    referral = received(world)
    clock = presenters.clock(referral, world.now + timedelta(hours=hours))
    assert clock
    assert clock.word == words


def test_a_clock_over_a_weekend_says_when_it_is_due() -> None:
    saturday, friday = datetime(2026, 9, 19, 10, tzinfo=UTC), datetime(2026, 9, 18, 23, tzinfo=UTC)
    due = Referral(state="RECEIVED", attempt_due_at=saturday + timedelta(days=2), offer_due_at=saturday)
    late = Referral(state="RECEIVED", attempt_due_at=friday - timedelta(hours=1), offer_due_at=saturday)
    assert [found.word for found in (presenters.clock(due, saturday), presenters.clock(late, friday)) if found] == [
        "Due next working day", "Late",
    ]  # fmt: skip
