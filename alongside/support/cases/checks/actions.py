"""Where case files fall short, as a file."""

from collections.abc import Iterable
from datetime import datetime

from alongside.core.access.actor import Actor
from alongside.foundation.office.documents import actions as documents
from alongside.foundation.office.documents.rules import Column

COLUMNS = tuple(
    Column(*pair) for pair in (
        ("check", "Check"), ("worker", "Worker"), ("reference", "Our reference"), ("high_risk", "High risk"),
        ("days", "For how many days"), ("as_at", "As at"),
    )
)  # fmt: skip
NOTE = "Every case that falls short of a check of the office on this day, without names."


def export(rows: Iterable[documents.Row], *, by: Actor, at: datetime) -> documents.Export:
    return documents.table("case-checks", COLUMNS, rows, by=by, at=at, about="case checks", notes=[NOTE])
