"""Pure rules of clocks: working days that count, pauses among them, and what is due in words."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from alongside.core import clocks
from alongside.core.errors import RuleBroken
from alongside.core.pages.filters import date_words, time_words
from alongside.support.arrivals.referrals.rules import WITH_HUB, clock_word, days_to

ATTEMPT, OFFER, NEXT, ANSWER, REVIEW = (
    "first_contact_attempt", "first_offer", "next_attempt", "provider_answer", "triage_review"
)  # fmt: skip


@dataclass(frozen=True)
class Stop:
    """Some clocks stand still on these days: `since` and after, before `until`."""

    since: date
    until: date
    clocks: frozenset[str]
    reason: str = ""

    def holds(self, clock: str, on: date) -> bool:
        return clock in self.clocks and self.since <= on < self.until


def due(start: date | datetime, working_days: int, stops: Collection[Stop] = (), clock: str = "") -> datetime:
    """The last moment, in London, of the nth working day after day 0 on which the clock did not stand still.

    ValueError where it would be due before it starts."""
    if working_days < 0:
        raise ValueError("a clock cannot be due before it starts")
    day = _runs(clocks.day_zero(clocks.london_date(start)), stops, clock) if working_days == 0 else None
    on = clocks.day_zero(clocks.london_date(start))
    for _ in range(working_days):
        on = _runs(clocks.day_zero(on + clocks.ONE_DAY), stops, clock)
    return datetime.combine(day or on, time.max, tzinfo=clocks.LONDON)


def _runs(day: date, stops: Collection[Stop], clock: str) -> date:
    """This working day, or the first after it on which the clock runs."""
    while any(stop.holds(clock, day) for stop in stops):
        day = clocks.day_zero(day + clocks.ONE_DAY)
    return day


def standing(stops: Iterable[Stop], clock: str, on: date) -> Stop | None:
    """The pause by which this clock stands still on a day."""
    return next((stop for stop in stops if stop.holds(clock, on)), None)


def check_pause(state: str, *, until: date, today: date, longest: int, stops: Collection[Stop]) -> None:
    """Refuses a pause of what is not with the hub, of no length or too long, or beside another."""
    if state not in WITH_HUB:
        raise RuleBroken("This referral is no longer with the hub: no clock of ours runs on it.")
    if until <= today:
        raise RuleBroken("Choose a day to come: from then on the clocks run again.", "until")
    if until > today + timedelta(days=longest):
        last = date_words(today + timedelta(days=longest))
        raise RuleBroken(f"For this reason the clocks stand still until {last} at the latest.", "until")
    if any(stop.until > today for stop in stops):
        raise RuleBroken("The clocks stand still already. Let them run again first.")


def check_resume(*, until: date, ended: bool, today: date) -> None:
    if ended or until <= today:
        raise RuleBroken("The clocks run again already.")


@dataclass(frozen=True)
class Line:
    """One clock of a referral: what is due and by when, when it was done, and by which pause it stands still now."""

    code: str
    due: datetime
    done: datetime | None = None
    stop: Stop | None = None


COLOURS = {"late": "red", "due_today": "orange", "due": "teal"}


def said(line: Line, at: datetime) -> tuple[str, str]:
    """How a clock stands, in words, with a colour beside them."""
    if line.done is not None:
        return ("Done in time", "green") if line.done <= line.due else ("Done late", "orange")
    if line.stop:
        return f"Paused, runs again on {date_words(line.stop.until)}", "grey"
    state = clocks.state(line.due, at)
    return clock_word(state, days_to(line.due, at)), COLOURS[state]


def by_when(line: Line) -> str:
    """The moment in words: with its hour where it has one, else the day to whose end it runs."""
    moment = line.due.astimezone(clocks.LONDON)
    hour = "" if moment.time() == time.max else f" at {time_words(moment)}"
    return f"due {date_words(moment)}{hour}"
