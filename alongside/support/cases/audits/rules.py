"""How a sample is drawn so that anybody can draw it again, who may answer for it, and what the answers come to."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

GOOD, ENOUGH, NEEDS_WORK, NOT_APPLICABLE = "good", "enough", "needs_work", "not_applicable"
JUDGED = (GOOD, ENOUGH, NEEDS_WORK, NOT_APPLICABLE)
AT_MOST = 60
LONGEST_PERIOD = timedelta(days=731)
LONGEST = 4000
CHANGED = (
    "Somebody else saved this while you were answering. What you chose is kept below: look it through and save again."
)
YOUR_OWN = "You have or had this case yourself. Another manager answers for it."
TOLD = "This has been told to the worker, and stays as it was told."
NOT_ALL = "Answer every question first. Choose “Not applicable” where one does not fit the case."
NO_COMMENT = "Say in a few words what needs work: the worker reads it."
NOBODY = "No case fits. Widen the period, or choose open and closed cases."


@dataclass(frozen=True)
class Ticket:
    """A case in the hat: its key, its worker's, and how many tickets it has."""

    case: str
    worker: str
    tickets: int


def place(seed: str, ticket: Ticket) -> str:
    """Where a case stands in the draw: the lowest of its tickets, each a SHA-256 of seed, number and key. Two tickets
    are two chances."""
    said = (f"{seed}:{number}:{ticket.case}" for number in range(ticket.tickets))
    return min(hashlib.sha256(words.encode()).hexdigest() for words in said)


def draw(pool: Iterable[Ticket], *, seed: str, number: int, of_each: bool) -> list[Ticket]:
    """The sample: the lowest places of all, or of each worker's cases. The same seed draws the same cases."""
    order = sorted(pool, key=lambda ticket: place(seed, ticket))
    if not of_each:
        return order[:number]
    taken: dict[str, int] = {}
    found = []
    for ticket in order:
        if taken.get(ticket.worker, 0) < number:
            taken[ticket.worker] = taken.get(ticket.worker, 0) + 1
            found.append(ticket)
    return found


def period_obstacle(since: date, until: date, today: date) -> tuple[str, str] | None:
    """What is wrong with a period, and the field that would mend it."""
    if until < since:
        return "The last day is before the first.", "until"
    if until > today:
        return "Choose days that are over or today.", "until"
    if until - since > LONGEST_PERIOD:
        return "Choose a period of at most two years.", "since"
    return None


def share(counts: Mapping[str, int]) -> tuple[int, int]:
    """(how many were good or enough, of how many that were answered and applied)."""
    fine = counts.get(GOOD, 0) + counts.get(ENOUGH, 0)
    return fine, fine + counts.get(NEEDS_WORK, 0)


def added(counts: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """Counts of several questions together, as a theme's are."""
    return {judged: sum(one.get(judged, 0) for one in counts) for judged in JUDGED}


def who_else(names: Sequence[str]) -> str:
    """Who may audit a manager's own cases."""
    if names:
        return f"Your own cases are left out. {' or '.join(names)} can draw them."
    return (
        "Your own cases are left out, and nobody else here may audit them. Ask your trustees to name somebody who goes "
        "through them with you, such as a lead from elsewhere. Until then they are in no audit."
    )
