"""Words and colours of practical help: requests on a case, a fund's ledger and its year."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from alongside.core import money
from alongside.core.access.actor import Actor
from alongside.core.pages.beside import Card, LooseEnd, Said, Tab, Titles, lines
from alongside.core.pages.filters import date_words, plural
from alongside.core.periods import FinancialYear
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.documents.rules import Column
from alongside.support.cases.agenda.rules import Kind, Lane
from alongside.support.cases.casework.models import Case
from alongside.support.cases.practical import lifecycle, queries, rules
from alongside.support.cases.practical.models import Entry, Fund, Request
from alongside.support.cases.practical.queries import Asked

FORMER = "a former colleague"
COLOURS = {lifecycle.ASKED: "yellow", lifecycle.SECOND: "yellow", lifecycle.APPROVED: "blue", lifecycle.PAID: "green",
           lifecycle.REFUSED: "red", lifecycle.WITHDRAWN: "grey"}  # fmt: skip
Words = Mapping[str, str]


@dataclass(frozen=True)
class Books:
    """The words of the books of rules that these pages speak with."""

    kinds: Words
    ways: Words
    refusals: Words


@dataclass(frozen=True)
class Shown:
    """A request in words."""

    request: Request
    title: str
    sum: str
    tag: dict[str, str]
    what: str
    lines: tuple[str, ...]
    verbs: frozenset[str]


def shown(asked: Asked, books: Books, *, by: Actor) -> Shown:
    one = asked.request
    return Shown(
        request=one, title=f"{one.number}: {books.kinds.get(one.kind, one.kind)}", sum=money.format(one.pence),
        tag={"word": one.get_state_display(), "colour": COLOURS[one.state]}, what=asked.what,
        lines=tuple(_lines(asked, books)), verbs=frozenset(_verbs(one, by)),
    )  # fmt: skip


def _lines(asked: Asked, books: Books) -> Iterable[str]:
    """What became of it, in order."""
    one, who = asked.request, asked.names
    yield f"Asked {date_words(one.asked_at)} by {who.get(one.asked_by, FORMER)}, from “{one.fund.name}”."
    if one.first_at and one.first_by != one.approved_by:
        yield f"First approval {date_words(one.first_at)} by {who.get(one.first_by, FORMER)}."
    if one.approved_at:
        yield f"Approved {date_words(one.approved_at)} by {who.get(one.approved_by, FORMER)}."
    if one.ended_at:
        done = "Refused" if one.state == lifecycle.REFUSED else "Withdrawn"
        by = f" by {who.get(one.ended_by, FORMER)}" if one.ended_by else ", as the case closed"
        why = f" {books.refusals.get(one.refused_why, one.refused_why)}." if one.refused_why else ""
        yield f"{done} {date_words(one.ended_at)}{by}.{why}"
    if one.paid_on:
        how = books.ways.get(one.how, one.how)
        yield f"{money.format(one.paid_pence)} paid {date_words(one.paid_on)}. {how}."
        yield _receipt(asked)
    if one.returned_pence:
        yield f"{money.format(one.returned_pence)} came back."


def _receipt(asked: Asked) -> str:
    one = asked.request
    if one.receipt_at is None:
        return "No receipt yet."
    number = f" {asked.receipt}" if asked.receipt else ""
    return f"Receipt{number} seen {date_words(one.receipt_at)} by {asked.names.get(one.receipt_by, FORMER)}."


def _verbs(one: Request, by: Actor) -> Iterable[str]:
    """What this reader may do with it now."""
    moves = {move.name for move in lifecycle.request.moves_from(one.state) if by.may(move.needs)}
    refused = rules.approving_obstacle(
        by.user_id, asked_by=one.asked_by, first_by=one.first_by, approvers=one.fund.approvers
    )  # fmt: skip
    yield from moves - ({"approve"} if refused else set())
    if "approve" in moves and refused:
        yield "explain"


def obstacle(one: Request, by: Actor) -> str:
    """Why this reader may not approve it; and what to do where nobody else may either."""
    why = rules.approving_obstacle(
        by.user_id, asked_by=one.asked_by, first_by=one.first_by, approvers=one.fund.approvers
    )  # fmt: skip
    waits = why and one.state in lifecycle.WAITING
    return f"{why} {rules.ALONE}" if waits and queries.nobody_else(one) else why


@dataclass(frozen=True)
class Numbered:
    """A request for whoever may say yes and may know nobody: no words, no case."""

    request: Request
    title: str
    sum: str
    lines: tuple[str, ...]
    obstacle: str


def numbered(one: Request, who: Mapping[UUID | None, str], books: Books, *, by: Actor) -> Numbered:
    asked = f"{who.get(one.asked_by, FORMER)} asked for it on {date_words(one.asked_at)}."
    first = f"First approval {date_words(one.first_at)} by {who.get(one.first_by, FORMER)}." if one.first_at else ""
    lines = tuple(filter(None, (f"From {one.fund.name}.", asked, first)))
    title = f"{one.number}, {books.kinds.get(one.kind, one.kind)}"
    return Numbered(one, title, money.format(one.pence), lines, obstacle(one, by))


def hints(funds: Iterable[Fund], on: date) -> dict[str, str]:
    """Of each kind what it covers, and how much at most."""
    return {
        row.code: f"{row.text('examples')}. Up to {money.format(row.number('single') * queries.POUND)}."
        for row in queries.kinds_of(funds, on)
    }  # fmt: skip


def fund_hints(funds: Iterable[Fund]) -> dict[str, str]:
    """Of each fund what is left, and what one request may ask for."""
    return {
        str(fund.pk): f"{money.format(fund.balance)} left"
        + (f", up to {money.format(fund.single_most)} for one request" if fund.single_most else "")
        for fund in funds
    }


def terms(fund: Fund) -> dict[str, Any]:
    """What the form of a fund starts from."""
    sums = {name: money.format(pence) if (pence := getattr(fund, name)) else ""
            for name in ("single_most", "case_most", "second_above")}  # fmt: skip
    people = [str(key) for key in fund.approvers]
    return {"name": fund.name, "kinds": fund.kinds, "approvers": people, "seen": fund.version, **sums}


def terms_words(fund: Fund, books: Books, managers: Mapping[UUID, str]) -> list[dict[str, str]]:
    """What a fund is for, for `ui.summary`."""
    people = ", ".join(managers.get(key, FORMER) for key in fund.approvers)
    limits = (("Most for one request", fund.single_most), ("Most for one case", fund.case_most),
              ("Second approval above", fund.second_above))  # fmt: skip
    return [
        {"key": "May pay for", "value": ", ".join(books.kinds.get(code, code) for code in fund.kinds)},
        *({"key": key, "value": money.format(pence)} for key, pence in limits if pence),
        {"key": "Approved by", "value": people or "Any manager"},
    ]


@dataclass(frozen=True)
class Line:
    """An entry in words. It names nobody."""

    entry: Entry
    kind: str
    about: str
    into: str
    out: str
    promised: str
    left: str
    seen: str
    ticks: bool


def ledger(entries: Iterable[tuple[Entry, int]], books: Books) -> list[Line]:
    """Entries in words, each with what was left after it."""
    return [_line(entry, left, books) for entry, left in entries]


def _line(entry: Entry, left: int, books: Books) -> Line:
    into, out, promised = _sums(entry)
    return Line(
        entry=entry, kind=entry.get_kind_display(), about=_about(entry, books), into=into, out=out, promised=promised,
        left=money.format(left), seen=date_words(entry.seen_on) if entry.seen_on else "",
        ticks=entry.kind in rules.ON_STATEMENT and entry.seen_on is None,
    )  # fmt: skip


def _sums(entry: Entry) -> tuple[str, str, str]:
    """What came in, what went out, and what was promised or is promised no more."""
    if entry.kind not in rules.ON_STATEMENT:
        return "", "", money.format(-entry.pence)
    return (money.format(entry.pence), "", "") if entry.pence > 0 else ("", money.format(-entry.pence), "")


def _about(entry: Entry, books: Books) -> str:
    if not entry.request_number:
        return entry.source
    return f"{entry.request_number}, {books.kinds.get(entry.spends, entry.spends).lower()}"


def stats(held: rules.Books) -> list[dict[str, str]]:
    """How a fund stands, for `ui.stat_row`."""
    return [
        {"value": money.format(held.left), "label": "Left to promise"},
        {"value": money.format(held.promised), "label": "Promised, not paid"},
        {"value": money.format(held.in_bank), "label": "Should be in the bank"},
        {"value": money.format(held.not_shown), "label": "Not yet on a statement"},
    ]


COLUMNS = (
    Column("number", "Entry"), Column("on", "Day"), Column("kind", "What"), Column("request", "Request"),
    Column("spends", "Kind of help"), Column("how", "How paid"), Column("source", "From or to"),
    *(Column(key, words) for key, words in (
        ("into", "In (£)"), ("out", "Out (£)"), ("promised", "Promised (£)"), ("ended", "Promise ended (£)"),
    )),
    Column("seen", "On the statement of"),
)  # fmt: skip
NOTE = "No names and no cases: a request stands here by its number."


def file_rows(entries: Iterable[Entry], books: Books) -> list[dict[str, Any]]:
    """The ledger for a file; sums without signs that a spreadsheet would reckon with."""
    return [
        {"number": entry.number, "on": entry.on.isoformat(), "kind": entry.get_kind_display(),
         "request": entry.request_number, "spends": books.kinds.get(entry.spends, entry.spends),
         "how": books.ways.get(entry.how, entry.how), "source": entry.source,
         "seen": entry.seen_on.isoformat() if entry.seen_on else "",
         **_apart(entry)}
        for entry in entries
    ]  # fmt: skip


def _apart(entry: Entry) -> dict[str, str]:
    """The sum in the column that it belongs to; no sign is needed then."""
    held = {"promised": "promised", "written_back": "ended"}
    column = held.get(entry.kind, "into" if entry.pence > 0 else "out")
    pounds, pence = divmod(abs(entry.pence), 100)
    return dict.fromkeys(("into", "out", "promised", "ended"), "") | {column: f"{pounds}.{pence:02}"}


def totals(found: queries.Totals) -> list[dict[str, Any]]:
    """What a case was helped with, for `ui.stat_row`."""
    return [
        {"value": money.format(found.paid), "label": "Paid"},
        {"value": money.format(found.coming), "label": "Asked for or approved"},
        {"value": found.receipts, "label": "Receipts to come", "tone": "warn" if found.receipts else ""},
    ]


DEFINITIONS = (
    ("At its start", "What the bank should have held on 1 April, promises that were not paid among it."),
    ("Put in", "Grants and gifts of the year, less what was given back to whoever gave it."),
    ("Paid", "What was paid for help in the year, less what came back in it."),
    ("Promised", "What was approved and not paid by the end of the year, or by today."),
    ("Left", "At its start and put in, less paid and promised: what could still be promised."),
)  # fmt: skip


@dataclass(frozen=True)
class YearShown:
    """A fund's year in words."""

    title: str
    sums: tuple[dict[str, str], ...]
    kinds: tuple[dict[str, str], ...]
    earlier: int
    later: int


def year(held: rules.Year, which: FinancialYear, books: Books) -> YearShown:
    sums = (("At its start", held.began), ("Put in", held.put_in), ("Paid", held.paid), ("Promised", held.promised),
            ("Left", held.left))  # fmt: skip
    kinds = (
        {"kind": books.kinds.get(one.kind, one.kind), "paid": money.format(one.paid),
         "promised": money.format(one.promised)}
        for one in held.kinds
    )  # fmt: skip
    return YearShown(
        str(which), tuple({"key": key, "value": money.format(value)} for key, value in sums), tuple(kinds),
        which.year - 1, which.year + 1,
    )  # fmt: skip


def tabs(case: Case, *, by: Actor) -> tuple[Tab, ...]:
    return (Tab("Practical help", "practical", "practical:helped"),) if by.may(P.CASE_WORK) else ()


def beside_case(case: Case, *, by: Actor, at: datetime) -> Iterable[Card]:
    """On the page of a case: what was spent, what is on its way, and receipts that are missing."""
    if by.realm != Realm.PROVIDER or not by.may(P.CASE_WORK):
        return
    found = queries.totals(case)
    said = [f"{money.format(found.paid)} paid"] if found.paid else []
    said += [f"{money.format(found.coming)} asked for or approved"] if found.coming else []
    said += [f"{plural(found.receipts, 'receipt')} to come"] if found.receipts else []
    if said:
        yield lines("Practical help", said, link=("Every request", reverse("practical:helped", args=[case.pk])))


def _kind(details: Mapping[str, Any], titles: Titles) -> str:
    words = titles("practical_kinds").get(details["kind"], details["kind"])
    return f"{words[:1].lower()}{words[1:]}"


def _said(words: str, *, colour: str = "", with_sum: bool = False) -> Said:
    def tell(details: Mapping[str, Any], titles: Titles) -> str:
        sum_ = f"{money.format(details['pence'])}, " if with_sum else ""
        return f"{words}: {sum_}{_kind(details, titles)}"

    return Said(tell, kind="money", view="practical:helped", colour=colour)


TOLD: Mapping[str, Said] = {
    "help.asked": _said("Practical help asked for", with_sum=True),
    "help.first_approved": _said("Practical help has its first approval"),
    "help.approved": _said("Practical help approved"),
    "help.refused": _said("Practical help refused"),
    "help.withdrawn": _said("Practical help withdrawn"),
    "help.paid": _said("Practical help paid", with_sum=True, colour="green"),
    "help.receipted": _said("Receipt seen for practical help"),
    "help.returned": _said("Money back from practical help", with_sum=True),
}
DUE: Mapping[str, Kind] = {
    "practical.approve": Kind(
        words=lambda details, titles: f"Approve practical help: {_kind(details, titles)}", view="practical:asked",
        group="money", of="about", lane=Lane.MANAGER,
    ),
    "practical.receipt": Kind(
        words=lambda details, titles: f"Receipt for practical help: {_kind(details, titles)}",
        view="practical:show_receipt", group="money", of="about",
    ),
}  # fmt: skip


def closing(case: Case, *, by: Actor, at: datetime) -> Iterable[LooseEnd]:
    """Money that is on its way, and receipts that are missing."""
    found = queries.totals(case)
    if found.coming:
        words = f"{money.format(found.coming)} of practical help is asked for or approved, and not paid"
        yield LooseEnd(words, "practical:helped")
    if found.receipts:
        yield LooseEnd(f"{plural(found.receipts, 'receipt')} for practical help to come", "practical:helped")
