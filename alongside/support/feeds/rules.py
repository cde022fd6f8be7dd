"""What becomes of a feed row: exactly one of accepted, duplicate, held and rejected; and the receipt that adds up.

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
from typing import NamedTuple

from alongside.support.feeds.reading import Line, Reading
from alongside.support.feeds.rows import LONDON, Answer, Fault, FeedRow, VictimKind, is_uk_postcode


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
    FORMULA_CELL = "formula_cell"  # a free text a spreadsheet would run; kept as sent, to be made inert on export
    OFFENCE_UNMAPPED = "offence_unmapped"  # not in the rulebook: a person gives it its crime type
    UNREADABLE_CHARACTER = "unreadable_character"


# What the rulebook may say of an offence code, as far as a feed needs to know.
HIDDEN = "hidden"
CHILD_PROTECTION = "child_protection"
OUTSIDE_SERVICE = "outside_service"


@dataclass(frozen=True)
class Rulebook:
    """The dated rules in force: markers by offence code (a code that is absent is unmapped), age at which one is adult."""

    markers: Mapping[str, Collection[str]]
    adult_age: int = 18


class Decision(NamedTuple):
    """`reason` is empty, a `Held` or `field:why` of the first fault. `digest` names the content; none when rejected."""

    outcome: Outcome
    reason: str = ""
    faults: tuple[Fault, ...] = ()
    flags: tuple[Flag, ...] = ()
    digest: bytes = b""


Known = Mapping[str, Collection[bytes]]

# Cells are joined by U+001F, which none of them holds (rows.validate). A cell that a spreadsheet would run starts
# with one of these; a telephone number starts with + too, and is none.
_FORMULA = re.compile("\x1f(?:[=@-]|\\+(?![0-9]{7,15}(?:;ext=[0-9]+)?\x1f))")


def decide(row: FeedRow, known: Known, rulebook: Rulebook, *, now: datetime) -> Decision:
    """`known` gives, for a reference, the digests already on record: what is stored and any difference already held."""
    if faults := _faults_against_the_clock(row, now):
        return rejected(faults)
    content = _content(row)
    digest = _digest(content)
    flags = _flags(row, content, rulebook)
    if on_record := known.get(row.source_ref):
        if digest in on_record:
            return Decision(Outcome.DUPLICATE, digest=digest)
        return Decision(Outcome.HELD, Held.CHANGED, flags=flags, digest=digest)
    if reason := _reason_to_hold(row, rulebook):
        return Decision(Outcome.HELD, reason, flags=flags, digest=digest)
    return Decision(Outcome.ACCEPTED, flags=flags, digest=digest)


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
    """16 bytes that are equal when every column means the same, however date, postcode or charset was written."""
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


def usable_channels(row: FeedRow, rulebook: Rulebook) -> tuple[str, ...]:
    """The channels that a person may try, in safe times, leaving nothing. Never enough for an automatic message."""
    return _usable(row, _is_hidden_crime(row, rulebook))


def _usable(row: FeedRow, cautious: bool) -> tuple[str, ...]:
    phone = ("phone",) if row.phone and _says_yes(row.phone_safe, cautious) else ()
    email = ("email",) if row.email and _says_yes(row.email_safe, cautious) else ()
    return phone + email


def _says_yes(answer: Answer, cautious: bool) -> bool:
    """In domestic abuse and hidden crimes *unknown* is *no*."""
    return answer is Answer.YES or answer is Answer.UNKNOWN and not cautious


def _is_hidden_crime(row: FeedRow, rulebook: Rulebook) -> bool:
    """An offence that the rulebook does not know might be one, so it is treated as one."""
    markers = rulebook.markers.get(row.offence_code)
    return markers is None or HIDDEN in markers or row.domestic_abuse is Answer.YES


def _reason_to_hold(row: FeedRow, rulebook: Rulebook) -> Held | None:
    """The gravest reason when there are several: a child first."""
    markers = rulebook.markers.get(row.offence_code, ())
    if CHILD_PROTECTION in markers and _may_be_a_child(row, rulebook.adult_age):
        return Held.CHILD_PROTECTION
    if OUTSIDE_SERVICE in markers:
        return Held.CRIME_TYPE_OUTSIDE_SERVICE
    cautious = _is_hidden_crime(row, rulebook)
    if not _says_yes(row.consent, cautious):
        return Held.NO_CONSENT
    return None if _usable(row, cautious) else Held.NO_SAFE_CONTACT


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
    return tuple(Fault(name, "in_the_future") for name, is_late in late.items() if is_late)


@lru_cache(maxsize=1)
def _london_day(now: datetime) -> date:
    return now.astimezone(LONDON).date()


def _flags(row: FeedRow, content: str, rulebook: Rulebook) -> tuple[Flag, ...]:
    raised = (
        not is_uk_postcode(row.postcode),
        row.consent is Answer.UNKNOWN,
        _FORMULA.search(content) is not None,
        row.offence_code not in rulebook.markers,
        "\ufffd" in content,
    )
    return tuple(flag for flag, is_raised in zip(Flag, raised, strict=True) if is_raised) if any(raised) else ()


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
        return {name: dict(value) if isinstance(value, Mapping) else value for name, value in vars(self).items()}


@dataclass
class Tally:
    """Counts decisions as they are made; `receipt()` freezes them."""

    reading: Reading
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
