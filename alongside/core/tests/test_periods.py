"""Financial years and quarters."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.core.errors import RuleBroken
from alongside.core.periods import FinancialYear, Quarter

QUARTERS = st.builds(Quarter, st.integers(2000, 2090), st.integers(1, 4))


def test_quarter_two_is_july_to_september() -> None:
    quarter = Quarter.parse("2026Q2")
    assert (quarter.start, quarter.end) == (date(2026, 7, 1), date(2026, 10, 1))
    assert quarter.label == "Quarter 2 of 2026/27 (July to September 2026)"


def test_the_last_quarter_falls_in_the_next_calendar_year() -> None:
    assert Quarter(2026, 4).label == "Quarter 4 of 2026/27 (January to March 2027)"
    assert Quarter(2026, 3).end == Quarter(2026, 4).start == date(2027, 1, 1)
    assert Quarter(2026, 4).end == FinancialYear(2026).end == date(2027, 4, 1)


def test_march_belongs_to_the_year_before() -> None:
    assert Quarter.containing(date(2027, 3, 31)) == Quarter(2026, 4)
    assert FinancialYear.containing(date(2027, 3, 31)) == FinancialYear(2026)
    assert FinancialYear.containing(date(2027, 4, 1)) == FinancialYear(2027)


def test_a_moment_belongs_to_its_day_in_london() -> None:
    assert Quarter.containing(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == Quarter(2026, 2)


def test_bounds_are_midnight_in_london() -> None:
    assert [moment.isoformat() for moment in Quarter(2026, 3).bounds] == [
        "2026-10-01T00:00:00+01:00",
        "2027-01-01T00:00:00+00:00",
    ]


def test_a_year_knows_its_quarters_and_neighbours() -> None:
    year = FinancialYear.parse("2026/27")
    assert str(year) == "2026/27" and str(year.previous) == "2025/26" and str(FinancialYear(2099)) == "2099/00"
    assert year.start == date(2026, 4, 1)
    assert [str(quarter) for quarter in year.quarters] == ["2026Q1", "2026Q2", "2026Q3", "2026Q4"]


def test_a_range_holds_both_ends() -> None:
    found = Quarter.range(Quarter(2025, 4), Quarter(2026, 2))
    assert [str(quarter) for quarter in found] == ["2025Q4", "2026Q1", "2026Q2"]
    assert Quarter.range(Quarter(2026, 2), Quarter(2026, 1)) == ()


@pytest.mark.parametrize("text", ["", "2026", "2026Q5", "26Q1", "0000Q1", "2026 Q2", "Q2 2026"])
def test_what_is_no_quarter_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(RuleBroken, match="Write it like 2026Q2"):
        Quarter.parse(text)


@pytest.mark.parametrize("text", ["2026", "2026/28", "2026-27", "26/27"])
def test_what_is_no_financial_year_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(RuleBroken, match="Write it like 2026/27"):
        FinancialYear.parse(text)


def test_there_is_no_fifth_quarter() -> None:
    with pytest.raises(ValueError, match="quarters 1 to 4"):
        Quarter(2026, 5)


@given(QUARTERS)
def test_quarters_follow_each_other_without_a_gap(quarter: Quarter) -> None:
    assert quarter.next.start == quarter.end and quarter.next.previous == quarter
    assert Quarter.parse(str(quarter)) == Quarter.containing(quarter.start) == quarter
    assert quarter.year_ago.start == quarter.start.replace(year=quarter.start.year - 1)
    assert quarter.financial_year == FinancialYear.containing(quarter.start)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_every_day_is_in_exactly_one_quarter(day: date) -> None:
    quarter = Quarter.containing(day)
    assert quarter.start <= day < quarter.end
