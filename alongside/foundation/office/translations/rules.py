"""Pure rules of translations: what a catalogue holds, what of the rulebook the public reads, what may be said."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO

from babel.messages.pofile import read_po

from alongside.core.errors import RuleBroken
from alongside.core.said import places
from alongside.foundation.office.rulebook.rules import RuleRow

LONGEST = 2000
# Books of which the public reads something: their titles, or these columns of them.
PUBLIC_BOOKS: Mapping[str, tuple[str, ...]] = {
    "plain_crimes": ("title",), "age_bands": ("title",), "urgent_help": ("title", "says", "numbers"),
    "helplines": ("hours", "about"), "crime_types": ("title",), "needs": ("title",), "made_for": ("title",),
    "modes": ("title",), "access_needs": ("title",), "service_criteria": ("note",), "routes": ("title",),
    "service_faults": ("title",), "code_rights": ("title", "words"),
}  # fmt: skip
# Read by the public too, but worded by whoever measures with them: an office has them translated, and none is shipped.
OWN_BOOKS: Mapping[str, tuple[str, ...]] = {"outcome_tools": ("title", "questions", "scale")}
LINED = {"questions": 1, "scale": 1}  # columns of lines: which part of each is read, between the strokes
RULEBOOK = "rulebook/"
# How a sentence stands in a language.
MISSING, STALE, SHIPPED, EDITED = "missing", "stale", "shipped", "edited"


@dataclass(frozen=True)
class Sentence:
    """A fixed sentence of ours, and where it stands: templates, modules, rows of the rulebook."""

    english: str
    where: tuple[str, ...]

    @property
    def key(self) -> str:
        return key_of(self.english)


@dataclass(frozen=True)
class Shipped:
    """A sentence as a catalogue translates it."""

    english: str
    says: str
    where: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """A sentence in one language. `was`: the English that its translation was made of, where that has changed since.
    `native`: a native reader has checked it."""

    english: str
    says: str
    where: tuple[str, ...]
    state: str
    native: bool = False
    was: str = ""

    @property
    def key(self) -> str:
        return key_of(self.english)


def key_of(english: str) -> str:
    return sha256(english.encode()).hexdigest()[:16]


def read(catalogue: bytes) -> tuple[Shipped, ...]:
    """The sentences of a PO file, in its order. One that translates nothing, or not all of its parts, has no words."""
    return tuple(
        Shipped(str(one.id), _kept(str(one.id), str(one.string or "")), tuple(place for place, _ in one.locations))
        for one in read_po(BytesIO(catalogue))
        if one.id
    )


def _kept(english: str, says: str) -> str:
    return says if places(says) == places(english) else ""


def texts_of(row: RuleRow) -> Iterator[str]:
    """What the public reads of a row."""
    for column in {**PUBLIC_BOOKS, **OWN_BOOKS}[row.book]:
        if column in LINED:
            yield from _column(row.text(column), LINED[column])
        elif column == "numbers":
            yield from (line.partition(":")[2].strip() for line in row.text(column).split("\n") if ":" in line)
        else:
            yield row.title if column == "title" else row.text(column)


def _column(text: str, place: int) -> Iterator[str]:
    """One part of every line of a column."""
    lines = ([part.strip() for part in line.split("|")] for line in text.splitlines())
    yield from (parts[place] for parts in lines if len(parts) > place)


def sentences(fixed: Iterable[Shipped], rows: Iterable[RuleRow]) -> tuple[Sentence, ...]:
    """Every sentence of the public pages as it stands: those of the pages, and those of the rulebook today."""
    found: dict[str, dict[str, None]] = {}
    for one in fixed:
        if own := [place for place in one.where if not place.startswith(RULEBOOK)]:
            found.setdefault(one.english, {}).update(dict.fromkeys(own))
    for row in rows:
        for text in texts_of(row):
            if text:
                found.setdefault(text, {})[f"{RULEBOOK}{row.book}/{row.code}"] = None
    return tuple(Sentence(english, tuple(where)) for english, where in found.items())


def said_by(rows: Iterable[RuleRow], language: str) -> Mapping[str, RuleRow]:
    """What an office wrote in a language, by its English. What lacks a part of the English is not used."""
    return {
        row.text("english"): row
        for row in rows
        if row.text("language") == language and _kept(row.text("english"), row.text("says"))
    }


def lines(
    found: Iterable[Sentence], shipped: Iterable[Shipped], written: Mapping[str, RuleRow]
) -> tuple[Line, ...]:  # fmt: skip
    """Every sentence with how it stands in a language, in the order of the pages."""
    came = {one.english: one.says for one in shipped if one.says}
    before = {place: one for one in shipped if one.says for place in one.where if place.startswith(RULEBOOK)}
    return tuple(_line(one, came, before, written) for one in found)


def _line(
    one: Sentence, came: Mapping[str, str], before: Mapping[str, Shipped], written: Mapping[str, RuleRow]
) -> Line:
    if row := written.get(one.english):
        return Line(one.english, row.text("says"), one.where, EDITED, native=row.flag("native"))
    if says := came.get(one.english):
        return Line(one.english, says, one.where, SHIPPED)
    if old := next((before[place] for place in one.where if place in before), None):
        return Line(one.english, old.says, one.where, STALE, was=old.english)
    return Line(one.english, "", one.where, MISSING)


def check(english: str, says: str) -> None:
    """Refuses a translation that could not be shown as it should."""
    if not says.strip():
        raise RuleBroken("Write what it says in this language.", "says")
    if len(says) > LONGEST:
        raise RuleBroken(f"Say it in up to {LONGEST:,} characters.", "says")
    if "<" in says or ">" in says:
        raise RuleBroken("Write words alone: marks of HTML would be shown as they are.", "says")
    if places(says) != places(english):
        asked = ", ".join(f"{{{name}}}" for name in places(english)) or "none"
        raise RuleBroken(f"Keep every part in braces once, as the English has it: {asked}.", "says")
