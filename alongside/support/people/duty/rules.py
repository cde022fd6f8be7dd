"""Pure rules of duty: who is down for a day, and whose turn it is where nobody is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID

from alongside.core import clocks
from alongside.core.errors import RuleBroken
from alongside.core.pages.filters import date_words

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


@dataclass(frozen=True)
class Away:
    """Somebody is away on these days, both included, unless they came back before; `cover` answers meanwhile."""

    user_id: UUID
    cover_id: UUID | None
    since: date
    until: date
    back_on: date | None = None

    def holds(self, on: date) -> bool:
        return self.since <= on <= self.until and (self.back_on is None or on < self.back_on)

    def meets(self, since: date, until: date) -> bool:
        """Whether any day of it lies in these days."""
        last = self.until if self.back_on is None else min(self.until, self.back_on - clocks.ONE_DAY)
        return self.since <= last and self.since <= until and since <= last


def check_absence(asked: Away, *, today: date, others: Sequence[Away]) -> None:
    """Refuses days that are over or years away, the same person twice, and a cover who is away then."""
    if asked.until < asked.since:
        raise RuleBroken("The last day must be on or after the first.", "until")
    if asked.until < today:
        raise RuleBroken("This is over already. Choose today or days to come.", "until")
    if asked.until > today + FURTHEST:
        raise RuleBroken("Choose days within the next two years.", "until")
    if asked.cover_id == asked.user_id:
        raise RuleBroken("Somebody else has to cover.", "cover")
    then = [one for one in others if one.meets(asked.since, asked.until)]
    if any(one.user_id == asked.user_id for one in then):
        raise RuleBroken("They are down as away on some of these days already. Take that back first.", "since")
    if asked.cover_id is not None and any(one.user_id == asked.cover_id for one in then):
        raise RuleBroken("Whoever is to cover is away on some of these days too. Choose somebody else.", "cover")


def with_cover(name: str, gone: Away | None, names: Mapping[UUID, str]) -> str:
    """A name, and where they are away who answers: Sam Sample (away until 5 December 2026, Alex Sample answers)."""
    if gone is None:
        return name
    cover = names.get(gone.cover_id) if gone.cover_id else None
    return f"{name} (away until {date_words(gone.until)}, {cover or 'the manager'} answers)"


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
