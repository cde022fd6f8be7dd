"""What leaves with the quarter page: every figure of it, protected, as a file."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from alongside.commissioning.quarters.queries import Opened, Reader
from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.periods import Quarter
from alongside.facts.measures import actions as kept
from alongside.facts.measures import queries as measures
from alongside.facts.measures.models import DIMENSION_WORDS, EVERYWHERE, Manifest
from alongside.facts.measures.rules import Audience, Figure, Measure
from alongside.foundation.office.documents import actions as documents
from alongside.foundation.office.documents.rules import Column
from alongside.foundation.office.rulebook import queries as rulebook

COLUMNS = (
    Column("measure", "Measure"), Column("unit", "Unit"), Column("quarter", "Quarter"), Column("by", "By"),
    Column("group", "Group"), Column("value", "Figure"), Column("numerator", "Numerator"), Column("n", "Count"),
    Column("coverage", "Coverage"), Column("low", "Interval from"), Column("high", "Interval to"),
    Column("as_at", "As at"), Column("definition", "Definition"), Column("reference", "Reference"),
)  # fmt: skip
NOTE = (
    "Protected: 0 is 0, 1 to 7 are shown as 5, other numbers to the nearest 5, each total by itself. "
    "Rates are of rounded numbers; there is none over fewer than 8."
)
PLACES = 4


def export(
    reader: Reader, manifest: Manifest, quarter: Quarter, *, by: Actor, at: datetime, fmt: str
) -> documents.Export:
    """The quarter and the one a year before by the same definitions, with every breakdown. What leaves is protected,
    and the snapshot on which it rests is kept as long as its key."""
    kept.need(manifest.code, "export")
    rows = [row for when in (quarter, quarter.year_ago) for row in _rows(reader, manifest, when, quarter)]
    return documents.table(
        f"quarter-{quarter}", COLUMNS, rows, by=by, at=at, fmt=fmt, about=f"quarter {quarter}", notes=[NOTE]
    )


@transaction.atomic
def open_rows(opened: Opened, *, by: Actor, at: datetime, why: str) -> None:
    """Puts on record who looked at the rows of which figure, and why. Raises RuleBroken."""
    if rulebook.find("figure_row_reasons", why, london_date(at)) is None:
        raise RuleBroken("Choose why you look.", "why")
    events.record("figure.rows_opened", opened.manifest.id, by=by, at=at, reference=str(opened.reference), why=why)


def _rows(reader: Reader, manifest: Manifest, quarter: Quarter, defined: Quarter) -> Iterator[documents.Row]:
    """Figures of a quarter, by the definitions that were in use in another."""
    for measure in measures.catalogue(defined):
        for by in ((), *((each,) for each in EVERYWHERE)):
            for figure in measures.figures(
                measure.key, quarter=quarter, by=by, area=reader.area, snapshot_code=manifest.code,
                audience=Audience.OUTSIDE,
            ):  # fmt: skip
                yield _row(measure, figure, manifest)


def _row(measure: Measure, figure: Figure, manifest: Manifest) -> documents.Row:
    by, code = figure.group[0] if figure.group else ("", "")
    return {
        "measure": measure.title, "unit": measure.unit, "quarter": figure.quarter,
        "by": DIMENSION_WORDS[by] if by else "All", "group": manifest.words(by, code) if by else "All",
        "value": _places(figure.value), "numerator": figure.numerator, "n": figure.n,
        "coverage": _places(figure.coverage), "low": _places(figure.low), "high": _places(figure.high),
        "as_at": figure.as_at.isoformat(timespec="minutes"), "definition": measure.definition,
        "reference": figure.reference,
    }  # fmt: skip


def _places(value: float | None) -> float | None:
    return None if value is None else round(value, PLACES)
