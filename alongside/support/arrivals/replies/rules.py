"""When a reply may be opened, read again and answered, how references are compared, and what consent lets be said."""

import re
from datetime import datetime

MOST_TRIES = 5
RECEIVED, CLOSED = "received", "closed"
SAID = (
    RECEIVED,
    "contacted",
    "offered",
    "accepted",
    "not_reached",
)  # whatever else a referral stands at reads as closed
_MAILBOX = re.compile(r"[^\s,;<>()]+@[^\s,;<>()]+")


def plain(reference: str) -> str:
    """A reference as it is compared: letters and digits alone, however it was typed."""
    return "".join(letter for letter in reference.casefold() if letter.isalnum())


def mailbox_in(officer: str) -> str:
    """The mailbox in what is kept of an officer; empty if there is none, or more than one."""
    found = _MAILBOX.findall(officer)
    return found[0].strip(".") if len(found) == 1 else ""


def word(standing: str, *, shares: bool) -> str:
    """What an officer may read. Without the victim's agreement to share, that it was received, and no more."""
    if not shares:
        return RECEIVED
    return standing if standing in SAID else CLOSED


def tells_itself(word: str, before: str | None, *, listed: bool, shares: bool, restricted: bool) -> bool:
    """Whether the officer hears of a word without anybody pressing: it is on the rulebook's list and new to them, the
    victim agrees that we share, and the record is not for named people alone. `before`: the word told last.
    """
    return shares and listed and not restricted and word != before


def may_open(*, opened: bool, tries: int, opens_until: datetime, at: datetime) -> bool:
    """Once, in time, and not after too many wrong references."""
    return not opened and tries < MOST_TRIES and at < opens_until


def may_read(*, read_until: datetime | None, at: datetime) -> bool:
    return read_until is not None and at < read_until
