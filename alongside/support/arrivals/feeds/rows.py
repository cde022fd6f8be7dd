"""Rows of a police feed: 33 columns, each read strictly and nothing guessed.

Empty cells count as absent. Times without an offset are London's.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, NamedTuple
from zoneinfo import ZoneInfo

import phonenumbers
from pydantic import BaseModel, ConfigDict, PlainValidator, StringConstraints, ValidationError
from pydantic_core import PydanticCustomError

LONDON = ZoneInfo("Europe/London")
EARLIEST = "1900-01-01"
HATE_STRANDS = ("race", "religion", "sexual_orientation", "disability", "transgender")
# Why a cell is refused, by the codes of the rulebook's reject reasons.
WHY = {
    "missing": "is needed and the cell is empty",
    "too_long": "is longer than we can keep",
    "bad_date": "is not a date: write 2026-03-31 or 31/03/2026",
    "too_early": "is before 1900",
    "future_date": "is in the future",
    "bad_choice": "is none of the values that it may have",
    "bad_reference": "must be up to 60 letters, digits and . _ - / : # with a letter or digit first",
    "unknown_offence": "is not an offence code that we know, such as 8N or 105A",
    "bad_postcode": "is not a postcode of this or another country",
    "bad_phone": "is not one whole telephone number",
    "bad_email": "is not an e-mail address",
    "bad_time": "has a time of day that does not exist",
    "bad_characters": "holds control characters",
    "not_for_a_business": "must be empty when the victim is a business",
    "wrong_columns": "does not have as many cells as the header",
    "not_text": "must be text in quotation marks, or null",
    "not_an_object": "is not an object with our fields",
    "unknown_field": "has a field that we do not take",
    "repeated_field": "names a field twice",
    "broken_quotes": "has a quotation mark that is never closed, or text after a closed one",
}


class Fault(NamedTuple):
    """Why a row is rejected. Never holds what the cell said."""

    field: str
    why: str

    @property
    def reason(self) -> str:
        return f"{self.field}:{self.why}"

    @property
    def words(self) -> str:
        return f"{self.field} {WHY[self.why]}"


class Answer(StrEnum):
    """Yes, no or not known. Not asked and not known are the same to us."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    @classmethod
    def _missing_(cls, value: object) -> "Answer | None":
        """YES and Yes are yes."""
        lowered = str(value).lower()
        return cls(lowered) if lowered != value else None


class VictimKind(StrEnum):
    PERSON = "person"
    BUSINESS = "business"
    BEREAVED = "bereaved"
    WITNESS = "witness"

    @classmethod
    def _missing_(cls, value: object) -> "VictimKind | None":
        lowered = str(value).lower()
        return cls(lowered) if lowered != value else None


_ISO = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
_DAY_LONG = len("2026-03-31")


def _iso(text: str) -> str:
    if text[2:3] == text[5:6] == "/":
        text = f"{text[6:10]}-{text[3:5]}-{text[:2]}{text[10:]}"
    if not _ISO.fullmatch(text):
        raise _refusal("bad_date")
    if text < EARLIEST:
        raise _refusal("too_early")
    return text


@lru_cache(maxsize=65_536)
def _moment(text: str) -> datetime:
    """An instant in UTC, so that the same moment written with another offset is the same content."""
    iso = _iso(text)
    try:
        moment = datetime.fromisoformat(iso)
        return (moment if moment.tzinfo else moment.replace(tzinfo=LONDON)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _refusal("bad_date") from None


@lru_cache(maxsize=65_536)
def _day(text: str) -> date:
    """A day; of a moment, its day in London."""
    if len(text) > _DAY_LONG:
        return _moment(text).astimezone(LONDON).date()
    iso = _iso(text)
    try:
        return date.fromisoformat(iso)
    except ValueError:
        raise _refusal("bad_date") from None


def _birth_date(text: str) -> date:
    if len(text) > _DAY_LONG:
        raise _refusal("bad_date")
    return _day(text)


_UK_POSTCODE = re.compile(r"(?:[A-PR-UWYZ][A-HK-Y]?[0-9][A-Z0-9]?|GIR ?0AA) ?[0-9][ABD-HJLNP-UW-Z]{2}")
_ANY_POSTCODE = re.compile(r"[A-Z0-9][A-Z0-9 -]{1,15}")


def _postcode(text: str) -> str:
    """UK postcodes in their usual form; another country's kept, for the row to be flagged, not lost."""
    upper = text.upper()
    if _UK_POSTCODE.fullmatch(upper):
        return upper if upper[-4] == " " else f"{upper[:-3]} {upper[-3:]}"
    squeezed = "".join(upper.split())
    if _UK_POSTCODE.fullmatch(squeezed):
        return f"{squeezed[:-3]} {squeezed[-3:]}"
    if _ANY_POSTCODE.fullmatch(upper) and any(letter.isdigit() for letter in upper):
        return upper
    raise _refusal("bad_postcode")


def is_uk_postcode(postcode: str) -> bool:
    return _UK_POSTCODE.fullmatch(postcode) is not None


_UK_PHONE = re.compile(r"(?:\+44|0044|0)([1-35789][0-9]{8,9})")
_PHONE_LIKE = re.compile(r"\+?[0-9 ().\u2010-\u2015-]{7,24}(?:(?:x|ext\.?) ?[0-9]{1,6})?", re.IGNORECASE)
_PHONE_MARKS = re.compile(r"\(0\)|[ ().\u2010-\u2015-]")


def _phone(text: str) -> str:
    """E.164 (with `;ext=`). The cheap look settles nearly all; the library takes 34 µs for the rest."""
    found = _UK_PHONE.fullmatch(text.replace(" ", "")) or _UK_PHONE.fullmatch(_PHONE_MARKS.sub("", text))
    if found:
        return f"+44{found[1]}"
    if not _PHONE_LIKE.fullmatch(text):
        raise _refusal("bad_phone")
    try:
        number = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException:
        raise _refusal("bad_phone") from None
    if not phonenumbers.is_valid_number(number):
        raise _refusal("bad_phone")
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{e164};ext={number.extension}" if number.extension else e164


_TIME = r"[0-9]{1,2}:[0-9]{2}"
_WINDOWS = re.compile(rf"{_TIME} ?- ?{_TIME}(?: ?; ?{_TIME} ?- ?{_TIME})*;?")
_CLOCK = re.compile(_TIME)


@lru_cache(maxsize=4_096)
def _safe_times(text: str) -> str:
    """`09:00-12:30;18:00-20:00`, or words for a person to read. 25:00 is neither."""
    if len(text) > 100:
        raise _refusal("too_long")
    if _WINDOWS.fullmatch(text):
        clocks = [clock.zfill(5) for clock in _CLOCK.findall(text)]
        if any(clock > "23:59" or clock[3:] > "59" for clock in clocks):
            raise _refusal("bad_time")
        return ";".join(f"{start}-{end}" for start, end in zip(clocks[::2], clocks[1::2], strict=True))
    return text


@lru_cache(maxsize=256)
def _hate_strands(text: str) -> tuple[str, ...]:
    named = {strand.strip().lower() for strand in text.split(";")} - {""}
    if not named <= set(HATE_STRANDS):
        raise _refusal("bad_choice")
    return tuple(strand for strand in HATE_STRANDS if strand in named)


def _refusal(why: str) -> PydanticCustomError:
    return PydanticCustomError(why, WHY[why])


def _text(longest: int) -> StringConstraints:
    return StringConstraints(max_length=longest)


_Email = Annotated[
    str,
    StringConstraints(
        max_length=254,
        pattern=r"^\w[^\s@,;:<>\"()\[\]\\]{0,63}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,63}$",
    ),
]


class FeedRow(BaseModel):
    """One victim in one crime, as a police force sends it. Columns in the order of the agreed feed."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    source_ref: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._/:#-]{0,59}$")]
    reported_at: Annotated[datetime, PlainValidator(_moment)]
    occurred_from: Annotated[date, PlainValidator(_day)] | None = None
    offence_code: Annotated[
        str, StringConstraints(to_upper=True, pattern=r"^[0-9]{1,5}[A-Za-z]?(?:[./][0-9]{1,3})?[A-Za-z]?$")
    ]
    offence_description: Annotated[str, _text(300)] = ""
    victim_kind: VictimKind
    business_name: Annotated[str, _text(200)] = ""
    title: Annotated[str, _text(35)] = ""
    given_name: Annotated[str, _text(100)] = ""
    family_name: Annotated[str, _text(100)] = ""
    date_of_birth: Annotated[date, PlainValidator(_birth_date)] | None = None
    sex: Annotated[str, StringConstraints(max_length=30, to_lower=True)] = ""
    ethnicity_code: Annotated[str, StringConstraints(max_length=10, to_upper=True)] = ""
    language: Annotated[str, _text(60)] = ""
    interpreter: Answer = Answer.UNKNOWN
    address_line_1: Annotated[str, _text(200)] = ""
    address_line_2: Annotated[str, _text(200)] = ""
    town: Annotated[str, _text(100)] = ""
    postcode: Annotated[str, PlainValidator(_postcode)] = ""
    phone: Annotated[str, PlainValidator(_phone)] = ""
    phone_safe: Answer = Answer.UNKNOWN
    email: _Email = ""
    email_safe: Answer = Answer.UNKNOWN
    safe_times: Annotated[str, PlainValidator(_safe_times)] = ""
    consent: Answer = Answer.UNKNOWN
    officer_name: Annotated[str, _text(100)] = ""
    officer_email: _Email = ""
    vulnerable: Answer = Answer.UNKNOWN
    intimidated: Answer = Answer.UNKNOWN
    repeat: Answer = Answer.UNKNOWN
    domestic_abuse: Answer = Answer.UNKNOWN
    hate_strands: Annotated[tuple[str, ...], PlainValidator(_hate_strands)] = ()
    notes: Annotated[str, _text(4000)] = ""

    def __repr__(self) -> str:
        """A row in a log or a traceback says nothing of the victim."""
        return f"FeedRow({self.source_ref!r})"

    __str__ = __repr__

    @property
    def reported_on(self) -> date:
        """The day in London, from which the two-working-day clock runs."""
        return self.reported_at.astimezone(LONDON).date()

    @property
    def safe_windows(self) -> tuple[tuple[str, str], ...]:
        """('09:00', '12:30') and so on, past midnight if the end is earlier; empty for a note or blank."""
        if not _WINDOWS.fullmatch(self.safe_times):
            return ()
        return tuple((pair[:5], pair[6:]) for pair in self.safe_times.split(";"))


COLUMNS = tuple(FeedRow.model_fields)
NEEDED = tuple(name for name, one in FeedRow.model_fields.items() if one.is_required())
SEPARATORS = (",", ";", "\t")
_QUOTED = re.compile('"[^"]*"')


def separator_of(header: str) -> str:
    """What stands between the columns of a header most often, outside quotation marks; a comma if nothing does."""
    bare = _QUOTED.sub("", header)
    return max(SEPARATORS, key=bare.count)


# The columns that share a list of codes, by what a source's own codes for them are kept under.
CODE_LISTS = {
    "offence_code": ("offence_code",), "victim_kind": ("victim_kind",), "sex": ("sex",),
    "ethnicity_code": ("ethnicity_code",),
    "answers": tuple(name for name, one in FeedRow.model_fields.items() if one.annotation is Answer),
}  # fmt: skip


@dataclass(frozen=True)
class Recast:
    """How a source's columns and codes become ours, before anything is validated.

    `columns`: theirs by ours. `codes`: by list, ours by theirs in small letters. `charset`: empty to find out.
    `series`: what stands here before each of their references, where they are a series of their own.
    """

    columns: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    charset: str = ""
    series: str = ""

    def code(self, cells: dict[str, str]) -> dict[str, str]:
        """The cells, in our columns, with the source's codes replaced by ours; what has no code stays."""
        for kind, ours in self.codes.items():
            for column in CODE_LISTS[kind]:
                if said := cells.get(column):
                    cells[column] = ours.get(said.casefold(), said)
        if self.series and (ref := cells.get("source_ref")):
            cells["source_ref"] = f"{self.series}{ref}"
        return cells


# What pydantic calls an error, and what we call it; a pattern's fault depends on the column.
_OUR_WORD = {"enum": "bad_choice", "string_too_long": "too_long"}
_PATTERN = {
    "source_ref": "bad_reference",
    "offence_code": "unknown_offence",
    "email": "bad_email",
    "officer_email": "bad_email",
}


def validate(cells: dict[str, str], *, plain: bool = False) -> FeedRow | tuple[Fault, ...]:
    """The row, or all its faults in the order of the columns. `cells` are the filled ones alone, stripped.

    `plain`: they are known to hold no control characters, as is usual; looking costs a tenth.
    """
    if not plain and (faults := _control_characters(cells)):
        return faults
    try:
        row = FeedRow.model_validate(cells)
    except ValidationError as error:
        return tuple(_fault(str(one["loc"][0]), one["type"]) for one in error.errors(include_url=False))
    return _faults_between_fields(row) or row


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def _control_characters(cells: dict[str, str]) -> tuple[Fault, ...]:
    return tuple(Fault(field, "bad_characters") for field in COLUMNS if _CONTROL.search(cells.get(field, "")))


def _fault(field: str, kind: str) -> Fault:
    return Fault(field, _PATTERN[field] if kind == "string_pattern_mismatch" else _OUR_WORD.get(kind, kind))


def _faults_between_fields(row: FeedRow) -> tuple[Fault, ...]:
    if row.victim_kind is not VictimKind.BUSINESS:
        return () if row.family_name or row.given_name else (Fault("family_name", "missing"),)
    faults = []
    if not row.business_name:
        faults.append(Fault("business_name", "missing"))
    if row.date_of_birth:
        faults.append(Fault("date_of_birth", "not_for_a_business"))
    return tuple(faults)
