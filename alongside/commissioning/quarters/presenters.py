"""The quarter page in words: tiles, tables of a breakdown, and what a year has changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from alongside.commissioning.quarters.charts import Drawing
from alongside.commissioning.quarters.queries import ROWS_SHOWN, Opened, Reader, Row, Sheet, Total
from alongside.core.access.declare import actor_of
from alongside.core.pages.filters import date_words, datetime_words, number, percent
from alongside.core.pages.tables import Sort
from alongside.core.periods import Quarter
from alongside.facts.measures.models import DIMENSION_WORDS, EVERYWHERE, Dimension, Manifest
from alongside.facts.measures.queries import Rows
from alongside.facts.measures.rules import Audience, Figure, Kind, Measure, is_exact, value_words
from alongside.foundation.office.accounts.permissions import Permission

THEMES = (
    ("Coming in", ("referrals_received", "referred_within_two_working_days",
                   "hub_first_attempt_within_two_working_days", "victims_offered_support", "witnesses_referred")),
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
    again: str


@dataclass(frozen=True)
class Cell:
    """A figure in a table: its words, what stands beside it, and the year before; `again` is its own page."""

    words: str
    again: str
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
    return reverse(
        "catalogue:own_measure" if audience == Audience.PROVIDER else "catalogue:measure", args=[measure.name]
    )


def measures_page(audience: Audience) -> str:
    """The address of all measures for this reader."""
    return reverse("catalogue:own_measures" if audience == Audience.PROVIDER else "catalogue:measures")


def changed_page(measure: Measure, quarter: Quarter, audience: Audience) -> str:
    """The address of what has changed in a quarter since it was first told."""
    own = "own_" if audience == Audience.PROVIDER else ""
    return reverse(f"catalogue:{own}changed", args=[measure.name, quarter])


def restated(found: Sequence[tuple[Measure, Figure, Figure]], sheet: Sheet) -> list[dict[str, str]]:
    """Figures of a closed quarter that are not what they were when it was first told."""
    return [
        {"label": measure.title, "was": words(was, running=False), "now": words(now, running=False),
         "href": changed_page(measure, sheet.quarter, sheet.reader.audience)}
        for measure, was, now in found
    ]  # fmt: skip


def home_page(audience: Audience) -> str:
    """The page of figures that this reader comes from."""
    return reverse("quarters:own" if audience == Audience.PROVIDER else "quarters:quarter")


def figure_page(audience: Audience) -> str:
    """The address at which this reader opens a figure by its reference."""
    return reverse("quarters:own_figure" if audience == Audience.PROVIDER else "quarters:figure")


def _again(place: str, figure: Figure) -> str:
    return f"{place}?{urlencode({'ref': figure.reference})}"


def tiles(sheet: Sheet) -> tuple[Tile, ...]:
    return tuple(_tile(total, sheet) for total in sheet.totals)


def _tile(total: Total, sheet: Sheet) -> Tile:
    figure, measure = total.now, total.measure
    beside = figure.n if figure.kind != Kind.COUNT else None  # a count's own number is what it is of
    return Tile(
        label=measure.title, value=words(figure, running=sheet.is_running),
        change=change_words(total, running=sheet.is_running), definition=measure.definition, n=beside or None,
        coverage=figure.coverage if beside else None, as_at=figure.as_at, ref=figure.reference,
        href=measure_page(measure, sheet.reader.audience),
        again=_again(figure_page(sheet.reader.audience), figure),
    )  # fmt: skip


def words(figure: Figure, *, running: bool) -> str:
    """The figure as it is read; a quarter that is over has no “yet”."""
    nothing = figure.value is None and not figure.n and not figure.withheld
    return "None" if nothing and not running else value_words(figure)


def change_words(total: Total, *, running: bool) -> str:
    """What stands beside a figure, and on a line of its own what a year has changed; a quarter that still runs is not
    compared with a whole one."""
    now, before = total.now, total.before
    said = beside(total.measure, now)
    if now.value is None and not now.n:
        said = f"Nothing to count {'so far' if running else 'in this quarter'}.\n"
    if before.value is None or before.n == 0:
        return f"{said}No figure a year ago"
    if now.value is None:
        return f"{said}{value_words(before)} a year ago"
    if running:
        return f"{said}{value_words(before)} in the whole quarter a year ago"
    return f"{said}{_moved(now, before)} ({value_words(before)})"


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


def beside(measure: Measure, figure: Figure) -> str:
    """The parts of a figure: new and continuing, the ninetieth percentile, no change and worse; its interval."""
    said = [f"{words} {number(figure.parts.get(name))}" for name, words in measure.parts.items()
            if figure.parts.get(name) is not None]  # fmt: skip
    if figure.low is not None and figure.high is not None:
        said.append(f"between {percent(figure.low)} and {percent(figure.high)}")
    return f"{'; '.join(said)}.\n".capitalize() if said else ""


def tables(sheet: Sheet, sort: Sort) -> tuple[Table, ...]:
    """The breakdown in three tables, rows in one order."""
    known = {total.measure.name: total.measure for total in sheet.totals}
    rows = ordered(sheet.rows, sort, sheet.manifest, sheet.by)
    place, running = figure_page(sheet.reader.audience), sheet.is_running
    return tuple(
        Table(
            title,
            tuple(Head(name, known[name].title, measure_page(known[name], sheet.reader.audience)) for name in names),
            tuple(
                Line(
                    sheet.manifest.words(sheet.by, row.code), tuple(_cell(row, name, place, running) for name in names)
                )
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


def _cell(row: Row, name: str, place: str, running: bool) -> Cell:
    now, before = row.now.get(name), row.before.get(name)
    was = f"{value_words(before)} a year ago" if before and before.value is not None else ""
    if now is None:
        nothing = "None yet" if running else "None"
        return Cell("0" if name in _COUNTS else nothing, "", "", was)
    return Cell(words(now, running=running), _again(place, now), about(now), was)


_COUNTS = {"referrals_received", "victims_offered_support", "victims_supported", "waiting_now", "witnesses_referred"}


def about(figure: Figure) -> str:
    """What stands beside a share or a wait: over how many, covering how much."""
    if figure.kind == Kind.COUNT or not figure.n or figure.withheld:
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
    return Dimension(asked) if asked in EVERYWHERE else Dimension.SERVICE


def sheet_context(request: HttpRequest, sheet: Sheet, drawn: Sequence[Drawing]) -> dict[str, object]:
    """Everything that the quarter page shows."""
    named = [name for _, names in THEMES for name in names]
    sort = Sort.of(request, "group", *named, default="group")
    place = "quarters:own" if sheet.reader.audience == Audience.PROVIDER else "quarters:quarter"
    chart = f"{place}_chart" if place == "quarters:own" else "quarters:chart"
    return {
        "sheet": sheet, "tiles": tiles(sheet), "tables": tables(sheet, sort), "sort": sort,
        "protection": protection(sheet), "running": sheet.is_running, "as_at": sheet.manifest.as_at,
        "by_words": DIMENSION_WORDS[sheet.by], "dimensions": _dimension_links(sheet, place),
        "quarters": [Link(str(each), reverse(place, args=[each]), each == sheet.quarter) for each in sheet.quarters],
        "charts": [(each, reverse(chart, args=[sheet.quarter, each.name]), table_columns(each)) for each in drawn],
        "may_export": actor_of(request).may(Permission.MEASURE_EXPORT),
        "figure_page": figure_page(sheet.reader.audience), "all_measures": measures_page(sheet.reader.audience),
    }  # fmt: skip


def _dimension_links(sheet: Sheet, place: str) -> list[Link]:
    skipped = {Dimension.PROVIDER} if sheet.reader.provider else set()
    address = reverse(place, args=[sheet.quarter])
    return [
        Link(DIMENSION_WORDS[each], f"{address}?by={each}#by", each == sheet.by)
        for each in EVERYWHERE
        if each not in skipped
    ]


def table_columns(drawing: Drawing) -> list[dict[str, object]]:
    """A chart's columns as the page kit's tables take them; all but the first are numbers."""
    return [{"key": key, "label": label, "numeric": place > 0} for place, (key, label) in enumerate(drawing.columns)]


def figure_context(opened: Opened, reader: Reader) -> dict[str, object]:
    """One figure by its reference: what it says, how it was worked out, and of what it was made."""
    figure, measure = opened.figure, opened.measure
    return {
        "opened": opened, "reader": reader, "words": words(figure, running=False), "about": about(figure),
        "beside": beside(measure, figure), "of": group_words(opened),
        "worked": _worked(opened), "made_of": _made_of(opened.manifest),
        "measure_page": measure_page(measure, reader.audience), "quarter": Quarter.parse(figure.quarter).label,
    }  # fmt: skip


def group_words(opened: Opened) -> str:
    """What the figure is of: “Service: Lantern support”, or everything."""
    said = [f"{DIMENSION_WORDS[name]}: {opened.manifest.words(name, code)}" for name, code in opened.figure.group]
    return "; ".join(said) or ("The whole area" if "area" in dict(opened.reference.where) else "All your services")


def _worked(opened: Opened) -> list[dict[str, str]]:
    """How the figure was worked out, line by line; what has no number is left out."""
    figure, measure = opened.figure, opened.measure
    protected = "Protected: rounded before anything was worked out" if figure.protected else "Exact"
    lines = [
        ("Counted", measure.numerator, figure.numerator),
        ("Out of", measure.denominator, figure.denominator),
        ("Count", "", figure.n if figure.kind == Kind.DAYS else None),
    ]
    return [
        *({"key": key, "value": f"{number(value)}: {said}" if said else number(value)}
          for key, said, value in lines if value is not None),
        {"key": "Coverage", "value": f"{percent(figure.coverage)}. {measure.coverage}".strip(". ")},
        {"key": "How exact", "value": "Not shown: too rare to be placed" if figure.withheld else protected},
    ]  # fmt: skip


def _made_of(manifest: Manifest) -> list[dict[str, str]]:
    return [
        {"key": "Snapshot", "value": manifest.code},
        {"key": "As at", "value": datetime_words(manifest.as_at)},
        {"key": "Written", "value": datetime_words(manifest.made_at)},
        {"key": "Definitions", "value": manifest.definitions},
        {"key": "Program", "value": manifest.code_version},
    ]


LAST_PAGE, SHORT = 100_000, 10


def page_number(request: HttpRequest) -> int:
    """The page asked for, 1 where none is."""
    asked = request.GET.get("page", "")
    return min(max(int(asked), 1), LAST_PAGE) if asked.isdecimal() else 1


def rows_context(opened: Opened, told: Rows, page: int) -> dict[str, object]:
    """Pseudonymous rows as a table, with the pages before and after."""
    address = {"ref": str(opened.reference)}
    last = max(1, -(-told.total // ROWS_SHOWN))
    settled = {name.removeprefix("only_") for name in dict(opened.reference.where)}  # the same in every row
    return {
        "opened": opened, "told": told, "page": page, "last": last,
        "columns": [{"key": each, "label": column_words(each)} for each in told.columns if each not in settled],
        "rows": [_row_words(opened.manifest, told.columns, row) for row in told.rows],
        "before": f"?{urlencode({**address, 'page': page - 1})}" if page > 1 else None,
        "after": f"?{urlencode({**address, 'page': page + 1})}" if page < last else None,
        "home": f"{figure_page(Audience.OFFICE)}?{urlencode(address)}", "of": group_words(opened),
        "quarter": Quarter.parse(opened.figure.quarter).label,
    }  # fmt: skip


def column_words(name: str) -> str:
    """A column's name as it is read."""
    return DIMENSION_WORDS.get(name, name.replace("_", " ").capitalize())


def _row_words(manifest: Manifest, columns: Sequence[str], row: Sequence[object]) -> dict[str, str]:
    return {name: _cell_words(manifest, name, value) for name, value in zip(columns, row, strict=True)}


def _cell_words(manifest: Manifest, name: str, value: object) -> str:
    if name == "pseudonym":
        return f"{int(str(value)):015x}"[:SHORT]
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return date_words(value)
    if name in manifest.labels or name in DIMENSION_WORDS:
        return manifest.words(name, str(value or ""))
    return "" if value is None else str(value)
