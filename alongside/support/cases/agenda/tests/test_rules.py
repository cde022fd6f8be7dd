"""How pressing something due is, by the hour or by the day."""

from datetime import date, datetime, timedelta

import pytest

from alongside.core.clocks import LONDON, due
from alongside.support.cases.agenda.rules import Pressing, end_of, moment, pressing

NOW = datetime(2026, 3, 27, 15, 0, tzinfo=LONDON)  # a Friday; the clocks change on Sunday


@pytest.mark.parametrize(
    ("due_at", "all_day", "expected"),
    [
        (datetime(2026, 3, 27, 14, 0, tzinfo=LONDON), False, Pressing.LATE),
        (datetime(2026, 3, 27, 14, 0, tzinfo=LONDON), True, Pressing.TODAY),
        (datetime(2026, 3, 27, 16, 0, tzinfo=LONDON), False, Pressing.TODAY),
        (end_of(date(2026, 3, 26)), True, Pressing.LATE),
        (end_of(date(2026, 3, 27)), True, Pressing.TODAY),
        (end_of(date(2026, 3, 29)), True, Pressing.WEEK),
        (end_of(date(2026, 4, 2)), True, Pressing.WEEK),
        (end_of(date(2026, 4, 3)), True, Pressing.LATER),
    ],
)
def test_what_has_an_hour_is_late_from_the_hour_and_a_day_from_the_day_after(
    due_at: datetime, all_day: bool, expected: Pressing
) -> None:
    assert pressing(due_at, now=NOW, all_day=all_day) == expected


def test_the_last_moment_of_a_day_is_the_day() -> None:
    assert moment(date(2026, 3, 29)) == moment(due(date(2026, 3, 29), 0) - timedelta(days=1)) == (
        end_of(date(2026, 3, 29)), True,
    )  # fmt: skip
    assert moment(NOW) == (NOW, False)


def test_a_day_ends_in_london_whatever_the_clocks_do() -> None:
    assert end_of(date(2026, 3, 29)).isoformat() == "2026-03-29T23:59:59+01:00"
