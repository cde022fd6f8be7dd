"""Which step of a stalled offer is due when, and when one may be sent on without a person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from alongside.core import clocks
from alongside.core.pages.filters import date_words

CHASE, ESCALATE, CALL_BACK = "chase", "escalate", "call_back"
DOES = (CHASE, ESCALATE, CALL_BACK)
SAID = {CHASE: "the provider is asked again", ESCALATE: "the hub manager is told", CALL_BACK: "it is called back"}
TIMES = {1: "once", 2: "twice"}


@dataclass(frozen=True)
class Row:
    """A step as the rulebook has it: so many working days after the answer was due, from an hour on."""

    code: str
    does: str
    after: int
    hour: int


@dataclass(frozen=True)
class Planned:
    """A step of one offer with its moment; `taken_at` where it was taken."""

    code: str
    does: str
    at: datetime
    taken_at: datetime | None = None


def plan(due: datetime, rows: Iterable[Row], taken: Mapping[str, datetime]) -> tuple[Planned, ...]:
    """The steps of an offer in their order. One that was late leaves those after it their distance: nobody is asked
    again and given up on in the same hour because the machine stood still."""
    ordered = sorted((row for row in rows if row.does in DOES), key=lambda row: (row.after, row.hour))
    found: list[Planned] = []
    for row in ordered:
        meant = _moment(due, row)
        at = meant
        if found and found[-1].taken_at:
            at = max(meant, found[-1].taken_at + (meant - _moment(due, _of(ordered, found[-1].code))))
        found.append(Planned(row.code, row.does, at, taken.get(row.code)))
    return tuple(found)


def _of(rows: Sequence[Row], code: str) -> Row:
    return next(row for row in rows if row.code == code)


def _moment(due: datetime, row: Row) -> datetime:
    day = clocks.working_day_after(clocks.london_date(due), row.after)
    return datetime.combine(day, time(row.hour), tzinfo=clocks.LONDON)


def next_step(planned: Iterable[Planned]) -> Planned | None:
    """The first step that was not taken."""
    return next((one for one in planned if one.taken_at is None), None)


def step_due(planned: Iterable[Planned], now: datetime) -> Planned | None:
    """The step to take now: one at a time."""
    found = next_step(planned)
    return found if found and found.at <= now else None


def words(planned: Sequence[Planned], now: datetime) -> str:
    """How it stands, as a person would say it: Asked again once; the hub manager is told tomorrow at 17:00."""
    asked = sum(one.does == CHASE and one.taken_at is not None for one in planned)
    done = [f"asked again {TIMES.get(asked, f'{asked} times')}"] if asked else []
    if any(one.does == ESCALATE and one.taken_at for one in planned):
        done.append("the hub manager was told")
    coming = next_step(planned)
    ahead = [f"{SAID[coming.does]} {moment_words(coming.at, now)}"] if coming else []
    said = "; ".join([" and ".join(done), *ahead] if done else ahead)
    return f"{said[:1].upper()}{said[1:]}" if said else "No step is laid down"


def moment_words(moment: datetime, now: datetime) -> str:
    """today at 17:00, tomorrow at 09:00, on 27 March 2027 at 09:00; within the hour where it has come."""
    if moment <= now:
        return "within the hour"
    here = moment.astimezone(clocks.LONDON)
    away = (here.date() - clocks.london_date(now)).days
    day = {0: "today", 1: "tomorrow"}.get(away) or f"on {date_words(here.date())}"
    return f"{day} at {here:%H:%M}"


@dataclass(frozen=True)
class Onward:
    """What bears on sending a stalled offer on. `by_book`: the office lets it go on at all; `alone`: the routing rule
    lets what is at high risk go on without a person; `held`: why the next service may not have it yet."""

    by_book: bool
    restricted: bool
    high_risk: bool
    alone: bool
    another: bool
    held: str


HELD = {
    "by_book": "the office decides each time where it goes next",
    "restricted": "named people alone may see this record, so a person decides",
    "high_risk": "it is at high risk, so a person decides",
    "no_other": "no other service fits what is known",
}


def why_not_on(known: Onward) -> str:
    """Why it waits for a person after it was called back; empty where it goes on to the next service."""
    reasons = (
        ("by_book", not known.by_book), ("restricted", known.restricted),
        ("high_risk", known.high_risk and not known.alone), ("no_other", not known.another),
        (known.held, bool(known.held)),
    )  # fmt: skip
    return next((code for code, holds in reasons if holds), "")
