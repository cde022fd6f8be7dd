"""Times through changes of the clocks, series, clashes, and what several missed ones lead to."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest

from alongside.core.errors import RuleBroken
from alongside.support.cases.appointments import rules
from alongside.support.cases.appointments.rules import Repeat, Span, Step, Taken

FIRST = date(2027, 1, 31)
NOW = datetime(2026, 9, 14, 10, 0, tzinfo=UTC)


def test_a_time_of_the_hour_that_comes_twice_is_the_first_and_its_length_is_real() -> None:
    found = rules.span(date(2026, 10, 25), time(1, 30), 90)
    assert found.starts.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert found.ends.astimezone(UTC) - found.starts.astimezone(UTC) == timedelta(minutes=90)
    assert found.ends.astimezone(UTC) == datetime(2026, 10, 25, 2, 0, tzinfo=UTC)


def test_a_time_of_the_hour_that_does_not_come_is_refused() -> None:
    with pytest.raises(RuleBroken, match="this time does not exist"):
        rules.span(date(2027, 3, 28), time(1, 30), 30)
    assert rules.span(date(2027, 3, 28), time(2, 0), 30).starts.utcoffset() == timedelta(hours=1)


def test_a_weekly_series_across_march_keeps_its_hour_of_the_day() -> None:
    days = rules.days(date(2027, 3, 22), Repeat("weekly", times=3), longest=52)
    spans = [rules.span(day, time(10), 50) for day in days]
    assert [span.starts.astimezone(UTC).hour for span in spans] == [10, 9, 9]
    assert {span.starts.time() for span in spans} == {time(10)}


@pytest.mark.parametrize(
    ("repeat", "found"),
    [
        (None, [FIRST]),
        (Repeat("weekly", times=2), [FIRST, date(2027, 2, 7)]),
        (Repeat("fortnightly", until=date(2027, 2, 28)), [FIRST, date(2027, 2, 14), date(2027, 2, 28)]),
        (Repeat("monthly", times=3), [FIRST, date(2027, 2, 28), date(2027, 3, 31)]),
        (Repeat("monthly", times=2, until=date(2030, 1, 1)), [FIRST, date(2027, 2, 28)]),
    ],
)
def test_a_series_has_its_days(repeat: Repeat | None, found: list[date]) -> None:
    assert list(rules.days(FIRST, repeat, longest=52)) == found


def test_a_monthly_series_goes_on_into_the_next_year() -> None:
    assert rules.days(date(2026, 12, 15), Repeat("monthly", times=2), longest=52)[1] == date(2027, 1, 15)


@pytest.mark.parametrize(
    ("repeat", "says"),
    [
        (Repeat("weekly"), "how many times"),
        (Repeat("weekly", until=FIRST), "after the first"),
        (Repeat("weekly", times=5), "at most 4"),
        (Repeat("weekly", until=date(2029, 1, 1)), "at most 4"),
    ],
)
def test_a_series_without_an_end_or_too_long_is_refused(repeat: Repeat, says: str) -> None:
    with pytest.raises(RuleBroken, match=says):
        rules.days(FIRST, repeat, longest=4)


def test_bank_holidays_of_a_series_are_named() -> None:
    days = (date(2026, 12, 18), date(2026, 12, 25), date(2027, 1, 1))
    assert rules.bank_holidays(days) == days[1:]


@pytest.mark.parametrize("minutes", [0, -1, 721])
def test_a_length_that_cannot_be_is_refused(minutes: int) -> None:
    with pytest.raises(RuleBroken, match="minutes"):
        rules.check_length(minutes)
    rules.check_length(1)


def test_what_has_passed_or_is_years_away_is_not_planned() -> None:
    past, far = Span(NOW - timedelta(hours=2), NOW), Span(NOW + timedelta(days=11), NOW + timedelta(days=12))
    with pytest.raises(RuleBroken, match="passed"):
        rules.check_ahead(past, at=NOW, ahead=10)
    with pytest.raises(RuleBroken, match="Check the year") as broken:
        rules.check_ahead(far, at=NOW, ahead=10, field="until")
    assert broken.value.field == "until"
    rules.check_ahead(far, at=NOW, ahead=11)


def test_a_clash_is_what_overlaps_and_not_what_follows() -> None:
    hour = timedelta(hours=1)
    taken = [Taken(NOW, NOW + hour, "call"), Taken(NOW + hour, NOW + 2 * hour, "visit")]
    assert rules.clashes([Span(NOW - hour, NOW)], taken) == ()
    assert rules.clashes([Span(NOW + hour / 2, NOW + hour)], taken) == (taken[0],)
    both = rules.clashes([Span(NOW, NOW + 2 * hour)], taken)
    assert "and 1 other" in rules.clash_words(both, "Testa")
    assert rules.clash_words(both[:1], "Testa").startswith("Testa already has something on 14 September 2026, 11am")


def test_what_happened_was_at_its_time_or_just_now() -> None:
    assert rules.happened_at(NOW - timedelta(hours=1), NOW, early=60) == NOW - timedelta(hours=1)
    assert rules.happened_at(NOW + timedelta(minutes=30), NOW, early=60) == NOW
    with pytest.raises(RuleBroken, match="still to come"):
        rules.happened_at(NOW + timedelta(minutes=61), NOW, early=60)


def test_whoever_recorded_it_takes_it_back_for_some_minutes() -> None:
    one, other = uuid4(), uuid4()
    asked: dict[str, Any] = {"settled_at": NOW, "settled_by": one, "minutes": 10}
    assert rules.may_take_back(**asked, by=one, at=NOW + timedelta(minutes=10))
    assert not rules.may_take_back(**asked, by=other, at=NOW)
    assert not rules.may_take_back(**asked, by=one, at=NOW + timedelta(minutes=11))


def test_those_in_a_row_are_counted_to_the_last_that_happened() -> None:
    latest = [("MISSED", True), ("CANCELLED", False), ("MISSED", True), ("HELD", False), ("MISSED", True)]
    assert rules.in_a_row(latest) == 2
    assert rules.in_a_row([]) == 0


def test_the_step_is_the_furthest_that_is_reached() -> None:
    steps = [Step(1, "one", ""), Step(3, "three", "")]
    found = [rules.step(missed, steps) for missed in (0, 1, 2, 3, 9)]
    assert [one.title if one else "" for one in found] == ["", "one", "one", "three", "three"]


def test_working_days_are_counted_back_over_weekends_and_holidays() -> None:
    assert rules.working_days_before(date(2026, 12, 29), 2) == date(2026, 12, 23)
    assert rules.working_days_before(date(2026, 12, 29), 0) == date(2026, 12, 29)


def test_a_week_is_from_monday_to_sunday() -> None:
    assert rules.week_of(date(2026, 9, 20)) == (date(2026, 9, 14), date(2026, 9, 20))
