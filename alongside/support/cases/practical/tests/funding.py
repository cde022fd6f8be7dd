"""Funds and requests for tests: everybody in them is made up."""

from datetime import datetime, timedelta
from typing import Any

from alongside.support.cases.casework.models import Case
from alongside.support.cases.practical import actions, ledger
from alongside.support.cases.practical.ledger import Terms
from alongside.support.cases.practical.models import Fund, Request
from tests.world import World

KINDS = ("locks", "food", "travel")


def funded(world: World, pence: int = 50_000, person: str = "service_manager", **terms: Any) -> Fund:
    """A fund with money in it."""
    by = world.actor(person)
    fund = ledger.open_fund(Terms(**{"name": "Lord Sample's fund", "kinds": KINDS} | terms), by=by, at=world.now)
    if pence:
        ledger.put_in(fund, by=by, at=world.now, pence=pence, on=world.now.date(), source="Sample grant")
    return Fund.objects.get(pk=fund.pk)


def asked(world: World, case: Case, fund: Fund, pence: int = 10_000, at: datetime | None = None, **changes: Any) -> Any:
    given: dict[str, Any] = {"kind": "locks", "how": "supplier", "what": "A stronger door"}
    by = world.actor(changes.pop("person", "caseworker"))
    return actions.ask(case, fund, by=by, at=at or world.now, pence=pence, **given | changes)


def approved(world: World, case: Case, fund: Fund, pence: int = 10_000, **changes: Any) -> Request:
    one = asked(world, case, fund, pence, **changes)
    return actions.approve(one, by=world.actor("service_manager"), at=world.now + timedelta(hours=1))


def paid(world: World, case: Case, fund: Fund, pence: int = 10_000, **changes: Any) -> Request:
    one = approved(world, case, fund, pence, **changes)
    actions.pay(one, by=world.actor("caseworker"), at=world.now, pence=pence, on=world.now.date())
    return Request.objects.get(pk=one.pk)
