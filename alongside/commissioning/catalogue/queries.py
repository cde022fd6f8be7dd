"""Reads of the catalogue: a measure's history by the definition of its day, its groups, and what has changed since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from alongside.commissioning.quarters import queries as quarters
from alongside.commissioning.quarters.queries import Reader
from alongside.core.periods import Quarter
from alongside.facts.measures import queries as measures
from alongside.facts.measures.models import Dimension, Manifest
from alongside.facts.measures.rules import Figure, Kind, Measure
from alongside.foundation.office.rulebook import queries as rulebook

Themes = tuple[tuple[str, tuple[Measure, ...]], ...]
# By what a changed quarter is taken apart; the first of them are exact totals for the office.
APART_BY = (Dimension.SERVICE, Dimension.SOURCE, Dimension.CRIME_TYPE)


@dataclass(frozen=True)
class Point:
    """A measure in one quarter: its figure now, under which version, and as it stood when the quarter had ended.

    `broken`: the version is another than in the quarter before. `first` is None where no earlier snapshot tells it.
    """

    quarter: Quarter
    measure: Measure
    figure: Figure
    broken: bool
    first: Figure | None
    running: bool

    @property
    def changed(self) -> bool:
        return self.first is not None and quarters.differs(self.first, self.figure)


@dataclass(frozen=True)
class Moved:
    """A group of which a figure has changed."""

    by: Dimension
    code: str
    was: Figure | None
    now: Figure | None


@dataclass(frozen=True)
class Restated:
    """A closed quarter's figure as it first stood and as it stands now, and where the difference lies."""

    quarter: Quarter
    measure: Measure
    was: Figure
    now: Figure
    first: Manifest
    moved: tuple[Moved, ...]


@dataclass(frozen=True)
class StatusWord:
    """A status word as it is counted everywhere."""

    title: str
    counted: str
    not_counted: str
    since: date


def themes(words: str = "") -> Themes:
    """Every measure in use by what it is about; with words, those that say all of them."""
    asked = words.casefold().split()
    found = ((theme, tuple(each for each in told if _says(each, asked))) for theme, told in measures.themes())
    return tuple((theme, told) for theme, told in found if told)


def _says(measure: Measure, asked: Sequence[str]) -> bool:
    told = (measure.title, measure.definition, measure.numerator, measure.denominator, measure.exclusions)
    said = " ".join((*told, measure.unit, measure.source, measure.name)).casefold()
    return all(word in said for word in asked)


def known(name: str) -> Measure | None:
    """A measure in use by its name, or None."""
    return next((each for _, told in measures.themes() for each in told if each.name == name), None)


def status_words(on: date) -> tuple[StatusWord, ...]:
    """The words that measures count by, as the rulebook says them on a day."""
    return tuple(
        StatusWord(row.title, row.text("counted"), row.text("not_counted"), row.since)
        for row in rulebook.current("status_words", on)
    )


def latest_figures(reader: Reader, manifest: Manifest, shown: Themes) -> dict[str, Figure]:
    """Of each measure the figure of the last quarter that has ended; none where the snapshot does not tell it."""
    quarter = Quarter.containing(manifest.as_at).previous
    told = (each for _, group in shown for each in group if measures.is_told(each, manifest))
    return {each.name: quarters.one(reader, manifest, each, quarter) for each in told}


def history(reader: Reader, manifest: Manifest, measure: Measure, *, newest: bool) -> tuple[Point, ...]:
    """Quarter by quarter, the oldest first: each under the version of its day, or all under the newest."""
    found: list[Point] = []
    for quarter in quarters.quarters(manifest):
        version = measure if newest else measures.of_quarter(measure.name, quarter)
        if not measures.is_told(version, manifest):
            continue
        figure = quarters.one(reader, manifest, version, quarter)
        broken = bool(found) and found[-1].measure.version != version.version
        first, running = (
            quarters.first_told(reader, manifest, version, quarter),
            quarter == Quarter.containing(manifest.as_at),
        )
        found.append(Point(quarter, version, figure, broken, first, running))
    return tuple(found)


def groups(reader: Reader, manifest: Manifest, measure: Measure, quarter: Quarter, by: Dimension) -> tuple[Figure, ...]:
    """A measure's figures by one thing."""
    if not measures.is_told(measure, manifest, (by,)):
        return ()
    return quarters.figures(reader, manifest, measure, quarter, (by,))


def restated(reader: Reader, manifest: Manifest, measure: Measure, quarter: Quarter) -> Restated | None:
    """What has changed in a quarter since it ended; None where no earlier snapshot tells it."""
    version = measures.of_quarter(measure.name, quarter)
    first = measures.first_after(quarter)
    was = quarters.first_told(reader, manifest, version, quarter)
    if first is None or was is None:
        return None
    now = quarters.one(reader, manifest, version, quarter)
    moved = tuple(each for by in APART_BY for each in _moved(reader, (first, manifest), version, quarter, by))
    return Restated(quarter, version, was, now, first, moved)


def _moved(
    reader: Reader, between: tuple[Manifest, Manifest], measure: Measure, quarter: Quarter, by: Dimension
) -> list[Moved]:
    was, now = (_by_code(groups(reader, manifest, measure, quarter, by)) for manifest in between)
    pairs = ((code, was.get(code), now.get(code)) for code in sorted(was.keys() | now.keys()))
    return [Moved(by, code, old, new) for code, old, new in pairs if not (old and new) or quarters.differs(old, new)]


def _by_code(found: Sequence[Figure]) -> Mapping[str, Figure]:
    return {figure.group[0][1]: figure for figure in found}


def size(figure: Figure | None) -> float:
    """By how much a group counts: what was counted, or over how many."""
    if figure is None:
        return 0
    return float((figure.value if figure.kind == Kind.COUNT else figure.n) or 0)
