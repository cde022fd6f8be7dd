"""What may still be changed of a note and by whom, how long ones are shown, and who may read counselling notes."""

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from alongside.core.privacy.whereabouts import tells_place

LONGEST = 200_000  # characters: some sixty pages
SHOWN_WHOLE = 1_500  # characters; of a longer note the page shows the beginning, and the rest on a press
IN_PASSING = 400  # characters of a note among everything else that happened
HERE = timedelta(seconds=75)  # somebody whose page has not been heard of for longer is gone
MOMENTS = timedelta(minutes=2)  # the same words by the same person within this time are a form that was sent twice

TOO_LATE = "The time in which a note can be changed is over. Add an amendment: both are kept."
NOT_YOURS = "Only whoever wrote a note can change it. You can amend it: both are kept."
CHANGED = (
    "This note was changed in another window while you were writing. What it says now is shown beside what you wrote: "
    "nothing of yours has been lost. Put the two together and save again."
)
PLACE = (
    "This note seems to hold an address or a postcode. Keep those with the ways to make contact, where it is recorded "
    "how safe they are. You can change the note now."
)
NOT_A_READER = (
    "The counselling notes of this case are kept by somebody else. Ask one of those who may read them, or a manager, "
    "to name you."
)
LAST_READER = "Somebody has to be able to read them. Name another person first."

# What word processors put between words and nobody sees; a vertical tab is their break of a line.
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\u200b-\u200f\u2028-\u202e\ufeff]")


def tidy(words: str) -> str:
    """Words as they were meant, without what came along when they were pasted."""
    plain = words.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n")
    return _UNSEEN.sub("", plain).replace("\xa0", " ").strip()


def changing_obstacle(
    *, written_by: UUID | None, by: UUID | None, written_at: datetime, at: datetime, hours: int
) -> str | None:  # fmt: skip
    """Why a note cannot be changed by this person now; None where it can."""
    if written_by is None or written_by != by:
        return NOT_YOURS
    return TOO_LATE if at > until(written_at, hours) else None


def until(written_at: datetime, hours: int) -> datetime:
    """Until when whoever wrote a note can change it."""
    return written_at + timedelta(hours=hours)


def may_keep(readers: Collection[object] | None, by: UUID | None) -> bool:
    """Whether somebody may write counselling notes: nobody has yet, or they are named."""
    return readers is None or by in readers


def may_name(readers: Collection[object], *, by: UUID | None, manager: bool) -> bool:
    """Whether somebody may say who else reads them: one of those who do, or a manager, who need not read to name."""
    return by in readers or manager


def hint(words: str) -> str:
    """What to tell whoever has just written this; empty where there is nothing to say."""
    return PLACE if tells_place(words) else ""


def begins(words: str, most: int = SHOWN_WHOLE) -> tuple[str, str]:
    """The beginning of a note and the rest, parted between words; the rest is empty where it is short."""
    if len(words) <= most:
        return words, ""
    at = words.rfind(" ", 0, most) + 1 or most
    return words[:at], words[at:]
