"""What becomes of a feed row: one of accepted, duplicate, held, rejected; and the receipt, which adds up.

Pure: what is known, the rulebook and the time come in.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple, Protocol

from alongside.core.pages.filters import date_words, time_words
from alongside.support.arrivals.feeds.reading import Line
from alongside.support.arrivals.feeds.rows import LONDON, Answer, Fault, FeedRow, VictimKind, is_uk_postcode


class Readable(Protocol):
    """What came in one delivery: a file, or whatever else holds rows. `sha256` tells the same again."""

    @property
    def file(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    @property
    def charset(self) -> str: ...
    def batches(self, size: int) -> Iterator[list[Line]]: ...


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    HELD = "held"
    REJECTED = "rejected"


class Held(StrEnum):
    """Why a person must look before anything is done."""

    NO_CONSENT = "no_consent"
    NO_SAFE_CONTACT = "no_safe_contact"
    CHILD_PROTECTION = "child_protection"
    CRIME_TYPE_OUTSIDE_SERVICE = "crime_type_outside_service"
    CHANGED = "changed"


class Flag(StrEnum):
    """What the hub should know of a row that was not rejected, in the order of `_flags`."""

    AREA_UNKNOWN = "area_unknown"  # no postcode, or one of another country
    CONSENT_UNKNOWN = "consent_unknown"
    FORMULA_CELL = "formula_cell"  # a spreadsheet would run it; kept as sent, to be made inert on export
    UNLISTED_VALUE = "unlisted_value"  # a sex or ethnicity code that the rulebook does not list
    UNREADABLE_CHARACTER = "unreadable_character"


class Crime(NamedTuple):
    """What the rulebook says of an offence code, as far as a feed needs to know."""

    hidden: bool = False
    child_protection: bool = False
    outside_service: bool = False


@dataclass(frozen=True)
class Rulebook:
    """The dated rules in force. `crimes` is by offence code; codes in capitals, sexes in small letters."""

    crimes: Mapping[str, Crime]
    sexes: Collection[str]
    ethnicity_codes: Collection[str]
    adult_age: int = 18


class Decision(NamedTuple):
    """`reason` is empty, a `Held` or the first fault as `field:why`; `digest` is empty if rejected."""

    outcome: Outcome
    reason: str = ""
    faults: tuple[Fault, ...] = ()
    flags: tuple[Flag, ...] = ()
    digest: bytes = b""


Known = Mapping[str, Collection[bytes]]

# Cells are joined by U+001F, which none of them holds (rows.validate). A cell that a spreadsheet would run
# starts with one of these; a telephone number starts with + too, and is none.
_FORMULA = re.compile("\x1f(?:[=@-]|\\+(?![0-9]{7,15}(?:;ext=[0-9]+)?\x1f))")


def decide(row: FeedRow, known: Known, rulebook: Rulebook, *, now: datetime) -> Decision:
    """`known`: for a reference, the digests on record, of what is stored and of any difference held."""
    crime = rulebook.crimes.get(row.offence_code)
    if crime is None:
        return rejected((Fault("offence_code", "unknown_offence"),))
    if faults := _faults_against_the_clock(row, now):
        return rejected(faults)
    content = _content(row)
    digest = _digest(content)
    on_record = known.get(row.source_ref)
    if on_record and digest in on_record:
        return Decision(Outcome.DUPLICATE, digest=digest)
    reason = Held.CHANGED if on_record else _reason_to_hold(row, crime, rulebook.adult_age)
    outcome = Outcome.HELD if reason else Outcome.ACCEPTED
    return Decision(outcome, reason or "", (), _flags(row, content, rulebook), digest)


def decide_all(
    lines: Iterable[Line], known: MutableMapping[str, Collection[bytes]], rulebook: Rulebook, *, now: datetime
) -> Iterator[tuple[Line, Decision]]:
    """Decides in file order. `known` grows with each row that is not rejected, so that the file is checked
    against itself too; keep one mapping for all batches of a file.
    """
    for line in lines:
        if line.row is None:
            yield line, rejected(line.faults)
            continue
        decision = decide(line.row, known, rulebook, now=now)
        if decision.outcome is Outcome.ACCEPTED or decision.outcome is Outcome.HELD:
            known[line.row.source_ref] = (*known.get(line.row.source_ref, ()), decision.digest)
        yield line, decision


def rejected(faults: tuple[Fault, ...]) -> Decision:
    return Decision(Outcome.REJECTED, faults[0].reason, faults)


def content_hash(row: FeedRow) -> bytes:
    """16 bytes, equal when every column means the same, however dates, postcode and charset were written."""
    return _digest(_content(row))


def _content(row: FeedRow) -> str:
    written = {
        "reported_at": row.reported_at.isoformat(),
        "occurred_from": str(row.occurred_from or ""),
        "date_of_birth": str(row.date_of_birth or ""),
        "hate_strands": ";".join(row.hate_strands),
    }
    return "\x1f".join({**vars(row), **written}.values())


def _digest(content: str) -> bytes:
    return hashlib.blake2b(content.encode(), digest_size=16).digest()


def is_hidden_crime(row: FeedRow, crime: Crime) -> bool:
    """Then *unknown* counts as *no*, for contact and consent alike. Flags of the officer count too."""
    return crime.hidden or row.domestic_abuse is Answer.YES or bool(row.hate_strands)


def usable_channels(row: FeedRow, crime: Crime) -> tuple[str, ...]:
    """What a person may try, in safe times, leaving nothing. Never enough for an automatic message."""
    hidden = is_hidden_crime(row, crime)
    phone = ("phone",) if row.phone and _says_yes(row.phone_safe, hidden) else ()
    email = ("email",) if row.email and _says_yes(row.email_safe, hidden) else ()
    return phone + email


def _says_yes(answer: Answer, hidden: bool) -> bool:
    return answer is Answer.YES or (answer is Answer.UNKNOWN and not hidden)


def _reason_to_hold(row: FeedRow, crime: Crime, adult_age: int) -> Held | None:
    """The gravest when there are several: a child first."""
    if crime.child_protection and _may_be_a_child(row, adult_age):
        return Held.CHILD_PROTECTION
    if crime.outside_service:
        return Held.CRIME_TYPE_OUTSIDE_SERVICE
    if not _says_yes(row.consent, is_hidden_crime(row, crime)):
        return Held.NO_CONSENT
    return None if usable_channels(row, crime) else Held.NO_SAFE_CONTACT


def why_not_release(row: FeedRow, crime: Crime) -> tuple[str, str] | None:
    """The column that still stands against taking in a row that was held, and what to do about it."""
    if not _says_yes(row.consent, is_hidden_crime(row, crime)):
        return "consent", "Take it in only when the victim agrees to be contacted."
    if not usable_channels(row, crime):
        return "phone_safe", "Give a telephone number or an e-mail address that is safe to use."
    return None


def _may_be_a_child(row: FeedRow, adult_age: int) -> bool:
    """Under age on the day of the report, or of unknown age."""
    if row.victim_kind is VictimKind.BUSINESS:
        return False
    return row.date_of_birth is None or age_on(row.date_of_birth, row.reported_on) < adult_age


def age_on(born: date, day: date) -> int:
    """Whole years. Born on 29 February: a year older on 1 March of a common year."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _faults_against_the_clock(row: FeedRow, now: datetime) -> tuple[Fault, ...]:
    today = _london_day(now)
    days = (row.occurred_from, row.date_of_birth)
    if row.reported_at <= now and all(day is None or day <= today for day in days):
        return ()
    late = {
        "reported_at": row.reported_at > now,
        "occurred_from": row.occurred_from and row.occurred_from > today,
        "date_of_birth": row.date_of_birth and row.date_of_birth > today,
    }
    return tuple(Fault(name, "future_date") for name, is_late in late.items() if is_late)


@lru_cache(maxsize=1)
def _london_day(now: datetime) -> date:
    return now.astimezone(LONDON).date()


def _flags(row: FeedRow, content: str, rulebook: Rulebook) -> tuple[Flag, ...]:
    raised = (
        not is_uk_postcode(row.postcode),
        row.consent is Answer.UNKNOWN,
        _FORMULA.search(content) is not None,
        bool(row.sex and row.sex not in rulebook.sexes)
        or bool(row.ethnicity_code and row.ethnicity_code not in rulebook.ethnicity_codes),
        "\ufffd" in content,
    )
    if not any(raised):
        return ()
    return tuple(flag for flag, is_raised in zip(Flag, raised, strict=True) if is_raised)


@dataclass(frozen=True)
class Receipt:
    """What became of each row that was sent. Refuses to exist unless it adds up."""

    file: str
    sha256: str
    charset: str
    sent: int
    accepted: int
    duplicate: int
    held: Mapping[str, int]
    rejected: Mapping[str, int]
    warnings: Mapping[str, int]

    def __post_init__(self) -> None:
        total = self.accepted + self.duplicate + sum(self.held.values()) + sum(self.rejected.values())
        if self.sent != total:
            raise ValueError(f"{self.sent} rows were sent and {total} are accounted for")

    def as_json(self) -> dict[str, object]:
        return {key: dict(value) if isinstance(value, Mapping) else value for key, value in vars(self).items()}


@dataclass
class Tally:
    """Counts decisions as they are made; `receipt()` freezes them."""

    reading: Readable
    sent: int = 0
    accepted: int = 0
    duplicate: int = 0
    held: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)

    def add(self, decision: Decision) -> None:
        self.sent += 1
        if decision.outcome is Outcome.ACCEPTED:
            self.accepted += 1
        elif decision.outcome is Outcome.DUPLICATE:
            self.duplicate += 1
        elif decision.outcome is Outcome.HELD:
            self.held[str(decision.reason)] += 1
        else:
            self.rejected[decision.reason] += 1
        for flag in decision.flags:
            self.warnings[str(flag)] += 1

    def came_before(self, reasons: Mapping[str, int]) -> None:
        """So many rejected rows of each reason had been kept from an earlier file: they are duplicates."""
        self.duplicate += sum(reasons.values())
        self.rejected = +(self.rejected - Counter(reasons))

    def receipt(self) -> Receipt:
        return Receipt(
            file=self.reading.file,
            sha256=self.reading.sha256,
            charset=self.reading.charset,
            sent=self.sent,
            accepted=self.accepted,
            duplicate=self.duplicate,
            held=dict(sorted(self.held.items())),
            rejected=dict(sorted(self.rejected.items())),
            warnings=dict(sorted(self.warnings.items())),
        )


class Codes(NamedTuple):
    """The office's codes for what a row says."""

    crime_type: str
    markers: tuple[str, ...]
    sex: str
    ethnicity: str
    language: str


@dataclass(frozen=True)
class Difference:
    """Something that a row says otherwise than what is with us."""

    what: str
    ours: str
    theirs: str

    @property
    def held(self) -> str:
        """What is with us, in words."""
        return in_words(self.ours) or NOT_HELD.get(self.what, "Nothing")

    @property
    def sent(self) -> str:
        """What the row says, in words."""
        return in_words(self.theirs) or "Nothing"


# Of a number or mailbox that we do not hold nothing can be said.
NOT_HELD = {"Safe to telephone": "Never asked: we do not hold this number",
            "Safe to e-mail": "Never asked: we do not hold this address"}  # fmt: skip
ANSWERS = {"yes": "Yes", "no": "No", "unknown": "Not known"}


def in_words(said: str) -> str:
    """An answer or a day of a row, as it is read; other values as they are."""
    try:
        moment = datetime.fromisoformat(said) if said[:4].isdigit() and "-" in said else None
    except ValueError:
        moment = None
    if moment is None:
        return ANSWERS.get(said, said)
    return date_words(moment) + (f" at {time_words(moment)}" if ":" in said else "")


# What somebody may choose to take of a row that came again: the difference and its column on our record.
IDENTITY_WORDS = {
    "Title": "title", "Given name": "given_name", "Family name": "family_name", "Business": "business_name",
    "Born": "birth_date", "Sex": "sex", "Ethnic group": "ethnicity", "Language": "language",
}  # fmt: skip
CRIME_WORDS = {
    "Crime type": "crime_type", "Offence": "offence_code", "Happened": "occurred_from", "Reported": "reported_at",
    "Hostility": "hate_strands", "Agrees to be contacted": "consent", "Vulnerable": "vulnerable",
    "Intimidated": "intimidated", "Repeat victim": "repeat",
}  # fmt: skip
COLUMN_OF = {**IDENTITY_WORDS, **CRIME_WORDS}
WAYS = {"Telephone": "phone", "E-mail": "email", "Address": "address"}  # never chosen beforehand
IDENTITY, CRIME = tuple(IDENTITY_WORDS.values()), tuple(CRIME_WORDS.values())
MARKING = {"crime_type", "offence_code", "hate_strands", "vulnerable", "intimidated", "repeat"}
TOLD_IN_FULL = ("Officer", "Notes")


def told(on: date, different: Iterable[Difference], chosen: Collection[str]) -> str:
    """For the referral's notes: what was taken of the crime and what it was before, and the officer's new words."""
    found = list(different)
    changed = [one for one in found if CRIME_WORDS.get(one.what) in chosen]
    lines = [f"{one.what}: was {one.held}, now {one.sent}." for one in changed]
    lines += [f"{one.what}: {one.theirs}" for one in found if one.what in TOLD_IN_FULL and one.theirs]
    return "\n".join([f"Sent again by the source, taken on {date_words(on)}.", *lines]) if lines else ""


class Rejected(Protocol):
    """A rejected row as its sender may hear of it."""

    @property
    def line(self) -> int: ...
    @property
    def reference(self) -> str: ...
    @property
    def reason(self) -> str: ...
