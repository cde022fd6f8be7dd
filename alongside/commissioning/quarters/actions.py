"""What leaves with the quarter page: every figure of it, protected, as a file."""

from datetime import datetime

from django.db import transaction

from alongside.commissioning.publications import actions as publications
from alongside.commissioning.publications import queries as published
from alongside.commissioning.publications.models import Publication
from alongside.commissioning.publications.rules import NOT_SHOWN
from alongside.commissioning.quarters.queries import Opened, Reader
from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.periods import Quarter
from alongside.facts.measures import actions as kept
from alongside.facts.measures import queries as measures
from alongside.facts.measures.models import DIMENSION_WORDS, EVERYWHERE, Manifest
from alongside.facts.measures.rules import Breakdown, Figure, Measure
from alongside.foundation.office.documents import actions as documents
from alongside.foundation.office.documents.rules import Column
from alongside.foundation.office.rulebook import queries as rulebook

COLUMNS = (
    Column("measure", "Measure"), Column("unit", "Unit"), Column("quarter", "Quarter"), Column("by", "By"),
    Column("group", "Group"), Column("value", "Figure"), Column("numerator", "Numerator"), Column("n", "Count"),
    Column("coverage", "Coverage"), Column("low", "Interval from"), Column("high", "Interval to"),
    Column("as_at", "As at"), Column("definition", "Definition"), Column("reference", "Reference"),
)  # fmt: skip
PLACES = 4


@transaction.atomic
def export(
    reader: Reader, latest: Manifest, quarter: Quarter, *, by: Actor, at: datetime, fmt: str
) -> documents.Export:
    """The quarter and the one a year before by the same definitions, with every breakdown. What leaves is protected,
    held against everything that left before, and of the snapshot of which the last table was; that snapshot is kept as
    long as its key. Raises RuleBroken."""
    quarters, defined = (quarter, quarter.year_ago), measures.catalogue(quarter)
    manifest = published.snapshot_to_leave(latest, quarters, area=reader.area, by=by, at=at)
    kept.need(manifest.code, "export")
    under, bys = published.policy(london_date(at)), [(each,) for each in EVERYWHERE]
    figures = [
        figure for when in quarters for measure in defined
        for figure in published.leaving(measure, when, bys, manifest=manifest, area=reader.area, under=under)
    ]  # fmt: skip
    made = publications.publish(
        Publication.Kind.QUARTER, figures, quarters=quarters, area=reader.area, manifest=manifest, under=under,
        by=by, at=at,
    )  # fmt: skip
    words = {measure.key: measure for measure in defined}
    rows = [*(_row(words[figure.measure], figure, manifest) for figure in made.figures),
            *(_stayed(words[each.measure], each, manifest) for each in made.held)]  # fmt: skip
    return documents.table(
        f"quarter-{quarter}", COLUMNS, rows, by=by, at=at, fmt=fmt, about=f"quarter {quarter}", notes=made.notes
    )


@transaction.atomic
def open_rows(opened: Opened, *, by: Actor, at: datetime, why: str) -> None:
    """Puts on record who looked at the rows of which figure, and why. Raises RuleBroken."""
    if rulebook.find("figure_row_reasons", why, london_date(at)) is None:
        raise RuleBroken("Choose why you look.", "why")
    events.record("figure.rows_opened", opened.manifest.id, by=by, at=at, reference=str(opened.reference), why=why)


def _row(measure: Measure, figure: Figure, manifest: Manifest) -> documents.Row:
    by, code = figure.group[0] if figure.group else ("", "")
    return {
        "measure": measure.title, "unit": measure.unit, "quarter": figure.quarter,
        "by": DIMENSION_WORDS[by] if by else "All", "group": manifest.words(by, code) if by else "All",
        "value": NOT_SHOWN if figure.withheld else _places(figure.value), "numerator": figure.numerator, "n": figure.n,
        "coverage": _places(figure.coverage), "low": _places(figure.low), "high": _places(figure.high),
        "as_at": figure.as_at.isoformat(timespec="minutes"), "definition": measure.definition,
        "reference": figure.reference,
    }  # fmt: skip


def _stayed(measure: Measure, held: Breakdown, manifest: Manifest) -> documents.Row:
    """A breakdown that stays: a line that says so, without its groups."""
    by = " and ".join(DIMENSION_WORDS[each] for each in held.by) or "All"
    return {
        **dict.fromkeys(("numerator", "n", "coverage", "low", "high", "reference")), "measure": measure.title,
        "unit": measure.unit, "quarter": held.quarter, "by": by, "group": NOT_SHOWN, "value": NOT_SHOWN,
        "as_at": manifest.as_at.isoformat(timespec="minutes"), "definition": measure.definition,
    }  # fmt: skip


def _places(value: float | None) -> float | None:
    return None if value is None else round(value, PLACES)
