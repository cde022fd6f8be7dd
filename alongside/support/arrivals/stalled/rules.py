"""Which step of a stalled offer is due when, and when one may be sent on without a person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from alongside.core import clocks
from alongside.core.clocks import OfficeHours
from alongside.core.pages.filters import date_words, time_words

CHASE, ESCALATE, CALL_BACK = "chase", "escalate", "call_back"
DOES = (CHASE, ESCALATE, CALL_BACK)
SAID = {CHASE: "the provider is asked again", ESCALATE: "the hub manager is told", CALL_BACK: "it is called back"}
IN_TIME = timedelta(hours=1)  # steps are looked for every ten minutes: within the hour is on the hour
TIMES = {1: "once", 2: "twice"}


@dataclass(frozen=True)
class Row:
    """A step as the rulebook has it: so many working days after the answer was due, from an hour on; or, where
    `hours` are said, so many hours of the office."""

    code: str
    does: str
    after: int
    hour: int
    hours: int = 0


@dataclass(frozen=True)
class Planned:
    """A step of one offer with its moment; `taken_at` where it was taken."""

    code: str
    does: str
    at: datetime
    taken_at: datetime | None = None


def plan(due: datetime, rows: Iterable[Row], taken: Mapping[str, datetime], office: OfficeHours) -> tuple[Planned, ...]:
    """The steps of an offer in their order, all while the office is open. One that was late leaves those after it
    their distance, in hours of the office: nobody is asked again and given up on in the same hour, or over a weekend,
    because the machine stood still."""
    ordered = sorted((_moment(due, row, office), row.code, row.does) for row in rows if row.does in DOES)
    found: list[Planned] = []
    before = due
    for meant, code, does in ordered:
        at = meant
        if found and (done := found[-1].taken_at) and done - found[-1].at >= IN_TIME:
            apart = clocks.office_time_between(before, meant, office)
            at = max(meant, clocks.office_time_after(done, apart, office))
        found.append(Planned(code, does, at, taken.get(code)))
        before = meant
    return tuple(found)


def _moment(due: datetime, row: Row, office: OfficeHours) -> datetime:
    if row.hours:
        return clocks.office_time_after(due, timedelta(hours=row.hours), office)
    day = clocks.working_day_after(clocks.london_date(due), row.after)
    return clocks.next_open(datetime.combine(day, time(row.hour), tzinfo=clocks.LONDON), office)


def next_step(planned: Iterable[Planned]) -> Planned | None:
    """The first step that was not taken."""
    return next((one for one in planned if one.taken_at is None), None)


def step_due(planned: Iterable[Planned], now: datetime, office: OfficeHours) -> Planned | None:
    """The step to take now: one at a time, and none while the office is closed."""
    found = next_step(planned)
    return found if found and found.at <= now and office.open_at(now) else None


def words(planned: Sequence[Planned], now: datetime, office: OfficeHours) -> str:
    """How it stands, as a person would say it: Asked again once; the hub manager is told tomorrow at 5pm."""
    asked = sum(one.does == CHASE and one.taken_at is not None for one in planned)
    done = [f"asked again {TIMES.get(asked, f'{asked} times')}"] if asked else []
    if any(one.does == ESCALATE and one.taken_at for one in planned):
        done.append("the hub manager was told")
    coming = next_step(planned)
    ahead = [f"{SAID[coming.does]} {moment_words(coming.at, now, office)}"] if coming else []
    said = "; ".join([" and ".join(done), *ahead] if done else ahead)
    return f"{said[:1].upper()}{said[1:]}" if said else "No step is laid down"


def moment_words(moment: datetime, now: datetime, office: OfficeHours) -> str:
    """today at 5pm, tomorrow at 9am, on 27 March 2027 at 9am; within the hour where it has come."""
    here = max(moment, clocks.next_open(now, office)).astimezone(clocks.LONDON)
    if here <= now:
        return "within the hour"
    away = (here.date() - clocks.london_date(now)).days
    day = {0: "today", 1: "tomorrow"}.get(away) or f"on {date_words(here.date())}"
    return f"{day} at {time_words(here)}"


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
