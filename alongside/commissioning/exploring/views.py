"""Pages of exploring: choosing and looking, the drawing, files, and saved views."""

from django.contrib import messages as flash
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.commissioning.exploring import actions, charts, choices, forms, lifecycle, presenters, queries
from alongside.commissioning.exploring.models import SavedView
from alongside.commissioning.quarters import queries as quarters
from alongside.core.access.declare import access, actor_of
from alongside.core.access.fresh import fresh
from alongside.core.errors import RuleBroken
from alongside.core.pages.acts import did, tried
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.documents.actions import Export


@access(P.FIGURES_EXPLORE)
def explore(request: HttpRequest) -> HttpResponseBase:
    """What is chosen, drawn, with its table under it; and what else can be chosen."""
    return _page(request, forms.Keep())


def _page(request: HttpRequest, form: forms.Keep) -> HttpResponseBase:
    manifest = quarters.latest()
    if manifest is None:
        return render(request, "exploring/empty.html")
    reader = quarters.reader_for(actor_of(request))
    choice = choices.read(request.GET, reader, manifest)
    context = presenters.chooser(choice, reader, manifest, request.GET.get("q", ""))
    if choice.measures:
        context |= presenters.shown(queries.find(reader, manifest, choice), request.build_absolute_uri)
    return render(request, "exploring/explore.html", {**context, "form": form})


def _found(request: HttpRequest, *, leaves: bool = False) -> queries.Findings:
    """The figures of the address, as they are shown or, where they leave, as they may be read then and of the snapshot
    from which figures of these quarters left last. Raises RuleBroken."""
    manifest = quarters.latest()
    if manifest is None:
        raise Http404
    reader = quarters.reader_for(actor_of(request))
    choice = choices.read(request.GET, reader, manifest)
    if not choice.measures:
        raise Http404
    if leaves:
        by, reader = actor_of(request), actions.leaving(reader, choice)
        manifest = actions.snapshot_to_leave(manifest, reader, choice, by=by, at=timezone.now())
    return queries.find(reader, manifest, choice)


@access(P.FIGURES_EXPLORE)
def chart(request: HttpRequest) -> HttpResponseBase:
    return HttpResponse(charts.svg(_found(request)), content_type="image/svg+xml")


@access(P.FIGURES_EXPLORE)
@fresh
def export(request: HttpRequest) -> HttpResponseBase:
    """A file is made by a POST, since its making is recorded."""
    form, back = forms.Export(request.POST or None), f"{reverse('exploring:explore')}?{request.GET.urlencode()}"
    if not form.is_valid():
        return redirect(back)
    try:
        made = _made(request, form.cleaned_data["fmt"])
    except RuleBroken as broken:
        flash.error(request, broken.message)
        return redirect(back)
    headers = {"Content-Disposition": f'attachment; filename="{made.filename}"'}
    return HttpResponse(made.content, content_type=made.content_type, headers=headers)


def _made(request: HttpRequest, fmt: str) -> Export:
    by, at = actor_of(request), timezone.now()
    leaves = actions.publish(_found(request, leaves=True), by=by, at=at)
    found = leaves.found
    if fmt not in actions.PICTURES:
        return actions.export(leaves, by=by, at=at, fmt=fmt)
    drawn = charts.svg(found, title=presenters.title(found), notes=charts.notes(found, leaves.notes[0]))
    picture = charts.png(drawn) if fmt == "png" else drawn.encode()
    return actions.hand_over(found, picture, by=by, at=at, fmt=fmt)


@access(P.FIGURES_EXPLORE)
def keep(request: HttpRequest) -> HttpResponseBase:
    """Keeps what the address holds; where that cannot be, the page is there again and says why."""
    if request.method != "POST":
        return redirect(f"{reverse('exploring:explore')}?{request.GET.urlencode()}")
    form, query = forms.Keep(request.POST), _found(request).choice.query
    by, at = actor_of(request), timezone.now()
    if form.is_valid() and did(form, lambda: actions.keep(by=by, at=at, query=query, **form.cleaned_data)):
        flash.success(request, f"Saved as “{form.cleaned_data['name']}”.")
        return redirect(f"{reverse('exploring:explore')}?{query}")
    return _page(request, form)


@access(P.FIGURES_EXPLORE, rows=SavedView)
def saved(request: HttpRequest, rows: QuerySet[SavedView]) -> HttpResponseBase:
    """One's own views and those that colleagues share."""
    form = forms.Search(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    by = actor_of(request)
    context = {"form": form, "words": words, **presenters.saved(queries.saved(rows, words), by)}
    return render(request, "exploring/saved.html", {**context, "deleted": queries.deleted(rows, by)})


@access(lifecycle.view.needs("delete"), of=SavedView)
def rename(request: HttpRequest, view: SavedView) -> HttpResponseBase:
    by, at = actor_of(request), timezone.now()
    form = forms.Keep(request.POST or None, initial={"name": view.name, "shared": view.shared})
    if form.is_valid() and did(form, lambda: actions.rename(view, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "Changed.")
        return redirect("exploring:saved")
    return render(request, "exploring/rename.html", {"form": form, "view": view})


@access(lifecycle.view.needs("delete"), of=SavedView)
@require_POST
def delete(request: HttpRequest, view: SavedView) -> HttpResponseBase:
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: actions.delete(view, by=by, at=at), "Deleted. For a week it can be taken back.")
    return redirect("exploring:saved")


@access(lifecycle.view.needs("restore"), of=SavedView)
@require_POST
def restore(request: HttpRequest, view: SavedView) -> HttpResponseBase:
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: actions.restore(view, by=by, at=at), "It is back.")
    return redirect("exploring:saved")
