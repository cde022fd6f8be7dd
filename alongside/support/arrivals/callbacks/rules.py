"""Pure rules of a call that was asked for: the first hours in which it can be made, and the next after those."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from alongside.core import clocks
from alongside.support.arrivals.referrals.rules import Hours, Window, window

LOOKED_AHEAD = 400  # days; somebody who left one weekday open is found long before


@dataclass(frozen=True)
class Asked:
    """When somebody asked to be called: a day, hours and weekdays on which not; each empty for any."""

    day: date | None = None
    hours: str = ""
    never: tuple[int, ...] = ()


def asked(said: Mapping[str, Any]) -> Asked:
    """What an event carries, read again."""
    day = date.fromisoformat(said["day"]) if said["day"] else None
    return Asked(day, str(said["hours"]), tuple(int(number) for number in said["never"]))


def not_before(wanted: Asked, held_until: date | None) -> Asked:
    """The same wish, and no day on which contact is held."""
    if held_until is None:
        return wanted
    return replace(wanted, day=max(wanted.day or held_until, held_until))


def hours_of(text: str) -> tuple[time, time]:
    """The two ends of HH:MM-HH:MM."""
    starts, _, ends = text.partition("-")
    return time.fromisoformat(starts), time.fromisoformat(ends)


def open_hours(wanted: Asked, offered: Sequence[str]) -> Hours:
    """The hours that were asked for, or all in which people are there, in the order of the day."""
    return tuple(sorted(hours_of(text) for text in ([wanted.hours] if wanted.hours else offered)))


def safe_part(hours: Hours, safe: Hours | None) -> Hours:
    """What of the hours lies in those that are recorded as safe (None: no way is): all of them where words alone say
    when.
    """
    if not safe:
        return hours if safe is not None else ()
    both = ((max(one[0], other[0]), min(one[1], other[1])) for one in hours for other in safe)
    return tuple(sorted((opens, closes) for opens, closes in both if opens < closes))


def first_window(wanted: Asked, hours: Hours, at: datetime) -> Window:
    """The first hours from now that fit: on their day where it is still to come, else on the next day that is safe."""
    on = clocks.london_date(at)
    return _from(max(wanted.day or on, on), wanted.never, hours, after=at)


def next_window(missed: Window, never: Collection[int], hours: Hours, at: datetime) -> Window:
    """After hours that were missed: the same hours of the next working day that is safe. What was asked for at any
    time goes on to the next hours, be they on the same day."""
    start = clocks.london_date(missed.ends)
    same = len(hours) == 1
    found = _from(start + clocks.ONE_DAY if same else start, never, hours, after=missed.ends)
    return found if found.ends > at else _from(clocks.london_date(at), never, hours, after=at)


def _from(start: date, never: Collection[int], hours: Hours, *, after: datetime) -> Window:
    day = clocks.day_zero(start)
    for _ in range(LOOKED_AHEAD):
        if day.weekday() not in never:
            for opens, closes in hours:
                if (found := window(day, opens, closes)).ends > after:
                    return found
        day = clocks.day_zero(day + clocks.ONE_DAY)
    raise ValueError("there are no hours in which to call")


def due(wanted: Asked, first: Window, at: datetime, working_days: int) -> datetime:
    """When the call is late: past the hours that were chosen, or by the clock where any time would do."""
    return first.ends if wanted.day or wanted.hours else max(first.ends, clocks.due(at, working_days))
