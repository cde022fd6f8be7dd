"""Working days of England and Wales, and clocks that are counted in them.

Day 0 is the day itself or, if that is none, the next working day. A clock is due at the end, in
London, of the nth working day after day 0. Bank holidays come from the installed package, never from the network.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from govuk_bank_holidays.bank_holidays import BankHolidays

LONDON = ZoneInfo("Europe/London")
SATURDAY = 5
ONE_DAY = timedelta(days=1)
LAST_HOUR = 23


class ClockState(StrEnum):
    DUE = "due"
    DUE_TODAY = "due_today"
    LATE = "late"


def _load() -> tuple[date, ...]:
    known = BankHolidays(use_cached_holidays=True).get_holidays(division=BankHolidays.ENGLAND_AND_WALES)
    return tuple(sorted(holiday["date"] for holiday in known if holiday["date"].weekday() < SATURDAY))


BANK_HOLIDAYS = _load()
# After this day only weekends are known: update the package before then.
KNOWN_UNTIL = date(BANK_HOLIDAYS[-1].year, 12, 31)


def london_date(moment: date | datetime) -> date:
    """The calendar day in London. A datetime without a time zone is refused: it could be either of two days."""
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:
        raise ValueError("a datetime needs a time zone")
    return moment.astimezone(LONDON).date()


def is_working_day(day: date) -> bool:
    return _working_days_up_to(day) > _working_days_up_to(day - ONE_DAY)


@lru_cache(maxsize=4096)
def day_zero(day: date) -> date:
    while not is_working_day(day):
        day += ONE_DAY
    return day


@lru_cache(maxsize=4096)
def working_day_after(day: date, working_days: int) -> date:
    """The nth working day after day 0 of this day; day 0 itself when n is 0."""
    day = day_zero(day)
    for _ in range(working_days):
        day = day_zero(day + ONE_DAY)
    return day


def due(start: date | datetime, working_days: int) -> datetime:
    """The last moment, in London, of the nth working day after day 0 of the start."""
    if working_days < 0:
        raise ValueError("a clock cannot be due before it starts")
    return datetime.combine(working_day_after(london_date(start), working_days), time.max, tzinfo=LONDON)


@dataclass(frozen=True)
class OfficeHours:
    """The hours of a working day in London, from the first to the last, by the 24 hour clock."""

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= LAST_HOUR:
            raise ValueError("an office opens before it closes, on the same day")

    def on(self, day: date) -> tuple[datetime, datetime]:
        start, end = (datetime.combine(day, time(hour), tzinfo=LONDON) for hour in (self.opens, self.closes))
        return start, end

    def open_at(self, moment: datetime) -> bool:
        """Whether it is open, its last hour counted whole: what is due as it closes is not put off to the next day."""
        here = moment.astimezone(LONDON)
        return is_working_day(here.date()) and self.opens <= here.hour <= self.closes


def next_open(moment: datetime, hours: OfficeHours) -> datetime:
    """The moment itself where the office is open, or when it opens next."""
    here = moment.astimezone(LONDON)
    if hours.open_at(here):
        return here
    early = here.hour < hours.opens
    return hours.on(day_zero(here.date() if early else here.date() + ONE_DAY))[0]


def office_time_after(start: datetime, span: timedelta, hours: OfficeHours) -> datetime:
    """When the office has been open for so long since the start."""
    at = next_open(start, hours)
    while (left := max(timedelta(), hours.on(at.date())[1] - at)) < span:
        span -= left
        at = hours.on(day_zero(at.date() + ONE_DAY))[0]
    return at + span


def office_time_between(start: datetime, end: datetime, hours: OfficeHours) -> timedelta:
    """How long the office was open between two moments."""
    first, last, found = start.astimezone(LONDON), end.astimezone(LONDON), timedelta()
    day = day_zero(first.date())
    while day <= last.date():
        opens, closes = hours.on(day)
        found += max(timedelta(), min(last, closes) - max(first, opens))
        day = day_zero(day + ONE_DAY)
    return found


def state(due: datetime, now: datetime) -> ClockState:
    if now > due:
        return ClockState.LATE
    return ClockState.DUE_TODAY if london_date(now) == london_date(due) else ClockState.DUE


def working_days_between(start: date | datetime, end: date | datetime) -> int:
    """Whole working days from day 0 of the start to the end; 0 on the same day, and never less."""
    first = day_zero(london_date(start))
    return max(0, _working_days_up_to(london_date(end)) - _working_days_up_to(first))


def _working_days_up_to(day: date) -> int:
    weeks, rest = divmod(day.toordinal(), 7)  # ordinal 1 was a Monday
    return weeks * SATURDAY + min(rest, SATURDAY) - bisect_right(BANK_HOLIDAYS, day)
