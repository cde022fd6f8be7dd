"""Writes of exploring: views are saved, renamed, shared, deleted and taken back; figures and drawings leave."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from alongside.commissioning.exploring import lifecycle, queries
from alongside.commissioning.exploring.choices import Choice
from alongside.commissioning.exploring.models import SavedView
from alongside.commissioning.exploring.queries import Findings, Series, Spot
from alongside.commissioning.publications import actions as publications
from alongside.commissioning.publications import queries as published
from alongside.commissioning.publications.models import Publication
from alongside.commissioning.publications.rules import NOT_SHOWN
from alongside.commissioning.quarters.queries import Reader
from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.periods import Quarter
from alongside.facts.measures import actions as kept
from alongside.facts.measures import queries as measures
from alongside.facts.measures.models import DIMENSION_WORDS, Manifest
from alongside.facts.measures.rules import Audience, Figure, most_dimensions
from alongside.foundation.office.documents import actions as documents
from alongside.foundation.office.documents.rules import Column, file_name

UNDO = timedelta(days=7)
SAME_NAME = "You have a view of that name already. Choose another."
PICTURES = {"svg": "image/svg+xml", "png": "image/png"}
COLUMNS = (
    Column("measure", "Measure"), Column("unit", "Unit"), Column("by", "By"), Column("group", "Group"),
    Column("quarter", "Quarter"), Column("value", "Figure"), Column("numerator", "Numerator"), Column("n", "Count"),
    Column("coverage", "Coverage"), Column("low", "Interval from"), Column("high", "Interval to"),
    Column("before", "Beside it"), Column("version", "Version"), Column("as_at", "As at"),
    Column("definition", "Definition"), Column("reference", "Reference"),
)  # fmt: skip
OWN = "Exact figures of one provider, for its own use. What it gives to others is for it to protect."
CROSSED = "What leaves the office is broken down by one thing at most. Take one breakdown away to download it."
PLACES = 4


@transaction.atomic
def keep(*, by: Actor, at: datetime, name: str, query: str, shared: bool) -> SavedView:
    """Keeps what was chosen under a name. Raises RuleBroken where one has another view of that name."""
    view = SavedView(
        organisation_id=by.organisation_id or 0, owner=_who(by), name=_named(name), query=query, shared=shared,
        saved_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            view.save(force_insert=True)
    except IntegrityError as same:
        raise RuleBroken(SAME_NAME, "name") from same
    events.record("view.kept", view.pk, by=by, at=at, shared=shared)
    return view


def _who(by: Actor) -> UUID:
    if by.user_id is None:
        raise RuleBroken("Only a person saves a view.")
    return by.user_id


def _named(name: str) -> str:
    if not name.strip():
        raise RuleBroken("Give the view a name.", "name")
    return name.strip()


def _own(view: SavedView, by: Actor) -> SavedView:
    fresh = SavedView.objects.visible_to(by).select_for_update().get(pk=view.pk)
    if fresh.owner != by.user_id:
        raise RuleBroken("Only whoever saved a view may change it. Open it and save it as your own.")
    return fresh


@transaction.atomic
def rename(view: SavedView, *, by: Actor, at: datetime, name: str, shared: bool) -> None:
    """Gives a view another name, and says whether colleagues see it."""
    fresh = _own(view, by)
    fresh.name, fresh.shared = _named(name), shared
    try:
        with transaction.atomic():
            fresh.save(update_fields=["name", "shared"])
    except IntegrityError as same:
        raise RuleBroken(SAME_NAME, "name") from same
    events.record("view.renamed", fresh.pk, by=by, at=at, shared=shared)


@transaction.atomic
def delete(view: SavedView, *, by: Actor, at: datetime) -> None:
    """Takes a view away. For a week it can be taken back."""
    fresh = _own(view, by)
    fresh.state, fresh.deleted_at = lifecycle.view.target(fresh.state, "delete"), at
    fresh.save(update_fields=["state", "deleted_at"])
    events.record("view.deleted", fresh.pk, by=by, at=at)


@transaction.atomic
def restore(view: SavedView, *, by: Actor, at: datetime) -> None:
    """Takes a deleted view back. Raises RuleBroken where another has its name by now."""
    fresh = _own(view, by)
    fresh.state, fresh.deleted_at = lifecycle.view.target(fresh.state, "restore"), None
    try:
        with transaction.atomic():
            fresh.save(update_fields=["state", "deleted_at"])
    except IntegrityError as same:
        raise RuleBroken(SAME_NAME) from same
    events.record("view.restored", fresh.pk, by=by, at=at)


@transaction.atomic
def clear(*, by: Actor, at: datetime) -> int:
    """Ends what was deleted more than a week ago. Returns how many."""
    return _end(SavedView.objects.filter(state=lifecycle.DELETED, deleted_at__lt=at - UNDO), by=by, at=at)


@transaction.atomic
def leave(user: UUID, organisation: int, *, by: Actor, at: datetime) -> int:
    """Ends the views of somebody who has left, those that they shared too. Returns how many."""
    return _end(SavedView.objects.filter(owner=user, organisation_id=organisation), by=by, at=at)


def _end(views: QuerySet[SavedView], *, by: Actor, at: datetime) -> int:
    keys = list(views.values_list("pk", flat=True))
    views.delete()
    if keys:
        events.record_many("view.ended", keys, by=by, at=at)
    return len(keys)


def leaving(reader: Reader, choice: Choice) -> Reader:
    """As whom the figures of a file are read: whatever leaves the office is protected; a provider's own are exact.

    Raises RuleBroken where the rules let no such breakdown leave.
    """
    if reader.audience == Audience.PROVIDER:
        return reader
    outside = replace(reader, audience=Audience.OUTSIDE)
    if len(choice.by) > most_dimensions(outside.audience):
        raise RuleBroken(CROSSED)
    return outside


def snapshot_to_leave(latest: Manifest, reader: Reader, choice: Choice, *, by: Actor, at: datetime) -> Manifest:
    """The snapshot of which figures leave: an office's, of which some of these quarters left in the last days."""
    if reader.audience == Audience.PROVIDER:
        return latest
    beside = [each for one in choice.quarters for each in (one.previous, one.year_ago)]
    return published.snapshot_to_leave(latest, [*choice.quarters, *beside], area=reader.area, by=by, at=at)


@dataclass(frozen=True)
class Leaving:
    """Figures as they leave, and the lines that say how they are protected."""

    found: Findings
    notes: tuple[str, ...]


@transaction.atomic
def publish(found: Findings, *, by: Actor, at: datetime) -> Leaving:
    """Holds the figures of an office against everything that left before and puts them on record, each breakdown whole
    with its total; a provider's own stay as they are. Raises RuleBroken where nothing may leave."""
    if queries.is_own(found.reader):
        return Leaving(found, (OWN,))
    kept.need(found.manifest.code, "export")
    under, bys = published.policy(london_date(at)), [found.choice.by] if found.choice.by else []
    asked = sorted({(each.measure, each.quarter) for each in queries.figures_of(found)})
    figures = [
        figure for key, quarter in asked
        for figure in published.leaving(
            measures.measure(key), Quarter.parse(quarter), bys, manifest=found.manifest, area=found.reader.area,
            under=under,
        )
    ]  # fmt: skip
    quarters = sorted({Quarter.parse(quarter) for _, quarter in asked} or set(found.choice.quarters), reverse=True)
    made = publications.publish(
        Publication.Kind.EXPLORED, figures, quarters=quarters, area=found.reader.area, manifest=found.manifest,
        under=under, by=by, at=at,
    )  # fmt: skip
    return Leaving(queries.as_published(found, {each.reference: each for each in made.figures}), made.notes)


def export(leaves: Leaving, *, by: Actor, at: datetime, fmt: str) -> documents.Export:
    """Every figure, a row each, with its definition and its reference."""
    found = leaves.found
    rows = [row for series in (*found.series, *found.whole) for row in _rows(series, found.manifest)]
    return documents.table("figures", COLUMNS, rows, by=by, at=at, fmt=fmt, about="explored figures",
                           notes=leaves.notes)  # fmt: skip


def _rows(series: Series, manifest: Manifest) -> Iterator[documents.Row]:
    for spot in series.spots:
        if spot.figure is not None:
            yield _row(series, spot, spot.figure, manifest)


def _row(series: Series, spot: Spot, figure: Figure, manifest: Manifest) -> documents.Row:
    return {
        "measure": spot.measure.title, "unit": spot.measure.unit, "quarter": figure.quarter,
        "by": ", ".join(DIMENSION_WORDS[name] for name, _ in series.group) or "All",
        "group": ", ".join(manifest.words(name, code) for name, code in series.group) or "All",
        "value": NOT_SHOWN if figure.withheld else _places(figure.value), "numerator": figure.numerator, "n": figure.n,
        "coverage": _places(figure.coverage), "low": _places(figure.low), "high": _places(figure.high),
        "before": _places(spot.before.value) if spot.before else None, "version": spot.measure.version,
        "as_at": figure.as_at.isoformat(timespec="minutes"), "definition": spot.measure.definition,
        "reference": figure.reference,
    }  # fmt: skip


def _places(number: float | None) -> float | None:
    return None if number is None else round(number, PLACES)


@transaction.atomic
def hand_over(found: Findings, picture: bytes, *, by: Actor, at: datetime, fmt: str) -> documents.Export:
    """A drawing as a file. That it left is on record."""
    if fmt not in PICTURES:
        raise RuleBroken("Choose PNG or SVG.")
    name, count = file_name("chart", fmt), sum(len(each.spots) for each in found.series)
    events.record("export.made", uuid7(), by=by, at=at, file=name, rows=count, about="explored figures")
    return documents.Export(picture, name, PICTURES[fmt], count)
