"""Pages of practical help: requests on a case, what waits for a manager, and the books of a fund."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms as plain
from django.contrib import messages as flash
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core import money
from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.access.fresh import fresh
from alongside.core.pages import beside
from alongside.core.pages.acts import did, tried
from alongside.core.pages.files import handed_out
from alongside.core.pages.tables import page_links
from alongside.core.periods import FinancialYear
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.documents import actions as documents
from alongside.foundation.office.documents.rules import TYPES
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.casework.models import Case
from alongside.support.cases.practical import actions, forms, ledger, lifecycle, presenters, queries, rules
from alongside.support.cases.practical.models import Entry, Fund, Request

UNTICKED = "unticked"
ONE_MANAGER = (
    "Only one manager may approve from this fund, so what needs a second approval cannot have one. Name another; or "
    "under People give somebody who is independent, such as a trustee, the role “Approver of practical help”; or "
    "change the sum."
)


def _books() -> presenters.Books:
    on = forms.today()
    return presenters.Books(
        rulebook.titles("practical_kinds", on), rulebook.titles("practical_ways", on),
        rulebook.titles("practical_refusals", on),
    )  # fmt: skip


@access(P.CASE_WORK, of=Case)
def helped(request: HttpRequest, case: Case) -> HttpResponse:
    """What a case asked for, and what became of it."""
    by, books = actor_of(request), _books()
    shown = [presenters.shown(one, books, by=by) for one in queries.of_case(case)]
    context = {"shown": shown, "totals": presenters.totals(queries.totals(case)), "funds": queries.open_funds(case)}
    return beside.framed(request, "case", case, "practical/helped.html", tab="practical", **context)


@access(P.CASE_WORK, of=Case)
def ask(request: HttpRequest, case: Case) -> HttpResponse:
    by, at, on = actor_of(request), timezone.now(), forms.today()
    funds = queries.open_funds(case)
    kinds = [(row.code, row.title) for row in queries.kinds_of(funds, on)]
    form = forms.Ask(request.POST or None, funds=funds, kinds=kinds, ways=rulebook.choices("practical_ways", on))
    if form.is_valid() and did(form, lambda: actions.ask(case, by=by, at=at, **form.given)):
        flash.success(request, "It is asked for. A manager answers it.")
        return redirect("practical:helped", pk=case.pk)
    hints = {"kind": presenters.hints(funds, on), "fund": presenters.fund_hints(funds)}
    return beside.framed(
        request, "case", case, "practical/ask.html", tab="practical", form=form, hints=hints, funds=funds
    )  # fmt: skip


@access(P.HELP_APPROVE, rows=Request)
def approvals(request: HttpRequest, rows: QuerySet[Request]) -> HttpResponse:
    """What waits for approval, the oldest first; by number alone for whoever manages no cases."""
    by, books = actor_of(request), _books()
    if not by.may(P.CASE_ASSIGN):
        told = [presenters.numbered(one, who, books, by=by) for one, who in queries.waiting_by_number(rows)]
        return render(request, "practical/by_number.html", {"shown": told})
    found = queries.waiting(rows)
    note_looks(request, [one.request.case_id for one in found], fields="practical help")
    return render(request, "practical/approvals.html", {"shown": [presenters.shown(o, books, by=by) for o in found]})


def _page(request: HttpRequest, asked: Request, template: str, **context: Any) -> HttpResponse:
    by, (read,) = actor_of(request), queries.read([asked])
    shown = presenters.shown(read, _books(), by=by)
    context |= {"one": shown, "obstacle": presenters.obstacle(asked, by)}
    return beside.framed(request, "case", asked.case, f"practical/{template}.html", tab="practical", **context)


@access(P.CASE_WORK, of=Request)
def asked(request: HttpRequest, asked: Request) -> HttpResponse:
    """One request, and what may be done with it."""
    return _page(request, asked, "asked")


@access(lifecycle.request.needs("approve"), of=Request)
@require_POST
def approve(request: HttpRequest, asked: Request) -> HttpResponse:
    by = actor_of(request)
    tried(request, lambda: actions.approve(asked, by=by, at=timezone.now()), "Your approval is kept.")
    return redirect("practical:asked", pk=asked.pk) if by.may(P.CASE_WORK) else redirect("practical:approvals")


@access(lifecycle.request.needs("withdraw"), of=Request)
@require_POST
def withdraw(request: HttpRequest, asked: Request) -> HttpResponse:
    tried(request, lambda: actions.withdraw(asked, by=actor_of(request), at=timezone.now()), "It is withdrawn.")
    return redirect("practical:asked", pk=asked.pk)


def _verb(
    request: HttpRequest, asked: Request, form: plain.Form, act: Callable[..., object], title: str, done: str
) -> HttpResponse:
    """A form about one request: done and back to it; or again, with what is wrong."""
    by, at = actor_of(request), timezone.now()
    if form.is_valid() and did(form, lambda: act(asked, by=by, at=at, **getattr(form, "given", form.cleaned_data))):
        flash.success(request, done)
        return redirect("practical:asked", pk=asked.pk)
    return _page(request, asked, "verb", form=form, title=title)


@access(lifecycle.request.needs("refuse"), of=Request)
def refuse(request: HttpRequest, asked: Request) -> HttpResponse:
    form = forms.Refuse(request.POST or None, reasons=rulebook.choices("practical_refusals", forms.today()))
    return _verb(request, asked, form, actions.refuse, "Refuse it", "It is refused.")


@access(lifecycle.request.needs("pay"), of=Request)
def pay(request: HttpRequest, asked: Request) -> HttpResponse:
    start = {"pence": money.format(asked.pence), "on": forms.today()}
    form = forms.Pay(request.POST or None, initial=start)
    return _verb(request, asked, form, actions.pay, "Say that it is paid", "It is paid. Now the receipt is due.")


@access(lifecycle.request.needs("give_back"), of=Request)
def give_back(request: HttpRequest, asked: Request) -> HttpResponse:
    form = forms.GiveBack(request.POST or None)
    return _verb(request, asked, form, actions.give_back, "Money came back", "It is back in the fund.")


@access(lifecycle.request.needs("show_receipt"), of=Request)
def show_receipt(request: HttpRequest, asked: Request) -> HttpResponse:
    form = forms.ShowReceipt(request.POST or None, request.FILES or None)
    return _verb(request, asked, form, actions.show_receipt, "Keep the receipt", "The receipt is kept.")


@access(P.CASE_WORK, of=Request)
def receipt(request: HttpRequest, asked: Request) -> HttpResponse:
    """The receipt itself, to be kept and not shown."""
    if not asked.file_kind:
        raise Http404
    note_looks(request, [asked.case_id, asked.victim_id], fields="receipt")
    name = f"{asked.number}.{asked.file_kind}"
    return handed_out(queries.receipt_file(asked), type_=TYPES[asked.file_kind], name=name)


@access(P.FUND_KEEP, rows=Fund)
def funds(request: HttpRequest, rows: QuerySet[Fund]) -> HttpResponse:
    """The funds of the organisation."""
    return render(request, "practical/funds.html", {"funds": queries.funds(rows), "by": actor_of(request)})


def _fund_form(request: HttpRequest, form: plain.Form, title: str, back: str, *of: Any) -> HttpResponse:
    context = {"form": form, "title": title, "back": back, "of": of}
    return render(request, "practical/fund_form.html", context)


def _offered(by: Any) -> dict[str, Any]:
    people = [(str(key), name) for key, name in queries.approvers(by.organisation_id or 0).items()]
    return {"kinds": rulebook.choices("practical_kinds", forms.today()), "managers": people}


def _warn(request: HttpRequest, terms: ledger.Terms) -> None:
    here = actor_of(request).organisation_id or 0
    if queries.lacks_a_second(here, second_above=terms.second_above, approvers_=terms.approvers):
        flash.warning(request, ONE_MANAGER)


@access(P.SERVICE_MANAGE, rows=Fund)
def open_fund(request: HttpRequest, rows: QuerySet[Fund]) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    form = forms.OpenFund(request.POST or None, **_offered(by))
    if form.is_valid() and did(form, lambda: ledger.open_fund(form.terms, by=by, at=at)):
        flash.success(request, "The fund is open. Now say what was put in.")
        _warn(request, form.terms)
        return redirect("practical:funds")
    return _fund_form(request, form, "Open a fund", "practical:funds")


@access(P.SERVICE_MANAGE, of=Fund)
def revise(request: HttpRequest, fund: Fund) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    form = forms.ReviseFund(request.POST or None, initial=presenters.terms(fund), **_offered(by))
    if form.is_valid() and did(
        form, lambda: ledger.revise(fund, form.terms, by=by, at=at, seen=form.cleaned_data["seen"])
    ):
        _warn(request, form.terms)
        return redirect("practical:fund", pk=fund.pk)
    return _fund_form(request, form, "Change the fund", "practical:fund", fund.pk)


def _moved(
    request: HttpRequest, fund: Fund, form: plain.Form, act: Callable[..., object], title: str
) -> HttpResponse:  # fmt: skip
    by, at = actor_of(request), timezone.now()
    if form.is_valid() and did(form, lambda: act(fund, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "It is in the ledger.")
        return redirect("practical:fund", pk=fund.pk)
    return _fund_form(request, form, title, "practical:fund", fund.pk)


@access(P.SERVICE_MANAGE, of=Fund)
def put_in(request: HttpRequest, fund: Fund) -> HttpResponse:
    return _moved(request, fund, forms.PutIn(request.POST or None), ledger.put_in, "Put money in")


@access(P.SERVICE_MANAGE, of=Fund)
def take_out(request: HttpRequest, fund: Fund) -> HttpResponse:
    return _moved(request, fund, forms.TakeOut(request.POST or None), ledger.take_out, "Take money out")


@access(P.SERVICE_MANAGE, of=Fund)
@require_POST
def close_fund(request: HttpRequest, fund: Fund) -> HttpResponse:
    tried(request, lambda: ledger.close_fund(fund, by=actor_of(request), at=timezone.now()), "The fund is closed.")
    return redirect("practical:fund", pk=fund.pk)


def _place(request: HttpRequest) -> dict[str, str]:
    """Where in a ledger somebody is: which page, and whether of all entries or of those that await a tick."""
    return {key: request.GET.get(key, "") for key in ("view", "after", "before")}


def _to_ledger(request: HttpRequest, fund: UUID) -> HttpResponse:
    return redirect(f"{reverse('practical:fund', args=[fund])}?{urlencode(_place(request))}")


def _fund(request: HttpRequest, fund: Fund, form: plain.Form | None = None) -> HttpResponse:
    place = _place(request)
    sheet = queries.sheet(fund, unticked=place["view"] == UNTICKED, after=place["after"], before=place["before"])
    here = reverse("practical:fund", args=[fund.pk])
    before, after = (here + link if link else None for link in page_links(request, sheet.page))
    context = {
        "fund": fund, "entries": presenters.ledger(sheet.entries, _books()), "sheet": sheet, "place": urlencode(place),
        "unticked": place["view"] == UNTICKED, "before": before, "after": after,
        "stats": presenters.stats(queries.books(queries.ledger(fund))),
        "form": form or forms.Reconcile(numbers=()), "by": actor_of(request),
        "terms": presenters.terms_words(fund, _books(), queries.approvers(fund.organisation_id)),
        "year": FinancialYear.containing(forms.today()).year,
    }  # fmt: skip
    return render(request, "practical/fund.html", context)


@access(P.FUND_KEEP, of=Fund)
def fund(request: HttpRequest, fund: Fund) -> HttpResponse:
    """A fund's ledger, to be held against the bank's statement. It names nobody."""
    return _fund(request, fund)


@access(P.FUND_KEEP, of=Fund)
@require_POST
def reconcile(request: HttpRequest, fund: Fund) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    numbers = [entry.number for entry in queries.ledger(fund) if entry.kind in rules.ON_STATEMENT]
    form = forms.Reconcile(request.POST, numbers=numbers)
    if form.is_valid() and did(form, lambda: ledger.reconcile(fund, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "Ticked.")
        return _to_ledger(request, fund.pk)
    return _fund(request, fund, form)


@access(P.FUND_KEEP, of=Entry)
@require_POST
def untick(request: HttpRequest, entry: Entry) -> HttpResponse:
    tried(request, lambda: ledger.untick(entry, by=actor_of(request), at=timezone.now()), "The tick is taken off.")
    return _to_ledger(request, entry.fund_id)


@access(P.FUND_KEEP, of=Fund)
@fresh
def download(request: HttpRequest, fund: Fund) -> HttpResponse:
    """The ledger as a file, without a name. That it left, with how many lines, is on record."""
    if request.method != "POST":
        return redirect("practical:fund", pk=fund.pk)
    rows = presenters.file_rows(queries.ledger(fund), _books())
    file = documents.table(
        "ledger", presenters.COLUMNS, rows, by=actor_of(request), at=timezone.now(), about="fund",
        notes=[presenters.NOTE],
    )  # fmt: skip
    named = {"Content-Disposition": f'attachment; filename="{file.filename}"'}
    return HttpResponse(file.content, content_type=file.content_type, headers=named)


@access(P.FUND_KEEP, of=Fund)
def year(request: HttpRequest, fund: Fund, year: int) -> HttpResponse:
    """What became of a fund in a financial year, kind by kind, with what each figure means."""
    if not 2000 <= year <= forms.today().year:
        raise Http404
    which = FinancialYear(year)
    held = rules.year(queries.ledger(fund), which.start, which.end)
    shown = presenters.year(held, which, _books())
    context = {"fund": fund, "shown": shown, "definitions": presenters.DEFINITIONS, "last": forms.today().year}
    return render(request, "practical/year.html", context)
