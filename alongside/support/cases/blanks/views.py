"""Pages of gaps: one's own, one after another; and how complete the team's records are."""

from typing import Any

from django.contrib import messages as flash
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.access.fresh import fresh
from alongside.core.clocks import london_date
from alongside.core.pages.acts import did, tried
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.blanks import actions, forms, presenters, queries
from alongside.support.cases.casework import queries as casework
from alongside.support.cases.casework.models import Case

AT_ONCE = 50  # cases on one page; the others come up as these are mended


def _own(request: HttpRequest, rows: QuerySet[Case]) -> tuple[queries.Standing, ...]:
    by, on = actor_of(request), london_date(timezone.now())
    return queries.standings(queries.mine(rows, by.user_id, by.organisation_id or 0, on), on)


def _of(request: HttpRequest) -> int:
    """With how many gaps a sitting began, as the address says."""
    asked = request.GET.get("of", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0


@access(P.CASE_WORK, rows=Case)
def mine(request: HttpRequest, rows: QuerySet[Case]) -> HttpResponse:
    """What is missing on one's own cases, and where to begin."""
    found = _own(request, rows)
    listed = presenters.listed(found, rulebook.titles(queries.BOOK, london_date(timezone.now())))
    shown = listed[:AT_ONCE]
    note_looks(request, [line.case.victim_id for line in shown], fields="name")
    later = sum(state == "later" for one in found for state in one.states.values())
    context = {
        "lines": shown,
        "cases": len(listed),
        "gaps": len(queries.blanks(found)),
        "later": later,
        "total": queries.total(found),
    }
    return render(request, "blanks/mine.html", context)


@access(P.CASE_WORK, rows=Case)
def go_on(request: HttpRequest, rows: QuerySet[Case]) -> HttpResponse:
    """To the next gap on one's own cases; to the list when there is none."""
    left = queries.blanks(_own(request, rows))
    if not left:
        flash.success(request, "Nothing more is missing today. Thank you.")
        return redirect("blanks:mine")
    where = reverse("blanks:fill", args=[left[0].case_id, left[0].code])
    return redirect(f"{where}?of={max(_of(request), len(left))}")


def _next(request: HttpRequest) -> HttpResponse:
    return redirect(f"{reverse('blanks:go_on')}?of={_of(request)}")


@access(P.CASE_WORK, of=Case)
def fill(request: HttpRequest, case: Case, code: str) -> HttpResponse:
    """One gap with its little form. Saved, it leads to the next."""
    by, at = actor_of(request), timezone.now()
    on = london_date(at)
    row = queries.wanted(on).get(code)
    if row is None:
        raise Http404
    if not queries.open_of(case, code, on):
        return _next(request)
    books = {name: rulebook.choices(book, on) for name, book in forms.BOOKS.items()}
    form = forms.of(code, request.POST or None, books)
    if form and form.is_valid() and did(form, lambda: actions.fill(case, by=by, at=at, code=code, given=form.given)):
        return _next(request)
    return _page(request, case, row, form)


def _page(request: HttpRequest, case: Case, row: Any, form: forms.Fill | None) -> HttpResponse:
    note_looks(request, [case.victim_id], fields="name")
    left = queries.left_for(actor_of(request), london_date(timezone.now()))
    context = {
        "case": case, "row": row, **({"form": form} if form else {}), "done_at": presenters.DONE_AT.get(row.code),
        "instead": presenters.instead(row.code), "progress": presenters.progress(left, _of(request)),
        "crimes": rulebook.titles("crime_types", london_date(timezone.now())),
    }  # fmt: skip
    return render(request, "blanks/fill.html", context)


@access(P.CASE_WORK, of=Case)
@require_POST
def set_aside(request: HttpRequest, case: Case, code: str) -> HttpResponse:
    """A button in place of an answer: asked and not known, not wanted, nothing needed, or later."""
    by, at = actor_of(request), timezone.now()
    form = forms.SetAside(request.POST)
    if not form.is_valid():
        raise Http404
    tried(request, lambda: actions.set_aside(case, by=by, at=at, code=code, came=form.cleaned_data["came"]), "Kept.")
    return _next(request)


@access(P.CASE_ASSIGN, rows=Case)
def team(request: HttpRequest, rows: QuerySet[Case]) -> HttpResponse:
    """How complete the records are: of each worker, and of each thing that is asked."""
    by, at = actor_of(request), timezone.now()
    on = london_date(at)
    found = queries.standings(queries.current(rows, by.organisation_id or 0), on)
    titles = rulebook.titles(queries.BOOK, on)
    context = {
        "total": queries.total(found), "now": at,
        "workers": presenters.shares(queries.by_worker(found), casework.workers(by.organisation_id or 0)),
        "codes": presenters.shares(queries.by_code(found, titles), titles),
    }  # fmt: skip
    return render(request, "blanks/team.html", context)


@access(P.CASE_ASSIGN, rows=Case)
@fresh
def download(request: HttpRequest, rows: QuerySet[Case]) -> HttpResponse:
    """How complete the records of each worker are, as a file; nobody who is supported is in it."""
    if request.method != "POST":
        return redirect("blanks:team")
    by, at = actor_of(request), timezone.now()
    found = queries.standings(queries.current(rows, by.organisation_id or 0), london_date(at))
    table = presenters.shares(queries.by_worker(found), casework.workers(by.organisation_id or 0))
    file = actions.export(presenters.rows_of_file(table, at), by=by, at=at)
    named = {"Content-Disposition": f'attachment; filename="{file.filename}"'}
    return HttpResponse(file.content, content_type=file.content_type, headers=named)
