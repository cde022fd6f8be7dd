"""What somebody chooses to look at, as it stands in an address: codes alone, and what of them does not hold is said."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from django.http import QueryDict

from alongside.commissioning.quarters import queries as quarters
from alongside.commissioning.quarters.queries import Reader
from alongside.core.errors import RuleBroken
from alongside.core.periods import Quarter
from alongside.facts.measures import queries as measures
from alongside.facts.measures.models import DIMENSION_WORDS, Dimension, Manifest
from alongside.facts.measures.rules import Kind, Measure, most_dimensions

MOST_MEASURES, MOST_GROUPS = 4, 12
Code = TypeVar("Code", bound=StrEnum)


class Chart(StrEnum):
    """How it is drawn; empty is whichever fits."""

    FITTING = ""
    LINE = "line"
    BARS = "bars"
    STACKED = "stacked"
    PANELS = "panels"
    CONTROL = "control"
    MAP = "map"


class Compare(StrEnum):
    """What a figure is set beside."""

    NOTHING = ""
    PREVIOUS = "before"
    YEAR = "year"
    WHOLE = "whole"


CHARTS: dict[str, str] = {
    Chart.FITTING: "Whichever fits", Chart.LINE: "Line over quarters", Chart.BARS: "Bars of groups",
    Chart.STACKED: "Stacked bars", Chart.PANELS: "Small multiples", Chart.CONTROL: "Process control chart (SPC)",
    Chart.MAP: "Map by council",
}  # fmt: skip
COMPARES: dict[str, str] = {
    Compare.NOTHING: "Nothing", Compare.PREVIOUS: "The quarter before", Compare.YEAR: "A year before",
    Compare.WHOLE: "The whole of it",
}  # fmt: skip
OVER_TIME = (Chart.LINE, Chart.PANELS, Chart.CONTROL)


@dataclass(frozen=True)
class Choice:
    """Measures, what they are broken down by, which groups of it, from which quarter to which, beside what, drawn how.

    `groups` are codes of the first breakdown; none: all. `newest`: every quarter by the newest definition.
    `since`, `until`: the quarters that were named; without them a view moves on with the quarters.
    `notes`: what was asked for and could not be had, in words.
    """

    measures: tuple[Measure, ...]
    by: tuple[Dimension, ...]
    groups: tuple[str, ...]
    first: Quarter
    last: Quarter
    compare: Compare
    chart: Chart
    newest: bool
    since: str = ""
    until: str = ""
    asked: Chart = Chart.FITTING
    notes: tuple[str, ...] = ()

    @property
    def query(self) -> str:
        """The address of this choice, always the same for the same choice."""
        pairs = [
            *(("m", each.name) for each in self.measures),
            *zip(("by", "and"), map(str, self.by), strict=False),
            *(("g", code) for code in self.groups),
            *((name, text) for name, text in (("from", self.since), ("to", self.until)) if text),
            *([("compare", str(self.compare))] if self.compare else []),
            *([("chart", str(self.asked))] if self.asked else []),
            *([("all", "newest")] if self.newest else []),
        ]  # fmt: skip
        return urlencode(pairs)

    @property
    def over_time(self) -> bool:
        return self.chart in OVER_TIME

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """The quarters that are drawn: all of them, or the last alone."""
        return Quarter.range(self.first, self.last) if self.over_time else (self.last,)


def offered(manifest: Manifest) -> tuple[Quarter, ...]:
    """The quarters that may be chosen, the oldest first: those whose figures open by reference."""
    shown = quarters.quarters(manifest)
    return Quarter.range(shown[0].year_ago, shown[-1])


def dimensions(reader: Reader, chosen: Sequence[Measure]) -> tuple[Dimension, ...]:
    """What all of these measures may be broken down by, for this reader."""
    skipped = {Dimension.PROVIDER} if reader.provider else set()
    first = chosen[0].dimensions if chosen else ()
    return tuple(
        each for each in first if each not in skipped and all(each in other.dimensions for other in chosen)
    )  # fmt: skip


def read(asked: QueryDict, reader: Reader, manifest: Manifest) -> Choice:
    """The choice that an address holds. What it does not hold, or what does not fit, is chosen for the reader."""
    found, notes = _measures(asked)
    by, more = _by(asked, reader, found)
    notes += more
    if len(by) > 1 and len(found) > 1:
        found = found[:1]
        notes.append("Two breakdowns at once are drawn of one measure: the first is shown.")
    first, last, more = _period(asked, manifest)
    chart = _one_of(Chart, asked.get("chart", ""))
    choice = Choice(
        measures=found, by=by, groups=_groups(asked, manifest, by), first=first, last=last, asked=chart, chart=chart,
        since=str(first) if asked.get("from") else "", until=str(last) if asked.get("to") else "",
        compare=_one_of(Compare, asked.get("compare", "")), newest=asked.get("all") == "newest",
    )  # fmt: skip
    wrong = why_not(choice, chart)
    fitted = fitting(choice) if wrong or not chart else chart
    said = [f"{wrong} Drawn as {CHARTS[fitted].lower()}."] if wrong and found else []
    return replace(choice, chart=fitted, notes=(*notes, *more, *said))


def _measures(asked: QueryDict) -> tuple[tuple[Measure, ...], list[str]]:
    used = {each.name: each for _, told in measures.themes() for each in told}
    names = [name for name in dict.fromkeys(asked.getlist("m")) if name]
    found = tuple(used[name] for name in names if name in used)
    notes = ["A measure that was asked for is not in use."] if len(found) < len(names) else []
    if len(found) > MOST_MEASURES:
        notes.append(f"At most {MOST_MEASURES} measures are shown at once: the first {MOST_MEASURES}.")
    return found[:MOST_MEASURES], notes


def _by(asked: QueryDict, reader: Reader, found: Sequence[Measure]) -> tuple[tuple[Dimension, ...], list[str]]:
    codes = [code for code in dict.fromkeys((asked.get("by", ""), asked.get("and", ""))) if code]
    known = dimensions(reader, found)
    by = tuple(Dimension(code) for code in codes if code in known)
    most = most_dimensions(reader.audience)
    notes = []
    if found and len(by) < len(codes):
        strange = [DIMENSION_WORDS.get(code, "that").lower() for code in codes if code not in known]
        named = found[0].title if len(found) == 1 else "One of these measures"
        notes.append(f"{named} cannot be broken down by {' or '.join(strange)}.")
    return by[:most], notes


def _groups(asked: QueryDict, manifest: Manifest, by: Sequence[Dimension]) -> tuple[str, ...]:
    known = manifest.labels.get(by[0], {}) if by else {}
    return tuple(code for code in dict.fromkeys(asked.getlist("g")) if by and (code in known or not code))[:MOST_GROUPS]


def _period(asked: QueryDict, manifest: Manifest) -> tuple[Quarter, Quarter, list[str]]:
    there, notes = offered(manifest), []
    first, last = _quarter(asked.get("from", "")), _quarter(asked.get("to", ""))
    if any(asked.get(name) and each not in there for name, each in (("from", first), ("to", last))):
        notes.append(f"Quarters from {there[0]} to {there[-1]} can be shown.")
    last = last if last in there else there[-1].previous
    first = first if first in there else quarters.quarters(manifest)[0]
    if first > last:
        notes.append("The first quarter came after the last: they are shown the other way round.")
        first, last = last, first
    return first, last, notes


def _quarter(text: str) -> Quarter | None:
    try:
        return Quarter.parse(text)
    except RuleBroken:
        return None


def _one_of(kinds: type[Code], code: str) -> Code:
    return kinds(code) if code in set(kinds) else kinds("")


def adds_up(measure: Measure) -> bool:
    """Whether groups of a measure are parts of its whole: a count in which nobody can be counted twice."""
    return measure.kind == Kind.COUNT and "DISTINCT" not in measure.sql


def why_not(choice: Choice, chart: Chart) -> str:
    """Why what is chosen cannot be drawn so; empty where it can."""
    return _WHY_NOT[chart](choice)


def _line(choice: Choice) -> str:
    if len(choice.by) > 1:
        return "Lines are drawn by one thing at most."
    if len({each.kind for each in choice.measures}) > 1:
        return "Counts, shares and days have no scale in common."
    return "Lines of several measures are not broken down." if choice.by and len(choice.measures) > 1 else ""


def _bars(choice: Choice) -> str:
    if len({each.kind for each in choice.measures}) > 1:
        return "Counts, shares and days have no scale in common."
    if choice.by:
        return "Bars of groups are drawn of one measure." if len(choice.measures) > 1 else ""
    return "" if len(choice.measures) > 1 else "Bars need a breakdown, or several measures."


def _stacked(choice: Choice) -> str:
    if not choice.by or len(choice.measures) != 1:
        return "Stacked bars need one measure and a breakdown."
    return "" if adds_up(choice.measures[0]) else "Groups of this measure do not add up to its whole."


def _panels(choice: Choice) -> str:
    return "" if choice.by or len(choice.measures) > 1 else "Small multiples need a breakdown, or several measures."


def _control(choice: Choice) -> str:
    if len(choice.measures) != 1:
        return "A process control chart is of one measure."
    if len(choice.by) > 1 or (choice.by and len(choice.groups) != 1):
        return "A process control chart is of the whole, or of one chosen group of one breakdown."
    return ""


def _map(choice: Choice) -> str:
    if len(choice.measures) != 1 or choice.by != (Dimension.COUNCIL,):
        return "A map is of one measure by council."
    return ""


_WHY_NOT = {
    Chart.FITTING: lambda choice: "", Chart.LINE: _line, Chart.BARS: _bars, Chart.STACKED: _stacked,
    Chart.PANELS: _panels, Chart.CONTROL: _control, Chart.MAP: _map,
}  # fmt: skip


def fitting(choice: Choice) -> Chart:
    """The drawing that fits best."""
    order = (Chart.BARS, Chart.LINE, Chart.PANELS) if choice.by else (Chart.LINE, Chart.BARS, Chart.PANELS)
    return next(each for each in order if not why_not(choice, each))
