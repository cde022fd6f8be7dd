"""Who may change what was written in supervision, when the next is due, and how many cases somebody had."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

LONGEST = 20_000
FURTHEST = timedelta(days=366)
CHANGED = (
    "This was changed in another window, or by the other of you, while you were writing. What you wrote is kept below: "
    "put the two together and save again."
)
SIGNED = "The other of you has signed this, so it stays as it is. Add an amendment: both are kept."
NOT_YOURS = "Only the two who met can do this."
NOTHING = "Write something first: there is nothing to sign."
MONTHS = 6


def changing_obstacle(
    *, by: UUID | None, worker: UUID, manager: UUID, worker_signed: bool, manager_signed: bool
) -> str:
    """Why somebody cannot change what was written; empty where they can: one of the two, until the other has signed."""
    if by not in (worker, manager):
        return NOT_YOURS
    other = manager_signed if by == worker else worker_signed
    return SIGNED if other else ""


def next_due(*, last: date | None, agreed: date | None, begun: date, every: int) -> date:
    """When the next supervision is due: on the day that was agreed, else so many days after the last."""
    return agreed or (last or begun) + timedelta(days=every)


def expected(begun: date, ended: date | None, *, since: date, until: date, every: int) -> int:
    """How many supervisions a period should have had, by the rhythm, while somebody was supervised in it."""
    starts, ends = max(begun, since), min(ended or until, until)
    return max((ends - starts).days // every, 0)


def month_ends(today: date, months: int = MONTHS) -> list[date]:
    """The last days of the months before this one, the first first."""
    found, day = [], today.replace(day=1) - timedelta(days=1)
    for _ in range(months):
        found.append(day)
        day = day.replace(day=1) - timedelta(days=1)
    return found[::-1]


@dataclass(frozen=True)
class Held:
    """One case as the log has it: from when to when it went on, and who was given it when."""

    accepted_at: datetime
    closed_at: datetime | None
    given: Sequence[tuple[datetime, str]]


def who_had(case: Held, at: datetime) -> str:
    """Whose a case was at a moment, as a key; empty for nobody's and for one that did not go on."""
    if case.accepted_at > at or (case.closed_at is not None and case.closed_at <= at):
        return ""
    before = [worker for moment, worker in case.given if moment <= at]
    return before[-1] if before else ""


def sizes(cases: Iterable[Held], moments: Sequence[datetime]) -> dict[str, list[int]]:
    """How many cases each worker had at each moment."""
    found: dict[str, list[int]] = {}
    for case in cases:
        for place, at in enumerate(moments):
            if worker := who_had(case, at):
                found.setdefault(worker, [0] * len(moments))[place] += 1
    return found
