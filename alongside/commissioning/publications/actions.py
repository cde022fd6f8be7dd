"""What leaves is held against everything that left before, and put on record. The only write of publications."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from alongside.commissioning.publications import queries, rules
from alongside.commissioning.publications.models import Publication
from alongside.commissioning.publications.rules import Policy
from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.periods import Quarter
from alongside.facts.measures.models import Manifest
from alongside.facts.measures.rules import Breakdown, Cell, Figure, telling

LOCK = 0x7075  # one table at a time leaves an office, so that each is held against the one before
TRIES = 12


@dataclass(frozen=True)
class Published:
    """What may leave: its figures, the breakdowns that stay, and the lines that the file ends with."""

    publication: Publication
    figures: tuple[Figure, ...]
    held: tuple[Breakdown, ...]
    notes: tuple[str, ...]


@transaction.atomic
def publish(
    kind: Publication.Kind, figures: Sequence[Figure], *, quarters: Sequence[Quarter], area: str | None,
    manifest: Manifest, under: Policy, by: Actor, at: datetime,
) -> Published:  # fmt: skip
    """Holds back what would tell a small number and records the rest as it is shown. `quarters`: the table's own first.

    Raises RuleBroken where nothing is left that may leave.
    """
    assert by.organisation_id is not None and by.user_id is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, by.organisation_id])
    before = list(queries.earlier(quarters, area=area, by=by))
    held = _held(figures, queries.cells_of(before), under)
    may = rules.kept(figures, held)
    if figures and not may:
        raise RuleBroken(
            "This table cannot leave: taken from a table that left before, it would tell a number under 8. "
            "Take that table again, choose a wider group, or ask for it by another quarter."
        )
    rows = rules.as_json(rules.cells(may, under.method))
    digest = rules.digest(rows, manifest.code, under.method)
    same = next((one for one in before if one.digest == digest and one.same_as_id is None), None)
    made = Publication.objects.create(
        organisation_id=by.organisation_id, kind=kind, quarter=str(quarters[0]), quarters=[*map(str, quarters)],
        area=area or "", snapshot=manifest.code, as_at=manifest.as_at, method=under.method, width=under.width,
        rule_version=under.version, measures=sorted({each.measure for each in may}), cells=[] if same else rows,
        digest=digest, same_as=same, held=[[one.measure, one.quarter, [*one.by]] for one in sorted(held)],
        checked=[one.pk for one in before if one.same_as_id is None], made_at=at, made_by=by.user_id,
    )  # fmt: skip
    events.record("figures.published", made.pk, by=by, at=at, kind=kind, quarter=made.quarter, held=len(held))
    return Published(made, may, tuple(sorted(held)), _notes(under, manifest, held))


def _held(figures: Sequence[Figure], before: Sequence[Cell], under: Policy) -> set[Breakdown]:
    """The breakdowns that stay: what is left is asked again, since it may tell by what no longer stands beside it."""
    held: set[Breakdown] = set()
    for _ in range(TRIES):
        found = telling(rules.cells(rules.kept(figures, held), under.method), before, under.width)
        if not found:
            return held
        held |= found
    return {rules.breakdown_of(figure) for figure in figures}


def _notes(under: Policy, manifest: Manifest, held: set[Breakdown]) -> tuple[str, ...]:
    said = f"As at {manifest.as_at:%-d %B %Y}. Rule {queries.LEAVING}@{under.version} of the rulebook."
    return (under.words, said, *((rules.HELD,) if held else ()))
