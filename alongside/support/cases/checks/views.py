"""Pages of case-file checks: a worker's own cases, or for a manager everybody's."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.access.fresh import fresh
from alongside.core.clocks import london_date
from alongside.core.pages.tables import with_query
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.casework import queries as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.checks import actions, forms, presenters, queries


def _held(request: HttpRequest, rows: QuerySet[Case]) -> tuple[queries.Held, Mapping[UUID, str]]:
    """What the checks find for this reader, and the names of the workers that they may know of."""
    by, on = actor_of(request), london_date(timezone.now())
    here = by.organisation_id or 0
    if by.may(P.CASE_ASSIGN):
        return queries.held(queries.of_organisation(rows, here, on), on), casework.workers(here)
    return queries.held(queries.of_worker(rows, by.user_id, here, on), on), {}


@access(P.CASE_WORK, rows=Case)
def show(request: HttpRequest, rows: QuerySet[Case]) -> HttpResponse:
    """Where case files fall short: by check, by worker, and one by one with where each is mended."""
    found, names = _held(request, rows)
    titles = rulebook.titles(queries.BOOK, london_date(timezone.now()))
    form = forms.Filter(request.GET, checks=titles, names=names)
    kind, whose = form.asked("kind"), form.asked("whose")
    hits = queries.narrowed(found, check=kind, worker=whose)
    shown, before, after = presenters.page(hits, request.GET.get("after", ""))
    note_looks(request, {hit.case.victim_id for hit in shown}, fields="name")
    context = {
        "form": form, "found": found, "hits": hits, "lines": presenters.listed(shown, names), "kind": kind,
        "whose": whose, "checks": presenters.by_check(found, titles), "workers": presenters.by_worker(found, names),
        "manages": actor_of(request).may(P.CASE_ASSIGN), "now": timezone.now(),
        "before": with_query(request, after=before) if before else None,
        "after": with_query(request, after=after) if after else None,
    }  # fmt: skip
    return render(request, "checks/show.html", context)


@access(P.CASE_ASSIGN, rows=Case)
@fresh
def download(request: HttpRequest, rows: QuerySet[Case]) -> HttpResponse:
    """What the filters leave, as a file without names."""
    if request.method != "POST":
        return redirect("checks:show")
    by, at = actor_of(request), timezone.now()
    found, names = _held(request, rows)
    form = forms.Filter(request.POST, checks=rulebook.titles(queries.BOOK, london_date(at)), names=names)
    hits = queries.narrowed(found, check=form.asked("kind"), worker=form.asked("whose"))
    note_looks(request, {hit.case.victim_id for hit in hits}, fields="file")
    file = actions.export(presenters.rows_of_file(hits, names, at), by=by, at=at)
    named = {"Content-Disposition": f'attachment; filename="{file.filename}"'}
    return HttpResponse(file.content, content_type=file.content_type, headers=named)
