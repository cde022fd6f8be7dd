"""The page of reporting centres for the office and its boards."""

from django.contrib import messages as flash
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.commissioning.oversight import actions, presenters, queries
from alongside.commissioning.quarters import queries as quarters
from alongside.core.access.declare import access, actor_of
from alongside.core.access.fresh import fresh
from alongside.core.errors import RuleBroken
from alongside.core.pages.tables import Sort
from alongside.facts.measures.models import Manifest
from alongside.foundation.office.accounts.permissions import Permission


def _sheet(request: HttpRequest, manifest: Manifest, asked: str | None) -> queries.Sheet:
    quarter = quarters.asked_quarter(manifest, asked)
    if quarter is None:
        raise Http404
    return queries.sheet(quarters.reader_for(actor_of(request)), manifest, quarter)


@access(Permission.MEASURE_READ)
def centres(request: HttpRequest, asked: str | None = None) -> HttpResponseBase:
    """Centres of a quarter: volumes, time to answer, and which are quiet. No person is in any of it."""
    manifest = quarters.latest()
    if manifest is None or not queries.is_told(manifest):
        return render(request, "oversight/empty.html")
    sheet = _sheet(request, manifest, asked)
    sort = Sort.of(request, "name", "reports", "before", "days", default="name")
    words = presenters.sheet(sheet, sort, quarters.quarters(manifest), actor_of(request))
    return render(request, "oversight/centres.html", {**words, "definitions": queries.definitions()})


@access(Permission.MEASURE_EXPORT)
@require_POST
@fresh
def export(request: HttpRequest, asked: str) -> HttpResponseBase:
    """A file is made by a POST, since its making is recorded. What leaves is protected throughout."""
    manifest = quarters.latest()
    if manifest is None or not queries.is_told(manifest):
        return redirect("oversight:centres")
    quarter = quarters.asked_quarter(manifest, asked)
    if quarter is None:
        raise Http404
    by, at = actor_of(request), timezone.now()
    try:
        file = actions.export(quarters.reader_for(by), manifest, quarter, by=by, at=at)
    except RuleBroken as broken:
        flash.error(request, broken.message)
        return redirect("oversight:centres", asked=asked)
    headers = {"Content-Disposition": f'attachment; filename="{file.filename}"'}
    return HttpResponse(file.content, content_type=file.content_type, headers=headers)
