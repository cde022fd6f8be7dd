"""From integers to figures: shares with Wilson intervals, percentiles of whole days, what may be shown."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self

from alongside.core.errors import RuleBroken
from alongside.core.figures import percentile, rounded, wilson
from alongside.core.pages.filters import number, percent, plural
from alongside.facts.measures.differencing import Breakdown, Cell, telling
from alongside.facts.measures.disclosure import (
    FIXED_DIMENSIONS,
    MOST_DIMENSIONS,
    Audience,
    Method,
    is_exact,
    is_told,
    is_withheld,
    may_show_rate,
)
from alongside.facts.measures.models import EVERYWHERE, Dimension

# What other domains ask of disclosure control, they ask here.
__all__ = ["Audience", "Breakdown", "Cell", "Method", "is_exact", "is_withheld", "telling"]
Group = tuple[str, ...]


class Kind(StrEnum):
    """How a measure's integers are finished."""

    COUNT = "count"
    SHARE = "share"
    DAYS = "days"


@dataclass(frozen=True)
class Measure:
    """One measure: its words, its one statement, who answers for it. `fixed` are its own parameters; `also` is what
    it is broken down by besides the five of every measure; `asks` are columns that older snapshots may lack."""

    name: str
    title: str
    kind: Kind
    unit: str
    definition: str
    numerator: str
    denominator: str
    coverage: str
    exclusions: str
    source: str
    owner: str
    version: int
    since: str
    better: str
    sql: str
    parts: Mapping[str, str]
    fixed: Mapping[str, str]
    also: tuple[Dimension, ...] = ()
    asks: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.name}@{self.version}"

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """Everything that the measure may be broken down by."""
        return (*EVERYWHERE, *self.also)


@dataclass(frozen=True)
class Counts:
    """One group's integers as the statement gave them. `days` maps whole days to how many."""

    group: Group
    numbers: Mapping[str, int]
    days: Mapping[int, int]


@dataclass(frozen=True)
class Figure:
    """A figure. `value` is a count, a proportion or whole days; None where none may be shown."""

    measure: str
    kind: Kind
    quarter: str
    group: tuple[tuple[str, str], ...]
    value: float | None
    numerator: int | None
    denominator: int | None
    n: int | None
    coverage: float | None
    low: float | None
    high: float | None
    parts: Mapping[str, int | None]
    protected: bool
    withheld: bool
    as_at: datetime
    reference: str


@dataclass(frozen=True)
class Reference:
    """A permanent name of a figure: `measure@version/snapshot/filter`."""

    name: str
    version: int
    snapshot: str
    quarter: str
    where: tuple[tuple[str, str], ...] = ()

    _FORM = re.compile(r"([a-z0-9_]+)@(\d+)/([A-Za-z0-9-]+)/(\d{4}Q[1-4])((?:,[a-z_]+=[^,/]*)*)")

    @classmethod
    def parse(cls, text: str) -> Self:
        found = cls._FORM.fullmatch(text)
        if not found:
            raise RuleBroken("That is not a figure's reference. It looks like measure@1/snapshot/2026Q2.")
        pairs = (pair.split("=", 1) for pair in found[5].split(",") if pair)
        where = tuple((name, code) for name, code in pairs)
        return cls(found[1], int(found[2]), found[3], found[4], where)

    def __str__(self) -> str:
        where = "".join(f",{name}={code}" for name, code in self.where)
        return f"{self.name}@{self.version}/{self.snapshot}/{self.quarter}{where}"


def in_force(versions: Sequence[Measure], end: date) -> Measure:
    """The version that was in use before `end`, the first day after a period; the oldest where none was yet."""
    before = [each for each in versions if date.fromisoformat(each.since) < end]
    return max(before, key=lambda each: each.version) if before else min(versions, key=lambda each: each.version)


def finish(
    measure: Measure,
    counts: Counts,
    *,
    by: Sequence[str],
    audience: Audience,
    as_at: datetime,
    reference: Reference,
) -> Figure:
    """One group's integers as a figure, exact or protected for this audience."""
    exact = is_exact(audience, by)
    group = dict(zip(by, counts.group, strict=True))
    withheld = is_withheld(group)
    shown = _Shown(exact)
    finishers = {Kind.COUNT: _count, Kind.SHARE: _share, Kind.DAYS: _days}
    worked = {} if withheld else finishers[measure.kind](measure, counts, shown)
    empty = dict.fromkeys(("value", "numerator", "denominator", "n", "coverage", "low", "high"))
    return Figure(
        measure=measure.key, kind=measure.kind, quarter=reference.quarter, group=tuple(group.items()),
        protected=not exact, withheld=withheld, as_at=as_at, reference=str(reference),
        **{**empty, "parts": {}, **worked},  # type: ignore[arg-type]
    )  # fmt: skip


def is_open(figure: Figure) -> bool:
    """Whether a figure is given at all; one that is not is answered as if nobody were in its group."""
    if figure.withheld:
        return False
    if not figure.protected or not figure.group:
        return True
    covered = figure.kind != Kind.COUNT and figure.coverage is not None
    return is_told(figure.n or 0, width=len(figure.group), covered=covered)


@dataclass(frozen=True)
class _Shown:
    """Integers and shares as this audience may see them."""

    exact: bool

    def count(self, number: int) -> int:
        return number if self.exact else rounded(number)

    def share(self, part: int, whole: int) -> float | None:
        if not may_show_rate(whole, exact=self.exact):
            return None
        return self.count(part) / self.count(whole)

    def interval(self, part: int, whole: int) -> tuple[float | None, float | None]:
        if not may_show_rate(whole, exact=self.exact):
            return None, None
        return wilson(self.count(part), self.count(whole))


def _parts(measure: Measure, numbers: Mapping[str, int], shown: _Shown) -> dict[str, int | None]:
    return {name: shown.count(numbers[name]) for name in measure.parts}


def _count(measure: Measure, counts: Counts, shown: _Shown) -> dict[str, object]:
    number = shown.count(counts.numbers["numerator"])
    return {"value": number, "numerator": number, "n": number, "coverage": 1.0,
            "parts": _parts(measure, counts.numbers, shown)}  # fmt: skip


def _share(measure: Measure, counts: Counts, shown: _Shown) -> dict[str, object]:
    part, whole = counts.numbers["numerator"], counts.numbers["denominator"]
    low, high = shown.interval(part, whole)
    return {
        "value": shown.share(part, whole), "numerator": shown.count(part), "denominator": shown.count(whole),
        "n": shown.count(whole), "coverage": shown.share(whole, counts.numbers["eligible"]), "low": low,
        "high": high, "parts": _parts(measure, counts.numbers, shown),
    }  # fmt: skip


def _days(measure: Measure, counts: Counts, shown: _Shown) -> dict[str, object]:
    happened = sum(counts.days.values())
    may = may_show_rate(happened, exact=shown.exact)
    return {
        "value": percentile(counts.days, 0.5) if may else None, "n": shown.count(happened),
        "coverage": shown.share(happened, counts.numbers["eligible"]),
        "parts": {"ninetieth": percentile(counts.days, 0.9) if may else None},
    }  # fmt: skip


def most_dimensions(audience: Audience) -> int:
    """By how many things at once this audience opens a figure."""
    return FIXED_DIMENSIONS if audience == Audience.OUTSIDE else MOST_DIMENSIONS


def gathered(kind: Kind, width: int, names: Sequence[str], rows: Iterable[Sequence[object]]) -> list[Counts]:
    """Rows of a statement as integers by group. The first `width` columns are the group."""
    found: dict[Group, tuple[dict[str, int], dict[int, int]]] = {}
    for row in rows:
        group = tuple(str(code or "") for code in row[:width])
        values = dict(zip(names[width:], (_whole(value) for value in row[width:]), strict=True))
        if kind == Kind.DAYS:
            numbers, days = found.setdefault(group, ({"eligible": 0}, {}))
            numbers["eligible"] += values["n"] or 0
            if values["days"] is not None:
                days[values["days"]] = values["n"] or 0
        else:
            found[group] = {name: number or 0 for name, number in values.items()}, {}
    return [Counts(group, *found[group]) for group in sorted(found)]


def _whole(value: object) -> int | None:
    return None if value is None else int(str(value))


WITHHELD = "Not shown"
TOO_FEW = "Too few"


def value_words(figure: Figure) -> str:
    """The figure as it is read: 1,204, 47%, 3 days, or why there is none."""
    if figure.withheld:
        return WITHHELD
    if figure.value is None:
        return TOO_FEW if figure.n else "None yet"
    if figure.kind == Kind.SHARE:
        return percent(figure.value)
    if figure.kind == Kind.DAYS:
        return plural(int(figure.value), "day")
    return number(figure.value)


class Why(StrEnum):
    """What keeps a snapshot."""

    LATEST = "latest"
    QUARTER = "quarter"
    NEEDED = "needed"
    NIGHT = "night"


def why_kept(*, latest: bool, first: bool, needed: bool) -> Why:
    """The strongest reason: pages show it, a closed quarter was first told by it, something that left rests on it."""
    return Why.LATEST if latest else Why.QUARTER if first else Why.NEEDED if needed else Why.NIGHT


def kept_until(why: Why, made_on: date, *, nights: int, years: int) -> date | None:
    """The day on which a snapshot goes: a night's after so many days, the others with their key."""
    if why == Why.LATEST:
        return None
    if why == Why.NIGHT:
        return made_on + timedelta(days=nights)
    return made_on.replace(year=made_on.year + years, day=min(made_on.day, 28))
