"""Hiding small cells of a table with totals, and what somebody could still work out: linear programmes.

Cells are whole numbers that are not negative; a `Sum` says that one of them is the others together. Whoever reads a
table knows its sums, every cell that it shows and nothing of those that it hides. A cell under the threshold is hidden;
others are hidden with it until it could be anything over a stated width. The programmes are solved by HiGHS.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, inf

from scipy.optimize import linprog  # type: ignore[import-untyped]
from scipy.sparse import coo_array  # type: ignore[import-untyped]

from alongside.core.figures import SMALLEST_SHOWN

WIDTH = 5
NEARLY = 1e-6
# What hiding a total costs beside a cell: a table tells most by its totals.
TOTAL_COSTS, HIDDEN_COSTS = 50.0, 0.001

Bounds = tuple[float, float]


@dataclass(frozen=True)
class Sum:
    """The cell `total` is the cells `parts` together; by their places."""

    total: int
    parts: tuple[int, ...]


def is_small(value: int, threshold: int = SMALLEST_SHOWN) -> bool:
    """Whether a count may not be shown where small cells are hidden: 1 up to the threshold."""
    return 0 < value < threshold


def crossed(rows: int, columns: int) -> tuple[Sum, ...]:
    """The sums of a table of rows by columns that ends each row, and itself, with a total; cells row by row."""
    across = columns + 1
    lines = [Sum(row * across + columns, tuple(row * across + each for each in range(columns)))
             for row in range(rows + 1)]  # fmt: skip
    down = [Sum(rows * across + column, tuple(row * across + column for row in range(rows)))
            for column in range(across)]  # fmt: skip
    return (*lines, *down)


def hidden(
    values: Sequence[int], sums: Sequence[Sum], *, threshold: int = SMALLEST_SHOWN, width: int = WIDTH,
    never: Collection[int] = (),
) -> frozenset[int]:  # fmt: skip
    """The cells to hide: every small one, and others with them, so that no small one is known within `width`.

    For each small cell the cheapest change of the table is looked for by which the cell is `width` more and every sum
    still holds. What changes in it is hidden: two tables then fit what is shown, and this cell differs between them.
    `never`: cells that no table shows, so that there is nothing in them to protect.
    """
    small = [place for place, value in enumerate(values) if is_small(value, threshold) and place not in never]
    gone = {*small, *never}
    low, high, lines = list(map(float, values)), list(map(float, values)), _lines(sums, len(values), twice=True)
    for place in sorted(small, key=lambda each: values[each]):
        if high[place] - low[place] >= width:
            continue
        change = _cheapest(values, sums, lines, place, width, gone)
        gone |= {each for each, by in enumerate(change) if abs(by) > NEARLY}
        low = [min(was, value + by) for was, value, by in zip(low, values, change, strict=True)]
        high = [max(was, value + by) for was, value, by in zip(high, values, change, strict=True)]
    return frozenset(gone)


def _cheapest(
    values: Sequence[int], sums: Sequence[Sum], lines: object, place: int, width: int, gone: Collection[int]
) -> Sequence[float]:
    """The change of each cell; what is hidden already changes for next to nothing."""
    size, totals = len(values), {each.total for each in sums}
    costs = [
        HIDDEN_COSTS if each in gone else (TOTAL_COSTS if each in totals else 1.0) * (2 + values[each]) ** 0.5
        for each in range(size)
    ]
    more = [(float(width), float(width)) if each == place else (0.0, None) for each in range(size)]
    fewer = [(0.0, 0.0) if each == place else (0.0, float(values[each])) for each in range(size)]
    solved = linprog([*costs, *costs], A_eq=lines, b_eq=[0.0] * len(sums), bounds=[*more, *fewer], method="highs")
    if not solved.success:
        raise ArithmeticError(f"No change of the table was found: {solved.message}")
    return [float(solved.x[each] - solved.x[size + each]) for each in range(size)]


def reach(
    known: Sequence[Bounds], sums: Sequence[Sum], cells: Iterable[int], *, enough: float = inf
) -> Mapping[int, Bounds]:
    """What each of `cells` could be, least and most, given what is known of all of them and the sums.

    A cell that two found tables already hold `enough` apart is not asked about further: its range is then at least so
    wide, which is all that an audit needs. Raises ArithmeticError where nothing fits what is said to be known.
    """
    asked, lines = list(cells), _lines(sums, len(known)) if sums else None
    seen: dict[int, Bounds] = dict.fromkeys(asked, (inf, -inf))
    together = [asked] if asked and enough < inf else []
    for places in (*together, *([each] for each in asked)):
        for sign in (1.0, -1.0):
            if all(seen[place][1] - seen[place][0] >= enough for place in places):
                break
            table = _furthest(known, lines, len(sums), places, sign)
            for each in asked:
                least, most = seen[each]
                seen[each] = min(least, table[each]), max(most, table[each])
    return seen


def _furthest(
    known: Sequence[Bounds], lines: object, count: int, places: Sequence[int], sign: float
) -> Sequence[float]:
    """A table that fits, with the least or the most in some cells; what is unbounded is taken as very large."""
    ceiling = 10.0 * (1 + sum(most for _, most in known if most != inf)) + 1000
    costs = [sign if each in places else 0.0 for each in range(len(known))]
    bounds = [(least, min(most, ceiling)) for least, most in known]
    solved = linprog(costs, A_eq=lines, b_eq=[0.0] * count if count else None, bounds=bounds, method="highs")
    if not solved.success:
        raise ArithmeticError(f"What is known does not fit together: {solved.message}")
    return list(map(float, solved.x))


def _lines(sums: Sequence[Sum], size: int, *, twice: bool = False) -> object:
    """The sums as rows of a matrix; `twice`: of what is added to each cell and what is taken from it."""
    told: list[tuple[int, int, float]] = []
    for row, each in enumerate(sums):
        entries = [(each.total, -1.0), *((part, 1.0) for part in each.parts)]
        told += [(row, column, value) for column, value in entries]
        if twice:
            told += [(row, size + column, -value) for column, value in entries]
    rows, columns, data = zip(*told, strict=True) if told else ((), (), ())
    return coo_array((data, (rows, columns)), shape=(len(sums), size * (1 + twice))).tocsr()


def shown_as(values: Sequence[int], gone: Collection[int]) -> list[Bounds]:
    """What a table with hidden cells tells of each: the number itself, or nothing but that it is no less than none."""
    return [(0.0, inf) if place in gone else (float(value), float(value)) for place, value in enumerate(values)]


def candidates(bounds: Bounds) -> float:
    """How many whole numbers a cell could be."""
    least, most = bounds
    return inf if most == inf else floor(most + NEARLY) - ceil(least - NEARLY) + 1
