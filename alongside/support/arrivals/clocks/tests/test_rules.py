"""Working days that count, over bank holidays, weekends, pauses and the days on which the clocks change."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.core import clocks
from alongside.core.errors import RuleBroken
from alongside.support.arrivals.clocks import rules
from alongside.support.arrivals.clocks.rules import ANSWER, ATTEMPT, Line, Stop

CLOCKS = frozenset({ATTEMPT})
DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))
LENGTHS = st.integers(0, 12)


def stop(since: date, until: date) -> Stop:
    return Stop(since, until, CLOCKS)


STOPS = st.lists(
    st.tuples(DAYS, st.integers(1, 28)).map(lambda pair: stop(pair[0], pair[0] + timedelta(days=pair[1]))), max_size=4
)


def due_day(start: date, days: int, *stops: Stop) -> date:
    return clocks.london_date(rules.due(start, days, stops, ATTEMPT))


@given(DAYS, LENGTHS)
def test_without_a_pause_it_is_the_clock_that_all_others_use(start: date, days: int) -> None:
    assert rules.due(start, days) == clocks.due(start, days)


@given(DAYS, LENGTHS, STOPS)
def test_a_pause_makes_nothing_due_sooner_and_the_last_day_is_one_that_counts(
    start: date, days: int, stops: list[Stop]
) -> None:
    due = rules.due(start, days, stops, ATTEMPT)
    day = clocks.london_date(due)
    assert due >= clocks.due(start, days)
    assert clocks.is_working_day(day) and not any(one.holds(ATTEMPT, day) for one in stops)


@given(DAYS, st.integers(1, 12), STOPS)
def test_so_many_working_days_count_as_the_rulebook_says(start: date, days: int, stops: list[Stop]) -> None:
    first, last = clocks.day_zero(start), due_day(start, days, *stops)
    between = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
    counted = [
        day for day in between if clocks.is_working_day(day) and not any(one.holds(ATTEMPT, day) for one in stops)
    ]
    assert len(counted) == days


@given(DAYS, LENGTHS, STOPS, STOPS)
def test_another_pause_never_makes_it_due_sooner(start: date, days: int, some: list[Stop], more: list[Stop]) -> None:
    assert rules.due(start, days, [*some, *more], ATTEMPT) >= rules.due(start, days, some, ATTEMPT)


@given(DAYS, LENGTHS, STOPS)
def test_a_pause_of_another_clock_changes_nothing(start: date, days: int, stops: list[Stop]) -> None:
    assert rules.due(start, days, stops, ANSWER) == clocks.due(start, days)


@given(DAYS, LENGTHS)
def test_a_pause_that_begins_after_it_was_due_changes_nothing(start: date, days: int) -> None:
    after = clocks.london_date(clocks.due(start, days)) + timedelta(days=1)
    assert rules.due(start, days, [stop(after, after + timedelta(days=28))], ATTEMPT) == clocks.due(start, days)


@pytest.mark.parametrize(
    ("since", "until", "due"),
    [
        (date(2026, 9, 12), date(2026, 9, 14), date(2026, 9, 15)),  # over a weekend alone
        (date(2026, 9, 11), date(2026, 9, 15), date(2026, 9, 16)),  # from a Friday over the weekend to a Tuesday
        (date(2026, 9, 14), date(2026, 9, 18), date(2026, 9, 21)),  # the first counted days
        (date(2026, 9, 15), date(2026, 9, 16), date(2026, 9, 16)),
    ],
)
def test_pauses_across_a_weekend(since: date, until: date, due: date) -> None:
    friday = date(2026, 9, 11)
    assert due_day(friday, 2, stop(since, until)) == due


def test_bank_holidays_in_a_pause_are_not_taken_out_twice() -> None:
    before_christmas = date(2026, 12, 23)
    assert due_day(before_christmas, 2) == date(2026, 12, 29)
    assert due_day(before_christmas, 2, stop(date(2026, 12, 25), date(2026, 12, 29))) == date(2026, 12, 29)
    assert due_day(before_christmas, 2, stop(date(2026, 12, 24), date(2026, 12, 29))) == date(2026, 12, 30)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 27), 1), (date(2026, 10, 23), 0)])
def test_it_is_due_at_midnight_in_london_whichever_way_the_clocks_went(day: date, hours: int) -> None:
    due = rules.due(day, 1, [stop(day + timedelta(days=3), day + timedelta(days=4))], ATTEMPT)
    assert due.astimezone(clocks.LONDON).time() == time.max and due.utcoffset() == timedelta(hours=hours)


def test_nothing_is_due_before_it_starts() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        rules.due(date(2026, 9, 14), -1)


def test_a_pause_of_day_nought_moves_a_clock_of_no_days() -> None:
    monday = date(2026, 9, 14)
    assert due_day(monday, 0, stop(monday, monday + timedelta(days=1))) == date(2026, 9, 15)


MONDAY = date(2026, 9, 14)


@pytest.mark.parametrize(
    ("state", "days", "stops", "words"),
    [
        ("ACCEPTED", 3, [], "no longer with the hub"), ("RECEIVED", 0, [], "a day to come"),
        ("RECEIVED", 15, [], "28 September 2026 at the latest"),
        ("IN_TRIAGE", 3, [stop(MONDAY, MONDAY + timedelta(days=1))], "already"),
    ],
)  # fmt: skip
def test_what_may_not_be_paused(state: str, days: int, stops: list[Stop], words: str) -> None:
    with pytest.raises(RuleBroken, match=words):
        rules.check_pause(state, until=MONDAY + timedelta(days=days), today=MONDAY, longest=14, stops=stops)


@pytest.mark.parametrize(("ended", "days"), [(True, 3), (False, 0)])
def test_what_runs_is_not_resumed(ended: bool, days: int) -> None:
    with pytest.raises(RuleBroken, match="run again already"):
        rules.check_resume(until=MONDAY + timedelta(days=days), ended=ended, today=MONDAY)


NOON = datetime(2026, 9, 14, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "words", "colour"),
    [
        (Line(ATTEMPT, clocks.due(MONDAY, 0), NOON), "Done in time", "green"),
        (Line(ATTEMPT, NOON - timedelta(hours=1), NOON), "Done late", "orange"),
        (Line(ATTEMPT, clocks.due(MONDAY, 0)), "Due today", "orange"),
        (Line(ATTEMPT, clocks.due(date(2026, 9, 10), 1)), "Late by 1 working day", "red"),
        (Line(ATTEMPT, clocks.due(MONDAY, 3), stop=stop(MONDAY, date(2026, 9, 16))),
         "Paused, runs again on 16 September 2026", "grey"),
    ],
)  # fmt: skip
def test_a_clock_is_said_in_words_beside_its_colour(line: Line, words: str, colour: str) -> None:
    assert rules.said(line, NOON) == (words, colour)


def test_the_hour_is_said_where_there_is_one() -> None:
    assert rules.by_when(Line(ATTEMPT, clocks.due(MONDAY, 2))) == "due 16 September 2026"
    assert rules.by_when(Line("next_attempt", NOON)) == "due 14 September 2026 at 1pm"
