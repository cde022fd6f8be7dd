"""What a book is, what its rows may hold, and how an offence code is spelt."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

import yaml

from alongside.core.errors import RuleBroken

KINDS: dict[str, type] = {
    "text": str, "long_text": str, "yes_no": bool, "number": int, "code": str, "codes": list,
}  # fmt: skip
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./]{0,59}", re.ASCII)
OWN_KEYS = ("code", "title", "source", "since")
LONGEST_TITLE = 200
NOT_KNOWN = "not_known"
# Crimes too rare to be placed: never counted by area below the police force, whoever asks (decision 14).
NEVER_BY_COUNCIL = frozenset({"fgm", "modern_slavery"})


@dataclass(frozen=True)
class Field:
    """A column of a book: its words, its kind, and the book that its codes are of."""

    name: str
    label: str
    kind: str
    of: str = ""
    default: Any = None

    @property
    def required(self) -> bool:
        return self.default is None

    @property
    def heading(self) -> str:
        """The label without what explains it, for the head of a column."""
        return self.label.split(" (")[0]

    def faults(self, value: object) -> Iterator[str]:
        if type(value) is not KINDS[self.kind]:
            yield f"{self.label}: this is not what it should hold."
        elif self.required and value == "":
            yield f"{self.label}: this is empty."

    def codes(self, value: Any) -> list[str]:
        """The codes of another book in a value."""
        if self.kind == "code":
            return [value]
        return list(value) if self.kind == "codes" else []


@dataclass(frozen=True)
class ShippedRow:
    """A row as it ships; `since` only where it differs from its book's."""

    code: str
    title: str
    body: Mapping[str, Any]
    source: str
    since: date | None
    position: int


@dataclass(frozen=True)
class Book:
    """A book as it ships: what it is about, its columns, its rows, and the codes that the product itself asks for.

    `written_at`: the page on which its rows are written, where they are more than a form of columns."""

    code: str
    title: str
    about: str
    since: date
    fields: tuple[Field, ...]
    rows: tuple[ShippedRow, ...]
    needed: frozenset[str]
    written_at: str = ""


@dataclass(frozen=True)
class RuleRow:
    """One version of a rule. `ref` is what a record keeps to know under which version it was made."""

    book: str
    code: str
    version: int
    title: str
    body: Mapping[str, Any]
    source: str
    since: date
    until: date | None
    position: int
    origin: str

    @property
    def ref(self) -> str:
        return f"{self.code}@{self.version}"

    def in_force(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on < self.until)

    def number(self, name: str) -> int:
        return int(self.body[name])

    def flag(self, name: str) -> bool:
        return bool(self.body[name])

    def text(self, name: str) -> str:
        return str(self.body[name])

    def codes(self, name: str) -> tuple[str, ...]:
        return tuple(self.body[name])


@dataclass(frozen=True)
class Offence:
    """An offence code with its description, its Home Office group, and the crime type that it leads to."""

    key: str
    kind: str
    description: str
    group: str
    subgroup: str
    crime_type: str
    last_recorded: str


def parse_book(code: str, text: str) -> Book:
    """A book from its YAML. ValueError names the row that is wrong."""
    raw = yaml.safe_load(text)
    fields = tuple(Field(name, **words) for name, words in raw["fields"].items())
    rows = tuple(_row(raw, fields, row, position) for position, row in enumerate(raw["rows"]))
    if len({row.code for row in rows}) != len(rows):
        raise ValueError(f"{code}: a code is used twice")
    needed, written_at = _needed(raw, rows), raw.get("written_at", "")
    return Book(code, raw["title"], raw["about"], raw["since"], fields, rows, needed, written_at)


def _needed(raw: Mapping[str, Any], rows: Collection[ShippedRow]) -> frozenset[str]:
    """Codes of rows that may be revised and never withdrawn: all, or those that are listed."""
    known, asked = {row.code for row in rows}, raw.get("needed", [])
    needed = known if asked == "all" else set(asked)
    if needed - known:
        raise ValueError(f"{raw['title']}: it needs {min(needed - known)}, which is not there")
    return frozenset(needed)


def _row(raw: Mapping[str, Any], fields: tuple[Field, ...], row: Mapping[str, Any], position: int) -> ShippedRow:
    given = {name: value for name, value in row.items() if name not in OWN_KEYS}
    body = {field.name: field.default for field in fields if not field.required} | given
    faults = list(body_faults(fields, body)) if CODE.fullmatch(row["code"]) else ["its code"]
    if faults:
        raise ValueError(f"{raw['title']}, {row['code']}: {' '.join(faults)}")
    return ShippedRow(
        row["code"], row["title"], freeze(body), row.get("source", raw["source"]), row.get("since"), position
    )


def body_faults(fields: tuple[Field, ...], body: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with what a row holds, in words."""
    if set(body) != {field.name for field in fields}:
        yield "It does not hold the columns of its book."
        return
    for field in fields:
        yield from field.faults(body[field.name])


def freeze(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """A body that callers share and cannot change."""
    return MappingProxyType(dict(body))


def check_row(book: Book, title: str, body: Mapping[str, Any], source: str) -> None:
    """Refuses a row that an office may not write so."""
    if not title.strip() or len(title) > LONGEST_TITLE:
        raise RuleBroken("Say it in up to 200 characters.", "title")
    if not source.strip() or len(source) > LONGEST_TITLE:
        raise RuleBroken("Say where this comes from: a law, guidance, or “Office decision”.", "source")
    for fault in body_faults(book.fields, body):
        raise RuleBroken(fault)


def check_code(code: str, taken: Collection[str]) -> None:
    if not CODE.fullmatch(code):
        raise RuleBroken("A code is letters, digits and _ without spaces.", "code")
    if code in taken:
        raise RuleBroken("This code is in the book already, perhaps withdrawn.", "code")


def check_start(since: date, today: date, latest: date) -> None:
    """A version starts today or later, and never before the one that it follows."""
    if since < today:
        raise RuleBroken("A change cannot start in the past: records were made under the old version.", "since")
    if since < latest:
        raise RuleBroken("A later version is planned already: choose its first day or after.", "since")


_CLASS_AND_SUB = re.compile(r"0*(\d{1,3})/0*(\d{1,2})", re.ASCII)
_PACKED = re.compile(r"(\d{3})(\d{2})", re.ASCII)
_NOTIFIABLE = re.compile(r"0*(\d{1,3})(\.\d{1,2})?([A-Z]?)", re.ASCII)
_WORD = re.compile(r"[A-Z]{2,10}", re.ASCII)


def offence_key(text: str) -> str:
    """The one spelling of an offence code: `8N` of `008n`, `8/6` of `00806`; empty if it can be none.

    A dot is kept as it is: `4.10` and `4/10` are two classifications' codes, and `4.1` is not `4.10`.
    """
    squeezed = "".join(text.split()).upper()
    if found := _CLASS_AND_SUB.fullmatch(squeezed) or _PACKED.fullmatch(squeezed):
        return f"{int(found[1])}/{int(found[2])}"
    if found := _NOTIFIABLE.fullmatch(squeezed):
        return f"{int(found[1])}{found[2] or ''}{found[3]}"
    return squeezed if _WORD.fullmatch(squeezed) else ""


def service_crime_type(base: RuleRow, *, business: bool, domestic_abuse: bool, hate: bool) -> str:
    """The crime type of a report: an offence that gives way becomes what the report says that it was."""
    if not base.flag("gives_way"):
        return base.code
    if domestic_abuse and not business:
        return "domestic_abuse"
    if hate:
        return "hate_crime"
    return "business_crime" if business else base.code


def comes_of(result: RuleRow, channel: str) -> bool:
    """Whether this can come of an attempt made this way; a row that names no ways can come of any."""
    ways = result.text("channels").replace(",", " ").split()
    return not ways or channel in ways


def age_band(bands: Collection[RuleRow], age: int | None) -> str:
    """The band of an age in whole years, or `not_known`."""
    if age is None:
        return NOT_KNOWN
    return next((row.code for row in bands if row.number("first") <= age <= row.number("last")), NOT_KNOWN)
