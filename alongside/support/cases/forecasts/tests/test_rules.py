"""What is assumed of a list and what is said of its play: sums without a database."""

from dataclasses import replace
from datetime import date
from math import inf
from typing import Any

import pytest

from alongside.core.errors import RuleBroken
from alongside.support.cases.forecasts import rules
from alongside.support.cases.forecasts.rules import Assumptions, Facts, Play

YEAR = Facts(
    weeks=52.0, joined=78, started=60, left=10, ended=55, spent=900.0, waited=1500.0,
    lengths=tuple(float(10 + number % 9) for number in range(55)),
    waiting=tuple((float(one), 0.0) for one in range(20)),
    helped=tuple(float(one) for one in range(12)), workers=3, each=6, limit=30,
)  # fmt: skip


def test_a_lists_own_history_says_what_to_assume() -> None:
    one = rules.assumed(YEAR)
    assert one == Assumptions(joins=1.5, length=16.4, leave=2.6, workers=3, each=6) and one.places == 18
    assert rules.why_not(YEAR, needed=10) == ""


def test_of_a_list_that_does_not_say_as_many_are_helped_as_are_helped_now() -> None:
    assert rules.assumed(replace(YEAR, workers=None)).places == 12
    empty = Facts(weeks=0, joined=0, started=0, left=0, ended=0, spent=0, waited=0)
    assert rules.assumed(empty) == Assumptions(0, 0, 0, 1, 0)


@pytest.mark.parametrize(
    ("changed", "words"),
    [({"weeks": 3.0}, "kept for 3 weeks"), ({"started": 4}, "Only 4 started from this list in the last 52"),
     ({"ended": 0}, "Nobody has finished yet"), ({"workers": None, "helped": ()}, "how many people can be helped")],
)  # fmt: skip
def test_where_there_is_too_little_to_go_on_it_says_so(changed: dict[str, Any], words: str) -> None:
    assert words in rules.why_not(replace(YEAR, **changed), needed=10)


def test_what_nothing_can_be_played_of_is_refused() -> None:
    for changed, field in (({"length": 0}, "length"), ({"each": 0}, "each")):
        with pytest.raises(RuleBroken) as refused:
            rules.check(replace(rules.assumed(YEAR), **changed))
        assert refused.value.field == field
    rules.check(rules.assumed(YEAR))


def test_the_play_follows_what_is_assumed() -> None:
    one = rules.assumed(YEAR)
    how = rules.flow(YEAR, one)
    assert how.patience == pytest.approx(152, abs=2) and sum(how.lengths) / len(how.lengths) == pytest.approx(1)
    assert rules.flow(replace(YEAR, lengths=(3.0,), points=()), replace(one, leave=0)).patience == inf
    few = rules.flow(replace(YEAR, lengths=(3.0,), points=()), one)
    assert (few.lengths, few.points) == ((), (0.0,)) and rules.flow(replace(YEAR, lengths=()), one).lengths == ()


def test_places_stand_free_and_whoever_was_first_keeps_theirs() -> None:
    one = rules.assumed(YEAR)
    assert rules.stands(YEAR, one).places.count(None) == 6
    assert rules.stands(YEAR, replace(one, workers=1, each=2)).places == (11.0, 10.0)


def test_the_same_seed_gives_the_same_and_it_is_handed_over_in_strides() -> None:
    one = rules.assumed(YEAR)
    sizes = [len(found.waits) for found in rules.played(YEAR, one, seed=4, runs=250)]
    assert sizes == [100, 200, 250]
    first, second = (list(rules.played(YEAR, one, seed=4, runs=30))[-1] for _ in range(2))
    assert first == second and rules.outcome(first) == rules.outcome(second)
    assert (
        len(first.passed) == 30 and list(rules.played(replace(YEAR, limit=None), one, seed=4, runs=5))[-1].passed == []
    )


def test_one_more_worker_never_makes_anybody_wait_longer() -> None:
    one = rules.assumed(YEAR)
    waits = [list(rules.played(YEAR, some, seed=1, runs=60))[-1].waits for some in (one, rules.one_more(one))]
    assert sum(waits[1]) < sum(waits[0])


def test_a_range_is_of_whole_weeks_outwards_and_ends_with_the_play() -> None:
    assert rules.between([float(number) + 0.5 for number in range(100)]) == rules.Range(10, 50, 91)
    assert rules.between([inf, inf]) == rules.Range(156, 156, 156)


def test_the_limit_is_passed_in_so_many_plays_and_by_the_week_of_half_of_them() -> None:
    assert rules.passing([]) is None
    assert rules.passing([4, 9, None, None]) == rules.Passing(50, None)
    assert rules.passing([4, 9, 6, None]) == rules.Passing(75, 9)
    assert rules.outcome(Play([1.0], [])) == {"wait": {"low": 1, "middle": 1, "high": 1}, "limit": None}
    assert rules.outcome(Play([1.0], [3]))["limit"] == {"of_hundred": 100, "week": 3}


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(14, 22, "between 14 and 22 weeks for 8 of 10 people"), (0, 5, "up to 5 weeks for 9 of 10 people"),
     (0, 0, "no wait to speak of for 9 of 10 people"), (3, 3, "about 3 weeks"), (1, 1, "about a week"),
     (90, 156, "more than 90 weeks for 9 of 10 people, perhaps years"), (0, 156, "perhaps years")],
)  # fmt: skip
def test_a_range_is_said_as_one(low: int, high: int, words: str) -> None:
    assert rules.range_words({"low": low, "high": high}) == words


def test_the_day_by_which_a_list_is_likely_too_long() -> None:
    assert rules.likely_passed_on({"week": 3}, date(2026, 11, 22)) == date(2026, 12, 13)
    assert rules.likely_passed_on({"week": None}, date(2026, 11, 22)) is None
    assert rules.likely_passed_on(None, date(2026, 11, 22)) is None


def test_whoever_was_written_down_long_after_joining_came_with_the_list() -> None:
    assert rules.is_arrival(date(2026, 11, 8), date(2026, 11, 22))
    assert not rules.is_arrival(date(2026, 11, 7), date(2026, 11, 22))


def test_how_much_of_a_time_lies_in_another() -> None:
    assert [rules.overlap(1, 9, 3, 5), rules.overlap(1, 4, 3, 5), rules.overlap(6, 9, 3, 5)] == [2, 1, 0]
