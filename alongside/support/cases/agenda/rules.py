"""What an item of the agenda is called, where it is done, and how pressing it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from alongside.core.clocks import LONDON, london_date
from alongside.core.pages.beside import Titles


class Lane(StrEnum):
    """Whose work it is: that of whoever has the case, or of their manager."""

    WORKER = "worker"
    MANAGER = "manager"


@dataclass(frozen=True)
class Kind:
    """A kind of item, as its domain declares it. `words` reads the details (codes) with the rulebook's titles; `view`
    is where it is done, an address that takes the key of the `case` or of what it is `about`."""

    words: Callable[[Mapping[str, Any], Titles], str]
    view: str
    group: str
    of: str = "case"
    lane: Lane = Lane.WORKER
    lasts: bool = False  # beyond the end of the case: a receipt that is still to come
    apart: bool = False  # from the page of the case, which its worker reads: a complaint


class Pressing(StrEnum):
    LATE = "late"
    TODAY = "today"
    WEEK = "week"
    LATER = "later"


DAYS_OF_A_WEEK = 7


def pressing(due_at: datetime, *, now: datetime, all_day: bool) -> Pressing:
    """How pressing it is. What is due by the day is late from the day after; what has an hour, from the hour."""
    today, day = london_date(now), london_date(due_at)
    if day < today or (due_at < now and not all_day):
        return Pressing.LATE
    if day == today:
        return Pressing.TODAY
    return Pressing.WEEK if (day - today).days < DAYS_OF_A_WEEK else Pressing.LATER


def moment(due: datetime | date) -> tuple[datetime, bool]:
    """When something is due, and whether only the day counts: a date, or the last moment of a day in London."""
    if not isinstance(due, datetime):
        return end_of(due), True
    here = due.astimezone(LONDON)
    last = here.time().replace(microsecond=0) == time(23, 59, 59)
    return (end_of(here.date()), True) if last else (due, False)


def end_of(day: date) -> datetime:
    """The last second of a day in London: what is due by a day is in time until then."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=LONDON)
