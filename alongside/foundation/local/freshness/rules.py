"""Pure rules of freshness: how a service stands by its check date, and which reminder has come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

NEVER, OVERDUE, DUE, CURRENT = "never", "overdue", "due", "current"
STANDINGS = (CURRENT, DUE, OVERDUE, NEVER)
TO_CHECK = (NEVER, OVERDUE, DUE)
BEFORE = "before"
WITHIN = timedelta(hours=1)


def due_on(checked_on: date, lasts: int) -> date:
    """The last day on which a check of `checked_on` still counts."""
    return checked_on + timedelta(days=lasts)


def standing(checked_on: date | None, *, on: date, lasts: int, ahead: int) -> str:
    """How a service stands: `due` from `ahead` days before the last day on which its check still counts."""
    if checked_on is None:
        return NEVER
    left = (due_on(checked_on, lasts) - on).days
    return OVERDUE if left < 0 else DUE if left <= ahead else CURRENT


@dataclass(frozen=True)
class Step:
    """A reminder of the rulebook: so many days from the check date, before it where they are negative."""

    code: str
    days: int


def step(code: str, days: int, when: str) -> Step:
    return Step(code, -days if when == BEFORE else days)


def step_now(due: date, steps: Iterable[Step], on: date) -> Step | None:
    """The last reminder whose day has come: of those that were missed, one is enough."""
    come = [one for one in steps if due + timedelta(days=one.days) <= on]
    return max(come, key=lambda one: one.days, default=None)


def window(at: datetime) -> int:
    """The hour in which flags from one connection are counted together, as a number."""
    return int(at.timestamp() // WITHIN.total_seconds())
