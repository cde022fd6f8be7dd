"""Pages of the catalogue, for the office and for a provider's own figures."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.commissioning.catalogue import actions, charts, forms, presenters, queries
from alongside.commissioning.quarters import queries as quarters
from alongside.core.access.declare import access, actor_of
from alongside.core.clocks import london_date
from alongside.core.pages.acts import tried
from alongside.core.pages.tables import Sort
from alongside.facts.measures import queries as facts
from alongside.facts.measures.rules import Measure
from alongside.foundation.office.accounts.permissions import Permission


@access(Permission.MEASURE_READ)
def measures(request: HttpRequest) -> HttpResponseBase:
    return _measures(request)


@access(Permission.OWN_FIGURES_READ)
def own_measures(request: HttpRequest) -> HttpResponseBase:
    return _measures(request)


def _measures(request: HttpRequest) -> HttpResponseBase:
    """Every measure by what it is about, each with its latest figure."""
    form, reader = forms.Search(request.GET), quarters.reader_for(actor_of(request))
    words = form.cleaned_data["q"] if form.is_valid() else ""
    shown, manifest = queries.themes(words), quarters.latest()
    figures = queries.latest_figures(reader, manifest, shown) if manifest else {}
    context = presenters.measures(shown, figures, reader, manifest, actor_of(request))
    return render(request, "catalogue/measures.html", {**context, "form": form, "words": words})


@access(Permission.MEASURE_READ)
def counting_rules(request: HttpRequest) -> HttpResponseBase:
    return _counting_rules(request)


@access(Permission.OWN_FIGURES_READ)
def own_counting_rules(request: HttpRequest) -> HttpResponseBase:
    return _counting_rules(request)


def _counting_rules(request: HttpRequest) -> HttpResponseBase:
    on = today()
    reader = quarters.reader_for(actor_of(request))
    context = presenters.counting_rules(queries.themes(), queries.status_words(on), reader, on)
    return render(request, "catalogue/counting_rules.html", context)


@access(Permission.MEASURE_EXPORT)
def export(request: HttpRequest) -> HttpResponseBase:
    """A file is made by a POST, since its making is recorded."""
    form = forms.Export(request.POST or None)
    if not form.is_valid():
        return redirect("catalogue:measures")
    made = actions.export(queries.themes(), by=actor_of(request), at=timezone.now(), fmt=form.cleaned_data["fmt"])
    headers = {"Content-Disposition": f'attachment; filename="{made.filename}"'}
    return HttpResponse(made.content, content_type=made.content_type, headers=headers)


@access(Permission.MEASURE_READ)
def snapshots(request: HttpRequest) -> HttpResponseBase:
    """Every snapshot with what keeps it and until when, and how far the one is that is being made."""
    at = timezone.now()
    context = presenters.snapshots(facts.kept(today()), facts.making(at), actor_of(request))
    return render(request, "catalogue/snapshots.html", context)


@access(Permission.MEASURE_EXPORT)
@require_POST
def make_snapshot(request: HttpRequest) -> HttpResponseBase:
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: actions.make_snapshot(by=by, at=at), "A snapshot is asked for.")
    return redirect("catalogue:snapshots")


@access(Permission.MEASURE_EXPORT)
@require_POST
def keep_snapshot(request: HttpRequest, code: str) -> HttpResponseBase:
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: actions.keep_snapshot(code, by=by, at=at), "The snapshot is kept.")
    return redirect("catalogue:snapshots")


@access(Permission.MEASURE_READ)
def measure(request: HttpRequest, name: str) -> HttpResponseBase:
    return _measure(request, name)


@access(Permission.OWN_FIGURES_READ)
def own_measure(request: HttpRequest, name: str) -> HttpResponseBase:
    return _measure(request, name)


def _measure(request: HttpRequest, name: str) -> HttpResponseBase:
    """One measure: its words, its latest figure, its history and its groups."""
    found, manifest = _known(name), quarters.latest()
    reader = quarters.reader_for(actor_of(request))
    context = presenters.definition(found, facts.versions(name), reader)
    if manifest and facts.is_told(found, manifest):
        newest = request.GET.get("all") == "newest"
        points = queries.history(reader, manifest, found, newest=newest)
        by, quarter = presenters.dimension(request, found, reader), presenters.quarter(request, manifest)
        groups = queries.groups(reader, manifest, found, quarter, by)
        sort = Sort.of(request, "group", "value", "n", "coverage", default="group")
        context |= presenters.figures(found, reader, manifest, points, newest=newest)
        context |= presenters.groups(found, reader, manifest, quarter, by, groups, sort)
    return render(request, "catalogue/measure.html", context)


@access(Permission.MEASURE_READ)
def chart(request: HttpRequest, name: str) -> HttpResponseBase:
    return _chart(request, name)


@access(Permission.OWN_FIGURES_READ)
def own_chart(request: HttpRequest, name: str) -> HttpResponseBase:
    return _chart(request, name)


def _chart(request: HttpRequest, name: str) -> HttpResponseBase:
    found, manifest = _known(name), quarters.latest()
    if manifest is None or not facts.is_told(found, manifest):
        raise Http404
    reader = quarters.reader_for(actor_of(request))
    newest = request.GET.get("all") == "newest"
    drawn = charts.history(queries.history(reader, manifest, found, newest=newest))
    return HttpResponse(drawn, content_type="image/svg+xml")


@access(Permission.MEASURE_READ)
def changed(request: HttpRequest, name: str, asked: str) -> HttpResponseBase:
    return _changed(request, name, asked)


@access(Permission.OWN_FIGURES_READ)
def own_changed(request: HttpRequest, name: str, asked: str) -> HttpResponseBase:
    return _changed(request, name, asked)


def _changed(request: HttpRequest, name: str, asked: str) -> HttpResponseBase:
    """What has changed in a closed quarter since it was first told."""
    found, manifest = _known(name), quarters.latest()
    quarter = quarters.asked_quarter(manifest, asked) if manifest else None
    if manifest is None or quarter is None:
        raise Http404
    reader = quarters.reader_for(actor_of(request))
    told = queries.restated(reader, manifest, found, quarter)
    if told is None:
        raise Http404
    return render(request, "catalogue/changed.html", presenters.changed(told, reader, manifest))


def _known(name: str) -> Measure:
    found = queries.known(name)
    if found is None:
        raise Http404
    return found


def today() -> date:
    return london_date(timezone.now())
