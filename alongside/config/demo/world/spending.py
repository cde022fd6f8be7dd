"""A fund for practical help with a dozen requests in every state, half of it seen on a bank statement."""

from datetime import datetime, timedelta
from uuid import UUID

from alongside.config.demo.world.cast import Cast
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.accounts.permissions import permissions_of
from alongside.foundation.office.organisations.models import Membership, Organisation
from alongside.support.cases.casework.models import Case
from alongside.support.cases.practical import actions, ledger
from alongside.support.cases.practical.ledger import Terms
from alongside.support.cases.practical.models import Fund, Request

DAY = timedelta(days=1)
KINDS = ("locks", "alarm", "travel", "food", "phone", "documents")
# How many days ago, kind, pence, what for, and how far it came.
ASKED = (
    (38, "locks", 14_500, "A stronger front door lock and two window locks", "receipt"),
    (34, "travel", 4_280, "Taxis to four appointments", "receipt"),
    (31, "food", 6_000, "A supermarket voucher until the benefit comes", "back"),
    (27, "phone", 4_999, "A phone that nobody else knows", "receipt"),
    (24, "alarm", 11_995, "A doorbell camera", "paid"),
    (19, "documents", 9_350, "A new passport", "paid"),
    (12, "food", 4_000, "Nappies and food", "refused"),
    (9, "travel", 2_850, "A bus pass for a month", "withdrawn"),
    (6, "locks", 8_900, "A new lock after the keys were taken", "approved"),
    (3, "alarm", 21_000, "Security lights front and back", "first"),
    (1, "phone", 2_000, "Credit for two months", "asked"),
    (0, "travel", 3_600, "Train to see family", "asked"),
)


def spend(cast: Cast, *, at: datetime) -> None:
    """A manager's fund, and what caseworkers asked of it."""
    if Fund.objects.exists():
        return
    charity = Organisation.objects.get(code="lantern")
    manager = Membership.objects.filter(organisation=charity, role="service_manager").earliest("since")
    boss = _at_work(charity, manager.user_id, "service_manager")
    fund = _fund(boss, at=at - 40 * DAY)
    cases = Case.objects.filter(provider=charity, state="OPEN", worker__isnull=False, victim__restrictions=None)
    persona = User.objects.get(email="caseworker@alongside.example").pk
    held = sorted(
        cases.order_by("-started_at", "id"), key=lambda case: (case.worker != persona, case.accepted_at > at - 40 * DAY)
    )[:4]
    for number, (ago, kind, pence, what, far) in enumerate(ASKED if held else ()):
        case, moment = held[number % len(held)], at - ago * DAY - timedelta(minutes=30)
        assert case.worker is not None
        worker = _at_work(charity, case.worker, "caseworker")
        one = actions.ask(case, fund, by=worker, at=moment, kind=kind, pence=pence, how="supplier", what=what)
        _go_on(one, far, worker=worker, boss=boss, at=moment)
    on = london_date(at - 20 * DAY)
    ledger.reconcile(fund, by=boss, at=at - 19 * DAY, numbers=range(1, 10), on=on)


def _at_work(charity: Organisation, user: UUID, role: str) -> Actor:
    return Actor(
        realm=Realm.PROVIDER, user_id=user, organisation_id=charity.pk, permissions=permissions_of([role])
    )  # fmt: skip


def _fund(boss: Actor, *, at: datetime) -> Fund:
    terms = Terms("Safer homes fund", KINDS, single_most=25_000, case_most=100_000, second_above=20_000)
    fund = ledger.open_fund(terms, by=boss, at=at)
    on = london_date(at)
    ledger.put_in(fund, by=boss, at=at, pence=250_000, on=on, source="Policing body, practical help grant")
    ledger.put_in(fund, by=boss, at=at, pence=37_550, on=on, source="Sample Rotary Club")
    return fund


def _go_on(one: Request, far: str, *, worker: Actor, boss: Actor, at: datetime) -> None:
    """As far as the story goes, some minutes later."""
    soon, on = at + timedelta(minutes=10), london_date(at)
    if far == "refused":
        actions.refuse(one, by=boss, at=soon, why="elsewhere")
    elif far == "withdrawn":
        actions.withdraw(one, by=worker, at=soon)
    elif far != "asked":
        actions.approve(one, by=boss, at=soon)
    if far in ("paid", "receipt", "back"):
        actions.pay(one, by=worker, at=soon, pence=one.pence, on=on)
    if far in ("receipt", "back"):
        actions.show_receipt(one, by=worker, at=soon, receipt=f"R-{one.number[-2:]}")
    if far == "back":
        actions.give_back(one, by=worker, at=soon, pence=1_250, on=on)
