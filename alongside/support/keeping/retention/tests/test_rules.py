"""When a record's time is over, worked out by hand."""

from datetime import date
from uuid import UUID

import pytest

from alongside.support.keeping.retention.rules import Keep, Life, end_of, months_after

KEEPS = {
    "no_take_up": Keep(6, "weeks", "no_take_up@1"),
    "not_reached": Keep(6, "months", "not_reached@1"),
    "support": Keep(6, "years", "support@1"),
    "support_child": Keep(7, "years", "support_child@1"),
    "held_row": Keep(90, "days", "held_row@1"),
}
CAME, LAST = date(2026, 1, 5), date(2026, 8, 31)


def life(*closed_as: str, supported: bool = False, born: date | None = None, age: int | None = None) -> Life:
    return Life(UUID(int=1), 1, LAST, CAME, supported, frozenset(closed_as), born, age)


def test_times_are_counted_by_the_calendar() -> None:
    assert KEEPS["held_row"].after(date(2026, 1, 1)) == date(2026, 4, 1)
    assert KEEPS["no_take_up"].after(date(2026, 1, 1)) == date(2026, 2, 12)
    assert KEEPS["not_reached"].after(LAST) == date(2027, 2, 28)
    assert KEEPS["support"].after(date(2024, 2, 29)) == date(2030, 2, 28)
    assert months_after(date(2026, 12, 15), 1) == date(2027, 1, 15)


@pytest.mark.parametrize("keep", [Keep(0, "years", "x@1"), Keep(-1, "days", "x@1"), Keep(3, "moons", "x@1")])
def test_a_rule_that_makes_no_sense_erases_nothing(keep: Keep) -> None:
    with pytest.raises(ValueError, match="x@1"):
        keep.after(LAST)


@pytest.mark.parametrize(
    ("lived", "code", "on"),
    [
        (life("no_take_up"), "no_take_up", date(2026, 10, 12)),
        (life("not_reached"), "not_reached", date(2027, 2, 28)),
        (life("no_take_up", "not_reached"), "not_reached", date(2027, 2, 28)),
        (life("no_take_up", "support"), "support", date(2032, 8, 31)),
        (life("no_take_up", supported=True), "support", date(2032, 8, 31)),
        (life(), "support", date(2032, 8, 31)),
        (life("no_take_up", born=date(2015, 5, 1)), "no_take_up", date(2026, 10, 12)),
        (life(supported=True, born=date(2015, 5, 1)), "support_child", date(2040, 5, 1)),
        (life(supported=True, born=date(2008, 2, 1)), "support_child", date(2033, 8, 31)),
        (life(supported=True, age=16), "support_child", date(2035, 1, 5)),
        (life(supported=True, age=18), "support", date(2032, 8, 31)),
        (life(supported=True, born=date(1990, 1, 1), age=36), "support", date(2032, 8, 31)),
    ],
)
def test_the_longest_of_its_classes_keeps_a_record(lived: Life, code: str, on: date) -> None:
    end = end_of(lived, KEEPS)
    assert (end.code, end.on, end.ref) == (code, on, f"{code}@1")
