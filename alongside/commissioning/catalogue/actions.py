"""What leaves with the catalogue: the definitions as a file. No figure is in it."""

from collections.abc import Iterator
from datetime import datetime

from alongside.commissioning.catalogue.queries import Themes
from alongside.core.access.actor import Actor
from alongside.facts.measures.models import DIMENSION_WORDS
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
