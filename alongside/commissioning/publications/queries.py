"""Reads of what was published: by which rule the next table leaves, from which snapshot, and what left before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from alongside.commissioning.publications.models import Publication
from alongside.commissioning.publications.rules import LEAST_WIDTH, Policy, from_json
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.periods import Quarter
from alongside.facts.measures import queries as measures
from alongside.facts.measures.models import Dimension, Manifest
from alongside.facts.measures.rules import Cell, Figure, Measure, Method
from alongside.foundation.office.organisations.queries import people_of
from alongside.foundation.office.rulebook import queries as rulebook

BOOK, LEAVING = "figure_protection", "leaving"


@dataclass(frozen=True)
class Line:
    """One group of a published table, number by number; None stands for one that was hidden."""

    group: tuple[tuple[str, str], ...]
    shown: dict[str, int | None]


def policy(on: date) -> Policy:
    """How tables that leave are protected on a day."""
    row = rulebook.rule(BOOK, LEAVING, on)
    method = Method.SUPPRESSION if row.flag("hides") else Method.ROUNDING
    width = row.number("hidden_width" if row.flag("hides") else "rounded_width")
    return Policy(method, max(LEAST_WIDTH, width), max(0, row.number("days")), row.version)


def snapshot_to_leave(
    latest: Manifest, quarters: Sequence[Quarter], *, area: str | None, by: Actor, at: datetime
) -> Manifest:
    """The snapshot from which figures of these quarters leave: the one of the last days, where some left then.

    Two tables from two nights would tell what happened in one. Raises RuleBroken where that snapshot is gone.
    """
    pause = policy(london_date(at)).pause
    recent = earlier(quarters, area=area, by=by).filter(made_at__gt=at - pause).order_by("made_at").last()
    if recent is None or recent.snapshot == latest.code:
        return latest
    try:
        return measures.snapshot(recent.snapshot)
    except RuleBroken as gone:
        on = f"{(recent.made_at + pause):%-d %B %Y}"
        raise RuleBroken(f"These figures left a few days ago, and that snapshot is gone. Wait until {on}.") from gone


def leaving(
    measure: Measure, quarter: Quarter, bys: Sequence[Sequence[Dimension]], *, manifest: Manifest, area: str | None,
    under: Policy,
) -> tuple[Figure, ...]:  # fmt: skip
    """A measure's figures as they may leave, its total first."""
    return measures.leaving(
        measure.key, quarter=quarter, bys=bys, area=area, snapshot_code=manifest.code, method=under.method,
        width=under.width,
    )  # fmt: skip


def earlier(quarters: Iterable[Quarter], *, area: str | None, by: Actor) -> QuerySet[Publication]:
    """What left before of any of these quarters."""
    named = [str(each) for each in quarters]
    return Publication.objects.visible_to(by).filter(area=area or "", quarters__overlap=named)


def cells_of(publications: Iterable[Publication]) -> list[Cell]:
    return [
        cell for one in publications if one.same_as_id is None
        for cell in from_json(one.cells, one.snapshot, Method(one.method))
    ]  # fmt: skip


def listed(rows: QuerySet[Publication], *, words: str, quarter: str, kind: str) -> QuerySet[Publication]:
    """What the search and the filters leave; words are of measures' titles."""
    if quarter:
        rows = rows.filter(quarters__contains=[quarter])
    if kind:
        rows = rows.filter(kind=kind)
    if words:
        asked = words.casefold().split()
        titles = titles_of({name for names in rows.values_list("measures", flat=True) for name in names})
        told = [name for name, title in titles.items() if all(word in title.casefold() for word in asked)]
        rows = rows.filter(measures__overlap=told)
    return rows.defer("cells")


def quarters_of(rows: QuerySet[Publication]) -> list[str]:
    """Every quarter of which something left, the latest first."""
    return sorted({each for one in rows.values_list("quarters", flat=True) for each in one}, reverse=True)


def titles_of(keys: Iterable[str]) -> dict[str, str]:
    """Titles of measures by `name@version`; a definition that is gone is called by its name."""
    return {key: _title(key) for key in sorted(keys)}


def _title(key: str) -> str:
    try:
        return measures.measure(key).title
    except RuleBroken:
        return key


def lines(publication: Publication, measure: str, quarter: str) -> list[Line]:
    """A measure's numbers in one quarter as the table showed them, its total first."""
    source = publication.same_as or publication
    found: dict[tuple[tuple[str, str], ...], Line] = {}
    for cell in from_json(source.cells, source.snapshot, Method(source.method)):
        if (cell.measure, cell.quarter) == (measure, quarter):
            group = tuple(sorted(cell.group))
            found.setdefault(group, Line(group, {})).shown[cell.part] = cell.shown
    return [found[group] for group in sorted(found, key=lambda each: (len(each), each))]


def checked_against(publication: Publication, by: Actor) -> list[Publication]:
    """The tables that it was held against before it left, the latest first."""
    found = Publication.objects.visible_to(by).filter(pk__in=publication.checked)
    return list(found.defer("cells").order_by("-made_at"))


def words_of(publication: Publication) -> Manifest | None:
    """The snapshot's own words of its codes, while it is kept."""
    try:
        return measures.snapshot(publication.snapshot)
    except RuleBroken:
        return None


def names_of(actor: Actor) -> dict[UUID | None, str]:
    """Who works here, by id."""
    return {one.user_id: one.user.name for one in people_of(actor)}
