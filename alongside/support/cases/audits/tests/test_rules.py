"""A draw that anybody can make again."""

from datetime import date, timedelta

import pytest

from alongside.support.cases.audits import rules
from alongside.support.cases.audits.rules import Ticket

TODAY = date(2026, 9, 14)
POOL = [Ticket(f"case-{number}", f"worker-{number % 3}", 1) for number in range(30)]


def test_the_same_seed_draws_the_same_cases_however_the_pool_is_ordered() -> None:
    first = rules.draw(POOL, seed="a", number=5, of_each=False)
    assert first == rules.draw(reversed(POOL), seed="a", number=5, of_each=False)
    assert first != rules.draw(POOL, seed="b", number=5, of_each=False)
    assert len(first) == 5


def test_so_many_of_each_worker() -> None:
    drawn = rules.draw(POOL, seed="a", number=2, of_each=True)
    assert sorted(one.worker for one in drawn) == ["worker-0"] * 2 + ["worker-1"] * 2 + ["worker-2"] * 2


def test_two_tickets_are_two_chances() -> None:
    pool = [Ticket("high", "w", 2), Ticket("a", "w", 1), Ticket("b", "w", 1)]
    drawn = [rules.draw(pool, seed=str(seed), number=1, of_each=False)[0].case for seed in range(4000)]
    assert drawn.count("high") / 4000 == pytest.approx(0.5, abs=0.03)
    assert drawn.count("a") / 4000 == pytest.approx(0.25, abs=0.03)


def test_a_period_that_was_typed_wrong_is_refused() -> None:
    day = timedelta(days=1)
    assert rules.period_obstacle(TODAY - 9 * day, TODAY, TODAY) is None
    for since, until, field in ((TODAY, TODAY - day, "until"), (TODAY, TODAY + day, "until"),
                                (TODAY - 999 * day, TODAY, "since")):  # fmt: skip
        obstacle = rules.period_obstacle(since, until, TODAY)
        assert obstacle and obstacle[1] == field


def test_what_does_not_apply_is_not_counted() -> None:
    assert rules.share({"good": 2, "enough": 1, "needs_work": 1, "not_applicable": 9}) == (3, 4)
    assert rules.share({}) == (0, 0)
    assert rules.added([{"good": 1}, {"good": 2, "needs_work": 1}])["good"] == 3


def test_a_manager_on_their_own_is_told_who_may_audit_their_cases() -> None:
    assert "Testa Other can draw them" in rules.who_else(["Testa Other"])
    assert "trustees" in rules.who_else([])
