"""Pure rules of routing: what a rule asks, what is known of a referral, which rule of a list is the first to fit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from typing import Any, NamedTuple, Self

from alongside.core import clocks

Codes = tuple[str, ...]
NOT_KNOWN = "not_known"
SUGGEST, AT_ONCE, KEEP, NATIONAL, NONE = "suggest", "at_once", "keep", "national", "none"
TO_A_SERVICE = (SUGGEST, AT_ONCE)
HIGH, OTHER = "high", "other"
YES, NO = "yes", "no"
VICTIM, BEREAVED, WITNESS, BUSINESS = "victim", "bereaved", "witness", "business"
PEOPLE = (VICTIM, BEREAVED, WITNESS)
ANYBODY = "person"  # what lists said of all three before they were told apart
IN_HAND = "in_hand"
OFFICE_HOURS, OUT_OF_HOURS = "office", "out"
ADULT = 18


class Known(NamedTuple):
    """What rules may ask of a referral: codes alone, and no identity. What nobody said is `not_known`."""

    crime_type: str
    risk: str
    council: str
    age: str
    sex: str
    source: str
    sender: str
    feed: str
    reported: str
    victim: str
    language: str
    hours: str
    markers: frozenset[str]
    needs: frozenset[str]


@dataclass(frozen=True)
class When:
    """What a rule asks: one of these codes of each. What is empty asks nothing."""

    crime_types: Codes = ()
    risk: Codes = ()
    councils: Codes = ()
    ages: Codes = ()
    sexes: Codes = ()
    sources: Codes = ()
    senders: Codes = ()
    feeds: Codes = ()
    reported: Codes = ()
    victims: Codes = ()
    languages: Codes = ()
    hours: Codes = ()
    markers: Codes = ()
    needs: Codes = ()


ASKED = tuple(one.name for one in fields(When))  # in the order of `Known`
SINGLE = ASKED[:12]  # of these a referral has one each; of markers and needs it may have several
PLACE = {name: place for place, name in enumerate(ASKED)}


@dataclass(frozen=True)
class Then:
    """Where a referral goes: to a service (suggested, or at once), to a national one, or nowhere yet."""

    does: str
    service: str = ""
    route: str = ""
    tell: bool = False


@dataclass(frozen=True)
class Rule:
    """One rule of a list. `because`: why it may treat people differently; `alone`: a stalled offer of what is at high
    risk goes on to the next service without a person; `reads`: its sentence, as it was when it went live."""

    id: str
    name: str
    when: When
    then: Then
    since: date | None = None
    until: date | None = None
    because: str = ""
    alone: bool = False
    reads: str = field(default="", compare=False)

    def in_force(self, on: date) -> bool:
        """From its first day to the day before its last."""
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)

    def as_json(self) -> dict[str, Any]:
        """As a list is stored."""
        days = {name: day.isoformat() if day else "" for name, day in (("since", self.since), ("until", self.until))}
        return {**asdict(self), **days, "when": {name: codes for name, codes in asdict(self.when).items() if codes}}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        days = {name: date.fromisoformat(raw[name]) if raw[name] else None for name in ("since", "until")}
        when = When(**{name: _now(codes) for name, codes in raw["when"].items()})
        return cls(**{**raw, **days, "when": when, "then": Then(**raw["then"])})


def _now(codes: Iterable[str]) -> Codes:
    """Codes as they are today: what a stored list says of any person, it says of each kind of person."""
    return tuple(dict.fromkeys(one for code in codes for one in (PEOPLE if code == ANYBODY else (code,))))


def feed_code(source: int, feed: str) -> str:
    """By which a rule names one feed of one force; the first of a force has no code of its own."""
    return f"{source}-{feed}"


def rules_of(stored: Iterable[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """A list as it is stored."""
    return tuple(map(Rule.from_json, stored))


def fits(rule: Rule, known: Known, on: date) -> bool:
    """Whether a rule is for this referral on this day. The plain meaning, which `Reader` must not differ from."""
    if not rule.in_force(on):
        return False
    for name in ASKED:
        asked, said = getattr(rule.when, name), known[PLACE[name]]
        if asked and not (said in asked if name in SINGLE else set(asked) & set(said)):
            return False
    return True


Check = tuple[int, frozenset[str]]


@dataclass(frozen=True)
class _Ready:
    """A rule laid out to be asked a hundred thousand times."""

    rule: Rule
    one_of: tuple[Check, ...]
    some_of: tuple[Check, ...]

    def fits(self, known: Known, on: date) -> bool:
        for place, codes in self.one_of:
            if known[place] not in codes:
                return False
        for place, codes in self.some_of:
            if codes.isdisjoint(known[place]):
                return False
        return self.rule.in_force(on)


def _ready(rule: Rule) -> _Ready:
    asked = [(PLACE[name], name, frozenset(getattr(rule.when, name))) for name in ASKED]
    one_of = tuple((place, codes) for place, name, codes in asked if codes and name in SINGLE)
    some_of = tuple((place, codes) for place, name, codes in asked if codes and name not in SINGLE)
    return _Ready(rule, one_of, some_of)


class Reader:
    """A list of rules, laid out once. The first that fits counts; the order is the list's and nothing else."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._ready = [_ready(rule) for rule in rules]
        self._of_crime: dict[str, list[_Ready]] = {}

    def first(self, known: Known, on: date) -> Rule | None:
        """The rule that routes a referral on a day; None where none is for it."""
        return next((one.rule for one in self._for(known.crime_type) if one.fits(known, on)), None)

    def _for(self, crime_type: str) -> list[_Ready]:
        """The rules that may be for a crime, in order."""
        if crime_type not in self._of_crime:
            self._of_crime[crime_type] = [
                one for one in self._ready
                if not one.rule.when.crime_types or crime_type in one.rule.when.crime_types
            ]  # fmt: skip
        return self._of_crime[crime_type]


@dataclass(frozen=True)
class Hours:
    """When the office is there: hours of working days, from the first to before the last."""

    opens: int
    closes: int

    def code(self, at: datetime) -> str:
        here = at.astimezone(clocks.LONDON)
        there = clocks.is_working_day(here.date()) and self.opens <= here.hour < self.closes
        return OFFICE_HOURS if there else OUT_OF_HOURS


@dataclass(frozen=True)
class Consent:
    """What bears on sending a referral without a person in between.

    `shares`: the victim agreed to share with this provider; `said_no`: the victim refused; `unasked`: the rulebook lets
    high risk go without asking; `in_hand`: an officer has it, or it was sent before."""

    restricted: bool
    stopped: bool
    said_no: bool
    shares: bool
    high_risk: bool
    unasked: bool
    in_hand: bool
    fits: bool


HELD = {
    "restricted": "named people alone may see this record, so a person decides",
    "stopped": "they asked us to stop",
    "said_no": "they said no",
    "in_hand": "an officer has it in hand",
    "unfit": "the service is closed, or does not take what is known of it",
    "not_asked": "they have not been asked whether it may be sent",
}


def why_held(known: Consent) -> str:
    """Why something that a rule sends at once waits for a person all the same; empty where it may go."""
    reasons = (
        ("restricted", known.restricted), ("stopped", known.stopped), ("said_no", known.said_no),
        ("in_hand", known.in_hand), ("unfit", not known.fits),
        ("not_asked", not known.shares and not (known.high_risk and known.unasked)),
    )  # fmt: skip
    return next((code for code, holds in reasons if holds), "")


def is_override(does: str, suggested: str, chosen: str) -> bool:
    """Whether an officer chose something else than the rule says."""
    return does != NONE and chosen != (suggested if does in TO_A_SERVICE else "")


def name_source(rule: Rule, source: int, feed: str) -> bool:
    """Whether a rule asks for what this feed of this force sends by name."""
    return str(source) in rule.when.senders or feed_code(source, feed) in rule.when.feeds


def moved(rules: Sequence[Rule], rule: str, *, up: bool) -> tuple[Rule, ...]:
    """The list with one rule a place earlier or later; at the end of the list it stays."""
    listed = list(rules)
    place = next(number for number, one in enumerate(listed) if one.id == rule)
    other = place - 1 if up else place + 1
    if 0 <= other < len(listed):
        listed[place], listed[other] = listed[other], listed[place]
    return tuple(listed)


@dataclass(frozen=True)
class Change:
    """What became of one rule from one list to the next: added, removed, changed or moved."""

    what: str
    name: str
    before: str
    after: str


def changes(before: Sequence[Rule], after: Sequence[Rule]) -> tuple[Change, ...]:
    """The differences of two lists. What only gave way to others has not moved."""
    old, new = ({rule.id: rule for rule in listed} for listed in (before, after))
    gone = [Change("removed", rule.name, rule.reads, "") for rule in before if rule.id not in new]
    stayed = _in_order([rule.id for rule in before if rule.id in new], [rule.id for rule in after if rule.id in old])
    found = [_change(old.get(rule.id), rule, moved=rule.id not in stayed) for rule in after]
    return tuple([*gone, *(change for change in found if change)])


def _change(old: Rule | None, new: Rule, *, moved: bool) -> Change | None:
    if old is None:
        return Change("added", new.name, "", new.reads)
    if old != new or old.reads != new.reads:
        return Change("changed", new.name, old.reads, new.reads)
    return Change("moved", new.name, old.reads, new.reads) if moved else None


def _in_order(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """As many of both as can be said to have kept their order: a longest common subsequence."""
    best: list[list[tuple[str, ...]]] = [[()] * (len(after) + 1) for _ in range(len(before) + 1)]
    for row, one in enumerate(before, 1):
        for column, other in enumerate(after, 1):
            if one == other:
                best[row][column] = (*best[row - 1][column - 1], one)
            else:
                best[row][column] = max(best[row - 1][column], best[row][column - 1], key=len)
    return set(best[-1][-1])
