"""Disclosure control attacked: 300 tables by linear programmes, 10,000 pairs by subtraction; how much stays hidden.

Run `python -m benchmarks.disclosure`. No database is asked. Tables are of 12 rows by 8 columns with totals; the same
tables are protected in four ways and each is attacked with what it shows and nothing else. Seeds are fixed.
"""

import argparse
import json
import os
import random
import time
from collections.abc import Callable, Sequence
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "alongside.config.settings"

from alongside.core.figures import rounded
from alongside.facts.measures.differencing import Cell, heard, telling
from alongside.facts.measures.disclosure import Method
from alongside.facts.measures.suppression import (
    NEARLY,
    Bounds,
    candidates,
    crossed,
    hidden,
    is_small,
    reach,
    shown_as,
)

ROWS, COLUMNS, WIDTH = 12, 8, 5
SIZES = (0, 0, 1, 2, 3, 4, 6, 9, 14, 22, 40, 90)
GROUPS = (3, 5, 8, 12)
SUMS = crossed(ROWS, COLUMNS)


def table(chance: random.Random) -> list[int]:
    lines = [[chance.choice(SIZES) for _ in range(COLUMNS)] for _ in range(ROWS)]
    whole = [[*line, sum(line)] for line in lines]
    return [cell for line in [*whole, [sum(each) for each in zip(*whole, strict=True)]] for cell in line]


def small_alone(values: Sequence[int]) -> frozenset[int]:
    return frozenset(place for place, value in enumerate(values) if is_small(value))


def of_one_to_four(values: Sequence[int]) -> frozenset[int]:
    return hidden(values, SUMS, threshold=5, width=WIDTH)


def attacked(
    tables: Sequence[Sequence[int]], shows: Callable[[Sequence[int]], list[Bounds]], small: Callable[[int], bool]
) -> dict[str, Any]:
    """How many small cells are worked out, or known within fewer than five numbers, and what it all took."""
    cells, exact, narrow, gone, making = 0, 0, 0, 0, 0.0
    for values in tables:
        started = time.perf_counter()
        known = shows(values)
        making += time.perf_counter() - started
        few = [place for place, value in enumerate(values) if small(value)]
        told = reach(known, SUMS, few, enough=WIDTH - 1)
        cells, gone = cells + len(few), gone + sum(most == float("inf") for _, most in known)
        exact += sum(most - least < 1 - NEARLY for least, most in told.values())
        narrow += sum(candidates(each) < WIDTH for each in told.values())
    size = len(tables) * len(tables[0])
    return {
        "small_cells": cells, "exact": exact, "narrow": narrow, "exact_percent": round(100 * exact / cells, 2),
        "narrow_percent": round(100 * narrow / cells, 2), "hidden_percent": round(100 * gone / size, 1),
        "ms_a_table": round(1000 * making / len(tables), 2),
    }  # fmt: skip


def breakdowns(number: int) -> dict[str, Any]:
    """Of breakdowns by one thing with a rounded total, how many would stay at each width an office may set."""
    chance, found = random.Random(20261123), {}
    for groups in GROUPS:
        cases = [[chance.choice(SIZES[2:]) for _ in range(groups)] for _ in range(number)]
        found[groups] = {
            width: round(100 * sum(bool(telling(_cells(case), (), width)) for case in cases) / number, 2)
            for width in (2, 3, 4, 5)
        }
    return {f"{groups} groups": told for groups, told in found.items()}


def _cells(case: Sequence[int]) -> list[Cell]:
    told = [(frozenset[tuple[str, str]](), sum(case)), *((frozenset({("crime_type", str(place))}), value)
            for place, value in enumerate(case))]  # fmt: skip
    return [Cell("m@1", "n", "2026Q2", "s", group, rounded(value), Method.ROUNDING) for group, value in told]


def nights(number: int) -> dict[str, Any]:
    """Pairs of totals a night apart, a few people more: how many tell a number under eight, rounded and exact."""
    chance, told = random.Random(20261123), dict.fromkeys(Method, 0)
    started = time.perf_counter()
    for _ in range(number):
        was = chance.randint(0, 60)
        now = was + chance.choice((1, 1, 2, 3, 5))
        for method in Method:
            shown = [rounded(each) if method == Method.ROUNDING else each for each in (was, now)]
            old, new = (Cell("m@1", "n", "2026Q2", night, frozenset(), value, method)
                        for night, value in zip(("a", "b"), shown, strict=True))  # fmt: skip
            told[method] += bool(telling([new], [old], WIDTH))
    return {"pairs": number, **{f"told_{method}": count for method, count in told.items()},
            "us_a_pair": round(1e6 * (time.perf_counter() - started) / number / len(told), 1)}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=int, default=300)
    parser.add_argument("--pairs", type=int, default=10_000)
    words = parser.parse_args()
    chance = random.Random(20261123)
    tables = [table(chance) for _ in range(words.tables)]

    def small(value: int) -> bool:
        return is_small(value)

    found = {
        "small hidden alone": attacked(tables, lambda each: shown_as(each, small_alone(each)), small),
        "1 to 7 hidden, others with them": attacked(tables, lambda each: shown_as(each, hidden(each, SUMS)), small),
        "1 to 4 hidden, others with them": attacked(
            tables, lambda each: shown_as(each, of_one_to_four(each)), lambda value: is_small(value, 5)
        ),
        "rounded": attacked(tables, lambda each: [heard(rounded(one), Method.ROUNDING) for one in each], small),
        "breakdowns that stay, percent by width": breakdowns(words.pairs),
        "a night apart": nights(words.pairs),
    }
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
