"""Two people at one moment: the last pounds of a fund are promised once, and one approval is one."""

from datetime import timedelta
from typing import Any

import pytest

from alongside.support.arrivals.referrals.tests.test_races import race
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.cases.practical import actions, queries
from alongside.support.cases.practical.models import Entry, Fund, Request
from alongside.support.cases.practical.tests.funding import approved, asked, funded
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
MANAGERS = ("service_manager", "other_caseworker")


def test_the_last_pounds_of_a_fund_are_promised_once(world: World) -> None:
    fund = funded(world, 15_000)
    one, two = (
        asked(world, accepted(world, source_ref=ref), fund, person="caseworker") for ref in ("TEST-1", "TEST-2")
    )
    ends = race(
        world,
        (MANAGERS[0], lambda by: actions.approve(one, by=by, at=world.now)),
        (MANAGERS[1], lambda by: actions.approve(two, by=by, at=world.now)),
    )
    assert sorted(end == "done" for end in ends) == [False, True] and any("£50.00 left" in end for end in ends)
    assert Fund.objects.get().balance == 5_000 == sum(Entry.objects.values_list("pence", flat=True))


def test_two_managers_approve_one_request_and_it_is_promised_once(world: World) -> None:
    fund = funded(world, 15_000)
    one = asked(world, accepted(world), fund, 4_000)
    ends = race(world, *((who, lambda by: actions.approve(one, by=by, at=world.now)) for who in MANAGERS))
    assert sorted(end == "done" for end in ends) == [False, True]
    assert Fund.objects.get().balance == 11_000 and Entry.objects.filter(kind="promised").count() == 1


def test_a_payment_and_a_withdrawal_at_once_agree_on_what_happened(world: World) -> None:
    fund = funded(world, 15_000)
    one = approved(world, accepted(world), fund, 4_000)
    later, on = world.now + timedelta(hours=2), world.now.date()
    ends = race(
        world,
        ("caseworker", lambda by: actions.pay(one, by=by, at=later, pence=4_000, on=on)),
        ("other_caseworker", lambda by: actions.withdraw(one, by=by, at=later)),
    )
    assert sorted(end == "done" for end in ends) == [False, True]
    assert (Request.objects.get().state, Fund.objects.get().balance) in {("PAID", 11_000), ("WITHDRAWN", 15_000)}
    assert queries.books(queries.ledger(Fund.objects.get())).promised == 0


def test_a_request_that_is_sent_twice_at_once_is_kept_once(world: World) -> None:
    fund, case = funded(world), accepted(world)
    given: dict[str, Any] = {"kind": "locks", "pence": 30_000, "how": "card", "what": "A door"}
    ends = race(
        world, *(("caseworker", lambda by: actions.ask(case, fund, by=by, at=world.now, **given)) for _ in range(2))
    )  # fmt: skip
    assert ends == ["done", "done"] and Request.objects.count() == 1
