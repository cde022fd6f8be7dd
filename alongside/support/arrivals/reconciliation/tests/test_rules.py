"""When a file is due, what is amiss, which days are shown, and sums in which every row ends."""

from datetime import UTC, date, datetime, time

import pytest

from alongside.support.arrivals.reconciliation.rules import LONGEST, Schedule, Tally, amiss, due_at, span

WEEKDAYS = Schedule([0, 1, 2, 3, 4], time(7, 30), 50)
TODAY = date(2026, 11, 21)


def test_a_file_is_due_on_its_days_at_its_hour_in_london() -> None:
    assert due_at(WEEKDAYS, date(2026, 11, 20)) == datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
    assert due_at(WEEKDAYS, date(2026, 7, 1)) == datetime(2026, 7, 1, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("schedule", "day"),
    [(WEEKDAYS, date(2026, 11, 21)), (WEEKDAYS, date(2026, 12, 25)), (Schedule([], None), date(2026, 11, 20))],
)
def test_nothing_is_due_on_other_days_nor_on_bank_holidays(schedule: Schedule, day: date) -> None:
    assert due_at(schedule, day) is None


@pytest.mark.parametrize(("files", "rows", "found"), [(0, 0, "missing"), (1, 49, "short"), (1, 50, ""), (2, 60, "")])
def test_what_is_amiss_with_what_came(files: int, rows: int, found: str) -> None:
    assert amiss(WEEKDAYS, files=files, rows=rows) == found


def test_without_a_least_number_any_file_will_do() -> None:
    assert amiss(Schedule([0], time(7)), files=1, rows=0) == ""


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        (None, None, (date(2026, 11, 8), TODAY)),
        (date(2026, 11, 20), None, (date(2026, 11, 20), TODAY)),
        (None, date(2027, 1, 1), (date(2026, 11, 8), TODAY)),
        (date(2026, 11, 20), date(2026, 11, 1), (date(2026, 11, 1), date(2026, 11, 1))),
    ],
)
def test_which_days_are_shown(since: date | None, until: date | None, days: tuple[date, date]) -> None:
    assert span(since, until, today=TODAY) == days


def test_no_more_days_are_shown_than_a_page_holds() -> None:
    first, last = span(date(2020, 1, 1), None, today=TODAY)
    assert (last - first).days == LONGEST - 1


def test_sums_add_up_or_say_by_how_much_they_do_not() -> None:
    one = Tally(files=1, received=10, accepted=6, duplicate=1, held=2, rejected=1, released=1, waiting=2, refused=4)
    assert (one.sent, one.unexplained, (one + one).received, (one + one).sent) == (14, 0, 20, 28)
    assert Tally(received=3, accepted=1, held=1).unexplained == 2
