"""Clocks: working days of England and Wales, day 0, due at the end of the day in London."""

import socket
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.core import clocks
from alongside.core.clocks import LONDON, due, london_date, state, working_days_between

DAYS = st.dates(date(2013, 1, 1), date(2028, 11, 1))


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (date(2026, 7, 6), date(2026, 7, 8)),  # Monday to Wednesday
        (date(2026, 7, 9), date(2026, 7, 13)),  # Thursday, over a weekend
        (date(2026, 7, 10), date(2026, 7, 14)),  # Friday
        (date(2026, 7, 11), date(2026, 7, 15)),  # Saturday counts from Monday
        (date(2026, 7, 12), date(2026, 7, 15)),  # Sunday too
        (date(2026, 4, 2), date(2026, 4, 8)),  # Maundy Thursday, over Good Friday and Easter Monday
        (date(2026, 12, 24), date(2026, 12, 30)),  # Christmas on a Friday, Boxing Day moved to Monday
        (date(2022, 9, 16), date(2022, 9, 21)),  # a bank holiday made for one funeral
    ],
)
def test_two_working_days_after_the_day_of_report(start: date, expected: date) -> None:
    assert due(start, 2).date() == expected


def test_due_is_the_last_moment_of_the_day_in_london() -> None:
    assert due(datetime(2026, 7, 6, 9, tzinfo=UTC), 2).isoformat() == "2026-07-08T23:59:59.999999+01:00"
    assert due(date(2026, 11, 2), 0).isoformat() == "2026-11-02T23:59:59.999999+00:00"


def test_late_evening_in_utc_is_already_tomorrow_in_london() -> None:
    assert london_date(datetime(2026, 7, 6, 23, 30, tzinfo=UTC)) == date(2026, 7, 7)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        due(datetime(2026, 7, 6, 9), 2)


def test_a_clock_cannot_be_due_before_it_starts() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        due(date(2026, 7, 6), -1)


def test_state_turns_at_midnight_and_not_before() -> None:
    limit = due(date(2026, 7, 6), 2)
    assert state(limit, limit - timedelta(days=1)) == "due"
    assert state(limit, datetime(2026, 7, 8, 0, 1, tzinfo=LONDON)) == "due_today"
    assert state(limit, limit) == "due_today"
    assert state(limit, limit + timedelta(microseconds=1)) == "late"


def test_working_days_between_a_friday_report_and_a_monday_contact_is_one() -> None:
    assert working_days_between(date(2026, 7, 10), date(2026, 7, 13)) == 1


def test_working_days_between_never_falls_below_none() -> None:
    assert working_days_between(date(2026, 7, 11), date(2026, 7, 12)) == 0
    assert working_days_between(date(2026, 7, 10), date(2026, 7, 1)) == 0


@given(DAYS, st.integers(0, 25))
def test_due_and_days_between_agree(start: date, days: int) -> None:
    assert working_days_between(start, due(start, days)) == days


@given(DAYS, DAYS)
def test_days_between_equals_counting_one_by_one(first: date, last: date) -> None:
    walked, day = 0, clocks.day_zero(first)
    while (day := day + clocks.ONE_DAY) <= last:
        walked += clocks.is_working_day(day)
    assert working_days_between(first, last) == walked


@given(DAYS)
def test_day_zero_is_a_weekday_that_is_no_bank_holiday(day: date) -> None:
    zero = clocks.day_zero(day)
    assert zero.weekday() < clocks.SATURDAY and zero not in clocks.BANK_HOLIDAYS and zero >= day


def test_bank_holidays_load_without_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("clocks must not use the network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert clocks._load() == clocks.BANK_HOLIDAYS and clocks.KNOWN_UNTIL.year >= 2027


OFFICE = clocks.OfficeHours(9, 17)


def at(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-09-18T10:00", "2026-09-18T10:00"), ("2026-09-18T08:59", "2026-09-18T09:00"),
        ("2026-09-18T17:30", "2026-09-18T17:30"), ("2026-09-18T18:00", "2026-09-21T09:00"),
        ("2026-09-19T03:00", "2026-09-21T09:00"), ("2026-12-24T22:00", "2026-12-29T09:00"),
    ],
)  # fmt: skip
def test_the_office_opens_on_working_days_and_its_last_hour_counts(moment: str, opens: str) -> None:
    assert clocks.next_open(at(moment), OFFICE) == at(opens)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-09-18T10:00", 0, "2026-09-18T10:00"), ("2026-09-18T10:00", 7, "2026-09-18T17:00"),
        ("2026-09-18T10:00", 8, "2026-09-21T10:00"), ("2026-09-18T17:30", 1, "2026-09-21T10:00"),
        ("2026-10-23T16:00", 9, "2026-10-26T17:00"), ("2026-12-24T16:00", 2, "2026-12-29T10:00"),
    ],
)  # fmt: skip
def test_hours_of_the_office_leave_out_nights_weekends_and_bank_holidays(start: str, hours: int, end: str) -> None:
    span = timedelta(hours=hours)
    assert clocks.office_time_after(at(start), span, OFFICE) == at(end)
    assert clocks.office_time_between(at(start), at(end), OFFICE) == span


def test_no_time_of_the_office_lies_between_the_end_and_the_start() -> None:
    assert clocks.office_time_between(at("2026-09-19T10:00"), at("2026-09-20T10:00"), OFFICE) == timedelta()
    assert clocks.office_time_between(at("2026-09-22T10:00"), at("2026-09-21T10:00"), OFFICE) == timedelta()


@pytest.mark.parametrize(("opens", "closes"), [(9, 9), (17, 9), (-1, 5), (9, 24)])
def test_an_office_that_never_opens_is_refused(opens: int, closes: int) -> None:
    with pytest.raises(ValueError, match="opens before it closes"):
        clocks.OfficeHours(opens, closes)
