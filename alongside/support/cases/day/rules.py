"""How much a caseload weighs, when somebody may be called, who takes what when it is spread, and who is away."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from uuid import UUID

from alongside.core.clocks import LONDON
from alongside.core.pages.filters import time_words

AHEAD = 7  # days that the day looks forward
LONGEST_ABSENCE = timedelta(days=92)
ENDS_BEFORE = "The last day is before the first. Check the two dates."
TOO_LONG = "Enter at most three months. If they stay away longer, give their cases to somebody else."
PAST = "This time is over already. Check the dates."
NOT_AWAY = "They are not away any more. Somebody may have changed it meanwhile."

Case = TypeVar("Case")
Windows = Sequence[tuple[time, time]]


@dataclass(frozen=True)
class Weights:
    """What a case counts, in tenths of an ordinary one, as the rulebook says: each mark that it has is added."""

    going_on: int
    waiting: int
    high_risk: int
    new: int
    new_days: int


def weight(weights: Weights, *, waiting: bool, high_risk: bool, accepted_on: date, today: date) -> int:
    """What one case weighs, in tenths of an ordinary case."""
    found = weights.waiting if waiting else weights.going_on
    found += weights.high_risk if high_risk else 0
    return found + (weights.new if (today - accepted_on).days < weights.new_days else 0)


def in_cases(tenths: int) -> str:
    """A weight as people say it: 12.5, 13."""
    whole, rest = divmod(tenths, 10)
    return f"{whole}.{rest}" if rest else str(whole)


def is_over(tenths: int, limit: int | None) -> bool:
    """Whether a caseload weighs more than a worker should have."""
    return limit is not None and tenths > limit * 10


def call_words(windows: Windows | None, now: datetime) -> tuple[str, bool]:
    """When a person may be called today, and whether that is now. None: no way may be used."""
    if windows is None:
        return "No safe way to call is known", False
    here = now.astimezone(LONDON).time()
    for opens, closes in sorted(windows):
        if opens <= here < closes:
            return f"May be called now, until {time_words(closes)}", True
        if here < opens:
            return f"Not before {time_words(opens)}", False
    return "Not again today", False


def absence_obstacle(since: date, until: date, today: date) -> tuple[str, str] | None:
    """What is wrong with the days of an absence, and the field that would mend it."""
    if until < since:
        return ENDS_BEFORE, "until"
    if until < today:
        return PAST, "until"
    if until - since > LONGEST_ABSENCE:
        return TOO_LONG, "until"
    return None


def is_away(since: date, until: date, back_on: date | None, today: date) -> bool:
    return since <= today <= until and (back_on is None or today < back_on)


def spread(cases: Iterable[tuple[Case, int]], loads: Mapping[UUID, tuple[int, int | None]]) -> list[tuple[Case, UUID]]:
    """Whom each case goes to so that nobody has much more of what they should have than another.

    `cases`: each with its weight; the heaviest first. `loads`: weight and limit (in cases) of everybody who could take
    some. Who has no limit counts as one who should have as much as the highest limit among them.
    """
    highest = max((limit for _, limit in loads.values() if limit), default=1)
    now = {who: have for who, (have, _) in loads.items()}
    room = {who: (limit or highest) * 10 for who, (_, limit) in loads.items()}
    found: list[tuple[Case, UUID]] = []
    for case, heavy in sorted(cases, key=lambda pair: -pair[1]):
        taker = min(now, key=lambda who: ((now[who] + heavy) / room[who], str(who)))
        now[taker] += heavy
        found.append((case, taker))
    return found
