"""Pages of gaps: the matrix, services that do the same, what changed since last quarter, a file."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from alongside.core import clocks
from alongside.core.access.declare import access, actor_of
from alongside.core.cells import csv_file
from alongside.core.periods import Quarter
from alongside.foundation.local.gaps import forms, presenters, queries, rules
from alongside.foundation.office.accounts.permissions import Permission as P


def _asked(request: HttpRequest) -> tuple[forms.Ask, queries.Asked]:
    on = timezone.localdate()
    form = forms.Ask(request.GET, groups=[(one.code, one.title) for one in queries.groups(on)])
    said = form.asked()
    return form, queries.Asked(queries.group(said.get("group", ""), on), bool(said.get("paid")))


def _page(request: HttpRequest, template: str, form: forms.Ask, asked: queries.Asked, **more: Any) -> HttpResponse:
    """A page, with what was asked carried along to the others."""
    kept = request.GET.urlencode() if form.changed_data else ""
    return render(request, f"gaps/{template}.html", {"filters": form, "asked": asked, "kept": kept, **more})


@access(P.ORGANISATION_READ)
def gaps(request: HttpRequest) -> HttpResponse:
    """Crimes down, councils across: how many services help, for whom one asks."""
    form, asked = _asked(request)
    sheet = queries.now(actor_of(request), asked, at=timezone.now(), on=timezone.localdate())
    return _page(request, "gaps", form, asked, sheet=sheet, rows=presenters.rows(sheet), gaps=presenters.gaps(sheet))


@access(P.ORGANISATION_READ)
def overlaps(request: HttpRequest) -> HttpResponse:
    """Services of different organisations that do much the same."""
    form, asked = _asked(request)
    sheet = queries.now(actor_of(request), asked, at=timezone.now(), on=timezone.localdate())
    found = [presenters.alike(one, sheet) for one in rules.overlaps(sheet.cells)]
    return _page(request, "overlaps", form, asked, sheet=sheet, found=found, share=rules.ALIKE)


@access(P.ORGANISATION_READ)
def reach(request: HttpRequest) -> HttpResponse:
    """Services that are listed and that nobody can get to."""
    at = timezone.now()
    found, services = queries.out_of_reach(actor_of(request), clocks.london_date(at))
    rows = [presenters.missed(*one) for one in found]
    return render(request, "gaps/reach.html", {"rows": rows, "services": services, "counted_at": at})


@access(P.ORGANISATION_READ)
def changes(request: HttpRequest) -> HttpResponse:
    """What is served otherwise than when this quarter began."""
    form, asked = _asked(request)
    actor, at, on = actor_of(request), timezone.now(), timezone.localdate()
    quarter = Quarter.containing(clocks.london_date(at))
    sheet = queries.now(actor, asked, at=at, on=on)
    before = queries.then(actor, asked, quarter=quarter, at=at, on=on)
    found = presenters.changes(rules.shifts(before.cells, sheet.cells), sheet)
    return _page(request, "changes", form, asked, sheet=sheet, found=found, quarter=quarter)


@access(P.ORGANISATION_READ)
def download(request: HttpRequest) -> HttpResponse:
    """Every cell as CSV. All of it is public or about services: no person is in it."""
    _, asked = _asked(request)
    sheet = queries.now(actor_of(request), asked, at=timezone.now(), on=timezone.localdate())
    file = csv_file(presenters.HEAD, presenters.table(sheet))
    headers = {"Content-Disposition": f'attachment; filename="gaps-{timezone.localdate():%Y-%m-%d}.csv"'}
    return HttpResponse(file, content_type="text/csv; charset=utf-8", headers=headers)
