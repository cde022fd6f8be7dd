"""Pure rules of restricted records: who may be taken from the names, who may judge what, how long a seal is broken."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

OUTCOMES = {"justify": "Justified", "find_fault": "Not justified", "ask_for_action": "Needs action"}
AN_HOUR = timedelta(hours=1)


def unname_obstacle(user: UUID, *, named: Collection[UUID], keepers: Collection[UUID]) -> str:
    """Why somebody may not be taken from the names; empty where they may. `named`: of the same organisation,
    `keepers`: its privacy officers who are named.
    """
    if user not in named:
        return "They are not named any more."
    if set(named) == {user}:
        return "They are the last who is named here. Name somebody else first."
    if set(keepers) == {user}:
        return "The privacy officer stays named, so that somebody answers for every restricted record."
    return ""


def lift_obstacle(by: UUID | None, asked_by: UUID | None) -> str:
    """Why this person may not be the second."""
    return "Lifting takes two people. Somebody else who is named must confirm it." if by == asked_by else ""


def review_obstacle(by: UUID | None, whose: UUID) -> str:
    """Why this person may not judge what somebody did."""
    return "Nobody judges what they did themselves. Ask the other privacy officer or a manager." if by == whose else ""


def tries_left(tried: int, most: int) -> bool:
    """Whether somebody may try another reference at the seal this hour."""
    return tried < most


def minutes_words(until: datetime, at: datetime) -> str:
    """How long a broken seal still shows its record."""
    left = max(1, round((until - at).total_seconds() / 60))
    return "1 minute" if left == 1 else f"{left} minutes"
