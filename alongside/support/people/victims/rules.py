"""Pure rules of who a person is: how names are compared, ages, and what a correction changes."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from alongside.core.pages.filters import date_words

# Letters that Unicode does not take apart into a base letter and an accent.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_WITHIN = re.compile(r"['’‘ʼ`´.]")
# How an agreement ended of which somebody told us themselves, with their four words.
ASKED_TO_STOP = "asked us to stop"
# What the strip of safe contact says of somebody who asked us to stop, whatever numbers are held.
NO_CONTACT: dict[str, object] = {
    "state": "unsafe", "words": "They asked us to stop. Do not call, write or visit unless they come back.",
    "also": (), "next": "",
}  # fmt: skip
STALE = (
    "Somebody else changed this record while you were writing. What it says now is shown below; nothing of yours has "
    "been lost. Put the two together and save again."
)
# What tells who somebody is or where they live: whoever handed their records on is not to read it of them anew.
WHO_AND_WHERE = frozenset({"title", "given_name", "family_name", "business_name", "council", "location_protected"})
_BETWEEN = re.compile(r"[\W_]+")


def name_part(text: str) -> str:
    """One name as names are compared: small letters, no accents, no punctuation, single spaces."""
    plain = text.casefold()
    if not plain.isascii():
        apart = unicodedata.normalize("NFKD", plain)
        plain = "".join(letter for letter in apart if not unicodedata.combining(letter)).translate(_LETTERS)
    return _BETWEEN.sub(" ", _WITHIN.sub("", plain)).strip()


def name_key(given: str, family: str) -> str:
    """A whole name as names are compared and found, the family name first."""
    return f"{name_part(family)} {name_part(given)}".strip()[:210]


def age_on(born: date, day: date) -> int:
    """Whole years. Born on 29 February: a year older on 1 March of a common year."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def known_age(born: date | None, day: date) -> int | None:
    """Whole years, where the date of birth is known."""
    return age_on(born, day) if born else None


def age_at_least(said: int | None, said_on: date | None, day: date) -> int | None:
    """Whole years that somebody has at least who was said to be of an age on a day; None where nobody said."""
    return None if said is None or said_on is None else said + age_on(said_on, day)


def told_age(born: date | None, said: int | None, said_on: date | None, day: date) -> int | None:
    """Whole years by the date of birth, or at least, by the age that was said when they came."""
    known = known_age(born, day)
    return age_at_least(said, said_on, day) if known is None else known


def is_under(years: int, age: int | None, said_under: int | None) -> bool:
    """Whether somebody is under so many years: by their age; where none is known, because that much was said."""
    return age < years if age is not None else said_under is not None and said_under <= years


@dataclass(frozen=True)
class Answer:
    """What a person said of being supported: yes or no, when, and whether they took a yes back or asked us to stop."""

    given: bool
    at: datetime
    withdrawn_at: datetime | None = None
    stop: bool = False


def stopped_at(answers: Iterable[Answer]) -> datetime | None:
    """Since when somebody wants the support no longer that they had asked for; None where they said yes last.

    A no of somebody who had never said yes is no stop: nobody has begun.
    """
    stop, agreed = None, False
    for answer in sorted(answers, key=lambda answer: answer.at):
        if answer.given:
            stop, agreed = answer.withdrawn_at, True
        elif answer.stop or agreed:
            stop = stop or answer.at
    return stop


def warning(stopped: datetime | None, *, protected: bool = False) -> str:
    """What whoever opens a record must know before anything else; empty where there is nothing."""
    stop = f"They asked us to stop on {date_words(stopped)}. Make no contact unless they come back." if stopped else ""
    return f"{stop} {'Where they live is protected. Tell nobody.' if protected else ''}".strip()


def changed(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[str, ...]:
    """The names of what a correction changes, in their own order."""
    return tuple(name for name, value in before.items() if after[name] != value)


def kept(before: Mapping[str, object], names: Collection[str], *, special: Collection[str]) -> dict[str, str]:
    """The old values that are worth keeping; what is of a special category and was wrong is not kept at all."""
    return {name: str(before[name] or "") for name in names if name not in special}


ADULT_ONLY, DIRECT = "adult", "direct"
JUDGED_FIRST = "judgement"
SAID_YOUNG = (
    "Said to be under {}, and their age is not known: through an adult, unless a worker has judged that they "
    "understand and can choose."
)
MAY_CHOOSE = "A worker has judged that they understand and can choose: they may be contacted directly."


@dataclass(frozen=True)
class Footing:
    """On which footing a child is contacted: what a worker reads, who the adult is, and whether directly is allowed."""

    words: str
    adult: str = ""
    directly: bool = False

    @property
    def note(self) -> str:
        """The same for the strip of safe contact."""
        who = f" The adult is {self.adult}." if self.adult else " No adult is recorded yet."
        return f"{self.words}{who}"


def footing(how: str, words: str, *, adult: str, judged: bool | None) -> Footing | None:
    """The footing for an age's rule (`how`; empty where no age is known) and what was recorded last; None for who is
    contacted like anybody else. `judged`: whether a worker found that the child may choose; None where nobody did.
    """
    if how == DIRECT or (not how and judged is None):
        return None
    if how == ADULT_ONLY:
        return Footing(words, adult)
    if judged:
        return Footing(MAY_CHOOSE, adult, directly=True)
    return Footing(words or "Contact goes through an adult with responsibility.", adult)


# What stands in the read log, in words: a page by itself, or else what the pages of its domain are about.
_PAGES: Mapping[str, str] = {
    "casework:show": "overview of the case", "casework:caseload": "caseload", "casework:offers": "offers",
    "casework:offer": "offer", "casework:looks": "who looked", "casework:contacts": "contacts",
    "casework:record_contact": "contacts", "casework:outcomes": "outcomes", "casework:assess": "outcomes",
    **dict.fromkeys(
        ("casework:plan", "casework:find_need", "casework:revise_need", "casework:settle_need", "casework:steps",
         "casework:add_step", "casework:revise_step"), "plan",
    ),
    "casework:reveal": "telephone or address opened", "referrals:reveal": "telephone or address opened",
    "others:open_party": "other party opened", "others:clashes": "possible conflicts",
    **dict.fromkeys(
        ("notes:counselling", "notes:counsel", "notes:change_counsel", "notes:amend_counsel"), "counselling notes"
    ),
    "practical:receipt": "receipt opened", "victims:outbox": "messages", "risk:alerts": "risks that rose",
    "journey:heard": "what people told us", "papers:document": "document opened",
    "threads:document": "document opened",
}  # fmt: skip
_PLACES: Mapping[str, str] = {
    "appointments": "appointments", "assessment": "assessment of needs", "audits": "audit of cases",
    "blanks": "missing answers", "callbacks": "call-back", "calls": "call", "casework": "case",
    "centres": "report by a reporting centre", "changes": "changed details", "checks": "checks of case files",
    "clocks": "clock of a referral", "closing": "closing of the case", "day": "my day or team",
    "deliveries": "connection of a sender", "duty": "rota", "fairness": "fairness report", "feeds": "police feed",
    "forecasts": "expected waits", "groups": "group work", "imports": "caseload that is brought along",
    "incoming": "taking down a referral", "intake": "asking for help", "journey": "their own page",
    "justice": "journey through justice", "kinds": "kind of referral", "lessons": "what was learned",
    "looks": "unusual looks", "material": "requests for records", "matching": "whether two records are one person",
    "mending": "rows of a police feed", "notes": "notes", "onthespot": "taken down on the spot",
    "others": "other party", "papers": "documents", "plans": "plan", "practical": "practical help",
    "reconciliation": "reconciliation of a feed", "referrals": "referral", "related": "people around them",
    "replies": "reply to whoever referred", "restricted": "who may open the record",
    "retention": "how long the record is kept", "risk": "risk", "routing": "routing", "safety": "safety plan",
    "sources": "source of referrals", "stalled": "referrals that stand still", "supervision": "supervision",
    "tasks": "tasks", "threads": "question to whoever referred", "tools": "outcome tools", "transfers": "transfer",
    "triage": "queue",
    "victims": "the person’s record", "waiting": "waiting lists",
}  # fmt: skip


def page_words(route: str) -> str:
    """A page as people would name it, with that something was printed there or taken as a file."""
    place, _, verb = route.partition(":")
    words = _PAGES.get(route) or _PLACES.get(place, "another page")
    if verb.startswith("print"):
        return f"{words}, printed"
    return f"{words}, taken as a file" if verb == "download" else words


def has_words(place: str) -> bool:
    """Whether the pages of a domain have a name that people would give them."""
    return place in _PLACES
