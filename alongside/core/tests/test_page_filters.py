"""Dates, numbers and money in words."""

from datetime import UTC, date, datetime, time

import pytest

from alongside.core.pages import filters

SUMMER = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
WINTER = datetime(2026, 11, 21, 14, 5, tzinfo=UTC)


def test_a_date_is_written_out() -> None:
    assert filters.date_words(date(2026, 11, 21)) == "21 November 2026"


def test_a_moment_is_told_in_london() -> None:
    assert filters.datetime_words(SUMMER) == "1 July 2026 at 12:30am"
    assert filters.datetime_words(WINTER) == "21 November 2026 at 2:05pm"
    assert filters.time_words(WINTER) == "2:05pm"
    whole = {0: "midnight", 9: "9am", 12: "midday", 19: "7pm"}
    assert {hour: filters.time_words(time(hour)) for hour in whole} == whole
    assert filters.time_words(time(19, 1)) == "7:01pm" and filters.time_words(None) == ""
    assert filters.hours_words(time(9), time(12, 30)) == "9am to 12:30pm"


def test_a_moment_without_zone_is_told_as_it_is() -> None:
    assert filters.datetime_words(datetime(2026, 6, 30, 23, 30)) == "30 June 2026 at 11:30pm"


@pytest.mark.parametrize("write", [*filters.FILTERS])
def test_what_is_absent_leaves_no_trace(write: str) -> None:
    absent = {"plural": "0 rows", "yesno": "Not known"}
    words = filters.plural(0, "row") if write == "plural" else filters.FILTERS[write](None)  # type: ignore[operator]
    assert words == absent.get(write, "")


@pytest.mark.parametrize(
    ("day", "words"),
    [(21, "today"), (20, "yesterday"), (18, "3 days ago"), (22, "tomorrow"), (24, "in 3 days")],
)
def test_days_are_counted_from_today(day: int, words: str) -> None:
    assert filters.ago_days(date(2026, 11, day), date(2026, 11, 21)) == words


def test_a_late_evening_in_summer_belongs_to_the_next_day() -> None:
    assert filters.ago_days(SUMMER, date(2026, 7, 1)) == "today"


def test_without_a_day_given_days_are_counted_from_now() -> None:
    assert filters.ago_days(date(2020, 1, 1)).endswith("days ago")


def test_numbers_have_commas() -> None:
    assert filters.number(12345) == "12,345"
    assert filters.number(12345.67, 1) == "12,345.7"


def test_a_proportion_is_a_percentage() -> None:
    assert filters.percent(0.474) == "47%"
    assert filters.percent(0.474, 1) == "47.4%"


def test_whole_pounds_lose_their_noughts() -> None:
    assert filters.money(123450) == "£1,234.50"
    assert filters.money(123400) == "£1,234"


def test_yes_and_no_are_words() -> None:
    assert (filters.yesno(True), filters.yesno(False)) == ("Yes", "No")


def test_one_is_not_many() -> None:
    assert filters.plural(1, "referral") == "1 referral"
    assert filters.plural(1200, "referral") == "1,200 referrals"
    assert filters.plural(2, "child", "children") == "2 children"
