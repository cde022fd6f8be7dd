"""What leaves with the page of reporting centres: protected figures, as a file."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from alongside.commissioning.oversight import queries
from alongside.commissioning.oversight.queries import DAYS, REPORTS, Centre
from alongside.commissioning.publications import actions as publications
from alongside.commissioning.publications import queries as published
from alongside.commissioning.publications.models import Publication
from alongside.commissioning.publications.rules import NOT_SHOWN
from alongside.commissioning.quarters.queries import Reader
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.periods import Quarter
from alongside.facts.measures import queries as measures
from alongside.facts.measures.models import Dimension, Manifest
from alongside.foundation.office.documents import actions as documents
from alongside.foundation.office.documents.rules import Column

COLUMNS = (
    Column("centre", "Centre"), Column("state", "State"), Column("reports", "Reports"),
    Column("before", "A year before"), Column("days", "Working days to an answer (median)"),
)  # fmt: skip


@transaction.atomic
def export(reader: Reader, latest: Manifest, quarter: Quarter, *, by: Actor, at: datetime) -> documents.Export:
    """The centres of a quarter as a CSV file, held against everything that left before. Raises RuleBroken."""
    quarters = (quarter, quarter.year_ago)
    manifest = published.snapshot_to_leave(latest, quarters, area=reader.area, by=by, at=at)
    under, asked = published.policy(london_date(at)), ((REPORTS, quarter), (REPORTS, quarter.year_ago), (DAYS, quarter))
    figures = [
        figure for name, when in asked
        for figure in published.leaving(
            measures.measure(name), when, [(Dimension.SOURCE,)], manifest=manifest, area=reader.area, under=under
        ) if figure.group
    ]  # fmt: skip
    made = publications.publish(
        Publication.Kind.CENTRES, figures, quarters=quarters, area=reader.area, manifest=manifest, under=under, by=by,
        at=at,
    )  # fmt: skip
    rows = [_row(centre, made, asked, manifest) for centre in queries.sheet(reader, manifest, quarter).centres]
    name = f"reporting-centres-{quarter}"
    return documents.table(name, COLUMNS, rows, by=by, at=at, about=f"centres {quarter}", notes=made.notes)


def _row(
    centre: Centre, made: publications.Published, asked: Sequence[tuple[str, Quarter]], manifest: Manifest
) -> documents.Row:
    reports, before, days = (_value(centre, made, name, when, manifest) for name, when in asked)
    return {
        "centre": centre.name, "state": "Quiet" if centre.quiet else "Open" if centre.open else "Not open",
        "reports": reports or 0, "before": before or 0, "days": days,
    }  # fmt: skip


def _value(
    centre: Centre, made: publications.Published, name: str, when: Quarter, manifest: Manifest
) -> float | str | None:
    """A centre's figure as it leaves; None where there is none."""
    key = measures.measure(name).key
    if any((held.measure, held.quarter) == (key, str(when)) for held in made.held):
        return NOT_SHOWN
    for figure in made.figures:
        of = manifest.words(Dimension.SOURCE, figure.group[0][1])
        if (figure.measure, figure.quarter, of) == (key, str(when), centre.name):
            return NOT_SHOWN if figure.withheld else figure.value
    return None
