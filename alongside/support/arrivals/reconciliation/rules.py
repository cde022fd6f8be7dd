"""When a file is due and what is amiss with what came; and the sums in which every row must end somewhere.

Pure: days, hours and counts come in.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime, time

from alongside.core import clocks

MISSING, SHORT = "missing", "short"
LONGEST = 92  # days that one page shows


@dataclass(frozen=True)
class Schedule:
    """On which days of the week (0 is Monday) a file is due, by which hour in London, of how many rows at least."""

    days: Collection[int]
    by: time | None
    least: int | None = None


def due_at(schedule: Schedule, day: date) -> datetime | None:
    """When a day's file is due; None where none is: another day of the week, or a bank holiday."""
    if schedule.by is None or day.weekday() not in schedule.days or day in clocks.BANK_HOLIDAYS:
        return None
    return datetime.combine(day, schedule.by, tzinfo=clocks.LONDON)


def amiss(schedule: Schedule, *, files: int, rows: int) -> str:
    """What is wrong with what came on a day on which a file was due; empty if nothing is. `files`: new ones alone,
    since yesterday's file sent again is not today's.
    """
    if not files:
        return MISSING
    return SHORT if schedule.least and rows < schedule.least else ""


def span(since: date | None, until: date | None, *, today: date, usual: int = 14) -> tuple[date, date]:
    """The days that a page shows: as asked, no longer than `LONGEST`, and never after today."""
    last = min(until or today, today)
    first = min(since, last) if since else last - (usual - 1) * clocks.ONE_DAY
    return max(first, last - (LONGEST - 1) * clocks.ONE_DAY), last


@dataclass(frozen=True)
class Tally:
    """What became of the rows of some deliveries. Each figure is defined in `presenters.DEFINITIONS`."""

    files: int = 0
    loading: int = 0
    refused: int = 0
    received: int = 0
    accepted: int = 0
    duplicate: int = 0
    held: int = 0
    rejected: int = 0
    released: int = 0
    returned: int = 0
    closed: int = 0
    waiting: int = 0
    over: int = 0
    named: int = 0

    @property
    def sent(self) -> int:
        return self.received + self.loading + self.refused

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(**{one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(Tally)})

    @property
    def unexplained(self) -> int:
        """Rows that no figure explains: 0, or the page says so."""
        at_once = self.received - self.accepted - self.duplicate - self.held - self.rejected
        later = self.held + self.rejected - sum(count for _, count in self.ends())
        return abs(at_once) + abs(later)

    def ends(self) -> Iterator[tuple[str, int]]:
        """Where the held and the rejected rows are now."""
        for name in ("released", "returned", "closed", "waiting", "over", "named"):
            yield name, getattr(self, name)
