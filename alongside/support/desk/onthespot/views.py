"""Pages of events for workers and the hub; and what a phone asks for: its shell, its worker, and leave to send."""

import json
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from alongside.core import clocks
from alongside.core.access.declare import Open, access, actor_of
from alongside.core.errors import RuleBroken
from alongside.core.pages.acts import did, tried
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.desk.onthespot import actions, forms, lifecycle, presenters, queries, rules
from alongside.support.desk.onthespot.actions import Over
from alongside.support.desk.onthespot.models import Entry, Occasion, Occasions, Phone

HEADER = "X-Spot-Token"


# A phone. These three know nobody: the shell is the same for everyone, and what is sent is sealed.


@access(Open.PUBLIC)
def shell(request: HttpRequest) -> HttpResponse:
    """The one page that a phone keeps: a form and a counter, without a name or a word of anybody's."""
    return render(request, "onthespot/shell.html")


@access(Open.PUBLIC)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: the list of what may be kept is written out in it, and nothing else ever is."""
    return render(request, "onthespot/worker.js", content_type="text/javascript")


@csrf_exempt  # the token in the header is the authority, and no cookie is looked at
@access(Open.PUBLIC)
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Takes one sealed entry. 201 new, 200 again, 400 no entry, 410 stop and forget, 429 wait."""
    try:
        said = _said(request)
        entry, envelope = UUID(str(said.get("id"))), rules.envelope_of(said.get("envelope"))
    except (ValueError, RuleBroken):
        return JsonResponse({"why": "not an entry"}, status=400)
    token = request.headers.get(HEADER, "")
    try:
        new = actions.send(token, entry, envelope, said.get("taken"), at=timezone.now())
    except Over:
        return JsonResponse({"why": "over"}, status=410)
    except RuleBroken:
        return JsonResponse({"why": "wait"}, status=429)
    return JsonResponse({"new": new}, status=201 if new else 200)


def _said(request: HttpRequest) -> dict[str, Any]:
    found = json.loads(request.body)
    if not isinstance(found, dict):
        raise ValueError
    return found


@csrf_exempt  # the same
@access(Open.PUBLIC)
@require_POST
def give_back(request: HttpRequest) -> HttpResponse:
    """The worker signed out on the phone."""
    actions.give_back(request.headers.get(HEADER, ""), at=timezone.now())
    return HttpResponse(status=204)


# A worker.


@access(P.OCCASION_WORK, rows=Occasion)
def today(request: HttpRequest, rows: Occasions) -> HttpResponse:
    """The events for which a phone can be made ready now."""
    at, by = timezone.now(), actor_of(request)
    kinds = rulebook.titles("occasion_kinds", clocks.london_date(at))
    found = presenters.rows(list(queries.open_to(rows, at)), at, kinds)
    return render(request, "onthespot/today.html", {"rows": found, "reads": by.may(P.OCCASION_READ)})


@access(P.OCCASION_WORK, of=Occasion)
@require_POST
def phone(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """Makes this phone ready: told once, kept by the phone, and gone from here."""
    at = timezone.now()
    try:
        token = actions.take_phone(occasion, by=actor_of(request), at=at)
    except RuleBroken as broken:
        flash.error(request, broken.message)
        return redirect("onthespot:today")
    told = presenters.told(occasion, token, clocks.london_date(at))
    return render(request, "onthespot/phone.html", {"occasion": occasion, "told": told})


# The hub.


@access(P.OCCASION_READ, rows=Occasion)
def occasions(request: HttpRequest, rows: Occasions) -> HttpResponse:
    at = timezone.now()
    kinds = rulebook.titles("occasion_kinds", clocks.london_date(at))
    found = list(queries.listed(rows).order_by("-starts_at", "-id")[: queries.MOST_LISTED])
    words = {"rows": presenters.rows(found, at, kinds), "may_set_up": actor_of(request).may(P.OCCASION_SET_UP)}
    return render(request, "onthespot/occasions.html", words)


def _form(request: HttpRequest, initial: Any = None) -> forms.SetUp:
    by = actor_of(request)
    return forms.SetUp(
        request.POST or None, on=clocks.london_date(timezone.now()), councils=queries.councils_of(by),
        organisations=queries.organisations_of(by), services=queries.services_of(by), initial=initial,
    )  # fmt: skip


@access(P.OCCASION_SET_UP)
def set_up(request: HttpRequest) -> HttpResponse:
    by, at, form = actor_of(request), timezone.now(), _form(request)
    if form.is_valid() and did(form, lambda: actions.set_up(by=by, at=at, **form.said)):
        return redirect("onthespot:occasions")
    return render(request, "onthespot/set_up.html", {"form": form, "occasion": None})


@access(P.OCCASION_SET_UP, of=Occasion)
def change(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    by, at, form = actor_of(request), timezone.now(), _form(request, presenters.set_up(occasion))
    if form.is_valid() and did(form, lambda: actions.change(occasion, by=by, at=at, **form.said)):
        return redirect("onthespot:occasion", pk=occasion.pk)
    return render(request, "onthespot/set_up.html", {"form": form, "occasion": occasion})


@access(P.OCCASION_READ, of=Occasion)
def occasion(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """What was taken there by hour, what waits, what came of it, and which phones are out."""
    by, at = actor_of(request), timezone.now()
    found = queries.tally(occasion, by)
    return render(request, "onthespot/occasion.html", {
        "occasion": occasion, "tag": presenters.state(occasion, at), **presenters.counts(found),
        "details": presenters.details(occasion, clocks.london_date(at)), "phones": found.phones,
        "held": [(entry, presenters.why(entry)) for entry in queries.held_of(occasion, by)],
        "names": queries.colleagues(by), "may_set_up": by.may(P.OCCASION_SET_UP), "now": at,
    })  # fmt: skip


@access(P.OCCASION_READ, of=Occasion)
def take(request: HttpRequest, occasion: Occasion) -> HttpResponse:
    """The same form as a page, for whoever has a signal, or no phone that keeps anything."""
    by, at = actor_of(request), timezone.now()
    form = forms.Take(request.POST or None, on=clocks.london_date(at))
    key = request.POST.get("key") or str(uuid4())
    if form.is_valid() and did(
        form, lambda: actions.take(occasion, by=by, at=at, entry=UUID(key), said=form.cleaned_data)
    ):
        return redirect("onthespot:occasion", pk=occasion.pk)
    return render(request, "onthespot/take.html", {"form": form, "occasion": occasion, "key": key})


@access(P.OCCASION_SET_UP, of=Phone)
@require_POST
def stop_phone(request: HttpRequest, phone: Phone) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    done = "It sends nothing from now on, and forgets what it holds when it next has a signal."
    tried(request, lambda: actions.stop_phone(phone, by=by, at=at), done)
    return redirect("onthespot:occasion", pk=phone.occasion_id)


@access(lifecycle.entry.needs("mend"), of=Entry)
def mend(request: HttpRequest, entry: Entry) -> HttpResponse:
    """What was held, as it came, to be put right and taken in."""
    by, at = actor_of(request), timezone.now()
    form = forms.Take(request.POST or None, on=clocks.london_date(at), initial=presenters.initial(entry))
    if form.is_valid() and did(form, lambda: actions.mend(entry, by=by, at=at, said=form.cleaned_data)):
        return redirect("onthespot:occasion", pk=entry.occasion_id)
    words = {"form": form, "entry": entry, "why": presenters.why(entry), "said": queries.said_in(entry)}
    return render(request, "onthespot/mend.html", words)


@access(lifecycle.entry.needs("set_aside"), of=Entry)
@require_POST
def set_aside(request: HttpRequest, entry: Entry) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: actions.set_aside(entry, by=by, at=at), "It is set aside, and what it held is forgotten.")
    return redirect("onthespot:occasion", pk=entry.occasion_id)


@access(lifecycle.entry.needs("try_again"), of=Entry)
@require_POST
def try_again(request: HttpRequest, entry: Entry) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: actions.try_again(entry, by=by, at=at), "It is opened again in a moment.")
    return redirect("onthespot:occasion", pk=entry.occasion_id)
