"""Rounded counts, shares with intervals, and what is not told of a few."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alongside.core.figures import rounded
from alongside.support.arrivals.fairness import rules
from alongside.support.arrivals.fairness.rules import Counted


def counted(group: str, state: str, number: int, *, why: str = "", days: int | None = 1, pointed: bool = False,
            against: bool = False) -> Counted:  # fmt: skip
    return Counted(group, state, why, days, pointed, against, number)


ROWS = [
    counted("a", "ACCEPTED", 30, days=1, pointed=True), counted("a", "DECLINED", 9, why="no_capacity", days=4),
    counted("a", "DECLINED", 3, why="outside_area", days=4), counted("a", "WITHDRAWN", 8, why="no_answer"),
    counted("a", "WITHDRAWN", 2, why="wrong_person"), counted("a", "OFFERED", 4, days=None),
    counted("b", "ACCEPTED", 4, pointed=True, against=True),
    counted("b", "DECLINED", 2, why="no_capacity", against=True),
]  # fmt: skip


def test_shares_are_over_what_was_answered_and_come_with_an_interval() -> None:
    one = rules.figures(rules.groups(ROWS)["a"])
    assert (one.offers, one.unanswered, one.median_days) == (55, 10, 1)
    assert (one.accepted.part, one.accepted.of, one.accepted.value) == (30, 40, 0.75)
    assert one.accepted.low is not None and one.accepted.high is not None
    assert one.accepted.low < 0.75 < one.accepted.high
    assert one.against.value == 0.0 and one.reasons == {"no_capacity": 10}


def test_nothing_is_worked_out_over_fewer_than_eight() -> None:
    few = rules.figures(rules.groups(ROWS)["b"])
    assert (few.offers, few.accepted.value, few.median_days, few.reasons) == (5, None, None, {})
    assert not rules.apart(few.accepted, rules.figures(rules.groups(ROWS)["a"]).accepted)


def test_the_whole_is_counted_before_it_is_rounded() -> None:
    total = rules.whole(rules.groups(ROWS).values())
    assert (total.offers, total.ended["ACCEPTED"], total.pointed, total.against) == (62, 34, 34, 4)
    assert total.reasons["no_capacity"] == 11 and total.days[4] == 12 and total.unanswered == 8


def test_groups_are_apart_where_their_intervals_do_not_meet() -> None:
    high, low = rules.share(95, 100), rules.share(30, 100)
    assert rules.apart(high, low) and rules.apart(low, high)
    assert not rules.apart(rules.share(50, 100), rules.share(55, 100))
    assert not rules.apart(high, rules.share(1, 2))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 500), st.integers(0, 500))
def test_a_share_is_never_over_one_and_its_interval_holds_it(part: int, more: int) -> None:
    found = rules.share(part, part + more)
    assert (found.part, found.of) == (rounded(part), rounded(part + more))
    if found.value is not None and found.low is not None and found.high is not None:
        assert 0 <= found.low <= found.value + 1e-9 and found.value <= found.high + 1e-9 and found.high <= 1
