"""From figures to what a table shows of them, and in which words its protection is said. Pure."""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from alongside.facts.measures.rules import Breakdown, Cell, Figure, Kind, Method, Reference

LEAST_WIDTH = 2
NOT_SHOWN = "Not shown"
ROUNDED = (
    "Protected by rounding: 0 is 0, 1 to 7 are shown as 5, other numbers to the nearest 5, each total by itself. "
    "Rates are of rounded numbers; there is none over fewer than 8."
)
HIDDEN = (
    "Protected by hiding: numbers from 1 to 7 are left out, and others with them, so that none can be worked out "
    "more nearly than within {width}. What is shown is exact. There is no rate over fewer than 8."
)
HELD = "“Not shown” beside a breakdown: with its total, or with a table that left before, it would tell a small number."


@dataclass(frozen=True)
class Policy:
    """How an office protects what leaves, as the rulebook says it at a moment."""

    method: Method
    width: int
    days: int
    version: int

    @property
    def pause(self) -> timedelta:
        return timedelta(days=self.days)

    @property
    def words(self) -> str:
        return ROUNDED if self.method == Method.ROUNDING else HIDDEN.format(width=self.width)


def numbers(figure: Figure) -> Iterator[tuple[str, int | None]]:
    """The whole numbers that a figure shows, by name; whoever divides its count by its coverage has one more."""
    yield "n", figure.n
    if figure.kind == Kind.SHARE:
        yield "numerator", figure.numerator
    if figure.kind != Kind.COUNT and figure.coverage:
        yield "eligible", round((figure.n or 0) / figure.coverage)


def cells(figures: Iterable[Figure], method: Method) -> tuple[Cell, ...]:
    """Everything that these figures show."""
    return tuple(
        Cell(figure.measure, name, figure.quarter, Reference.parse(figure.reference).snapshot,
             frozenset(figure.group), shown, method)
        for figure in figures
        for name, shown in numbers(figure)
    )  # fmt: skip


def breakdown_of(figure: Figure) -> Breakdown:
    return Breakdown(figure.measure, figure.quarter, tuple(sorted(name for name, _ in figure.group)))


def kept(figures: Iterable[Figure], held: Collection[Breakdown]) -> tuple[Figure, ...]:
    """The figures of the breakdowns that do not stay. Where the total stays, all of the measure does."""
    return tuple(
        figure for figure in figures
        if breakdown_of(figure) not in held and Breakdown(figure.measure, figure.quarter) not in held
    )  # fmt: skip


def as_json(told: Sequence[Cell]) -> list[list[Any]]:
    """Cells as they are kept, in an order that depends on nothing else."""
    rows = [[one.measure, one.part, one.quarter, sorted(map(list, one.group)), one.shown] for one in told]
    return sorted(rows, key=json.dumps)


def from_json(rows: Iterable[Sequence[Any]], snapshot: str, method: Method) -> Iterator[Cell]:
    for measure, part, quarter, group, shown in rows:
        yield Cell(measure, part, quarter, snapshot, frozenset((name, code) for name, code in group), shown, method)


def digest(rows: list[list[Any]], snapshot: str, method: Method) -> str:
    """The same for tables that show the same of the same snapshot."""
    return hashlib.sha256(json.dumps([snapshot, method, rows]).encode()).hexdigest()
