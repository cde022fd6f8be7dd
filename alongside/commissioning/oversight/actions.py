"""What leaves with the page of reporting centres: protected figures, as a file."""

from datetime import datetime

from alongside.commissioning.oversight.queries import Centre, Sheet
from alongside.core.access.actor import Actor
from alongside.facts.measures.rules import Figure
from alongside.foundation.office.documents import actions as documents
from alongside.foundation.office.documents.rules import Column

COLUMNS = (
    Column("centre", "Centre"), Column("state", "State"), Column("reports", "Reports"),
    Column("before", "A year before"), Column("days", "Working days to an answer (median)"),
)  # fmt: skip
NOTE = "Protected: 0 is 0, 1 to 7 are shown as 5, other numbers to the nearest 5. No median over fewer than 8."


def export(sheet: Sheet, *, by: Actor, at: datetime) -> documents.Export:
    """The centres of a quarter as a CSV file."""
    rows = [_row(centre) for centre in sheet.centres]
    name = f"reporting-centres-{sheet.quarter}"
    return documents.table(name, COLUMNS, rows, by=by, at=at, about=f"centres {sheet.quarter}", notes=[NOTE])


def _row(centre: Centre) -> documents.Row:
    return {
        "centre": centre.name, "state": "Quiet" if centre.quiet else "Open" if centre.open else "Not open",
        "reports": _value(centre.now) or 0, "before": _value(centre.before) or 0, "days": _value(centre.days),
    }  # fmt: skip


def _value(figure: Figure | None) -> float | None:
    return figure.value if figure else None
