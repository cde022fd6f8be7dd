"""When something that is not said counts as a gap, what may be said of it instead, and shares of what is complete."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

UNSAID = frozenset({"", "unknown", "not_known", "not_asked"})  # codes that stand where nobody has asked
NOT_SAID, LATER, NONE = "not_said", "later", "none"
GONE = "This has been answered meanwhile, or is not asked any more."


class How(StrEnum):
    """How one thing stands that a case should say."""

    SAID = "said"
    ASKED = "asked"  # asked, and answered that it is not known, or not wanted
    LATER = "later"  # left for another day
    BLANK = "blank"


@dataclass(frozen=True)
class Wanted:
    """A row of the book of gaps: from how many days on it is asked, how long "not known" holds, of whom."""

    code: str
    title: str
    why: str
    ref: str
    after: int
    again: int
    people: bool


def due(wanted: Wanted, *, accepted_on: date, on: date, person: bool) -> bool:
    """Whether a case should say this by now."""
    return (person or not wanted.people) and (on - accepted_on).days >= wanted.after


def how(*, said: bool, came: str, again_on: date | None, on: date) -> How:
    """How one thing stands: what is said counts, then what came of asking while that holds."""
    if said:
        return How.SAID
    if not came or (again_on is not None and on >= again_on):
        return How.BLANK
    return How.LATER if came == LATER else How.ASKED


def is_said(code: str) -> bool:
    return code not in UNSAID


def ways(code: str) -> tuple[str, ...]:
    """What may be said in place of an answer. Work of ours that was not done is not for the person to refuse."""
    if code in WORK:
        return (LATER,)
    return (*((NONE,) if code == "access_needs" else ()), "not_known", NOT_SAID, LATER)


WORK = frozenset({"scores", "outcome", "review"})


def again_on(came: str, *, on: date, again: int, later: int) -> date | None:
    """When it is asked again: never where they did not want to say or there is nothing to say."""
    return {"not_known": on + timedelta(days=again), LATER: on + timedelta(days=later)}.get(came)


def share(done: int, of: int) -> int | None:
    """Percent, down to the whole: nothing is complete that has a gap. None where nothing is asked."""
    return done * 100 // of if of else None


def tally(states: Mapping[str, How]) -> tuple[int, int, int]:
    """(what is answered one way or another, what is asked for, what is a gap now)."""
    done = sum(state in (How.SAID, How.ASKED) for state in states.values())
    return done, len(states), sum(state == How.BLANK for state in states.values())
