"""Pure rules of group work: dates, room, initials, and what of a register has changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from alongside.core.errors import RuleBroken
from alongside.core.pages.filters import plural

# The same register by the same person within this time is a form that was sent twice.
MOMENTS = timedelta(minutes=2)
STALE = (
    "Somebody else changed this meanwhile. What it says now is shown here, and what you entered is kept below: look at "
    "both, then save again."
)
READ_FIRST = "Read what is said above first. Tick this if they can be in one group all the same"
OTHER_SIDE, SAME_OTHER = "other_side", "same_other"
# What blind indexes say of a case and a group, without saying of whom.
AGAINST = {
    OTHER_SIDE: "Somebody in this group may be on the other side of what happened: names or a number are the same.",
    SAME_OTHER: "Somebody in this group may have been harmed by the same person.",
}
ASK_MANAGER = "Check with your manager, who can look at it and give the place."
FULL = "Every place is taken. Put them on the list of interest instead."


@dataclass(frozen=True)
class Marked:
    """One member in a register: the mark as a code, and a note about them alone."""

    mark: str
    note: str = ""


def check_dates(starts_on: date, ends_on: date | None) -> None:
    if ends_on is not None and ends_on < starts_on:
        raise RuleBroken("The last day must not be before the first.", "ends_on")


def check_room(places: int, taken: int) -> None:
    """A group keeps room for those who are in it."""
    if places < max(taken, 1):
        raise RuleBroken(f"{plural(taken, 'place')} are taken. A group has room for those who are in it.", "places")


def check_free(places: int, taken: int) -> None:
    if taken >= places:
        raise RuleBroken(FULL, "now")


def initials(name: str) -> str:
    """Enough for those who were there, and too little for who finds the paper: T.S."""
    return "".join(f"{word[0].upper()}." for word in name.split() if word[0].isalpha()) or "–"


def changed(given: Mapping[UUID, Marked], held: Mapping[UUID, Marked]) -> dict[UUID, Marked]:
    """What of a register is new or other than it was."""
    return {key: marked for key, marked in given.items() if held.get(key) != marked}


def hidden_words(count: int) -> str:
    """Of places that are taken by people whose records the reader may not open."""
    if not count:
        return ""
    return "One place is taken." if count == 1 else f"{plural(count, 'place')} are taken."
