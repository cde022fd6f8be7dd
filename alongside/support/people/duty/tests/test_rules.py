"""Who is down for a day, and whose turn it is."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from alongside.support.people.duty import rules
from alongside.support.people.duty.rules import Down

ANNA, BO, CY = (UUID(int=number) for number in (1, 2, 3))
MONDAY = date(2026, 9, 14)
FRIDAY, SATURDAY, SUNDAY = (MONDAY + timedelta(days=days) for days in (4, 5, 6))
LONG_AGO = date(2026, 1, 1)


def down(user: UUID, weekday: int | None = None, day: date | None = None, **words: date) -> Down:
    return Down(user, weekday, day, words.get("since", LONG_AGO), words.get("until"))


def test_a_day_comes_before_its_weekday() -> None:
    rota = [down(ANNA, 0), down(BO, day=MONDAY), down(CY, 4)]
    found = [rules.down_for(rota, day) for day in (MONDAY, MONDAY + timedelta(days=7), MONDAY + timedelta(days=1))]
    assert [one and one.user_id for one in found] == [BO, ANNA, None]


@pytest.mark.parametrize(
    ("row", "holds"),
    [
        (down(ANNA, 0), True),
        (down(ANNA, 1), False),
        (down(ANNA, 0, since=MONDAY), True),
        (down(ANNA, 0, since=MONDAY + timedelta(days=1)), False),
        (down(ANNA, 0, until=MONDAY), False),
        (down(ANNA, 0, until=MONDAY + timedelta(days=1)), True),
        (down(ANNA, day=MONDAY), True),
        (down(ANNA, day=MONDAY, until=MONDAY), False),
    ],
)
def test_a_row_holds_from_its_first_day_until_before_its_end(row: Down, holds: bool) -> None:
    assert row.holds(MONDAY) is holds


def test_a_weekend_keeps_fridays_unless_somebody_is_down_for_it() -> None:
    rota = [down(ANNA, 4), down(BO, 6)]
    found = [rules.down_for(rota, day) for day in (FRIDAY, SATURDAY, SUNDAY)]
    assert [one and one.user_id for one in found] == [ANNA, ANNA, BO]


def test_a_bank_holiday_is_covered_by_the_working_day_before() -> None:
    found = rules.down_for([down(ANNA, 4)], date(2026, 5, 25))
    assert found and found.user_id == ANNA


def test_a_single_closed_day_does_not_carry_onto_the_next_closed_day() -> None:
    rota = [down(ANNA, 4), down(BO, day=SATURDAY)]
    found = [rules.down_for(rota, day) for day in (SATURDAY, SUNDAY)]
    assert [one and one.user_id for one in found] == [BO, ANNA]


def test_easter_is_covered_by_whoever_had_the_thursday() -> None:
    thursday = date(2026, 4, 2)
    rota = [down(ANNA, 3), down(BO, day=thursday)]
    found = [rules.down_for(rota, thursday + timedelta(days=days)) for days in range(5)]
    assert [one and one.user_id for one in found] == [BO] * 5


def test_officers_take_turns_and_the_weekend_keeps_fridays() -> None:
    week = [rules.in_turn(("a", "b", "c"), MONDAY + timedelta(days=days)) for days in range(4)]
    assert set(week[:3]) == {"a", "b", "c"}
    assert week[3] == week[0]
    assert rules.in_turn(("a", "b"), SATURDAY) == rules.in_turn(("a", "b"), FRIDAY)
    assert rules.in_turn((), MONDAY) is None


def test_a_newcomer_is_settled_after_some_days() -> None:
    assert not rules.settled(MONDAY, MONDAY + timedelta(days=13), days=14)
    assert rules.settled(MONDAY, MONDAY + timedelta(days=14), days=14)
