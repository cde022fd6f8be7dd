"""Reads of practical help: funds and their ledgers, what a case asked for, what waits for approval."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from alongside.core import money
from alongside.core.access.actor import Actor
from alongside.core.clocks import due, london_date
from alongside.core.pages.paging import Page, page_of
from alongside.core.privacy import crypt, fields
from alongside.core.rows import ahead
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.accounts.permissions import ROLES, Permission
from alongside.foundation.office.organisations.models import Membership
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.cases.casework.models import Case
from alongside.support.cases.practical import lifecycle, rules
from alongside.support.cases.practical.models import Entry, Fund, Request
from alongside.support.cases.practical.rules import Books, Most

POUND = 100
APPROVING = tuple(key for key, role in ROLES.items() if Permission.HELP_APPROVE in role.permissions)
OPEN = Q(requests__state__in=(*lifecycle.WAITING, lifecycle.APPROVED))


def limit(code: str, on: date) -> int:
    return rulebook.rule("limits", code, on).number("number")


def answer_due(at: datetime) -> datetime:
    """By when a request should be answered."""
    return due(at, limit("practical_answer", london_date(at)))


@dataclass(frozen=True)
class FundLine:
    """A fund in the list of funds, with how many of its requests are open."""

    fund: Fund
    open: int

    @property
    def left(self) -> str:
        return money.format(self.fund.balance)


def funds(rows: QuerySet[Fund]) -> tuple[FundLine, ...]:
    """The funds of an organisation, those that are open first."""
    found = rows.annotate(waiting=Count("requests", filter=OPEN)).order_by("-state", "name")
    return tuple(FundLine(one, one.waiting) for one in found)


def open_funds(case: Case) -> tuple[Fund, ...]:
    """The funds that a case may be helped from."""
    return tuple(Fund.objects.filter(organisation=case.provider_id, state=Fund.State.OPEN).order_by("name"))


def kinds_of(funds: Iterable[Fund], on: date) -> tuple[RuleRow, ...]:
    """The kinds of help that any of these funds may pay for."""
    allowed = {code for fund in funds for code in fund.kinds}
    return tuple(row for row in rulebook.current("practical_kinds", on) if row.code in allowed)


def most(fund: Fund, kind: RuleRow) -> Most:
    return Most(kind.number("single") * POUND, kind.number("per_case") * POUND, fund.single_most, fund.case_most)


def spent_on(case: Case, **of: Any) -> int:
    """What a case asked for or was paid and did not give back, in pence."""
    found = Request.objects.filter(case=case, state__in=lifecycle.COUNTED, **of)
    return sum(
        (one.paid_pence - one.returned_pence) if one.state == lifecycle.PAID else one.pence for one in found
    )  # fmt: skip


def asked_again(case: Case, what: str, *, by: Actor, at: datetime, **same: Any) -> Request | None:
    """The same request by the same person moments ago: its form was sent twice."""
    recent = Request.objects.filter(case=case, asked_by=by.user_id, asked_at__gt=at - rules.MOMENTS, **same)
    return next((one for one in recent if fields.read(one, "what") == what), None)


def entered_again(fund: Fund, *, by: Actor, at: datetime, **same: Any) -> Entry | None:
    """The same entry by the same person moments ago."""
    found: Entry | None = Entry.objects.filter(
        fund=fund, entered_by=by.user_id, entered_at__gt=at - rules.MOMENTS, **same
    ).first()  # fmt: skip
    return found


@dataclass(frozen=True)
class Asked:
    """A request as it is read: what for, its receipt, and who did what."""

    request: Request
    what: str
    receipt: str
    names: Mapping[UUID | None, str]


def read(found: Iterable[Request]) -> tuple[Asked, ...]:
    """Requests, opened."""
    held = list(found)
    crypt.load_keys([one.victim_id for one in held])
    people = {
        person for one in held
        for person in (one.asked_by, one.first_by, one.approved_by, one.ended_by, one.paid_by, one.receipt_by) if person
    }  # fmt: skip
    names: dict[UUID | None, str] = dict(User.objects.filter(pk__in=people).values_list("pk", "name"))
    return tuple(Asked(one, fields.read(one, "what"), fields.read(one, "receipt"), names) for one in held)


def of_case(case: Case) -> tuple[Asked, ...]:
    """What a case asked for, the latest first."""
    return read(Request.objects.filter(case=case).select_related("fund").order_by("-asked_at", "-id"))


def receipt_file(request: Request) -> bytes:
    return base64.b64decode(fields.read(request, "file"))


@dataclass(frozen=True)
class Totals:
    """What was spent on a case and what is on its way, in pence, and how many receipts are missing."""

    paid: int
    coming: int
    receipts: int


def totals(case: Case) -> Totals:
    """In one question to the database."""
    open_, asked = (*lifecycle.WAITING, lifecycle.APPROVED), list(_sums(case))
    paid = [one for one in asked if one.state == lifecycle.PAID]
    return Totals(
        sum((one.paid_pence or 0) - (one.returned_pence or 0) for one in paid),
        sum(one.pence for one in asked if one.state in open_), sum(one.receipt_at is None for one in paid),
    )  # fmt: skip


@ahead.question
def _sums(case: Case) -> QuerySet[Request]:
    return Request.objects.filter(case=case).only("state", "paid_pence", "returned_pence", "pence", "receipt_at")


def reads(case: Case, *, by: Actor, at: datetime) -> Iterable["QuerySet[Any]"]:
    """What the page of a case asks of this domain: to be read in one with more (`rows.ahead`)."""
    return (_sums(case),)


def waiting(rows: QuerySet[Request]) -> tuple[Asked, ...]:
    """What waits for a first or a second approval, the oldest first."""
    return read(_waiting(rows).select_related("fund", "case"))


def _waiting(rows: QuerySet[Request]) -> QuerySet[Request]:
    return rows.filter(state__in=lifecycle.WAITING).order_by("asked_at", "id")


def waiting_by_number(rows: QuerySet[Request]) -> tuple[tuple[Request, Mapping[UUID | None, str]], ...]:
    """The same for somebody who may say yes and may know nobody: no words are opened and no case is read."""
    held = list(_waiting(rows).select_related("fund"))
    people = {person for one in held for person in (one.asked_by, one.first_by) if person}
    names: dict[UUID | None, str] = dict(User.objects.filter(pk__in=people).values_list("pk", "name"))
    return tuple((one, names) for one in held)


def approvers(organisation: int) -> dict[UUID, str]:
    """Who may approve requests at an organisation, by name: its managers, and those who have that role alone."""
    held = Membership.objects.current().filter(organisation_id=organisation, role__in=APPROVING)
    people = {found.user_id: found.user.name for found in held.select_related("user")}
    return dict(sorted(people.items(), key=lambda pair: pair[1]))


def lacks_a_second(organisation: int, *, second_above: int | None, approvers_: Iterable[UUID]) -> bool:
    """Whether a second approval is asked for where there are not two who could give one each."""
    named, there = set(approvers_), set(approvers(organisation))
    return second_above is not None and len(there & named if named else there) < 2


def nobody_else(asked: Request) -> bool:
    """Whether nobody is there who could still approve a request: not who asked, nor who gave the first approval."""
    named, there = set(asked.fund.approvers), set(approvers(asked.fund.organisation_id))
    return not (there & named if named else there) - {asked.asked_by, asked.first_by}


def ledger(fund: Fund) -> tuple[Entry, ...]:
    """Every entry, the first first."""
    return tuple(Entry.objects.filter(fund=fund).order_by("number"))


@dataclass(frozen=True)
class Sheet:
    """A page of a ledger, the latest first: each entry with what was left after it; how many lines there are in all,
    and how many of all entries still await a tick."""

    entries: tuple[tuple[Entry, int], ...]
    page: Page
    total: int
    unticked: int


def sheet(fund: Fund, *, unticked: bool, after: str, before: str) -> Sheet:
    """A page of every entry, or of those alone that await a tick."""
    every = Entry.objects.filter(fund=fund)
    open_ = every.filter(kind__in=rules.ON_STATEMENT, seen_on=None)
    wanted = open_ if unticked else every
    page = page_of(wanted, order=("-number", "-id"), after=after, before=before)
    left = _left(every, [entry.number for entry in page.rows])
    shown = tuple((entry, left[entry.number]) for entry in page.rows)
    return Sheet(shown, page, wanted.count(), open_.count())


def _left(every: QuerySet[Entry], numbers: Sequence[int]) -> dict[int, int]:
    """What was left in the fund after each of these entries."""
    if not numbers:
        return {}
    first, last = min(numbers), max(numbers)
    left = every.filter(number__lt=first).aggregate(sum=Sum("pence"))["sum"] or 0
    found = {}
    for number, pence in every.filter(number__range=(first, last)).order_by("number").values_list("number", "pence"):
        left += pence
        found[number] = left
    return found


def books(entries: Iterable[Entry]) -> Books:
    held = list(entries)
    return rules.books(held, [one for one in held if one.seen_on])


def promised(fund: Fund) -> int:
    """What is promised and not paid yet, in pence: of every case, restricted ones too."""
    return -rules.total(ledger(fund), "promised", "written_back")
