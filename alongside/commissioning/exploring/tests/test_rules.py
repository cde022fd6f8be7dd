"""The rules of a control chart, by numbers worked out by hand and by the statistics module; the classes of a map."""

from itertools import pairwise
from math import sqrt
from statistics import fmean

import pytest

from alongside.commissioning.exploring.rules import (
    Bounds,
    Rule,
    Signal,
    classes,
    individuals,
    listed,
    proportions,
    signals,
    told,
)

TEN = Bounds(7, 10, 13, 1)


def found(*values: float) -> list[tuple[Rule, tuple[int, ...], bool]]:
    return [(each.rule, each.points, each.up) for each in signals(values, (TEN,) * len(values))]


def test_an_xmr_chart_by_hand() -> None:
    # Neighbours differ by 2, 4, 2, 4, 2, 4 and 6: 24 over 7 is 3.4286, and 2.66 of that is 9.12. The mean is 88 over 8.
    limits = individuals([10, 12, 8, 10, 14, 12, 8, 14])
    assert limits[0].centre == 11
    assert limits[0].high == pytest.approx(20.12, abs=0.005)
    assert limits[0].low == pytest.approx(1.88, abs=0.005)
    assert len(limits) == 8


def test_an_xmr_chart_agrees_with_the_statistics_module_and_is_never_under_nought() -> None:
    values = [3, 0, 7, 1, 9, 2, 8, 0, 4, 6]
    sigma = fmean(abs(after - before) for before, after in pairwise(values)) / 1.128
    limits = individuals(values)
    assert limits[0].centre == pytest.approx(fmean(values))
    assert limits[0].sigma == pytest.approx(sigma)
    assert limits[0].high == pytest.approx(fmean(values) + 3 * sigma)
    assert limits[0].low == 0


def test_a_p_chart_by_hand_is_wider_where_a_share_is_of_fewer() -> None:
    parts, wholes = [50, 10, 50, 50, 50, 50, 50, 90], [100, 20, 100, 100, 100, 100, 100, 180]
    limits = proportions(parts, wholes)
    assert limits[0].centre == 0.5
    assert limits[0].high == pytest.approx(0.5 + 3 * 0.05)  # the root of 0.25 over 100 is 0.05
    assert limits[1].high == pytest.approx(0.5 + 3 * sqrt(0.25 / 20))
    assert limits[0].low == pytest.approx(0.35)


def test_a_share_is_never_expected_beyond_all_or_none() -> None:
    limits = proportions([9, 8, 9, 9, 9, 9, 9, 9], [10, 8, 10, 10, 10, 10, 10, 10])
    assert limits[0].high == 1
    assert proportions([1] * 8, [9] * 8)[0].low == 0


def test_fewer_than_eight_points_have_no_limits_and_tell_nothing() -> None:
    assert individuals([1, 2, 3, 4, 5, 6, 70]) == ()
    assert proportions([1] * 7, [10] * 7) == ()
    assert signals([1, 2, 3, 4, 5, 6, 70], ()) == ()


def test_a_point_outside_a_limit() -> None:
    assert found(10, 13.1, 10, 6.9) == [(Rule.OUTSIDE, (1,), True), (Rule.OUTSIDE, (3,), False)]
    assert found(10, 13, 10, 7) == []  # on the limit is within


def test_eight_in_a_row_on_one_side() -> None:
    up, down = [10.5, 11] * 4, [9.5, 9] * 4
    assert found(*up) == [(Rule.RUN, tuple(range(8)), True)]
    assert found(*down, 9.5) == [(Rule.RUN, tuple(range(9)), False)]
    assert found(*up[:7]) == []
    assert found(*up[:4], 10, *up[:4]) == []  # a point on the average is on neither side


def test_six_in_a_row_that_only_rise_or_fall() -> None:
    assert found(9, 9.3, 9.6, 10.1, 10.4, 10.7) == [(Rule.TREND, tuple(range(6)), True)]
    assert found(11, 10.7, 10.4, 9.9, 9.6, 9.3, 9) == [(Rule.TREND, tuple(range(7)), False)]
    assert found(9, 9.3, 9.6, 10.1, 10.4) == []
    assert found(9, 9.3, 9.6, 9.6, 10.4, 10.7) == []  # two alike rise no more


def test_two_of_three_close_to_the_same_limit() -> None:
    assert found(12.5, 10, 12.4) == [(Rule.NEAR, (0, 2), True)]
    assert found(7.5, 7.4, 10) == [(Rule.NEAR, (0, 1), False)]
    assert found(12.5, 7.5, 10) == []
    assert found(12.5, 10, 10, 12.5) == []
    assert found(10, 12.5, 12.6, 10) == [(Rule.NEAR, (1, 2), True)]  # both windows hold them: said once
    assert [each[0] for each in found(14, 14, 10)] == [Rule.OUTSIDE, Rule.OUTSIDE]  # outside says more
    assert found(14, 12.5, 10)[-1] == (Rule.NEAR, (0, 1), True)


def test_points_that_never_differ_tell_nothing() -> None:
    assert signals([4] * 12, individuals([4] * 12)) == ()
    assert signals([0] * 8, proportions([0] * 8, [20] * 8)) == ()


def test_what_is_told_is_a_sentence() -> None:
    def name(place: int) -> str:
        return f"Q{place}"

    run = tuple(range(8))
    assert told(Signal(Rule.OUTSIDE, (2,), True), name) == "Q2 lies above the upper limit."
    assert told(Signal(Rule.OUTSIDE, (2,), False), name) == "Q2 lies below the lower limit."
    assert told(Signal(Rule.RUN, run, False), name) == "Q0 to Q7, 8 in a row, lie below the average."
    assert told(Signal(Rule.TREND, run[:6], True), name) == "Q0 to Q5, 6 in a row, only rise."
    assert told(Signal(Rule.TREND, run[:6], False), name) == "Q0 to Q5, 6 in a row, only fall."
    assert told(Signal(Rule.NEAR, (1, 3), False), name).startswith("Q1 and Q3 lie close to the lower limit")
    assert told(Signal(Rule.NEAR, (1, 3), True), name).startswith("Q1 and Q3 lie close to the upper limit")
    assert listed(["A"]) == "A"
    assert listed([]) == ""
    assert listed(["A", "B", "C"]) == "A, B and C"


def test_the_classes_of_a_map_are_round_and_hold_every_value() -> None:
    for values in ([0, 5, 90], [60, 61, 62.5, 64], [5, 5], [0], [10, 995], [3, 103], [0, 40]):
        made = classes(values)
        assert made.number <= 5
        for value in values:
            low, after = made.edges(made.level(value))
            assert low <= value < after
    assert classes([0, 90]).step == 25
    assert classes([60, 64]).step == 1
    assert classes([0, 9.5]).step == 2.5
