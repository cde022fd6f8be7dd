"""Pages of sources: what is set up, and setting one up in four steps."""

from collections.abc import Callable

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core import clocks
from alongside.core.access.declare import access, actor_of
from alongside.core.errors import RuleBroken
from alongside.core.pages.acts import did, refuse
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.arrivals.feeds import presenters as feeds
from alongside.support.arrivals.feeds import queries as feeds_queries
from alongside.support.arrivals.feeds.models import SourceVersion, Versions
from alongside.support.arrivals.feeds.reading import FeedRefused
from alongside.support.arrivals.routing import queries as routing
from alongside.support.arrivals.sources import actions, forms, presenters, queries
from alongside.support.arrivals.sources.models import Draft


@access(P.FEED_SET_UP, rows=SourceVersion)
def sources(request: HttpRequest, rows: Versions) -> HttpResponse:
    return render(request, "sources/sources.html", {"rows": queries.listed(actor_of(request), rows)})


@access(P.FEED_SET_UP, of=SourceVersion)
def version(request: HttpRequest, version: SourceVersion) -> HttpResponse:
    """A version as it was saved, and all the others of its source."""
    at = timezone.now()
    names, on = queries.names_of(actor_of(request)), clocks.london_date(at)
    shown = presenters.version(version, names, dict(queries.crime_types(on)))
    return render(request, "sources/version.html", {
        "version": version, "shown": shown, "versions": queries.versions_of(version), "names": names,
        "routed": routing.naming(version.hub_id, version.source_id, version.feed, at),
    })  # fmt: skip


@access(P.FEED_SET_UP, of=SourceVersion)
def reschedule(request: HttpRequest, version: SourceVersion) -> HttpResponse:
    form = forms.Reschedule(request.POST or None, initial=version.settings)
    by, at = actor_of(request), timezone.now()
    if form.is_valid() and did(form, lambda: actions.reschedule(version, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "Saved as a new version. Files are read as before.")
        return redirect("sources:sources")
    return render(request, "sources/reschedule.html", {"form": form, "version": version})


@access(P.FEED_SET_UP)
def set_up(request: HttpRequest) -> HttpResponse:
    """The first step: the force and a sample. Of a force that is set up already, its version in force is changed."""
    actor = actor_of(request)
    form = forms.SetUp(
        request.POST or None, request.FILES or None, feeds=feeds_queries.feeds_for(actor),
        initial=queries.start(actor, request.GET.get("source", "")),
    )  # fmt: skip
    if form.is_valid():
        try:
            draft = actions.begin(form.upload.chunks(), by=actor, at=timezone.now(), **form.said)
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            return redirect("sources:columns", pk=draft.pk)
    return render(request, "sources/set_up.html", {"form": form})


def _with_sample(request: HttpRequest, draft: Draft, page: Callable[[], HttpResponse]) -> HttpResponse:
    """The page, or the first step again where the sample is gone or cannot be read."""
    try:
        return page()
    except (FeedRefused, FileNotFoundError) as refused:
        flash.error(request, getattr(refused, "words", "The sample is no longer kept. Send it again."))
        return redirect("sources:set_up")


@access(P.FEED_SET_UP, of=Draft)
def columns(request: HttpRequest, draft: Draft) -> HttpResponse:
    def page() -> HttpResponse:
        header = queries.header(queries.sample_of(draft), draft.charset)
        form = forms.Columns(request.POST or None, header=header, initial=draft.columns)
        by, at = actor_of(request), timezone.now()
        if form.is_valid() and did(form, lambda: actions.map_columns(draft, by=by, at=at, columns=form.cleaned_data)):
            return redirect("sources:codes", pk=draft.pk)
        words = {"form": form, "draft": draft, "needed": forms.NEEDED, "unused": presenters.unused(header, draft)}
        return render(request, "sources/columns.html", words)

    return _with_sample(request, draft, page)


@access(P.FEED_SET_UP, of=Draft)
def codes(request: HttpRequest, draft: Draft) -> HttpResponse:
    return _with_sample(request, draft, lambda: _codes(request, draft))


def _codes(request: HttpRequest, draft: Draft) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    office = feeds_queries.Office(clocks.london_date(at))
    form = forms.Codes(
        request.POST or None, asked=queries.questions(draft, office), ours=queries.choices(office),
        crimes=queries.crime_types(office.on), initial={"excluded": draft.excluded},
    )  # fmt: skip
    if form.is_valid() and did(
        form,
        lambda: actions.map_codes(draft, by=by, at=at, meant=form.meant, excluded=form.cleaned_data["excluded"]),
    ):
        return redirect("sources:try_out", pk=draft.pk)
    return render(request, "sources/codes.html", {"form": form, "draft": draft, "lists": presenters.LISTS})


@access(P.FEED_SET_UP, of=Draft)
def try_out(request: HttpRequest, draft: Draft) -> HttpResponse:
    """What would become of each row of the sample, before anything is saved."""

    def page() -> HttpResponse:
        at = timezone.now()
        words, tried = feeds_queries.words(clocks.london_date(at)), queries.tried(draft, at)
        return render(request, "sources/try_out.html", {
            "draft": draft, "receipt": feeds.receipt(tried.receipt, words), "sent": tried.receipt.sent,
            "rows": presenters.rows(tried.rows, words), "without_area": tried.without_area,
            "unused": presenters.unused(queries.header(queries.sample_of(draft), draft.charset), draft),
        })  # fmt: skip

    return _with_sample(request, draft, page)


@access(P.FEED_SET_UP, of=Draft)
@require_POST
def keep(request: HttpRequest, draft: Draft) -> HttpResponse:
    try:
        saved = actions.keep(draft, by=actor_of(request), at=timezone.now())
    except RuleBroken as broken:
        flash.error(request, broken.message)
        return redirect("sources:columns", pk=draft.pk)
    flash.success(request, f"Saved as version {saved.number}. The next file of this feed is read this way.")
    return redirect("sources:version", pk=saved.pk)


@access(P.FEED_SET_UP, of=Draft)
@require_POST
def throw_away(request: HttpRequest, draft: Draft) -> HttpResponse:
    actions.throw_away(draft, by=actor_of(request), at=timezone.now())
    flash.success(request, "The sample is thrown away. Nothing has changed in how the source is read.")
    return redirect("sources:sources")
