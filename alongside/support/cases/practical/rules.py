"""Pure rules of practical help: what may be asked for, who may approve it, and how a ledger adds up."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol
from uuid import UUID

from alongside.core import money

MOMENTS = timedelta(minutes=2)
# On a bank statement, and not.
ON_STATEMENT = ("put_in", "taken_out", "paid", "returned")
_BANK = re.compile(r"\b\d{2}[- ]\d{2}[- ]\d{2}\b|\b\d{8}\b")
BANK = "This seems to hold a sort code or an account number. Take it out: bank details are not kept here."
OWN = "You asked for this, so somebody else approves it."
ALONE = (
    "Nobody else at your organisation can approve it now. Under People, give somebody who is independent of you, such "
    "as a trustee, the role “Approver of practical help”: they see number, kind and sum, and nothing of the person. If "
    "the fund names who may approve, name them there too."
)
TWICE = "You gave the first approval, so somebody else gives the second."
NOT_NAMED = "You are not one of those who approve what this fund pays for."


class Line(Protocol):
    """What a sum needs of an entry."""

    @property
    def kind(self) -> str: ...

    @property
    def pence(self) -> int: ...

    @property
    def spends(self) -> str: ...

    @property
    def on(self) -> date: ...


@dataclass(frozen=True)
class Most:
    """How much may be asked for, in pence: in one request and in one case, by the rulebook and by the fund."""

    kind_single: int
    kind_case: int
    fund_single: int | None
    fund_case: int | None

    @property
    def single(self) -> int:
        return min(self.kind_single, self.fund_single or self.kind_single)


def asking_obstacle(pence: int, most: Most, *, of_kind: int, of_fund: int) -> str:
    """Why this sum cannot be asked for; `of_kind` and `of_fund`: what the case had already. Empty where it can."""
    if pence <= 0:
        return "Enter a sum above £0.00."
    if pence > most.single:
        return f"The most for one request of this kind is {money.format(most.single)}."
    if of_kind + pence > most.kind_case:
        return _over_case(most.kind_case, of_kind, "of this kind")
    if most.fund_case is not None and of_fund + pence > most.fund_case:
        return _over_case(most.fund_case, of_fund, "from this fund")
    return ""


def _over_case(most: int, had: int, what: str) -> str:
    return (
        f"The most for one case {what} is {money.format(most)}, and {money.format(had)} is asked for or spent already."
    )


def holds_bank_details(text: str) -> bool:
    return _BANK.search(text) is not None


def needs_second(pence: int, above: int | None) -> bool:
    return above is not None and pence > above


def approving_obstacle(
    who: UUID | None, *, asked_by: UUID | None, first_by: UUID | None, approvers: Collection[UUID]
) -> str:
    """Why somebody may not approve a request; empty where they may."""
    if who is None or who == asked_by:
        return OWN
    if who == first_by:
        return TWICE
    return "" if not approvers or who in approvers else NOT_NAMED


def paying_obstacle(pence: int, promised: int) -> str:
    if pence <= 0:
        return "Enter a sum above £0.00."
    if pence > promised:
        return f"{money.format(promised)} was approved. For more, withdraw this and ask again."
    return ""


def returning_obstacle(pence: int, *, paid: int, returned: int) -> str:
    if pence <= 0:
        return "Enter a sum above £0.00."
    if pence > paid - returned:
        return f"No more than {money.format(paid - returned)} can come back of what was paid."
    return ""


def day_obstacle(on: date, *, today: date, since: date) -> str:
    """Why money cannot have moved on a day, if it cannot."""
    if on > today:
        return "The day must be today or earlier."
    return "This is before it was approved." if on < since else ""


def total(lines: Iterable[Line], *kinds: str) -> int:
    """The sum of entries of some kinds, or of all, in pence."""
    return sum(line.pence for line in lines if not kinds or line.kind in kinds)


@dataclass(frozen=True)
class Books:
    """How a ledger stands: what may be promised, what is promised, what the bank should hold, what it has shown."""

    left: int
    promised: int
    in_bank: int
    shown: int

    @property
    def not_shown(self) -> int:
        return self.in_bank - self.shown


def books(lines: Iterable[Line], shown: Iterable[Line]) -> Books:
    """`shown`: the entries that a bank statement has shown."""
    held = list(lines)
    promised = -total(held, "promised", "written_back")
    return Books(total(held), promised, total(held, *ON_STATEMENT), total(shown))


@dataclass(frozen=True)
class Spent:
    """A kind of help in a year: paid less what came back, and promised at its end, in pence."""

    kind: str
    paid: int
    promised: int


@dataclass(frozen=True)
class Year:
    """A fund in a financial year, in pence. What it began with and what came in is paid, promised or left."""

    began: int
    put_in: int
    kinds: tuple[Spent, ...]
    left: int

    @property
    def paid(self) -> int:
        return sum(one.paid for one in self.kinds)

    @property
    def promised(self) -> int:
        return sum(one.promised for one in self.kinds)


def year(lines: Iterable[Line], start: date, end: date) -> Year:
    """What became of a fund from `start` until the day before `end`. What it began with counts promises as there."""
    until = [line for line in lines if line.on < end]
    during, before = [line for line in until if line.on >= start], [line for line in until if line.on < start]
    kinds = dict.fromkeys(line.spends for line in until if line.spends)
    spent = (
        Spent(
            kind, -total((line for line in during if line.spends == kind), "paid", "returned"),
            -total((line for line in until if line.spends == kind), "promised", "written_back"),
        )
        for kind in kinds
    )  # fmt: skip
    return Year(
        began=total(before, *ON_STATEMENT), put_in=total(during, "put_in", "taken_out"),
        kinds=tuple(one for one in spent if one.paid or one.promised), left=total(until),
    )  # fmt: skip
