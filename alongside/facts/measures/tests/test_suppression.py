"""Tables with hidden and with rounded cells are attacked by linear programmes, as somebody who means harm would."""

import random
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.core.figures import rounded
from alongside.facts.measures.differencing import heard
from alongside.facts.measures.disclosure import Method
from alongside.facts.measures.suppression import (
    NEARLY,
    Sum,
    candidates,
    crossed,
    hidden,
    is_small,
    reach,
    shown_as,
)

TABLES, ROWS, COLUMNS, WIDTH = 300, 12, 8, 5
SIZES = (0, 0, 1, 2, 3, 4, 6, 9, 14, 22, 40, 90)


def with_totals(inner: list[list[int]]) -> list[int]:
    lines = [[*line, sum(line)] for line in inner]
    return [cell for line in [*lines, [sum(each) for each in zip(*lines, strict=True)]] for cell in line]


def table(random_: random.Random, rows: int = ROWS, columns: int = COLUMNS) -> list[int]:
    return with_totals([[random_.choice(SIZES) for _ in range(columns)] for _ in range(rows)])


def test_a_table_adds_up_by_its_sums() -> None:
    values = table(random.Random(1), 3, 2)
    for each in crossed(3, 2):
        assert values[each.total] == sum(values[part] for part in each.parts)


def test_three_hundred_tables_hide_every_small_cell_from_a_linear_programme() -> None:
    random_, sums, small = random.Random(20261123), crossed(ROWS, COLUMNS), 0
    for _ in range(TABLES):
        values = table(random_)
        gone = hidden(values, sums, width=WIDTH)
        few = [place for place, value in enumerate(values) if is_small(value)]
        assert gone.issuperset(few)
        small += len(few)
        for least, most in reach(shown_as(values, gone), sums, few, enough=WIDTH).values():
            assert most - least >= WIDTH - NEARLY
    assert small > 10_000


def test_no_small_cell_of_three_hundred_rounded_tables_is_worked_out() -> None:
    """Totals are rounded by themselves; every small cell could still be two numbers at the very least."""
    random_, sums = random.Random(20261123), crossed(ROWS, COLUMNS)
    for _ in range(TABLES):
        values = table(random_)
        known = [heard(rounded(value), Method.ROUNDING) for value in values]
        few = [place for place, value in enumerate(values) if is_small(value)]
        for least, most in reach(known, sums, few, enough=1).values():
            assert most - least >= 1 - NEARLY


def test_hiding_small_cells_alone_would_not_do() -> None:
    """The attack is a real one: without cells that are hidden beside them, small ones are worked out."""
    random_, sums, found = random.Random(20261123), crossed(ROWS, COLUMNS), 0
    for _ in range(5):
        values = table(random_)
        few = [place for place, value in enumerate(values) if is_small(value)]
        for place, (least, most) in reach(shown_as(values, few), sums, few).items():
            assert least - NEARLY <= values[place] <= most + NEARLY
            found += most - least < NEARLY
    assert found > 0


@given(st.data(), st.integers(1, 5), st.integers(1, 4), st.integers(1, 9))
@settings(max_examples=40, deadline=None)
def test_any_table_keeps_its_small_cells(data: st.DataObject, rows: int, columns: int, width: int) -> None:
    inner = [[data.draw(st.integers(0, 30)) for _ in range(columns)] for _ in range(rows)]
    values, sums = with_totals(inner), crossed(rows, columns)
    gone = hidden(values, sums, width=width)
    few = [place for place, value in enumerate(values) if is_small(value)]
    for place, (least, most) in reach(shown_as(values, gone), sums, few).items():
        assert most - least >= width - NEARLY
        assert least - NEARLY <= values[place] <= most + NEARLY


def test_a_table_without_small_cells_hides_none() -> None:
    assert hidden(with_totals([[9, 12], [0, 40]]), crossed(2, 2)) == frozenset()


def test_a_small_total_alone_is_hidden_and_could_be_anything() -> None:
    assert hidden([4], []) == frozenset({0})
    assert reach([(0, inf)], [], [0])[0][1] > 100


def test_the_threshold_is_the_offices() -> None:
    values = with_totals([[9, 12, 30], [20, 40, 50]])
    assert hidden(values, crossed(2, 3), threshold=8) == frozenset()
    assert 0 in hidden(values, crossed(2, 3), threshold=10)


def test_a_small_total_goes_with_its_parts() -> None:
    assert hidden([2, 3, 5], [Sum(2, (0, 1))]) == frozenset({0, 1, 2})
    assert hidden([5, 4, 9], [Sum(2, (0, 1))]) == frozenset({0, 1})


def test_what_no_table_shows_is_hidden_and_not_protected() -> None:
    assert hidden([9, 12, 3, 24], [Sum(3, (0, 1, 2))], never=[2]) == frozenset({2})


def test_what_does_not_fit_together_is_said() -> None:
    with pytest.raises(ArithmeticError, match="does not fit"):
        reach([(3, 3), (4, 4)], [Sum(0, (1,))], [0])


def test_candidates_are_whole_numbers() -> None:
    assert [candidates(each) for each in ((0, 4), (1.2, 3.9), (2, 2), (0, inf))] == [5, 2, 1, inf]
