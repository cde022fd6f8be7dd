"""The quarter page in words: tiles, tables of a breakdown, and what a year has changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse

from alongside.commissioning.returns.charts import Drawing
from alongside.commissioning.returns.queries import Reader, Row, Sheet, Total
from alongside.core.access.declare import actor_of
from alongside.core.pages.filters import number, percent
from alongside.core.pages.tables import Sort
from alongside.facts.measures.models import DIMENSION_WORDS, Dimension, Manifest
from alongside.facts.measures.rules import Audience, Figure, Kind, Measure, is_exact, value_words
from alongside.foundation.accounts.permissions import Permission

THEMES = (
    ("Coming in", ("referrals_received", "referred_within_two_working_days",
                   "hub_first_attempt_within_two_working_days", "victims_offered_support")),
    ("Support", ("victims_supported", "days_to_first_contact", "waiting_now")),
    ("Better for it", ("improved_health", "improved_coping", "improved_safety", "improved_informed")),
)  # fmt: skip
PROTECTED = "Protected: 1 to 7 are shown as 5, other numbers to the nearest 5. No rate is shown over fewer than 8."
EXACT = "Exact. What is broken down further, and everything that leaves the office, is protected."
OWN = "Exact, and yours alone. Others see your figures only as the office is allowed to show them."


@dataclass(frozen=True)
class Tile:
    """One figure with what it means."""

    label: str
    value: str
    change: str
    definition: str
    n: int | None
    coverage: float | None
    as_at: datetime
    ref: str
    href: str


@dataclass(frozen=True)
class Cell:
    """A figure in a table: its words, what stands beside it, and the year before."""

    words: str
    about: str
    before: str


@dataclass(frozen=True)
class Line:
    """One group of a table."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Link:
    """A choice among several pages."""

    text: str
    href: str
    current: bool


@dataclass(frozen=True)
class Head:
    """A column of a table: a measure and its page."""

    key: str
    label: str
    href: str


@dataclass(frozen=True)
class Table:
    """One theme of a breakdown."""

    title: str
    heads: tuple[Head, ...]
    lines: tuple[Line, ...]


def measure_page(measure: Measure, audience: Audience) -> str:
    """The address of a measure's page for this reader."""
    return reverse("returns:own_measure" if audience == Audience.PROVIDER else "returns:measure", args=[measure.name])


def tiles(sheet: Sheet) -> tuple[Tile, ...]:
    return tuple(_tile(total, sheet) for total in sheet.totals)


def _tile(total: Total, sheet: Sheet) -> Tile:
    figure, measure = total.now, total.measure
    counted = figure.kind == Kind.COUNT  # a count's own number is what it is of
    return Tile(
        label=measure.title, value=value_words(figure), change=change_words(total, running=sheet.is_running),
        definition=measure.definition, n=None if counted else figure.n, coverage=figure.coverage,
        as_at=figure.as_at, ref=figure.reference, href=measure_page(measure, sheet.reader.audience),
    )  # fmt: skip


def change_words(total: Total, *, running: bool) -> str:
    """What a year has changed; a quarter that still runs is not compared with a whole one."""
    now, before = total.now, total.before
    beside = _beside(total.measure, now)
    if before.value is None or now.value is None or before.n == 0:
        return f"{beside}No figure a year ago"
    if running:
        return f"{beside}{value_words(before)} in the whole quarter a year ago"
    return f"{beside}{_moved(now, before)} ({value_words(before)})"


def _moved(now: Figure, before: Figure) -> str:
    moved = (now.value or 0) - (before.value or 0)
    if now.kind == Kind.SHARE:
        points = round(abs(moved) * 100)
        size = f"{points} point{'' if points == 1 else 's'}"
    else:
        size = number(abs(moved))
    if size in ("0", "0 points"):
        return "The same as a year ago"
    return f"{'Up' if moved > 0 else 'Down'} {size} on a year ago"


def _beside(measure: Measure, figure: Figure) -> str:
    """The parts of a figure: new and continuing, the ninetieth percentile, no change and worse; its interval."""
    said = [f"{words} {number(figure.parts.get(name))}" for name, words in measure.parts.items()
            if figure.parts.get(name) is not None]  # fmt: skip
    if figure.low is not None and figure.high is not None:
        said.append(f"between {percent(figure.low)} and {percent(figure.high)}")
    return f"{'; '.join(said)}. ".capitalize() if said else ""


def tables(sheet: Sheet, sort: Sort) -> tuple[Table, ...]:
    """The breakdown in three tables, rows in one order."""
    known = {total.measure.name: total.measure for total in sheet.totals}
    rows = ordered(sheet.rows, sort, sheet.manifest, sheet.by)
    return tuple(
        Table(
            title,
            tuple(Head(name, known[name].title, measure_page(known[name], sheet.reader.audience)) for name in names),
            tuple(
                Line(sheet.manifest.words(sheet.by, row.code), tuple(_cell(row, name) for name in names))
                for row in rows
            ),
        )
        for title, names in THEMES
    )


def ordered(rows: Sequence[Row], sort: Sort, manifest: Manifest, by: str) -> list[Row]:
    """By the group's words, or by a measure's figure with what has none at the end."""
    if sort.by == "group":
        return sorted(rows, key=lambda row: manifest.words(by, row.code).casefold(), reverse=sort.down)

    def value(row: Row) -> float | None:
        figure = row.now.get(sort.by)
        return figure.value if figure else None

    having = sorted((row for row in rows if value(row) is not None), key=lambda row: value(row) or 0, reverse=sort.down)
    return [*having, *(row for row in rows if value(row) is None)]


def _cell(row: Row, name: str) -> Cell:
    now, before = row.now.get(name), row.before.get(name)
    was = f"{value_words(before)} a year ago" if before and before.value is not None else ""
    if now is None:
        return Cell("0" if name in _COUNTS else "None yet", "", was)
    return Cell(value_words(now), about(now), was)


_COUNTS = {"referrals_received", "victims_offered_support", "victims_supported", "waiting_now"}


def about(figure: Figure) -> str:
    """What stands beside a share or a wait: over how many, covering how much."""
    if figure.kind == Kind.COUNT or figure.n is None or figure.withheld:
        return ""
    covered = f", {percent(figure.coverage)} covered" if figure.coverage is not None else ""
    return f"of {number(figure.n)}{covered}"


def protection(sheet: Sheet) -> str:
    """What a reader must know of how the figures are protected."""
    if sheet.reader.audience == Audience.PROVIDER:
        return OWN
    return EXACT if is_exact(sheet.reader.audience, (sheet.by,)) else PROTECTED


def dimension(request: HttpRequest) -> Dimension:
    """What the page is broken down by: the one asked for, or the first."""
    asked = request.GET.get("by", "")
    return Dimension(asked) if asked in list(Dimension) else Dimension.SERVICE


def sheet_context(request: HttpRequest, sheet: Sheet, drawn: Sequence[Drawing]) -> dict[str, object]:
    """Everything that the quarter page shows."""
    named = [name for _, names in THEMES for name in names]
    sort = Sort.of(request, "group", *named, default="group")
    place = "returns:own" if sheet.reader.audience == Audience.PROVIDER else "returns:quarter"
    chart = f"{place}_chart" if place == "returns:own" else "returns:chart"
    return {
        "sheet": sheet, "tiles": tiles(sheet), "tables": tables(sheet, sort), "sort": sort,
        "protection": protection(sheet), "running": sheet.is_running, "as_at": sheet.manifest.as_at,
        "by_words": DIMENSION_WORDS[sheet.by], "dimensions": _dimension_links(sheet, place),
        "quarters": [Link(str(each), reverse(place, args=[each]), each == sheet.quarter) for each in sheet.quarters],
        "charts": [(each, reverse(chart, args=[sheet.quarter, each.name]), table_columns(each)) for each in drawn],
        "may_export": actor_of(request).may(Permission.MEASURE_EXPORT),
    }  # fmt: skip


def _dimension_links(sheet: Sheet, place: str) -> list[Link]:
    skipped = {Dimension.PROVIDER} if sheet.reader.provider else set()
    address = reverse(place, args=[sheet.quarter])
    return [
        Link(DIMENSION_WORDS[each], f"{address}?by={each}#by", each == sheet.by)
        for each in Dimension
        if each not in skipped
    ]


def table_columns(drawing: Drawing) -> list[dict[str, object]]:
    """A chart's columns as the page kit's tables take them; all but the first are numbers."""
    return [{"key": key, "label": label, "numeric": place > 0} for place, (key, label) in enumerate(drawing.columns)]


def measure_context(
    measure: Measure, reader: Reader, manifest: Manifest, history: Sequence[Figure]
) -> dict[str, object]:
    """One measure: its figures by quarter, and the latest worked through."""
    latest = history[-1]
    return {
        "manifest": manifest, "reader": reader, "latest": latest, "latest_words": value_words(latest),
        "about": about(latest), "beside": _beside(measure, latest),
        "lines": [
            {"quarter": figure.quarter, "value": value_words(figure), "n": number(figure.n),
             "coverage": percent(figure.coverage), "reference": figure.reference}
            for figure in reversed(history)
        ],
    }  # fmt: skip
