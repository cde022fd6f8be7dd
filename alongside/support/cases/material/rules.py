"""Pure rules of requests for records: what one must say, what is missing, and who may let records go."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.cases.casework.rules import Obstacle
from alongside.support.cases.material import lifecycle

GIVES = (lifecycle.PROVIDED, lifecycle.PART)
DECISIONS = (*GIVES, lifecycle.REFUSED)
TWICE = "Somebody else has to approve this: counselling records never leave on one person’s word."

WAITS_FOR_ANOTHER = (
    f"{TWICE} Another manager does. Where you are the only one, a trustee is not enough, since whoever approves has to "
    "read what leaves: under People, give the role Service manager to somebody who may know this case, and take it "
    "back afterwards. Until then nothing leaves."
)


def asked_of(checks: Iterable[RuleRow], *, counselling: bool) -> tuple[RuleRow, ...]:
    """What a request must say; more where it is for counselling records."""
    return tuple(row for row in checks if counselling or not row.flag("counselling"))


def missing(checks: Iterable[RuleRow], found: Collection[str], *, counselling: bool) -> tuple[RuleRow, ...]:
    """What a request must say and does not. `found`: codes, each with the version under which it was ticked."""
    said = {one.partition("@")[0] for one in found}
    return tuple(row for row in asked_of(checks, counselling=counselling) if row.code not in said)


def day_obstacle(asked_on: date, came_on: date, today: date) -> Obstacle | None:
    """Why a request cannot have come so, if it cannot."""
    if came_on > today:
        return Obstacle("The day must be today or earlier.", "came_on")
    if came_on < asked_on:
        return Obstacle("It cannot have come before it was written.", "came_on")
    return None


def decision_obstacle(
    decision: str, *, lacks: Collection[RuleRow], order: bool, provided: str, checked: bool, reasons: Collection[str]
) -> Obstacle | None:  # fmt: skip
    """Why this cannot be decided so, if it cannot. A court's order is not held up by what a request must say."""
    if decision not in DECISIONS:
        return Obstacle("Choose what is decided.", "decision")
    if decision != lifecycle.PROVIDED and not reasons:
        return Obstacle("Choose the reasons.", "reasons")
    if decision == lifecycle.REFUSED:
        return None
    if lacks and not order:
        return Obstacle("The request does not say all that it must. Ask for what is missing first.", "decision")
    if not provided.strip():
        return Obstacle("List what is provided.", "provided")
    return None if checked else Obstacle("Choose who checked it, page by page.", "checked_by")


def approval_obstacle(*, decided_by: UUID | None, approver: UUID | None) -> Obstacle | None:
    return Obstacle(TWICE) if decided_by == approver else None
