"""When a call that was asked for is made: first, again, and when it is late."""

from datetime import date, datetime, time

import pytest

from alongside.core.clocks import LONDON
from alongside.support.arrivals.callbacks import rules
from alongside.support.arrivals.callbacks.rules import Asked
from alongside.support.arrivals.referrals.rules import Window

MONDAY, TUESDAY, FRIDAY, NEXT_MONDAY = date(2026, 9, 14), date(2026, 9, 15), date(2026, 9, 18), date(2026, 9, 21)
OFFERED = ("13:00-15:00", "09:00-11:00")


def at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=LONDON)


def window(day: date, starts: str, ends: str) -> Window:
    return Window(at(day, starts), at(day, ends))


def first(wanted: Asked, now: datetime) -> Window:
    return rules.first_window(wanted, rules.open_hours(wanted, OFFERED), now)


def test_what_an_event_carries_is_read_again() -> None:
    assert rules.asked({"day": "", "hours": "", "never": []}) == Asked()
    said = {"day": "2026-09-14", "hours": "13:00-15:00", "never": [1, 4]}
    assert rules.asked(said) == Asked(MONDAY, "13:00-15:00", (1, 4))


@pytest.mark.parametrize(
    ("wanted", "now", "found"),
    [
        (Asked(), at(MONDAY, "08:00"), window(MONDAY, "09:00", "11:00")),
        (Asked(), at(MONDAY, "11:30"), window(MONDAY, "13:00", "15:00")),
        (Asked(), at(MONDAY, "16:00"), window(TUESDAY, "09:00", "11:00")),
        (Asked(), at(FRIDAY, "16:00"), window(NEXT_MONDAY, "09:00", "11:00")),
        (Asked(hours="13:00-15:00"), at(MONDAY, "08:00"), window(MONDAY, "13:00", "15:00")),
        (Asked(day=FRIDAY), at(MONDAY, "16:00"), window(FRIDAY, "09:00", "11:00")),
        (Asked(day=MONDAY), at(TUESDAY, "08:00"), window(TUESDAY, "09:00", "11:00")),
        (Asked(never=(0, 1, 2, 3)), at(MONDAY, "08:00"), window(FRIDAY, "09:00", "11:00")),
        (Asked(never=(0,), hours="09:00-11:00"), at(FRIDAY, "12:00"), window(date(2026, 9, 22), "09:00", "11:00")),
    ],
)
def test_the_first_hours_that_fit_are_found(wanted: Asked, now: datetime, found: Window) -> None:
    assert first(wanted, now) == found


def test_hours_that_were_missed_are_offered_again_on_the_next_day_that_is_safe() -> None:
    missed, one = window(MONDAY, "13:00", "15:00"), (rules.hours_of("13:00-15:00"),)
    again = rules.next_window(missed, (1,), one, at(MONDAY, "15:05"))
    assert again == window(date(2026, 9, 16), "13:00", "15:00")


def test_any_time_goes_on_to_the_next_hours_of_the_same_day() -> None:
    hours = rules.open_hours(Asked(), OFFERED)
    again = rules.next_window(window(MONDAY, "09:00", "11:00"), (), hours, at(MONDAY, "11:01"))
    assert again == window(MONDAY, "13:00", "15:00")


def test_nothing_is_offered_in_the_past_where_the_machine_stood_still() -> None:
    one = (rules.hours_of("13:00-15:00"),)
    again = rules.next_window(window(MONDAY, "13:00", "15:00"), (), one, at(FRIDAY, "16:00"))
    assert again == window(NEXT_MONDAY, "13:00", "15:00")


def test_whoever_closes_every_day_is_refused() -> None:
    with pytest.raises(ValueError, match="no hours"):
        first(Asked(never=(0, 1, 2, 3, 4)), at(MONDAY, "08:00"))


def test_a_call_is_late_past_the_hours_that_were_chosen_or_by_the_clock() -> None:
    now = at(MONDAY, "08:00")
    chosen, anytime = Asked(hours="13:00-15:00"), Asked()
    assert rules.due(chosen, first(chosen, now), now, 1) == at(MONDAY, "15:00")
    assert rules.due(anytime, first(anytime, now), now, 1) == datetime.combine(TUESDAY, time.max, tzinfo=LONDON)
