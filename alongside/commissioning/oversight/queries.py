"""Reads of oversight: what a snapshot tells of reporting centres, protected as every breakdown is."""

from dataclasses import dataclass

from alongside.commissioning.quarters.queries import Reader
from alongside.core.periods import Quarter
from alongside.facts.measures import queries as measures
from alongside.facts.measures.models import Dimension, Manifest
from alongside.facts.measures.rules import Figure, Measure

REPORTS, DAYS, OPEN, QUIET = "reports_received", "working_days_to_answer_a_report", "centres_open", "centres_quiet"
ALL = (REPORTS, DAYS, OPEN, QUIET)


@dataclass(frozen=True)
class Centre:
    """A centre as the office may see it: figures that are protected, and whether it is open and quiet."""

    name: str
    open: bool
    quiet: bool
    now: Figure | None
    before: Figure | None
    days: Figure | None


@dataclass(frozen=True)
class Sheet:
    """Reporting centres of a quarter, as one reader may see them."""

    manifest: Manifest
    quarter: Quarter
    totals: tuple[tuple[Measure, Figure], ...]
    centres: tuple[Centre, ...]


def is_told(manifest: Manifest) -> bool:
    """Whether a snapshot was written when there were reports to tell of."""
    return {"reports", "centres"} <= manifest.files.keys()


def definitions() -> tuple[Measure, ...]:
    """What each figure of the page means."""
    return tuple(measures.measure(name) for name in ALL)


def sheet(reader: Reader, manifest: Manifest, quarter: Quarter) -> Sheet:
    found = {name: _figures(reader, manifest, name, quarter) for name in ALL}
    before = _figures(reader, manifest, REPORTS, quarter.year_ago)
    codes = {code for figures in (*found.values(), before) for code in figures}
    centres = [
        Centre(
            manifest.words(Dimension.SOURCE, code), code in found[OPEN], code in found[QUIET],
            found[REPORTS].get(code), before.get(code), found[DAYS].get(code),
        ) for code in codes
    ]  # fmt: skip
    totals = tuple((measures.measure(name), _total(reader, manifest, name, quarter)) for name in ALL)
    return Sheet(manifest, quarter, totals, tuple(sorted(centres, key=lambda one: one.name.casefold())))


def _total(reader: Reader, manifest: Manifest, name: str, quarter: Quarter) -> Figure:
    return measures.figures(
        name, quarter=quarter, area=reader.area, snapshot_code=manifest.code, audience=reader.audience
    )[0]


def _figures(reader: Reader, manifest: Manifest, name: str, quarter: Quarter) -> dict[str, Figure]:
    """A measure's figures by centre."""
    found = measures.figures(
        name, quarter=quarter, by=(Dimension.SOURCE,), area=reader.area, snapshot_code=manifest.code,
        audience=reader.audience,
    )  # fmt: skip
    return {dict(figure.group)[Dimension.SOURCE]: figure for figure in found}
