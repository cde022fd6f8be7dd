"""Pure rules of appointments: when they are, how they repeat, who would be in two places, what may be recorded."""

from calendar import monthrange
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from alongside.core import clocks
from alongside.core.errors import RuleBroken
from alongside.core.pages.filters import date_words, plural, time_words

# The same appointment planned by the same person within this time is a form that was sent twice.
MOMENTS = timedelta(minutes=2)
WEEKS = {"weekly": 1, "fortnightly": 2}
YEAR = 12
LONGEST = 720  # minutes

STALE = (
    "Somebody else changed this appointment meanwhile. What it says now is shown here, and what you entered is kept "
    "below: look at both, then save again."
)
NO_SUCH_TIME = "The clocks go forward that night, and this time does not exist. Choose another."
CLOSED = "This case is closed, so nothing new is planned. A manager can reopen it."


@dataclass(frozen=True)
class Wanted:
    """What somebody enters about an appointment. `day` is empty where only other things change.

    `sure`: the time fits what they said in words. `despite`: why a manager goes against their hours, as a code.
    """

    kind: str
    from_time: time
    minutes: int
    worker: UUID | None
    place: str
    whereabouts: str = ""
    day: date | None = None
    interpreter: bool = False
    sure: bool = False
    despite: str = ""


@dataclass(frozen=True)
class Repeat:
    """How an appointment repeats: every week, two weeks or month, for so many times or until a day."""

    every: str
    times: int | None = None
    until: date | None = None


@dataclass(frozen=True)
class Span:
    """From when until when; aware."""

    starts: datetime
    ends: datetime


def span(day: date, clock: time, minutes: int) -> Span:
    """A time of a day in London and so many minutes from it, through any change of the clocks. Of an hour that comes
    twice the first is meant; one that does not come is refused.
    """
    starts = datetime.combine(day, clock, tzinfo=clocks.LONDON)
    there = starts.astimezone(UTC)
    if there.astimezone(clocks.LONDON).time() != clock:
        raise RuleBroken(NO_SUCH_TIME, "from_time")
    return Span(starts, (there + timedelta(minutes=minutes)).astimezone(clocks.LONDON))


def check_length(minutes: int) -> None:
    if not 0 < minutes <= LONGEST:
        raise RuleBroken(f"Enter minutes as a number from 1 to {LONGEST}.", "minutes")


def days(first: date, repeat: Repeat | None, *, longest: int) -> tuple[date, ...]:
    """The days of a series, the first with it. A month without such a day has its last one instead."""
    if repeat is None:
        return (first,)
    if repeat.times is None and repeat.until is None:
        raise RuleBroken("Say how many times, or until which day.", "times")
    if repeat.until is not None and repeat.until <= first:
        raise RuleBroken("The last day must be after the first.", "until")
    found = [_nth(first, repeat.every, number) for number in range(longest + 1)]
    wanted = [day for day in found if repeat.until is None or day <= repeat.until][: repeat.times]
    if len(wanted) > longest:
        raise RuleBroken(f"A series has at most {plural(longest, 'appointment')}. Plan the rest later.", "times")
    return tuple(wanted)


def _nth(first: date, every: str, number: int) -> date:
    if every in WEEKS:
        return first + timedelta(weeks=WEEKS[every] * number)
    years, month = divmod(first.month - 1 + number, YEAR)
    year = first.year + years
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))


def bank_holidays(found: Iterable[date]) -> tuple[date, ...]:
    """Those of the days that are bank holidays."""
    return tuple(day for day in found if day in clocks.BANK_HOLIDAYS)


def check_ahead(wanted: Span, *, at: datetime, ahead: int, field: str = "day") -> None:
    """Refuses a time that has passed or is years away."""
    if wanted.ends <= at:
        raise RuleBroken("This time has passed. Choose one that is still to come, or record what happened.", "day")
    if wanted.starts > at + timedelta(days=ahead):
        raise RuleBroken(f"Choose days within {plural(ahead, 'day')}. Check the year.", field)


@dataclass(frozen=True)
class Taken:
    """A time at which a worker has something already."""

    starts: datetime
    ends: datetime
    kind: str


def clashes(wanted: Collection[Span], taken: Collection[Taken]) -> tuple[Taken, ...]:
    """What of somebody's time would be taken twice."""
    return tuple(one for one in taken if any(one.starts < span.ends and span.starts < one.ends for span in wanted))


def clash_words(found: Sequence[Taken], who: str) -> str:
    """That somebody would be in two places at once; how to mend it."""
    first = found[0]
    more = f" and {plural(len(found) - 1, 'other')}" if len(found) > 1 else ""
    return (
        f"{who} already has something on {date_words(first.starts)}, {time_words(first.starts)} to "
        f"{time_words(first.ends)}{more}. It is planned all the same: move one of them, or ask a colleague."
    )


def happened_at(starts: datetime, at: datetime, *, early: int) -> datetime:
    """When it happened: at its time, or now for who came somewhat early. What is days away did not happen yet."""
    if starts > at + timedelta(minutes=early):
        raise RuleBroken("It is still to come. If it happened at another time, move it first or record a new one.")
    return min(starts, at)


def may_take_back(
    *, settled_at: datetime, settled_by: UUID | None, by: UUID | None, at: datetime, minutes: int
) -> bool:
    """Whether somebody may still take back what they recorded."""
    return settled_by == by and at <= settled_at + timedelta(minutes=minutes)


@dataclass(frozen=True)
class Step:
    """What to do once so many in a row did not happen."""

    first: int
    title: str
    say: str


def step(missed: int, steps: Iterable[Step]) -> Step | None:
    """The furthest step that so many in a row lead to."""
    reached = [one for one in steps if one.first <= missed]
    return max(reached, key=lambda one: one.first, default=None)


def in_a_row(newest_first: Iterable[tuple[str, bool]]) -> int:
    """How many of the latest did not happen for a reason that counts, since one last happened.

    Each is its state and whether its reason counts."""
    found = 0
    for state, counts in newest_first:
        if state == "HELD":
            break
        found += counts
    return found


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday of the week."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def working_days_before(day: date, number: int) -> date:
    """The day so many working days before a day."""
    while number > 0:
        day -= clocks.ONE_DAY
        number -= clocks.is_working_day(day)
    return day
