"""Pure rules of duty: who is down for a day, and whose turn it is where nobody is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID

from alongside.core import clocks

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
BEGAN = date(2020, 1, 1)
FURTHEST = timedelta(days=731)
T = TypeVar("T")


@dataclass(frozen=True)
class Down:
    """Somebody is down for a weekday from `since` until before `until`, or for one day."""

    user_id: UUID
    weekday: int | None
    day: date | None
    since: date
    until: date | None

    def holds(self, on: date) -> bool:
        if self.day:
            return self.day == on and self.until is None
        return self.weekday == on.weekday() and self.since <= on and (self.until is None or on < self.until)


def down_for(rota: Sequence[Down], on: date) -> Down | None:
    """Who is down for a day: for the day itself before the weekday; on a closed day whoever had the last open one."""
    found = sorted((one for one in rota if one.holds(on)), key=lambda one: one.day is None)
    if found:
        return found[0]
    return None if clocks.is_working_day(on) else down_for(rota, _last_open(on))


def _last_open(on: date) -> date:
    """The last working day before a closed one. Whoever is down for another closed day is down for that day only."""
    before = on - clocks.ONE_DAY
    return before if clocks.is_working_day(before) else _last_open(before)


def in_turn(officers: Sequence[T], day: date) -> T | None:
    """Whose turn it is: everyone's, a working day each; a weekend keeps Friday's."""
    return officers[clocks.working_days_between(BEGAN, day) % len(officers)] if officers else None


def settled(joined: date, day: date, *, days: int) -> bool:
    """Whether somebody has been here long enough to answer for others' referrals."""
    return joined + timedelta(days=days) <= day


def as_seen(week: Mapping[int, UUID]) -> str:
    """The week as a page shows it, to tell whether it is still the same when the page comes back."""
    return " ".join(f"{weekday}:{user}" for weekday, user in sorted(week.items()))
