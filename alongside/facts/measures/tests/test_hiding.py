"""A measure's total and its breakdowns are one table, whose small numbers are hidden together."""

from dataclasses import replace

import pytest

from alongside.facts.measures import catalogue, hiding
from alongside.facts.measures.rules import Counts

SUPPORTED, SHARE = catalogue.measure("victims_supported"), catalogue.measure("referred_within_two_working_days")


def counted(total: int, **groups: int) -> dict[tuple[str, ...], list[Counts]]:
    whole = [Counts((), {"numerator": total}, {})]
    return {(): whole, ("provider",): [Counts((code,), {"numerator": size}, {}) for code, size in groups.items()]}


def seen(tables: dict[tuple[str, ...], list[Counts]]) -> set[tuple[str, ...]]:
    return {group for _, group, _ in hiding.shown(SUPPORTED, tables, width=5)}


def test_a_small_group_takes_another_with_it() -> None:
    assert seen(counted(43, a=30, b=10, c=3)) == {(), ("a",)}
    assert seen(counted(40, a=30, b=10)) == {(), ("a",), ("b",)}


@pytest.mark.parametrize("total", [38, 50])
def test_where_groups_do_not_add_up_nobody_knows_by_how_much(total: int) -> None:
    assert ("c",) not in seen(counted(total, a=30, b=10, c=3))


def test_two_breakdowns_share_a_total() -> None:
    tables = counted(43, a=30, b=10, c=3)
    tables["source",] = [Counts((code,), {"numerator": size}, {}) for code, size in (("x", 40), ("y", 3))]
    assert () in seen(tables) and ("y",) not in seen(tables) and ("x",) not in seen(tables)


def test_a_share_hides_who_is_left_over() -> None:
    """Of twenty, seventeen in time: the three who were not are as small a number."""
    numbers = {"numerator": 17, "denominator": 20, "eligible": 20}
    may = hiding.shown(SHARE, {(): [Counts((), numbers, {})]}, width=5)
    assert hiding.names_of((), (), may).isdisjoint({"rest", "numerator"})


def test_a_layouts_numbers_are_of_its_kind() -> None:
    days = replace(SHARE, kind=hiding.Kind.DAYS)
    assert hiding.numbers(days, Counts((), {"eligible": 9}, {2: 5})) == {"n": 5, "missing": 4, "eligible": 9}
