"""Sums of freshness: how a service stands, which reminder has come, whose connection it is."""

from datetime import date, timedelta

import pytest

from alongside.foundation.local.freshness import rules
from alongside.foundation.local.freshness.rules import Step

DAY = date(2026, 3, 1)
STEPS = [Step("early", -14), Step("late", 7)]


@pytest.mark.parametrize(
    ("ago", "stands"), [(0, "current"), (75, "current"), (76, "due"), (90, "due"), (91, "overdue"), (4000, "overdue")]
)
def test_a_service_stands_by_the_days_since_it_was_checked(ago: int, stands: str) -> None:
    assert rules.standing(DAY - timedelta(days=ago), on=DAY, lasts=90, ahead=14) == stands


def test_one_that_nobody_checked_was_never_checked() -> None:
    assert rules.standing(None, on=DAY, lasts=90, ahead=14) == "never"


def test_a_step_before_is_counted_backwards() -> None:
    assert rules.step("early", 14, "before") == STEPS[0]
    assert rules.step("late", 7, "after") == STEPS[1]


@pytest.mark.parametrize(("after", "come"), [(-15, None), (-14, "early"), (6, "early"), (7, "late"), (400, "late")])
def test_of_the_reminders_that_have_come_the_last_is_enough(after: int, come: str | None) -> None:
    found = rules.step_now(DAY, STEPS, DAY + timedelta(days=after))
    assert (found.code if found else None) == come
