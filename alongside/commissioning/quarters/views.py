"""Pages of the quarter for the office, of one measure, and of a provider's own figures."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages as flash
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.commissioning.quarters import actions, charts, forms, presenters, queries
from alongside.core.access.declare import access, actor_of
from alongside.core.access.fresh import fresh
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.periods import Quarter
from alongside.facts.measures.models import Manifest
from alongside.foundation.office.accounts.permissions import Permission

OPENED, MOST_OPENED = "figure_rows", 20


@access(Permission.MEASURE_READ)
def quarter(request: HttpRequest, asked: str | None = None) -> HttpResponseBase:
    return _sheet(request, asked, "quarters/quarter.html")


@access(Permission.OWN_FIGURES_READ)
def own(request: HttpRequest, asked: str | None = None) -> HttpResponseBase:
    return _sheet(request, asked, "quarters/own.html")


def _sheet(request: HttpRequest, asked: str | None, template: str) -> HttpResponseBase:
    """The quarter asked for, or the running one; an empty page while there is no snapshot."""
    manifest = queries.latest()
    if manifest is None:
        return render(request, "quarters/empty.html")
    reader = queries.reader_for(actor_of(request))
    sheet = queries.sheet(reader, manifest, _quarter(manifest, asked), presenters.dimension(request))
    drawn = charts.drawings(reader, manifest, sheet.quarter)
    changed = [] if sheet.is_running else queries.restated(reader, manifest, sheet.quarter)
    context = {**presenters.sheet_context(request, sheet, drawn), "restated": presenters.restated(changed, sheet)}
    return render(request, template, context)


def _quarter(manifest: Manifest, asked: str | None) -> Quarter:
    found = queries.asked_quarter(manifest, asked)
    if found is None:
        raise Http404
    return found


@access(Permission.MEASURE_EXPORT)
@fresh
def export(request: HttpRequest, asked: str) -> HttpResponseBase:
    """A file is made by a POST, since its making is recorded."""
    form = forms.Export(request.POST or None)
    manifest = queries.latest()
    if manifest is None or not form.is_valid():
        return redirect("quarters:quarter")
    reader = queries.reader_for(actor_of(request))
    wanted, fmt, by, at = _quarter(manifest, asked), form.cleaned_data["fmt"], actor_of(request), timezone.now()
    try:
        made = actions.export(reader, manifest, wanted, by=by, at=at, fmt=fmt)
    except RuleBroken as broken:
        flash.error(request, broken.message)
        return redirect("quarters:quarter", asked=asked)
    headers = {"Content-Disposition": f'attachment; filename="{made.filename}"'}
    return HttpResponse(made.content, content_type=made.content_type, headers=headers)


@access(Permission.MEASURE_READ)
def chart(request: HttpRequest, asked: str, name: str) -> HttpResponseBase:
    return _chart(request, asked, name)


@access(Permission.OWN_FIGURES_READ)
def own_chart(request: HttpRequest, asked: str, name: str) -> HttpResponseBase:
    return _chart(request, asked, name)


def _chart(request: HttpRequest, asked: str, name: str) -> HttpResponseBase:
    manifest = queries.latest()
    if manifest is None or name not in charts.DRAWINGS:
        raise Http404
    drawn = charts.svg(name, queries.reader_for(actor_of(request)), manifest, _quarter(manifest, asked))
    return HttpResponse(drawn, content_type="image/svg+xml")


@access(Permission.MEASURE_READ)
def figure(request: HttpRequest) -> HttpResponseBase:
    return _figure(request)


@access(Permission.OWN_FIGURES_READ)
def own_figure(request: HttpRequest) -> HttpResponseBase:
    return _figure(request)


def _figure(request: HttpRequest) -> HttpResponseBase:
    """A figure by its permanent reference, made again; absent and foreign are the same 404."""
    reader = queries.reader_for(actor_of(request))
    form = forms.Open(request.GET if "ref" in request.GET else None)
    context: dict[str, Any] = {"form": form, "opened": None, "home": presenters.home_page(reader.audience)}
    if form.is_valid():
        try:
            found = queries.opened(reader, form.cleaned_data["ref"])
        except RuleBroken as broken:
            form.add_error("ref", broken.message)
        else:
            if found is None:
                raise Http404
            context |= presenters.figure_context(found, reader)
            context["rows_form"] = _rows_form(request) if actor_of(request).may(Permission.MEASURE_ROWS) else None
    return render(request, "quarters/figure.html", context)


def _rows_form(request: HttpRequest) -> forms.OpenRows:
    return forms.OpenRows(request.POST or None, reasons=queries.row_reasons(london_date(timezone.now())))


def _asked(request: HttpRequest, data: QueryDict) -> queries.Opened:
    """The figure whose rows are asked for; absent and foreign are the same 404."""
    form, reader = forms.Open(data), queries.reader_for(actor_of(request))
    found = queries.opened(reader, form.cleaned_data["ref"]) if form.is_valid() else None
    if found is None:
        raise Http404
    return found


@access(Permission.MEASURE_ROWS)
@require_POST
@fresh
def open_rows(request: HttpRequest) -> HttpResponseBase:
    """Asks why, puts it on record, and leads to the rows; this session may then turn their pages."""
    found, form = _asked(request, request.POST), _rows_form(request)
    address = f"?{urlencode({'ref': str(found.reference)})}"
    try:
        actions.open_rows(found, by=actor_of(request), at=timezone.now(), why=request.POST.get("why", ""))
    except RuleBroken as broken:
        form.add_error("why", broken.message)
        reader = queries.reader_for(actor_of(request))
        context: dict[str, Any] = {"form": form, "rows_form": form, "open_form": forms.Open(request.POST)}
        context["home"] = presenters.home_page(reader.audience)
        return render(request, "quarters/figure.html", {**presenters.figure_context(found, reader), **context})
    request.session[OPENED] = [*request.session.get(OPENED, []), str(found.reference)][-MOST_OPENED:]
    return redirect(reverse("quarters:rows") + address)


@access(Permission.MEASURE_ROWS)
def rows(request: HttpRequest) -> HttpResponseBase:
    """The pseudonymous rows of a figure, fifty at a time, for whoever has said why."""
    found = _asked(request, request.GET)
    if str(found.reference) not in request.session.get(OPENED, []):
        return redirect(f"{reverse('quarters:figure')}?{urlencode({'ref': str(found.reference)})}#rows")
    page = presenters.page_number(request)
    told = queries.rows(found, page)
    return render(request, "quarters/rows.html", presenters.rows_context(found, told, page))
