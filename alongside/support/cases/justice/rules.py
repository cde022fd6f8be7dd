"""Pure rules of the journey through justice: what may follow what, clocks of the Victims' Code, what is in time."""

from calendar import monthrange
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from alongside.core import clocks
from alongside.core.pages.filters import date_words, plural
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.cases.casework.rules import MONTH, Obstacle

REPORTED, WITHDREW, TAKES_PART = "reported", "withdrew", "takes_part"
ENDS, GOES_ON = "ends", "goes_on"
PLAN_CHANGED = "plan_changed"
MOVED, OPEN, OFF = "moved", "open", "off"
COURT_OPENS = time(9)
STANDING = ("DONE", "LISTED", "POSTPONED")
NOT_YET = "This has not happened yet. Only a day at court can be put in ahead."
SET_ALREADY = "A day is set for this already. If it was moved, say so there: both days are kept."
REPEATED = "This is recorded already. If it is wrong, strike it out; if it happened again, choose another day."


@dataclass(frozen=True)
class Known:
    """What a turn that stands says: its kind, its state, its day, and what it does to the case."""

    kind: str
    state: str
    on: date
    leads_to: str = ""
    recorded_at: datetime | None = None


class Told(StrEnum):
    """How news that is owed to a victim stands."""

    NO_CLOCK = "no_clock"
    IN_TIME = "in_time"
    LATE = "late"
    DUE = "due"
    OVERDUE = "overdue"


def may_follow(row: RuleRow, standing: Iterable[Known]) -> bool:
    """Whether a kind of turn may come after those that stand; one that names none may come at any time."""
    before = set(row.codes("after"))
    return not before or any(one.kind in before for one in standing)


def follows(rows: Iterable[RuleRow], standing: Collection[Known], *, takes_part: bool) -> tuple[RuleRow, ...]:
    """The kinds of turn that may be recorded now, in the order of the rulebook."""
    shut = {WITHDREW} if not takes_part else {TAKES_PART}
    if any(one.kind == REPORTED for one in standing):
        shut.add(REPORTED)
    shut |= {one.kind for one in standing if one.state == "LISTED"}
    return tuple(row for row in rows if row.code not in shut and may_follow(row, standing))


def turn_obstacle(
    row: RuleRow, on: date, *, standing: Collection[Known], today: date, months: int
) -> Obstacle | None:  # fmt: skip
    """Why this cannot be recorded for this day, if it cannot."""
    if on > today and not row.flag("hearing"):
        return Obstacle(NOT_YET, "on")
    if on > today + timedelta(days=months * MONTH):
        return Obstacle(f"The day must be within {plural(months, 'month')}. Check the year.", "on")
    first = min((one.on for one in standing if one.kind in row.codes("after")), default=None)
    if first and on < first:
        return Obstacle(f"This is before what it follows, which was on {date_words(first)}.", "on")
    return _said_already(row, on, standing)


def _said_already(row: RuleRow, on: date, standing: Collection[Known]) -> Obstacle | None:
    same = [one for one in standing if one.kind == row.code]
    if any(one.state == "LISTED" for one in same):
        return Obstacle(SET_ALREADY, "on")
    if (row.code == REPORTED and same) or any(one.on == on and one.state == "DONE" for one in same):
        return Obstacle(REPEATED, "on")
    return None


def new_day_obstacle(old: date, new: date, *, today: date, months: int) -> Obstacle | None:
    """Why a day at court cannot be moved to this day, if it cannot."""
    if new == old:
        return Obstacle("This is the day that it had. Enter the new one.", "new_on")
    if new > today + timedelta(days=months * MONTH):
        return Obstacle(f"The day must be within {plural(months, 'month')}. Check the year.", "new_on")
    return None


def due(row: RuleRow, since: date, *, enhanced: bool) -> datetime | None:
    """When the victim must have been told at the latest; None where the rulebook gives no time."""
    if not row.flag("clock"):
        return None
    return clocks.due(since, row.number("enhanced" if enhanced else "standard"))


def answer_days(row: RuleRow, since: date) -> tuple[date | None, date | None]:
    """Until when a victim normally answers, and until when they may at all."""
    days, months = row.number("answer_days"), row.number("answer_months")
    return (clocks.working_day_after(since, days) if days else None, months_after(since, months) if months else None)


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def leads_to(row: RuleRow, answers: Iterable[RuleRow]) -> str:
    """What a turn does to the case: what an answer says, or what its kind does."""
    return next((said for one in answers if (said := one.text("leads_to"))), row.text("leads_to"))


def state_of(turns: Iterable[Known]) -> str:
    """Where a case stands by the turns that stand: the latest that ends it or takes it up again decides."""
    found = list(turns)
    if not any(one.kind == REPORTED for one in found):
        return "NOT_REPORTED"
    moves = sorted((one for one in found if one.leads_to), key=lambda one: (one.on, one.recorded_at))
    return "ENDED" if moves and moves[-1].leads_to == ENDS else "GOING_ON"


def takes_part(turns: Iterable[Known]) -> bool:
    """Whether the victim takes part, by the latest turn that says so."""
    said = [one for one in turns if one.kind in (WITHDREW, TAKES_PART)]
    return not said or max(said, key=lambda one: (one.on, one.recorded_at)).kind == TAKES_PART


def told(due_at: datetime | None, told_on: date | None, now: datetime) -> Told:
    """How news that is owed stands: told in time or late, or still due."""
    if due_at is None:
        return Told.NO_CLOCK
    last = clocks.london_date(due_at)
    if told_on is not None:
        return Told.IN_TIME if told_on <= last else Told.LATE
    return Told.OVERDUE if now > due_at else Told.DUE


def told_obstacle(told_on: date, *, since: date, today: date, by: str, how: str) -> Obstacle | None:
    """Why the victim cannot have been told so, if they cannot."""
    if told_on > today:
        return Obstacle("The day must be today or earlier.", "told_on")
    if told_on < since:
        return Obstacle(f"Nobody could tell them before {date_words(since)}, when it was known.", "told_on")
    if not by:
        return Obstacle("Choose who told them.", "told_by")
    return None if how else Obstacle("Choose how they were told. “Not known” is an answer too.", "told_how")


def hearing_at(on: date, at_time: time | None) -> datetime:
    """The moment of a day at court in London; when courts open where no time is known."""
    return datetime.combine(on, at_time or COURT_OPENS, tzinfo=clocks.LONDON)
