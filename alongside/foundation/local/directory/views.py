"""Pages of the directory. Those for anyone keep nothing: no cookie is set, and answers come by POST, so that
no address, history or log holds them. They change nothing, so they need no token against forged requests."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from alongside.core.access.declare import Open, access, actor_of
from alongside.core.errors import RuleBroken
from alongside.core.pages.acts import did
from alongside.core.pages.paging import page_of
from alongside.core.pages.tables import page_links
from alongside.foundation.local.directory import actions, forms, presenters, queries
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.accounts.permissions import Permission as P

# Services that work here come before those that another directory lists.
BY_NAME = ("source", "name", "id")


@csrf_exempt
@access(Open.PUBLIC, spoken=True)
def browse(request: HttpRequest) -> HttpResponse:
    """Every service, narrowed and turned page by page with buttons: no address holds what was looked for."""
    on = timezone.localdate()
    form = forms.Narrow(request.POST, choices=queries.choices(on))
    found = queries.filtered(queries.public_services(), **form.narrowing())
    asked = request.POST
    page = page_of(found, order=BY_NAME, after=asked.get("after", ""), before=asked.get("before", ""), size=20)
    words = queries.words(on)
    cards = [presenters.card(service, words) for service in page.rows]
    return render(
        request,
        "directory/browse.html",
        {"filters": form, "cards": cards, "page": page, "total": found.count(), "narrowed": queries.narrowed(asked)},
    )


@csrf_exempt
@access(Open.PUBLIC, spoken=True)
def read(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A service. Whoever comes from Find help or a narrowed list carries along what they chose, for the way back."""
    service = queries.public_service(pk)
    if service is None:
        raise Http404
    on = timezone.localdate()
    shown = presenters.card(service, queries.words(on))
    checked = presenters.checked_words(service, on=on, lasts=queries.asked_again_after(on)) if service.provider else ""
    narrowed = queries.narrowed(request.POST) if "list" in request.POST else {}
    back = {"narrowed": narrowed, "answers": queries.carried(request.POST)}
    where = queries.where(service)
    return render(request, "directory/read.html", {"card": shown, "checked": checked, "where": where, **back})


@access(P.ORGANISATION_READ, rows=Service)
def services(request: HttpRequest, rows: QuerySet[Service]) -> HttpResponse:
    """The list that staff see, with what is not checked any more."""
    on, actor = timezone.localdate(), actor_of(request)
    form = forms.NarrowForStaff(request.GET, choices=queries.choices(on))
    found = queries.filtered(rows, actor=actor, **form.narrowing())
    page = page_of(found, order=BY_NAME, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    words, lasts = queries.words(on), queries.asked_again_after(on)
    lines = [presenters.line(service, words, on=on, lasts=lasts) for service in page.rows]
    before, after = page_links(request, page)
    return render(request, "directory/services.html", {
        "filters": form, "lines": lines, "before": before, "after": after, "total": found.count(),
        "may_add": actor.may(P.SERVICE_MANAGE) and queries.may_add(actor),
        "may_change": actor.may(P.SERVICE_MANAGE),
    })  # fmt: skip


@access(P.ORGANISATION_READ, of=Service)
def show(request: HttpRequest, service: Service) -> HttpResponse:
    return _shown(request, service)


def _shown(request: HttpRequest, service: Service, **with_form: Any) -> HttpResponse:
    on, actor = timezone.localdate(), actor_of(request)
    return render(request, "directory/show.html", {
        "service": service,
        "rows": presenters.summary(service, queries.words(on)),
        "state": {"word": presenters.WORDS[service.state], "colour": presenters.COLOURS[service.state]},
        "stale": presenters.is_stale(service, on=on, lasts=queries.asked_again_after(on)),
        "checked": presenters.checked_words(service, on=on, lasts=queries.asked_again_after(on)),
        "listed_by": presenters.list_words(service),
        "may_manage": actor.may(P.SERVICE_MANAGE) and queries.may_manage(actor, service),
        "decides": actor.may(P.SERVICE_MANAGE) and queries.may_add(actor) and bool(service.source),
        "line": presenters.listed_line(service), "capacity": presenters.capacity_words(service),
        "capacity_form": forms.Capacity(), **with_form,
    })  # fmt: skip


@access(P.SERVICE_MANAGE)
def listed(request: HttpRequest) -> HttpResponse:
    """What other directories list, for a hub to decide about."""
    actor = _steward(request)
    sources = [(source, presenters.source_words(source)) for source in queries.sources()]
    form = forms.Listed(request.GET, sources=sources)
    found = queries.listed(actor, **form.narrowing())
    page = page_of(found, order=BY_NAME, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    before, after = page_links(request, page)
    return render(request, "directory/listed.html", {
        "filters": form, "lines": [presenters.listed_line(service) for service in page.rows], "before": before,
        "after": after, "total": found.count(),
    })  # fmt: skip


@access(P.SERVICE_MANAGE, of=Service)
def adopt(request: HttpRequest, service: Service) -> HttpResponse:
    """Who runs what another directory lists. The organisation of the same name is chosen already."""
    actor = _steward(request)
    choices = queries.choices_for(actor, timezone.localdate())
    first = {"provider": queries.namesake(service, actor), "crime_types": service.crime_types}
    form = forms.Adopt(request.POST or None, initial=first, choices=choices)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.adopt(
                service, by=actor, at=timezone.now(), provider=queries.provider(said["provider"]),
                crime_types=tuple(said["crime_types"]), takes_referrals=said["takes_referrals"] == "yes",
            )  # fmt: skip
            messages.success(request, "Adopted. Check what else it says of itself: ages, places and languages.")
            return redirect("directory:show", service.pk)
        except RuleBroken as fault:
            form.add_error(fault.field, fault.message)
    return render(request, "directory/adopt.html", {"form": form, "service": service})


@require_POST
@access(P.SERVICE_MANAGE, of=Service)
def signpost(request: HttpRequest, service: Service) -> HttpResponse:
    _steward(request)
    return _moved(request, service, actions.signpost, "It stays as the other directory lists it, and is sent nobody.")


@require_POST
@access(P.SERVICE_MANAGE, of=Service)
def release(request: HttpRequest, service: Service) -> HttpResponse:
    _steward(request)
    return _moved(request, service, actions.release, "Undone. Nobody is sent there until it is adopted again.")


@require_POST
@access(P.SERVICE_MANAGE, of=Service)
def confirm(request: HttpRequest, service: Service) -> HttpResponse:
    actions.confirm(service, by=_keeper(request, service), at=timezone.now())
    messages.success(request, "Thank you. It is recorded that all of this is right today.")
    return redirect("directory:show", service.pk)


@require_POST
@access(P.SERVICE_MANAGE, of=Service)
def capacity(request: HttpRequest, service: Service) -> HttpResponse:
    """How many more it can take, and how long a new person waits."""
    actor, form = _keeper(request, service), forms.Capacity(request.POST)
    if not form.is_valid():
        return _shown(request, service, capacity_form=form, form=form)
    said = form.cleaned_data
    wait = None if said["wait_weeks"] is None else said["wait_weeks"] * 7
    if not did(form, lambda: actions.say_capacity(
        service, by=actor, at=timezone.now(), places_free=said["places_free"], wait_days=wait
    )):  # fmt: skip
        return _shown(request, service, capacity_form=form, form=form)
    messages.success(request, "Thank you. Whoever looks sees it at once.")
    return redirect("directory:show", service.pk)


@require_POST
@access(P.SERVICE_MANAGE, of=Service)
def open(request: HttpRequest, service: Service) -> HttpResponse:
    waiting = request.POST.get("waiting") == "yes"
    return _moved(request, service, actions.open, "Its new state shows at once.", waiting=waiting)


@require_POST
@access(P.SERVICE_MANAGE, of=Service)
def close(request: HttpRequest, service: Service) -> HttpResponse:
    return _moved(request, service, actions.close, "Nobody is sent there from now on.")


def _moved(request: HttpRequest, service: Service, move: Any, words: str, **how: bool) -> HttpResponse:
    try:
        move(service, by=_keeper(request, service), at=timezone.now(), **how)
        messages.success(request, words)
    except RuleBroken as fault:
        messages.error(request, fault.message)
    return redirect("directory:show", service.pk)


def _steward(request: HttpRequest) -> Any:
    """The actor, when they act for a hub."""
    actor = actor_of(request)
    if not queries.may_add(actor):
        raise PermissionDenied
    return actor


def _keeper(request: HttpRequest, service: Service) -> Any:
    """The actor, when their organisation looks after the service."""
    actor = actor_of(request)
    if not queries.may_manage(actor, service):
        raise PermissionDenied
    return actor
