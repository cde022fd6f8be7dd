"""What leaves with the catalogue: definitions as a file, without a figure. Snapshots that are asked for, or kept."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction

from alongside.commissioning.catalogue.queries import Themes
from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.facts.measures import actions as kept
from alongside.facts.measures import queries as facts
from alongside.facts.measures.models import DIMENSION_WORDS, TABLES
from alongside.foundation.office.documents import actions as documents
from alongside.foundation.office.documents.rules import Column

COLUMNS = (
    Column("theme", "About"), Column("measure", "Measure"), Column("key", "Reference"), Column("unit", "Unit"),
    Column("definition", "Definition"), Column("numerator", "Counted"), Column("denominator", "Out of"),
    Column("coverage", "Coverage"), Column("exclusions", "Left out"), Column("by", "Broken down by"),
    Column("source", "Source"), Column("owner", "Answers for it"), Column("since", "In use from"),
)  # fmt: skip


def export(shown: Themes, *, by: Actor, at: datetime, fmt: str) -> documents.Export:
    """Every measure's definition, a row each."""
    return documents.table("counting-rules", COLUMNS, _rows(shown), by=by, at=at, fmt=fmt, about="counting rules")


@transaction.atomic
def make_snapshot(*, by: Actor, at: datetime) -> UUID:
    """Asks for a snapshot of this moment, which the worker writes. Returns its id. Raises RuleBroken."""
    if facts.making(at):
        raise RuleBroken("A snapshot is being made. Wait until it is there.")
    made = uuid7()
    events.record("snapshot.asked", made, by=by, at=at)
    kept.note_progress(0, len(TABLES), at=at)
    return made


@transaction.atomic
def keep_snapshot(code: str, *, by: Actor, at: datetime) -> None:
    """Keeps a snapshot as long as its key, since a reference to it stands in a paper. Raises RuleBroken."""
    events.record("snapshot.kept", facts.snapshot(code).id, by=by, at=at, code=code)
    kept.need(code, "paper")


def _rows(shown: Themes) -> Iterator[documents.Row]:
    for theme, told in shown:
        for measure in told:
            yield {
                "theme": theme, "measure": measure.title, "key": measure.key, "unit": measure.unit,
                "definition": measure.definition, "numerator": measure.numerator,
                "denominator": measure.denominator or "Nothing: it is a count", "coverage": measure.coverage or "All",
                "exclusions": measure.exclusions, "source": measure.source, "owner": measure.owner,
                "by": ", ".join(DIMENSION_WORDS[each].lower() for each in measure.dimensions), "since": measure.since,
            }  # fmt: skip
