"""Words, figures and their definitions for the pages of reconciliation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from alongside.core.pages.filters import date_words, time_words
from alongside.support.arrivals.reconciliation.models import Alarm
from alongside.support.arrivals.reconciliation.queries import Day
from alongside.support.arrivals.reconciliation.rules import SHORT, Tally

# (figure, its words, what it means). The first sum is of what came, the second of what became of it.
DEFINITIONS: tuple[tuple[str, str, str], ...] = (
    ("sent", "Sent", "Rows of every file that reached us on the day: those received, and those of a file that is still "
     "loading or was refused whole."),
    ("received", "Received", "Rows of the files that were read. Received = accepted + with us already + held + "
     "rejected."),
    ("accepted", "Accepted", "Rows that became a referral at once."),
    ("duplicate", "With us already", "Rows that said nothing new: their victim is on record, or the very "
     "same row was held or rejected before and is kept once. Otherwise only their number is kept."),
    ("held", "Held", "Good rows about which a person had to decide first, on the day that they came."),
    ("rejected", "Rejected", "Rows that could not be used as they were sent, on the day that they came."),
    ("released", "Released later", "Held or rejected rows that a person took in since: as a referral, or as new "
     "details of one."),
    ("returned", "Returned", "Held or rejected rows that were returned to the officer with the reason."),
    ("closed", "Closed", "Held or rejected rows that a person closed with a reason."),
    ("waiting", "Still waiting", "Held or rejected rows that nobody has dealt with. None of them expires."),
)  # fmt: skip
MORE = (
    ("loading", "Still loading", "Rows of files that are being loaded."),
    ("refused", "In refused files", "Rows of files that were refused whole. Nothing of them was taken in."),
    ("over", "Ended earlier", "Rows that ended before it was counted how."),
    (
        "named",
        "Kept behind named people",
        "Held or rejected rows about somebody whose record is not open to you. Only "
        "the people who are named on it open the row, and see what became of it.",
    ),
)
OPENS = ("accepted", "held", "rejected", "released", "returned", "closed", "waiting")
BEFORE = "duplicate"  # opens where some of them had been held or rejected
WORDS = {name: words for name, words, _ in (*DEFINITIONS, *MORE)}


@dataclass(frozen=True)
class Sum:
    """A sum in words: the total, and its parts with their counts."""

    words: str
    total: int
    parts: tuple[tuple[str, str, int], ...]


def sums(tally: Tally) -> tuple[Sum, ...]:
    """The three sums in which every row must end."""
    first = _parts(tally, "received", "loading", "refused")
    second = _parts(tally, "accepted", "duplicate", "held", "rejected")
    third = _parts(tally, "released", "returned", "closed", "waiting", "over", "named")
    return (
        Sum("Sent", tally.sent, first), Sum("Received", tally.received, second),
        Sum("Held or rejected", tally.held + tally.rejected, third),
    )  # fmt: skip


def _parts(tally: Tally, *names: str) -> tuple[tuple[str, str, int], ...]:
    """Each part with its words; what is seldom there is left out where it is nothing."""
    rare = {name for name, _, _ in MORE}
    counts = ((name, WORDS[name], getattr(tally, name)) for name in names)
    return tuple(one for one in counts if one[2] or one[0] not in rare)


def figures(tally: Tally) -> list[dict[str, object]]:
    """The figures of all days together, each with its definition."""
    return [{"label": words, "value": getattr(tally, name), "definition": what} for name, words, what in DEFINITIONS]


@dataclass(frozen=True)
class Warned:
    """An alarm in words."""

    pk: UUID
    words: str
    open: bool
    settled: str


Titles = Mapping[tuple[int, str], str]


def sender(one: Alarm, titles: Titles) -> str:
    """Which feed an alarm is about."""
    return titles.get((one.source_id, one.feed), one.source.name)


def alarm(one: Alarm, titles: Titles, reasons: dict[str, str], names: dict[UUID | None, str]) -> Warned:
    """What was amiss, and what somebody made of it."""
    came = f"only {one.rows:,} of at least {one.least:,} rows" if one.kind == SHORT else "no new file"
    words = f"{sender(one, titles)}: {came} by {time_words(one.due_at)} on {date_words(one.day)}."
    if one.acknowledged_at:
        who = names.get(one.acknowledged_by, "somebody who has left")
        return Warned(one.pk, words, False, f"Acknowledged by {who}: {reasons.get(one.reason, one.reason)}.")
    return Warned(one.pk, words, one.over_at is None, "It came after all." if one.over_at else "")


def state(day: Day) -> tuple[str, str]:
    """What a day's line says at its end, with a colour."""
    if day.tally.unexplained:
        return f"{day.tally.unexplained:,} not explained", "red"
    if day.alarm and day.alarm.over_at is None and not day.alarm.acknowledged_at:
        return ("Short", "orange") if day.alarm.kind == SHORT else ("Missing", "red")
    if not day.tally.files and day.due:
        return "No file", "yellow"
    return "Adds up", "green"


def period(first: date, last: date) -> str:
    return f"{date_words(first)} to {date_words(last)}"
