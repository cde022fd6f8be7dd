"""Pure rules of referrals: references, clocks, status words, suggested entitlements."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from alongside.core import clocks
from alongside.core.errors import RuleBroken
from alongside.core.pages.filters import date_words

# No vowels, so that no word appears; nothing that looks or sounds like another.
LETTERS = "3467CDFGHJKMNPQRTVWXY"
LENGTH = 8
PREFIX = "AL"
# In place of a reason for not reporting: whether the police know is not known.
NOT_KNOWN = "not_known"
ADULT = 18
# The same words by the same person within this time are a form that was sent twice.
MOMENTS = timedelta(minutes=2)
TO_DO = ("RECEIVED", "IN_TRIAGE")
WITH_HUB = (*TO_DO, "OFFERED")

WORDS = {"RECEIVED": "received", "IN_TRIAGE": "received", "OFFERED": "offered", "ACCEPTED": "accepted",
         "CLOSED": "closed"}  # fmt: skip


@dataclass(frozen=True)
class Point:
    """One way to reach the victim, as it arrived. Verified only where `verified_how` is said."""

    kind: str
    value: str
    safe: str
    safe_times: str = ""
    instructions: str = ""
    leave_message: bool = False
    verified_how: str = ""


def new_reference(random: bytes) -> str:
    """A reference that people can read out, such as AL-7K3M-P4WX, from 8 random bytes or more."""
    number = int.from_bytes(random[:16], "big")
    letters = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(LETTERS))
        letters.append(LETTERS[place])
    return f"{PREFIX}-{''.join(letters[:4])}-{''.join(letters[4:])}"


def tidy_reference(text: str) -> str | None:
    """A reference however it was typed, as it is stored; None for what cannot be one."""
    letters = "".join(letter for letter in text.upper() if letter.isalnum()).removeprefix(PREFIX)
    if len(letters) != LENGTH or not set(letters) <= set(LETTERS):
        return None
    return f"{PREFIX}-{letters[:4]}-{letters[4:]}"


def as_typed(words: str) -> tuple[str, ...]:
    """A source's own reference in the ways that people type it: as it is, in capitals and in small letters.

    Compared whole, since row security lets an index serve no function of a column.
    """
    typed = " ".join(words.split())
    return tuple(dict.fromkeys((typed, typed.upper(), typed.lower())))


def due_times(received_at: datetime, *, attempt_days: int, offer_days: int) -> tuple[datetime, datetime]:
    """When the first attempt to make contact and the first offer are due, in working days from receipt."""
    return clocks.due(received_at, attempt_days), clocks.due(received_at, offer_days)


def open_clock(
    state: str, *, attempted: bool, offered: bool, attempt_due: datetime, offer_due: datetime
) -> tuple[str, datetime] | None:
    """The hub's clock that runs on a referral now: what is due, and when; none where nothing is to do."""
    if state not in TO_DO or (attempted and offered):
        return None
    return ("First offer", offer_due) if attempted else ("First contact", attempt_due)


def days_to(due: datetime, now: datetime) -> int:
    """Working days left, or days late."""
    return clocks.working_days_between(due, now) if now > due else clocks.working_days_between(now, due)


def status_word(state: str, *, contacted: bool, closed_as: str = "") -> str:
    """The one status word that a referrer or a victim reads. `closed_as` is the closing reason's own word."""
    if state == "CLOSED":
        return closed_as or "closed"
    return "contacted" if contacted and state == "IN_TRIAGE" else WORDS[state]


@dataclass(frozen=True)
class Suggestion:
    """An Enhanced Right that what is known suggests, with why. A person decides."""

    code: str
    why: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """What is known that bears on Enhanced Rights. `factors`: title and entitlements by code."""

    age: int | None
    high_harm: str
    vulnerable: bool
    intimidated: bool
    repeat: bool
    chosen: Collection[str]
    factors: Mapping[str, tuple[str, tuple[str, ...]]]


def suggested_entitlements(known: Known) -> tuple[Suggestion, ...]:
    """Enhanced Rights suggested by age, crime, the source's words and the factors (Victims' Code)."""
    why: dict[str, list[str]] = {}
    for code, reason in _pointers(known):
        why.setdefault(code, []).append(reason)
    return tuple(Suggestion(code, tuple(reasons)) for code, reasons in why.items())


def _pointers(known: Known) -> Iterable[tuple[str, str]]:
    said = (
        (known.age is not None and known.age < ADULT, "vulnerable_intimidated", "Under 18"),
        (known.vulnerable, "vulnerable_intimidated", "The source said vulnerable"),
        (known.intimidated, "vulnerable_intimidated", "The source said intimidated"),
        (bool(known.high_harm), "most_serious_crime", known.high_harm),
        (known.repeat, "persistently_targeted", "The source said repeat victim"),
    )
    yield from ((code, reason) for holds, code, reason in said if holds)
    for factor in known.chosen:
        title, codes = known.factors.get(factor, ("", ()))
        yield from ((code, title) for code in codes)


@dataclass(frozen=True)
class Closure:
    """A reason for closing: the status word that it counts as, and who may use it."""

    code: str
    title: str
    status: str
    closed_by: str


NOT_REACHED = "not_reached"
SAID = ("vulnerable", "intimidated", "repeat")


def flags(said: Mapping[str, str], markers: Iterable[str], *, restricted: Collection[str]) -> tuple[str, ...]:
    """What a provider reads of how the crime and its victim were marked: never what named people alone may see."""
    told = (*(name for name in SAID if said[name] == "yes"), *markers)
    return tuple(dict.fromkeys(code for code in told if code not in restricted))


def refuse_stopped(stopped: datetime | None) -> None:
    """Whoever asked us to stop is sent to nobody, and taken up by nobody, until they say otherwise."""
    if stopped is not None:
        raise RuleBroken(
            f"They asked us to stop on {date_words(stopped)}. If they have come back, the hub first records on their "
            "record that they agree to be supported."
        )


def check_closure(closure: Closure, *, attempted_days: int, wanted_days: int) -> None:
    """Refuses a reason that is not the hub's, and giving up before enough attempts on different days."""
    if closure.closed_by == "provider":
        raise RuleBroken(f"Only a provider closes with \u201c{closure.title}\u201d.", "reason")
    if closure.status == NOT_REACHED and attempted_days < wanted_days:
        raise RuleBroken(
            f"Try on at least {wanted_days} different days before you close as not reached; "
            f"so far there are attempts on {attempted_days}.", "reason",
        )  # fmt: skip
