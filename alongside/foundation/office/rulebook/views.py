"""Pages of the rulebook: everybody who works here reads it; the office and the hub's manager change it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from alongside.core.access.declare import access, actor_of
from alongside.core.clocks import london_date
from alongside.core.pages.acts import did
from alongside.core.pages.tables import Sort, with_query
from alongside.foundation.office.accounts.permissions import Permission
from alongside.foundation.office.rulebook import actions, forms, presenters, queries
from alongside.foundation.office.rulebook.rules import Book, RuleRow


def _today() -> date:
    return london_date(timezone.now())


def _book(code: str) -> Book:
    if code not in queries.books():
        raise Http404
    return queries.books()[code]


def _versions(book: str, code: str) -> tuple[RuleRow, ...]:
    found = queries.history(_book(book).code, code)
    if not found:
        raise Http404
    return found


@access(Permission.RULEBOOK_READ)
def books(request: HttpRequest) -> HttpResponse:
    today = _today()
    rows = {code: queries.current(code, today) for code in queries.books()}
    cards = presenters.cards(queries.books().values(), rows, request.GET.get("q", ""))
    return render(request, "rulebook/books.html", {"cards": cards, "form": forms.Search(request.GET)})


@access(Permission.RULEBOOK_READ)
def book(request: HttpRequest, book: str) -> HttpResponse:
    """The rows in force, and those that are written and start later."""
    shown, today = _book(book), _today()
    if shown.written_at:
        return redirect(shown.written_at)
    sort = Sort.of(request, "position", "title", "code", "since", "version", default="position")
    rows = sorted(queries.current(book, today), key=lambda row: getattr(row, sort.by), reverse=sort.down)
    context: dict[str, Any] = {
        "book": shown,
        "sort": sort,
        "columns": presenters.columns(shown),
        "lines": presenters.found(presenters.lines(shown, rows, queries.names(shown, today)), request.GET.get("q", "")),
        "form": forms.Search(request.GET),
        "long": len(rows) > presenters.LONG_BOOK,
        "coming": queries.coming(book, today),
        "may_revise": actor_of(request).may(Permission.RULEBOOK_REVISE),
    }
    return render(request, "rulebook/book.html", context)


@access(Permission.RULEBOOK_READ)
def download(request: HttpRequest, book: str) -> HttpResponse:
    """A book with every version that it ever had. They are public facts; no spreadsheet runs a cell."""
    shown = _book(book)
    content = presenters.file_of(shown, queries.every_version(book), queries.names(shown, _today()))
    return _csv(f"rulebook-{shown.code.replace('_', '-')}", content)


@access(Permission.RULEBOOK_READ)
def download_offences(request: HttpRequest) -> HttpResponse:
    today = _today()
    content = presenters.file_of_offences(queries.offences(today).values(), queries.titles("crime_types", today))
    return _csv("rulebook-offence-codes", content)


def _csv(name: str, content: bytes) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


@access(Permission.RULEBOOK_READ)
def rule(request: HttpRequest, book: str, code: str) -> HttpResponse:
    """One row with every version that it had."""
    versions, shown, today = _versions(book, code), _book(book), _today()
    names = queries.names(shown, today)
    context = {
        "book": shown,
        "row": versions[0],
        "facts": presenters.facts(shown, versions[0], names),
        "past": presenters.past(shown, versions, names, today),
        "may_revise": actor_of(request).may(Permission.RULEBOOK_REVISE) and versions[0].until is None,
        "needed": versions[0].code in shown.needed,
    }
    return render(request, "rulebook/rule.html", context)


@access(Permission.RULEBOOK_REVISE)
def revise(request: HttpRequest, book: str, code: str) -> HttpResponse:
    row, now = _versions(book, code)[0], timezone.now()
    if _book(book).written_at:
        return redirect(_book(book).written_at)
    form = forms.Revise(_book(book), row, request.POST or None)
    if form.is_valid() and did(form, lambda: actions.revise(book, code, by=actor_of(request), at=now, **form.words())):
        messages.success(request, "The new version is written. What was made under the old one keeps it.")
        return redirect("rulebook:rule", book, code)
    return render(request, "rulebook/revise.html", {"form": form, "book": _book(book), "row": row})


@access(Permission.RULEBOOK_REVISE)
def add(request: HttpRequest, book: str) -> HttpResponse:
    if _book(book).written_at:
        return redirect(_book(book).written_at)
    form, now = forms.Add(_book(book), None, request.POST or None), timezone.now()
    if form.is_valid() and did(form, lambda: actions.add(book, by=actor_of(request), at=now, **form.words())):
        messages.success(request, "The row is in the book.")
        return redirect("rulebook:rule", book, form.cleaned_data["code"])
    return render(request, "rulebook/add.html", {"form": form, "book": _book(book)})


@access(Permission.RULEBOOK_REVISE)
def withdraw(request: HttpRequest, book: str, code: str) -> HttpResponse:
    row, now = _versions(book, code)[0], timezone.now()
    form = forms.Withdraw(row, request.POST or None)
    if form.is_valid() and did(
        form, lambda: actions.withdraw(book, code, by=actor_of(request), at=now, **form.cleaned_data)
    ):
        messages.success(request, "The row is withdrawn. What was made under it keeps it.")
        return redirect("rulebook:rule", book, code)
    return render(request, "rulebook/withdraw.html", {"form": form, "book": _book(book), "row": row})


@access(Permission.RULEBOOK_READ)
def offences(request: HttpRequest) -> HttpResponse:
    """Every Home Office offence code with the crime type that it leads to."""
    form, today = forms.Offences(request.GET), _today()
    asked = {name: request.GET.get(name, "") for name in ("crime_type", "kind", "after")}
    found = queries.find_offences(today, words=request.GET.get("q", ""), **asked)
    context = {
        "form": form,
        "found": found,
        "crime_types": queries.titles("crime_types", today),
        "next": with_query(request, after=found.next) if found.next else None,
        "first": with_query(request) if asked["after"] else None,
    }
    return render(request, "rulebook/offences.html", context)
