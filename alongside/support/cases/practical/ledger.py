"""Writes of funds: opened, revised, money put in and taken out, closed, ticked; and the one way to make an entry."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from alongside.core import events, money
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.practical import lifecycle, queries, rules
from alongside.support.cases.practical.models import OUT_OF, Entry, Fund, Request

CLOSED = "This fund is closed."
STALE = "Somebody else changed this fund while you were writing. Look at what it says now, and save again."
TAKEN = "There is a fund of this name already."


def held(fund: Fund) -> Fund:
    """The fund as it is now, held until this transaction ends: one writer at a time."""
    fresh: Fund = Fund.objects.select_for_update(of=("self",)).get(pk=fund.pk)
    return fresh


def post(
    fund: Fund, kind: str, pence: int, *, by: Actor, at: datetime, on: date, request: Request | None = None,
    source: str = "",
) -> Entry:  # fmt: skip
    """Adds an entry to the ledger of a fund that is held. Refused where there is not enough left."""
    signed = -pence if kind in OUT_OF else pence
    if fund.balance + signed < 0:
        raise RuleBroken(f"There is {money.format(fund.balance)} left in “{fund.name}”, which is not enough.", "pence")
    fund.balance += signed
    fund.last_entry += 1
    fund.save(update_fields=["balance", "last_entry"])
    about = {"request_number": request.number, "spends": request.kind, "how": request.how} if request else {}
    entry = Entry(
        fund=fund, number=fund.last_entry, kind=kind, pence=signed, on=on, source=source, entered_at=at,
        entered_by=by.user_id, **about,
    )  # fmt: skip
    entry.save(force_insert=True)
    return entry


@dataclass(frozen=True)
class Terms:
    """What a fund may pay for, how much, and who approves it; sums in pence."""

    name: str
    kinds: Sequence[str]
    single_most: int | None = None
    case_most: int | None = None
    second_above: int | None = None
    approvers: Sequence[UUID] = ()


def _check_terms(terms: Terms, organisation: int, on: date, *, but: Fund | None = None) -> None:
    if not terms.kinds or set(terms.kinds) - set(rulebook.titles("practical_kinds", on)):
        raise RuleBroken("Choose what it may pay for.", "kinds")
    if set(terms.approvers) - set(queries.approvers(organisation)):
        raise RuleBroken("Choose managers or approvers of your own organisation.", "approvers")
    if min(_sums(terms), default=1) <= 0:
        raise RuleBroken("Enter sums above £0.00, or leave them empty.", "single_most")
    same = Fund.objects.filter(organisation=organisation, name__iexact=terms.name)
    if (same.exclude(pk=but.pk) if but else same).exists():
        raise RuleBroken(TAKEN, "name")


def _sums(terms: Terms) -> list[int]:
    return [found for found in (terms.single_most, terms.case_most, terms.second_above) if found is not None]


def _written(terms: Terms) -> dict[str, Any]:
    return {"name": terms.name, "kinds": list(terms.kinds), "single_most": terms.single_most,
            "case_most": terms.case_most, "second_above": terms.second_above,
            "approvers": list(terms.approvers)}  # fmt: skip


@transaction.atomic
def open_fund(terms: Terms, *, by: Actor, at: datetime) -> Fund:
    """Opens a fund of the actor's own organisation. There is nothing in it yet."""
    assert by.organisation_id is not None
    _check_terms(terms, by.organisation_id, london_date(at))
    fund = Fund(organisation_id=by.organisation_id, opened_at=at, **_written(terms))
    fund.save(force_insert=True)
    events.record("fund.opened", fund.pk, by=by, at=at)
    return fund


@transaction.atomic
def revise(fund: Fund, terms: Terms, *, by: Actor, at: datetime, seen: int) -> None:
    """Changes what a fund is for, its limits and who approves. What was asked before keeps what it was asked under."""
    fund = _open(fund)
    if fund.version != seen:
        raise RuleBroken(STALE)
    _check_terms(terms, fund.organisation_id, london_date(at), but=fund)
    for name, value in _written(terms).items():
        setattr(fund, name, value)
    fund.version += 1
    fund.save(update_fields=[*_written(terms), "version"])
    events.record("fund.revised", fund.pk, by=by, at=at)


def _open(fund: Fund) -> Fund:
    fund = held(fund)
    if fund.state != Fund.State.OPEN:
        raise RuleBroken(CLOSED)
    return fund


@transaction.atomic
def put_in(fund: Fund, *, by: Actor, at: datetime, pence: int, on: date, source: str) -> Entry:
    """Money came into a fund: when, how much and from whom."""
    return _moved(_open(fund), "put_in", "fund.put_in", by=by, at=at, pence=pence, on=on, source=source)


@transaction.atomic
def take_out(fund: Fund, *, by: Actor, at: datetime, pence: int, on: date, source: str) -> Entry:
    """Money left a fund for no case: it went back to whoever gave it, or was put in by mistake."""
    return _moved(held(fund), "taken_out", "fund.taken_out", by=by, at=at, pence=pence, on=on, source=source)


def _moved(
    fund: Fund, kind: str, event: str, *, by: Actor, at: datetime, pence: int, on: date, source: str
) -> Entry:  # fmt: skip
    signed = -pence if kind in OUT_OF else pence
    if again := queries.entered_again(fund, by=by, at=at, kind=kind, pence=signed, on=on, source=source):
        return again
    if pence <= 0:
        raise RuleBroken("Enter a sum above £0.00.", "pence")
    if obstacle := rules.day_obstacle(on, today=london_date(at), since=on):
        raise RuleBroken(obstacle, "on")
    entry = post(fund, kind, pence, by=by, at=at, on=on, source=source)
    events.record(event, fund.pk, by=by, at=at, pence=pence, number=entry.number)
    return entry


@transaction.atomic
def close_fund(fund: Fund, *, by: Actor, at: datetime) -> None:
    """Nothing more is asked of this fund. Refused while promises are open; what is left in it can be taken out."""
    fund = _open(fund)
    if promised := queries.promised(fund):
        raise RuleBroken(
            f"{money.format(promised)} is promised and not paid. Pay or withdraw what is promised, then close the fund."
        )
    if Request.objects.filter(fund=fund, state__in=lifecycle.WAITING).exists():
        raise RuleBroken("Requests wait for approval. Approve or refuse each, then close the fund.")
    fund.state, fund.closed_at = Fund.State.CLOSED, at
    fund.save(update_fields=["state", "closed_at"])
    events.record("fund.closed", fund.pk, by=by, at=at, left=fund.balance)


@transaction.atomic
def reconcile(fund: Fund, *, by: Actor, at: datetime, numbers: Collection[int], on: date) -> int:
    """Ticks entries that a bank statement of a day shows. What was ticked before keeps its day. Returns how many."""
    if on > london_date(at):
        raise RuleBroken("The day of the statement must be today or earlier.", "on")
    found = Entry.objects.filter(fund=held(fund), kind__in=rules.ON_STATEMENT, number__in=list(numbers), seen_on=None)
    if found.filter(on__gt=on).exists():
        raise RuleBroken("One of these is of a later day than the statement.", "on")
    ticked = found.update(seen_on=on, seen_at=at, seen_by=by.user_id)
    if not ticked:
        raise RuleBroken("Tick what the statement shows.")
    events.record("fund.reconciled", fund.pk, by=by, at=at, entries=ticked, on=on.isoformat())
    return ticked


@transaction.atomic
def untick(entry: Entry, *, by: Actor, at: datetime) -> None:
    """It was ticked by mistake."""
    fund = held(entry.fund)
    if Entry.objects.filter(pk=entry.pk).exclude(seen_on=None).update(seen_on=None, seen_at=None, seen_by=None):
        events.record("fund.unticked", fund.pk, by=by, at=at, number=entry.number)
