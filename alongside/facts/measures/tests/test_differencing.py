"""What subtracting one table from another tells, and that it is noticed before the second one leaves."""

import random
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.core.figures import rounded
from alongside.facts.measures.differencing import (
    Breakdown,
    Cell,
    Group,
    heard,
    is_telling,
    narrowed,
    telling,
)
from alongside.facts.measures.disclosure import Method
from alongside.facts.measures.suppression import Sum, candidates, is_small, reach

ROUNDED, HIDING = Method.ROUNDING, Method.SUPPRESSION


def cell(shown: int | None, snapshot: str = "s1", method: Method = ROUNDED, **group: str) -> Cell:
    return Cell("victims@1", "n", "2026Q2", snapshot, frozenset(group.items()), shown, method)


def of(*by: str) -> set[Breakdown]:
    return {Breakdown("victims@1", "2026Q2", tuple(sorted(by)))}


@given(st.integers(0, 2000))
def test_a_rounded_number_is_heard_as_everything_that_it_stands_for(count: int) -> None:
    least, most = heard(rounded(count), ROUNDED)
    assert least <= count <= most
    stands_for = [each for each in range(count + 10) if rounded(each) == rounded(count)]
    assert (least, most) == (stands_for[0], stands_for[-1])


def test_hidden_is_anything_and_exact_is_itself() -> None:
    assert heard(None, ROUNDED) == heard(None, HIDING) == (0, inf)
    assert heard(9, HIDING) == (9, 9) and heard(0, HIDING) == (0, 0)


@pytest.mark.parametrize(
    ("bounds", "tells"),
    [((0, 0), False), ((1, 7), False), ((1, 1), True), ((0, 3), True), ((1, 5), False), ((8, 8), False),
     ((7, 9), True), ((0, inf), False)],
)  # fmt: skip
def test_what_tells_is_small_and_narrow(bounds: tuple[float, float], tells: bool) -> None:
    assert is_telling(bounds) is tells


def test_a_total_of_a_few_told_apart_into_as_many_groups_tells_each() -> None:
    groups = [cell(5, crime=str(number)) for number in range(7)]
    assert telling([cell(5), *groups], []) == of("crime")
    assert telling([cell(5), *groups[:2]], []) == set()
    assert telling(groups, [cell(5)]) == of("crime"), "the total left before"
    assert telling([cell(5)], groups) == of(), "the groups left before"


def test_a_breakdown_that_does_not_add_up_tells_nothing() -> None:
    assert telling([cell(5), *(cell(20, provider=str(number)) for number in range(4))], []) == set()


def test_one_breakdown_narrows_the_total_of_another() -> None:
    source = [cell(5, source=str(number)) for number in range(5)]
    crime = [cell(10, crime="a"), cell(5, crime="b")]
    # Ten at most of the total, and eight at least of one crime: of the other there are four at most.
    assert telling([cell(10), *crime], []) == of("crime")
    assert telling([cell(10), *crime], [], width=4) == set(), "an office may let that be known"
    # Five at least by source alone; two sources more, and the total is known from below.
    assert telling([cell(10), *source], []) == set()
    assert telling([cell(10), *source, *(cell(5, crime=each) for each in "ab")], []) == set()
    many = [cell(5, source=str(number)) for number in range(9)]
    assert telling([cell(10), *many, cell(5, crime="a"), cell(5, crime="b")], []) == of("source")


def test_exact_numbers_of_two_nights_tell_who_came_between() -> None:
    assert telling([cell(41, "s2", HIDING)], [cell(40, "s1", HIDING)]) == of()
    assert telling([cell(37, "s2", HIDING)], [cell(40, "s1", HIDING)]) == of()
    assert telling([cell(40, "s2", HIDING)], [cell(40, "s1", HIDING)]) == set()
    assert telling([cell(48, "s2", HIDING)], [cell(40, "s1", HIDING)]) == set()
    assert telling([cell(None, "s2", HIDING)], [cell(40, "s1", HIDING)]) == set()


def test_rounded_numbers_of_two_nights_move_by_whole_steps() -> None:
    for was, now in ((0, 5), (5, 10), (10, 10), (40, 45), (45, 40)):
        assert telling([cell(now, "s2")], [cell(was, "s1")]) == set(), (was, now)


def test_a_few_spread_over_groups_that_appeared_overnight_are_noticed() -> None:
    before = [cell(5), cell(5, crime="a")]
    after = [cell(5, "s2"), *(cell(5, "s2", crime=each) for each in "abcd")]
    assert telling(after, before) == of("crime")


def test_what_was_taken_back_is_not_added_up() -> None:
    before, after = [cell(40), cell(40, crime="a")], [cell(20, "s2"), cell(20, "s2", crime="a")]
    assert telling(after, before) == set()


def test_a_number_that_left_exactly_gives_a_rounded_one_away() -> None:
    assert telling([cell(40, "s2")], [cell(40, "s1", HIDING)]) == of()
    assert telling([cell(10, crime="a")], [cell(12, crime="a", method=HIDING)]) == set(), "the same was told before"


def test_a_hidden_cell_is_not_told_by_its_total_later() -> None:
    hidden = [cell(None, crime="a", method=HIDING), cell(None, crime="b", method=HIDING)]
    assert telling([cell(30, method=HIDING)], [*hidden, cell(28, crime="c", method=HIDING)]) == of()
    assert telling([cell(30, method=HIDING)], [*hidden, cell(10, crime="c", method=HIDING)]) == set()


def test_a_filter_within_a_filter_tells_the_rest() -> None:
    wide = cell(20, crime="a", method=HIDING)
    nested = cell(17, crime="a", provider="p", method=HIDING)
    assert telling([nested], [wide]) == of("crime", "provider")
    assert telling([wide], [nested]) == of()
    assert telling([cell(17, "s2", HIDING, crime="a", provider="p")], [wide]) == of("crime", "provider")
    assert telling([cell(20, "s2", HIDING, crime="a")], [nested]) == of()
    assert telling([cell(15, crime="a", provider="p")], [cell(20, crime="a")]) == set()
    assert telling([cell(30, crime="a", provider="p", method=HIDING)], [wide]) == set(), "no part of it, it seems"


def test_another_measure_part_or_quarter_is_not_compared() -> None:
    other = Cell("victims@2", "n", "2026Q2", "s1", frozenset(), 40, HIDING)
    assert telling([cell(41, "s2", HIDING)], [other]) == set()


bounds = st.tuples(st.integers(0, 12), st.integers(0, 12)).map(lambda pair: (min(pair), max(pair)))


@given(bounds, st.lists(bounds, min_size=1, max_size=4))
def test_narrowing_tells_what_the_linear_programme_tells(
    total: tuple[float, float], parts: list[tuple[float, float]]
) -> None:
    sums = [Sum(0, tuple(range(1, len(parts) + 1)))]
    worked = narrowed(total, parts)
    if worked is None:
        with pytest.raises(ArithmeticError):
            reach([total, *parts], sums, [0])
        return
    told = reach([total, *parts], sums, range(len(parts) + 1))
    for place, each in enumerate([worked[0], *worked[1]]):
        assert told[place] == pytest.approx(each)


def test_narrowing_with_hidden_cells() -> None:
    assert narrowed((10, 10), [(0, inf), (4, 4)]) == ((10, 10), [(6, 6), (4, 4)])
    assert narrowed((10, 10), [(0, inf), (0, inf), (4, 4)]) == ((10, 10), [(0, 6), (0, 6), (4, 4)])


def test_ten_thousand_pairs_of_filters_and_snapshots_tell_nothing_small() -> None:
    """Each pair: a table of yesterday or of a wider filter, and one of today; people come, some are taken back.

    What may leave is attacked by subtraction: no difference of two shown numbers is a number under the threshold for
    certain, nor known within fewer than five, and nothing that is shown leads to a hidden number.
    """
    random_, left, stayed = random.Random(20261123), 0, 0
    for number in range(10_000):
        method = HIDING if number % 2 else ROUNDED
        old, new = _pair(random_, method)
        held = telling(new, old)
        out = [each for each in new if not any(_is_of(each, one) for one in held)]
        left, stayed = left + len(out), stayed + len(new) - len(out)
        assert not telling(out, old)
        _attack(out, old)
    assert left > 10_000 and stayed > 1_000


def _is_of(one: Cell, held: Breakdown) -> bool:
    return held.by in ((), tuple(sorted(name for name, _ in one.group)))


def _pair(random_: random.Random, method: Method) -> tuple[list[Cell], list[Cell]]:
    people = [(random_.choice("aab"), random_.choice("ppq")) for _ in range(random_.choice((3, 9, 12, 30)))]
    later = [each for each in people if random_.random() > 0.03]
    later += [(random_.choice("ab"), random_.choice("pq")) for _ in range(random_.choice((0, 0, 1, 2, 9)))]
    snapshot = "s1" if random_.random() < 0.4 else "s2"
    wider, finer = random_.sample([(), ("crime",), ("crime", "provider"), ("provider",)], 2)
    now = people if snapshot == "s1" else later
    return _cells(people, "s1", wider, method), _cells(now, snapshot, finer, method)


def _cells(people: list[tuple[str, str]], snapshot: str, by: tuple[str, ...], method: Method) -> list[Cell]:
    counts: dict[Group, int] = {}
    for crime, provider in people:
        said = {"crime": crime, "provider": provider}
        group = frozenset((name, said[name]) for name in by)
        counts[group] = counts.get(group, 0) + 1
    shown = {group: rounded(count) if method == ROUNDED else None if is_small(count) else count
             for group, count in counts.items()}  # fmt: skip
    return [Cell("victims@1", "n", "2026Q2", snapshot, group, number, method) for group, number in shown.items()]


def _attack(new: list[Cell], old: list[Cell]) -> None:
    """Subtraction as anybody would do it, written apart from what it attacks."""
    for one in new:
        for other in old:
            nested = one.group < other.group or other.group < one.group
            same = one.group == other.group and one.snapshot != other.snapshot
            if one.shown is None or other.shown is None or not (same or (nested and len(one.group | other.group) > 1)):
                continue
            big, small = (one, other) if same or one.group < other.group else (other, one)
            low, high = heard(big.shown, big.method), heard(small.shown, small.method)
            least, most = low[0] - high[1], low[1] - high[0]
            if most < 0:
                least, most = (-most, -least) if same else (8, 8)
            least = max(0, least)
            assert not (least >= 1 and most < 8 and candidates((least, most)) < 5), (one, other)
