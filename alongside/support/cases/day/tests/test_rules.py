"""What a caseload weighs, when somebody may be called, and that a spread is fair."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from alongside.core.clocks import LONDON
from alongside.support.cases.day import rules

TODAY = date(2026, 10, 26)  # the day after the clocks went back
WEIGHTS = rules.Weights(going_on=10, waiting=5, high_risk=10, new=5, new_days=28)
ONE, TWO, THREE = (UUID(int=number) for number in (1, 2, 3))


@pytest.mark.parametrize(
    ("waiting", "high_risk", "days", "expected"),
    [(False, False, 28, 10), (False, False, 27, 15), (True, False, 99, 5), (True, True, 0, 20), (False, True, 99, 20)],
)
def test_a_case_weighs_what_its_marks_add_up_to(waiting: bool, high_risk: bool, days: int, expected: int) -> None:
    accepted = TODAY - timedelta(days=days)
    found = rules.weight(WEIGHTS, waiting=waiting, high_risk=high_risk, accepted_on=accepted, today=TODAY)
    assert found == expected


def test_a_weight_is_said_in_cases_and_held_against_the_limit() -> None:
    assert (rules.in_cases(125), rules.in_cases(130), rules.in_cases(0)) == ("12.5", "13", "0")
    assert rules.is_over(201, 20) and not rules.is_over(200, 20) and not rules.is_over(999, None)


@pytest.mark.parametrize(
    ("hour", "words", "now"),
    [(8, "Not before 9am", False), (9, "May be called now, until midday", True), (12, "Not before 2pm", False),
     (16, "Not again today", False)],
)  # fmt: skip
def test_a_call_is_now_later_or_not_today(hour: int, words: str, now: bool) -> None:
    windows = ((time(14), time(16)), (time(9), time(12)))
    assert rules.call_words(windows, datetime(2026, 10, 26, hour, tzinfo=LONDON)) == (words, now)


def test_nobody_is_called_where_no_way_is_safe() -> None:
    assert rules.call_words(None, datetime(2026, 10, 26, 9, tzinfo=LONDON)) == ("No safe way to call is known", False)


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [(0, 4, None), (2, 1, (rules.ENDS_BEFORE, "until")), (-9, -1, (rules.PAST, "until")), (-9, 0, None),
     (0, 92, None), (0, 93, (rules.TOO_LONG, "until"))],
)  # fmt: skip
def test_an_absence_has_days_that_make_sense(since: int, until: int, expected: tuple[str, str] | None) -> None:
    found = rules.absence_obstacle(TODAY + timedelta(days=since), TODAY + timedelta(days=until), TODAY)
    assert found == expected


def test_somebody_is_away_on_both_days_and_not_once_they_are_back() -> None:
    first, last = TODAY, TODAY + timedelta(days=2)
    days = [first - timedelta(days=1), first, last, last + timedelta(days=1)]
    assert [rules.is_away(first, last, None, day) for day in days] == [False, True, True, False]
    assert [rules.is_away(first, last, last, day) for day in days] == [False, True, False, False]


def test_the_next_case_goes_where_it_weighs_least_of_what_each_should_have() -> None:
    loads = {ONE: (100, 20), TWO: (100, 10), THREE: (0, None)}
    found = rules.spread([("a", 10), ("b", 20), ("c", 10)], loads)
    assert found == [("b", THREE), ("a", THREE), ("c", THREE)]
    assert dict(rules.spread([("a", 10)], {ONE: (100, 20), TWO: (60, 10)})) == {"a": ONE}
    assert rules.spread([], loads) == []


@given(
    some.lists(some.integers(1, 40), max_size=30),
    some.lists(some.tuples(some.integers(0, 200), some.integers(5, 30)), min_size=1, max_size=6),
)
def test_every_case_goes_to_somebody_and_nobody_is_far_above_the_others(
    heavy: list[int], loads: list[tuple[int, int]]
) -> None:
    people = {UUID(int=number + 1): load for number, load in enumerate(loads)}
    found = rules.spread(list(enumerate(heavy)), people)
    assert sorted(case for case, _ in found) == list(range(len(heavy)))
    ends = {who: have + sum(heavy[case] for case, taker in found if taker == who) for who, (have, _) in people.items()}
    for case, taker in found:
        before = (ends[taker] - heavy[case]) / (people[taker][1] * 10)
        others = [(ends[who] + max(heavy)) / (limit * 10) for who, (_, limit) in people.items()]
        assert before <= min(others) + 1e-9  # whoever took one last had not more than any other would have had
