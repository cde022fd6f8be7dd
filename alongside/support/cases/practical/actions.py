"""Writes of practical help on a case: asked for, approved, refused, withdrawn, paid, receipted, given back."""

import base64
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.privacy import fields
from alongside.foundation.office.documents import rules as documents
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.cases.agenda import actions as agenda
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.practical import lifecycle, queries, rules
from alongside.support.cases.practical.ledger import held, post
from alongside.support.cases.practical.models import Fund, Request

APPROVE, RECEIPT = "practical.approve", "practical.receipt"
SHUT = "This fund is closed. Choose another."
OVER = "The case or the fund is closed. Refuse the request."
GONE = "This is no longer so. Somebody may have changed it meanwhile."


@transaction.atomic
def ask(case: Case, fund: Fund, *, by: Actor, at: datetime, kind: str, pence: int, how: str, what: str) -> Request:
    """Asks for money for a case. Nothing is promised yet."""
    case, fund, today = casework.locked(case), held(fund), london_date(at)
    if again := queries.asked_again(case, what, by=by, at=at, fund=fund, kind=kind, pence=pence, how=how):
        return again
    row = _check_asked(case, fund, kind, pence, today)
    if how not in rulebook.titles("practical_ways", today):
        raise RuleBroken("Choose how it is paid.", "how")
    if rules.holds_bank_details(what):
        raise RuleBroken(rules.BANK, "what")
    fund.last_request += 1
    fund.save(update_fields=["last_request"])
    made = Request(
        case=case, victim_id=case.victim_id, fund=fund, number=f"H-{fund.last_request:04}", kind=kind, rule=row.ref,
        pence=pence, how=how, asked_at=at, asked_by=by.user_id,
    )  # fmt: skip
    fields.write(made, what=what)
    made.save(force_insert=True)
    agenda.put(case, by=by, at=at, kind=APPROVE, about=made.pk, due_at=queries.answer_due(at), details={"kind": kind})
    _tell("help.asked", made, by=by, at=at, pence=pence)
    return made


def _check_asked(case: Case, fund: Fund, kind: str, pence: int, today: date) -> RuleRow:
    row = rulebook.find("practical_kinds", kind, today)
    if fund.state != Fund.State.OPEN or fund.organisation_id != case.provider_id:
        raise RuleBroken(SHUT, "fund")
    if row is None or kind not in fund.kinds:
        raise RuleBroken("This fund is not for help of this kind. Choose another fund, or another kind.", "kind")
    of_kind, of_fund = queries.spent_on(case, kind=kind), queries.spent_on(case, fund=fund)
    if obstacle := rules.asking_obstacle(pence, queries.most(fund, row), of_kind=of_kind, of_fund=of_fund):
        raise RuleBroken(obstacle, "pence")
    return row


def _tell(name: str, request: Request, *, by: Actor, at: datetime, **more: object) -> None:
    events.record(name, request.case_id, by=by, at=at, number=request.number, kind=request.kind, **more)


def _held(request: Request, verb: str) -> tuple[Request, Fund]:
    """The request and its fund as they are now, held; refuses a move that is no longer there."""
    fresh: Request = Request.objects.select_for_update(of=("self",)).select_related("case").get(pk=request.pk)
    if verb not in {move.name for move in lifecycle.request.moves_from(fresh.state)}:
        raise RuleBroken(GONE)
    return fresh, held(fresh.fund)


@transaction.atomic
def approve(request: Request, *, by: Actor, at: datetime) -> Request:
    """The first approval, or the only one; or the second, by somebody else. Approved money is promised at once."""
    request, fund = _held(request, "approve")
    if fund.state != Fund.State.OPEN or request.case.state == Case.State.CLOSED:
        raise RuleBroken(OVER)
    obstacle = rules.approving_obstacle(
        by.user_id, asked_by=request.asked_by, first_by=request.first_by, approvers=fund.approvers
    )  # fmt: skip
    if obstacle:
        raise RuleBroken(obstacle)
    first = request.state == lifecycle.ASKED
    if first:
        request.first_at, request.first_by = at, by.user_id
    if first and rules.needs_second(request.pence, fund.second_above):
        request.state = lifecycle.request.target(request.state, "approve_first")
        request.save(update_fields=["state", "first_at", "first_by"])
        _tell("help.first_approved", request, by=by, at=at)
        return request
    request.state = lifecycle.request.target(request.state, "approve")
    request.approved_at, request.approved_by = at, by.user_id
    post(fund, "promised", request.pence, by=by, at=at, on=london_date(at), request=request)
    request.save(update_fields=["state", "first_at", "first_by", "approved_at", "approved_by"])
    agenda.drop(request.case, by=by, at=at, kind=APPROVE, about=request.pk)
    _tell("help.approved", request, by=by, at=at)
    return request


@transaction.atomic
def refuse(request: Request, *, by: Actor, at: datetime, why: str) -> None:
    """Says no, with a reason that whoever asked reads."""
    request, fund = _held(request, "refuse")
    if fund.approvers and by.user_id not in fund.approvers:
        raise RuleBroken(rules.NOT_NAMED)
    if why not in rulebook.titles("practical_refusals", london_date(at)):
        raise RuleBroken("Choose why it is refused.", "why")
    request.refused_why = why
    _end(request, "refuse", by=by, at=at)
    _tell("help.refused", request, by=by, at=at, why=why)


@transaction.atomic
def withdraw(request: Request, *, by: Actor, at: datetime) -> None:
    """It is not needed after all. What was promised can be promised to others again."""
    request, fund = _held(request, "withdraw")
    if request.state == lifecycle.APPROVED:
        post(fund, "written_back", request.pence, by=by, at=at, on=london_date(at), request=request)
    _end(request, "withdraw", by=by, at=at)
    _tell("help.withdrawn", request, by=by, at=at)


def _end(request: Request, verb: str, *, by: Actor, at: datetime) -> None:
    request.state = lifecycle.request.target(request.state, verb)
    request.ended_at, request.ended_by = at, by.user_id
    request.save(update_fields=["state", "ended_at", "ended_by", "refused_why"])
    agenda.drop(request.case, by=by, at=at, kind=APPROVE, about=request.pk)


@transaction.atomic
def pay(request: Request, *, by: Actor, at: datetime, pence: int, on: date) -> None:
    """It was paid: as much as was approved or less. The promise ends, and a receipt is due."""
    request, fund = _held(request, "pay")
    today, since = london_date(at), london_date(request.approved_at or at)
    if obstacle := rules.paying_obstacle(pence, request.pence):
        raise RuleBroken(obstacle, "pence")
    if obstacle := rules.day_obstacle(on, today=today, since=since):
        raise RuleBroken(obstacle, "on")
    post(fund, "written_back", request.pence, by=by, at=at, on=on, request=request)
    post(fund, "paid", pence, by=by, at=at, on=on, request=request)
    request.state = lifecycle.request.target(request.state, "pay")
    request.paid_pence, request.paid_on, request.paid_by = pence, on, by.user_id
    request.save(update_fields=["state", "paid_pence", "paid_on", "paid_by"])
    due_on = on + timedelta(days=queries.limit("practical_receipt", today))
    agenda.put(
        request.case, by=by, at=at, kind=RECEIPT, about=request.pk, due_at=due_on, details={"kind": request.kind}
    )  # fmt: skip
    _tell("help.paid", request, by=by, at=at, pence=pence)


@transaction.atomic
def show_receipt(request: Request, *, by: Actor, at: datetime, receipt: str, file: bytes = b"") -> None:
    """The receipt was seen: its number, and a picture or PDF of it, which is kept sealed."""
    request, _ = _held(request, "show_receipt")
    if not receipt.strip() and not file:
        raise RuleBroken("Enter the number of the receipt, or add a picture of it.", "receipt")
    request.file_kind = documents.accepted(file) if file else request.file_kind
    changed = {"receipt": receipt} | ({"file": base64.b64encode(file).decode()} if file else {})
    fields.write(request, **changed)
    request.receipt_at, request.receipt_by = at, by.user_id
    request.save(update_fields=["receipt", "file", "file_kind", "receipt_at", "receipt_by"])
    agenda.drop(request.case, by=by, at=at, kind=RECEIPT, about=request.pk)
    _tell("help.receipted", request, by=by, at=at)


@transaction.atomic
def give_back(request: Request, *, by: Actor, at: datetime, pence: int, on: date) -> None:
    """Money that was paid came back: no more than was paid. A fund that is closed takes it too."""
    request, fund = _held(request, "give_back")
    if queries.entered_again(fund, by=by, at=at, kind="returned", pence=pence, on=on, request_number=request.number):
        return
    if obstacle := rules.returning_obstacle(pence, paid=request.paid_pence, returned=request.returned_pence):
        raise RuleBroken(obstacle, "pence")
    if obstacle := rules.day_obstacle(on, today=london_date(at), since=request.paid_on or on):
        raise RuleBroken(obstacle.replace("approved", "paid"), "on")
    post(fund, "returned", pence, by=by, at=at, on=on, request=request)
    request.returned_pence += pence
    request.save(update_fields=["returned_pence"])
    _tell("help.returned", request, by=by, at=at, pence=pence)


@transaction.atomic
def end(case_id: UUID, *, by: Actor, at: datetime) -> int:
    """After a case has closed: what nobody has approved is withdrawn; what was promised stays to be paid or withdrawn.
    Run by the worker; safe to repeat. Returns how many."""
    waiting = Request.objects.select_for_update(of=("self",)).select_related("case")
    left = list(waiting.filter(case_id=case_id, case__state=Case.State.CLOSED, state__in=lifecycle.WAITING))
    for request in left:
        whose = replace(by, organisation_id=request.case.provider_id)
        _end(request, "withdraw", by=whose, at=at)
        _tell("help.withdrawn", request, by=whose, at=at)
    return len(left)
