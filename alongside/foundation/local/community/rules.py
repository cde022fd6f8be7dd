"""Pure rules of community groups: what is said of one, when two are perhaps the same, who reaches whom where."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

NOT_KNOWN = "not_known"
LONGEST_NAME, LONGEST_WORDS, LONGEST_NOTE = 200, 2000, 2000
STROKES = str.maketrans("łøđ", "lod")  # letters whose stroke is no accent of its own
# Left out where two names are compared: many groups have them or not.
EMPTY_WORDS = frozenset("the a an of and y yr group club circle cic cio ltd limited charity society".split())


def name_key(name: str) -> str:
    """A name without accents, case and punctuation: Tŷ'r Môr and ty r mor are one, women's and womens too."""
    plain = unicodedata.normalize("NFKD", name.casefold()).translate(STROKES)
    bare = "".join(one for one in plain if not unicodedata.combining(one))
    return " ".join(re.findall(r"\w+", re.sub(r"['’]s\b", "s", bare)))[:LONGEST_NAME]


def name_core(name: str) -> str:
    """What tells a name apart: without the words that many have; whole where nothing else is left."""
    words = name_key(name).split()
    return " ".join(word for word in words if word not in EMPTY_WORDS) or " ".join(words)


def digits(phone: str) -> str:
    """A number as it is compared: its last ten digits, so that +44 and 0 are one."""
    found = re.sub(r"\D", "", phone)
    return found[-10:] if len(found) >= 10 else ""


@dataclass(frozen=True)
class About:
    """What is said of a group. Nothing of it is about one person."""

    name: str
    what: str = ""
    activities: tuple[str, ...] = ()
    reaches: tuple[str, ...] = ()
    hears: tuple[str, ...] = ()
    councils: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    legal_form: str = ""
    turnover: str = ""
    paid: str = ""
    volunteers: str = ""
    safeguarding: str = NOT_KNOWN
    insurance: str = NOT_KNOWN
    checks: str = NOT_KNOWN
    meets_at: str = ""
    postcode: str = ""
    phone: str = ""
    email: str = ""
    web: str = ""


@dataclass(frozen=True)
class Asked:
    """Whom to ask for at a group. `address`: where they live, if they said so. `how`: how best to reach them."""

    name: str
    role: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    how: str = ""


@dataclass(frozen=True)
class Marks:
    """What two groups are compared by. The indexes are blind: of people's own numbers and mailboxes."""

    name: str
    phones: frozenset[str] = frozenset()
    email: str = ""
    postcode: str = ""
    web: str = ""
    indexes: frozenset[bytes] = frozenset()


def marks(about: About, indexes: Iterable[bytes] = ()) -> Marks:
    phone = digits(about.phone)
    return Marks(
        name_core(about.name), frozenset({phone} if phone else ()), about.email.strip().casefold(),
        about.postcode.replace(" ", "").upper(), _site(about.web), frozenset(filter(None, indexes)),
    )  # fmt: skip


def _site(web: str) -> str:
    return re.sub(r"^(https?://)?(www\.)?", "", web.strip().casefold()).rstrip("/")


def alike(left: Marks, right: Marks) -> list[str]:
    """Why two groups may be the same, in words; empty where nothing says so."""
    found = (
        (left.name == right.name, "the same name"),
        (left.phones & right.phones, "the same phone number"),
        (left.email and left.email == right.email, "the same email address"),
        (left.postcode and left.postcode == right.postcode, "the same postcode"),
        (left.web and left.web == right.web, "the same website"),
        (left.indexes & right.indexes, "the same person to ask for"),
    )
    return [words for so, words in found if so]


def about_fault(about: About) -> tuple[str, str] | None:
    """What is wrong with what is said of a group, and of which field; None where nothing is."""
    if not name_key(about.name):
        return "Enter the name of the group", "name"
    if len(about.name) > LONGEST_NAME:
        return f"The name must be {LONGEST_NAME} letters or fewer", "name"
    if len(about.what) > LONGEST_WORDS:
        return f"Say what it does in {LONGEST_WORDS:,} letters or fewer", "what"
    if not about.councils:
        return "Choose where it works", "councils"
    return None


def next_fault(on: date, next_on: date | None, most: int) -> str:
    """What is wrong with the day of the next contact, at most so many days ahead; empty where nothing is."""
    if next_on is None:
        return ""
    if next_on <= on:
        return "The next contact must be after this one"
    return f"The next contact must be within {most} days" if next_on - on > timedelta(days=most) else ""


# Who reaches whom, where.


@dataclass(frozen=True)
class Reach:
    """Whom a group or an organisation reaches, and where. No council: everywhere."""

    name: str
    reaches: frozenset[str]
    councils: frozenset[str]


@dataclass
class Square:
    """Who reaches some people in one council's area: groups by name, and how many services are made for them."""

    groups: list[str] = field(default_factory=list)
    services: int = 0

    @property
    def level(self) -> str:
        """none, groups (no service is made for them), services (no group), both."""
        if self.groups:
            return "both" if self.services else "groups"
        return "services" if self.services else "none"


Matrix = Mapping[tuple[str, str], Square]


def matrix(
    groups: Iterable[Reach], services: Iterable[Reach], people: Sequence[str], councils: Sequence[str]
) -> Matrix:  # fmt: skip
    """A square for each kind of people and council, empty ones too."""
    squares = {(kind, council): Square() for kind in people for council in councils}
    for one in groups:
        for place in _places(one, councils):
            if place in squares:
                squares[place].groups.append(one.name)
    for one in services:
        for place in _places(one, councils):
            if place in squares:
                squares[place].services += 1
    return squares


def _places(one: Reach, councils: Sequence[str]) -> Iterable[tuple[str, str]]:
    there = [code for code in councils if not one.councils or code in one.councils]
    return ((kind, code) for kind in one.reaches for code in there)


@dataclass(frozen=True)
class Coverage:
    """What the members of a consortium together reach, and what none of them does."""

    squares: Matrix
    unreached: tuple[str, ...]
    uncovered: tuple[str, ...]


def coverage(members: Sequence[Reach], people: Sequence[str], councils: Sequence[str]) -> Coverage:
    covered = {code for one in members for code in (one.councils or councils)}
    reached = {kind for one in members for kind in one.reaches}
    return Coverage(
        matrix(members, (), people, councils),
        tuple(kind for kind in people if kind not in reached),
        tuple(code for code in councils if code not in covered),
    )
