"""Reads of the quarter page: who reads it and what for, the quarter's totals, breakdowns and history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.periods import Quarter
from alongside.core.rows.realms import Realm
from alongside.facts.measures import queries as measures
from alongside.facts.measures.models import Dimension, Manifest
from alongside.facts.measures.rules import Audience, Figure, Measure, Reference, is_withheld, most_dimensions
from alongside.foundation.office.accounts.permissions import Permission
from alongside.foundation.office.organisations.models import Organisation
from alongside.foundation.office.rulebook import queries as rulebook

QUARTERS_SHOWN = 8
ROWS_SHOWN = 50


@dataclass(frozen=True)
class Reader:
    """Whose figures a person may read: one police area's, or one provider's own; exact or protected."""

    audience: Audience
    area: str | None
    provider: str | None
    words: str

    @property
    def where(self) -> dict[str, str | None]:
        return {"area": self.area, "provider": self.provider}


@dataclass(frozen=True)
class Total:
    """A measure with its one figure this quarter and a year before."""

    measure: Measure
    now: Figure
    before: Figure


@dataclass(frozen=True)
class Opened:
    """A figure made again from its reference, with the definition and the snapshot that it was made of."""

    reference: Reference
    figure: Figure
    measure: Measure
    manifest: Manifest


@dataclass(frozen=True)
class Row:
    """One group of a breakdown: its code, and each measure's figure now and a year before."""

    code: str
    now: dict[str, Figure]
    before: dict[str, Figure]


@dataclass(frozen=True)
class Sheet:
    """A quarter as one reader may see it."""

    reader: Reader
    manifest: Manifest
    quarter: Quarter
    by: Dimension
    totals: tuple[Total, ...]
    rows: tuple[Row, ...]

    @property
    def is_running(self) -> bool:
        return self.quarter == Quarter.containing(self.manifest.as_at)

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        return quarters(self.manifest)


def reader_for(actor: Actor) -> Reader:
    """A provider reads its own, exactly; the office its area's; a board the same, protected throughout."""
    organisation = Organisation.objects.get(pk__in=actor.orgs)
    if actor.realm == Realm.PROVIDER:
        return Reader(Audience.PROVIDER, None, organisation.code, organisation.name)
    audience = Audience.OFFICE if actor.may(Permission.MEASURE_EXACT) else Audience.OUTSIDE
    return Reader(audience, organisation.force_id, None, organisation.name)


def offices() -> tuple[Reader, ...]:
    """Every office that reads a quarter page, as its officers read it."""
    found = Organisation.objects.filter(kind=Organisation.Kind.POLICING_BODY, until=None)
    return tuple(Reader(Audience.OFFICE, each.force_id, None, each.name) for each in found)


def quarters(manifest: Manifest) -> tuple[Quarter, ...]:
    """The quarters that a snapshot's pages offer, the oldest first."""
    last = Quarter.containing(manifest.as_at)
    return Quarter.range(Quarter(last.year - QUARTERS_SHOWN // 4, last.number).next, last)


def latest() -> Manifest | None:
    """The snapshot that pages show."""
    return measures.latest()


def asked_quarter(manifest: Manifest, text: str | None) -> Quarter | None:
    """The quarter asked for, the snapshot's own without one; None where pages show no such quarter."""
    try:
        asked = Quarter.parse(text) if text else Quarter.containing(manifest.as_at)
    except RuleBroken:
        return None
    return asked if asked in quarters(manifest) else None


def first_told(reader: Reader, manifest: Manifest, measure: Measure, quarter: Quarter) -> Figure | None:
    """The figure in the first snapshot after the quarter had ended; None where there is no such other snapshot."""
    first = measures.first_after(quarter)
    if first is None or first.code == manifest.code or not measures.is_told(measure, first):
        return None
    return one(reader, first, measure, quarter)


def differs(was: Figure, now: Figure) -> bool:
    """Whether a figure, or what it was worked out of, has changed."""
    return (was.value, was.numerator, was.denominator, was.n) != (now.value, now.numerator, now.denominator, now.n)


def restated(reader: Reader, manifest: Manifest, quarter: Quarter) -> tuple[tuple[Measure, Figure, Figure], ...]:
    """Measures of a quarter that has ended whose figure is another than when it was first told: was and now."""
    first = ((each, first_told(reader, manifest, each, quarter)) for each in measures.catalogue(quarter))
    pairs = ((each, was, one(reader, manifest, each, quarter)) for each, was in first if was is not None)
    return tuple((each, was, now) for each, was, now in pairs if differs(was, now))


def totals(reader: Reader, manifest: Manifest, quarter: Quarter) -> tuple[Total, ...]:
    """Every measure over everything that this reader reads, in the version of the quarter; the year before by the same,
    so that the two can be compared."""
    return tuple(
        Total(measure, one(reader, manifest, measure, quarter), one(reader, manifest, measure, quarter.year_ago))
        for measure in measures.catalogue(quarter)
    )


def one(reader: Reader, manifest: Manifest, measure: Measure, quarter: Quarter) -> Figure:
    """A measure's one figure for a quarter."""
    return figures(reader, manifest, measure, quarter, ())[0]


def figures(
    reader: Reader, manifest: Manifest, measure: Measure, quarter: Quarter, by: Sequence[Dimension]
) -> tuple[Figure, ...]:
    """A measure's figures as this reader may see them."""
    return measures.figures(
        measure.key, quarter=quarter, by=by, snapshot_code=manifest.code, audience=reader.audience, **reader.where
    )


def sheet(reader: Reader, manifest: Manifest, quarter: Quarter, by: Dimension) -> Sheet:
    """The whole quarter page."""
    found = totals(reader, manifest, quarter)
    return Sheet(reader, manifest, quarter, by, found, breakdown(reader, manifest, quarter, by))


def breakdown(reader: Reader, manifest: Manifest, quarter: Quarter, by: Dimension) -> tuple[Row, ...]:
    """Every measure by one dimension, this quarter and a year before."""
    now: dict[str, dict[str, Figure]] = {}
    before: dict[str, dict[str, Figure]] = {}
    for measure in measures.catalogue(quarter):
        for found, when in ((now, quarter), (before, quarter.year_ago)):
            for figure in figures(reader, manifest, measure, when, (by,)):
                found.setdefault(dict(figure.group)[by], {})[measure.name] = figure
    codes = sorted(now.keys() | before.keys(), key=lambda code: (code == "", manifest.words(by, code)))
    return tuple(Row(code, now.get(code, {}), before.get(code, {})) for code in codes)


def opened(reader: Reader, reference: Reference) -> Opened | None:
    """The figure of a reference, made again; None where there is none, or not for this reader.

    Raises RuleBroken where the snapshot was altered after it was written.
    """
    try:
        manifest, measure = measures.snapshot(reference.snapshot), measures.measure(_key(reference))
    except RuleBroken:
        return None
    if not may_open(reader, manifest, reference):
        return None
    figure = measures.again(str(reference), audience=reader.audience)
    return None if figure is None else Opened(reference, figure, measure, manifest)


def rows(opened: Opened, page: int) -> measures.Rows:
    """A page of the pseudonymous rows that a figure was made of."""
    return measures.rows(str(opened.reference), start=(page - 1) * ROWS_SHOWN, most=ROWS_SHOWN)


def row_reasons(on: date) -> tuple[tuple[str, str], ...]:
    """Why somebody may look at rows: codes and words."""
    return tuple(rulebook.titles("figure_row_reasons", on).items())


def _key(reference: Reference) -> str:
    return f"{reference.name}@{reference.version}"


def may_open(reader: Reader, manifest: Manifest, reference: Reference) -> bool:
    """Whether a reference is of this reader's own area or organisation, and of what its pages show.

    An older snapshot opens by the very same rules: how exact a figure is depends on who asks and on what it is broken
    down by, never on the snapshot. Two snapshots may therefore be subtracted. What then holds: exact totals of a
    service differ exactly, as its reader may see; a protected figure moves by whole steps of rounding; of two things
    at once fewer than eight and none look alike; and where a rare crime was changes no figure of any snapshot. That
    is why it is refused here, before anything is read or counted.
    """
    where = dict(reference.where)
    if is_withheld(where):
        return False
    whose = {"area": where.pop("area", None), "provider": where.pop("only_provider", None)}
    known = len(where) <= most_dimensions(reader.audience) and where.keys() <= set(Dimension)
    offered = {*quarters(manifest), *(each.year_ago for each in quarters(manifest))}
    return whose == reader.where and known and reference.quarter in {str(each) for each in offered}
