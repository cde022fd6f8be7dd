"""Pages of deliveries: the ways in which each source delivers, opened and closed; the guide for developers."""

import json
from collections.abc import Callable

from django.contrib import messages as flash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core.access.declare import Open, access, actor_of
from alongside.core.access.fresh import fresh
from alongside.core.pages import once
from alongside.core.pages.acts import did, tried
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.arrivals.deliveries import actions, forms, presenters, queries
from alongside.support.arrivals.deliveries.models import Connection, Folder
from alongside.support.arrivals.feeds.models import Upload
from alongside.support.arrivals.feeds.queries import feeds_for


@access(P.FEED_SET_UP)
def ways(request: HttpRequest) -> HttpResponse:
    """By source: the systems that send by API, and its folder."""
    actor = actor_of(request)
    at = timezone.now()
    often = queries.limit("api_wrong_told", at)
    shown = [presenters.way(one, at, often) for one in queries.ways(actor)]
    return render(request, "deliveries/ways.html", {"ways": shown, "waiting": queries.waiting(actor)})


@access(P.FEED_SET_UP)
@fresh
def open_connection(request: HttpRequest) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    start = {"source": request.GET.get("source", "")}
    form = forms.OpenConnection(request.POST or None, feeds=feeds_for(by), initial=start)
    made: list[tuple[Connection, str]] = []
    if form.is_valid() and did(form, lambda: made.append(actions.open_connection(by=by, at=at, **form.said))):
        (connection, secret), *_ = made
        once.carry(request, connection.pk, secret)
        return redirect("deliveries:connection", pk=connection.pk)
    return render(request, "deliveries/open_connection.html", {"form": form})


@access(P.FEED_SET_UP, of=Connection)
def connection(request: HttpRequest, connection: Connection) -> HttpResponse:
    """A connection and what it sent of late; its secret, once, after it was made."""
    at = timezone.now()
    often = queries.limit("api_wrong_told", at)
    return render(request, "deliveries/connection.html", {
        "connection": connection, "shown": presenters.connection(connection, at, often),
        "secret": once.carried(request, connection.pk), "batches": queries.latest(connection),
        "tries": presenters.tries(connection, often),
    })  # fmt: skip


@access(P.FEED_SET_UP, of=Connection)
@fresh
def renew_secret(request: HttpRequest, connection: Connection) -> HttpResponse:
    def renew() -> None:
        secret = actions.renew_secret(connection, by=actor_of(request), at=timezone.now())
        once.carry(request, connection.pk, secret)

    if request.method == "POST":
        tried(request, renew, "There is a new secret. Hand it over now: it is shown on this page alone, and once.")
    return redirect("deliveries:connection", pk=connection.pk)


@access(P.FEED_SET_UP, of=Connection)
@fresh
def allow(request: HttpRequest, connection: Connection) -> HttpResponse:
    form = forms.Allow(request.POST or None, initial={"allowed": "\n".join(connection.allowed)})
    by, at, posted = actor_of(request), timezone.now(), request.method == "POST"
    if posted and form.is_valid() and did(form, lambda: actions.allow(connection, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "Saved. It takes effect with the next request.")
        return redirect("deliveries:connection", pk=connection.pk)
    return render(request, "deliveries/allow.html", {"form": form, "connection": connection})


@access(P.FEED_SET_UP, of=Connection)
@require_POST
def look_into_tries(request: HttpRequest, connection: Connection) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: actions.look_into_tries(connection, by=by, at=at), "Noted. They are counted anew.")
    return redirect("deliveries:connection", pk=connection.pk)


@access(P.FEED_SET_UP, of=Connection)
@require_POST
def close_connection(request: HttpRequest, connection: Connection) -> HttpResponse:
    done = "The connection is closed. Its system can send nothing more."
    return _done(request, lambda: actions.close_connection(connection, by=actor_of(request), at=timezone.now()), done)


def _done(request: HttpRequest, act: Callable[[], object], done: str) -> HttpResponse:
    tried(request, act, done)
    return redirect("deliveries:ways")


@access(P.FEED_SET_UP)
@require_POST
def open_folder(request: HttpRequest, source: str) -> HttpResponse:
    by = actor_of(request)
    feed = queries.feed_in(by, source)
    if feed is None:
        raise Http404
    done = "The folder is looked into from now on, once a minute."
    at, of = timezone.now(), {"feed": feed.code}
    return _done(request, lambda: actions.open_folder(feed.source, by=by, at=at, **of), done)


@access(P.FEED_SET_UP, of=Folder)
@require_POST
def close_folder(request: HttpRequest, folder: Folder) -> HttpResponse:
    done = "The folder is not looked into any more."
    return _done(request, lambda: actions.close_folder(folder, by=actor_of(request), at=timezone.now()), done)


@access(P.FEED_LOAD, of=Upload)
@require_POST
def note_refusal(request: HttpRequest, upload: Upload) -> HttpResponse:
    tried(request, lambda: actions.note_refusal(upload, by=actor_of(request), at=timezone.now()), "Noted.")
    return redirect("feeds:deliveries")


@access(Open.PUBLIC)
def guide(request: HttpRequest) -> HttpResponse:
    """For the developer of a force's system: the few steps, with an example of nobody."""
    example = json.dumps([presenters.EXAMPLE], indent=2)
    words = {"example": example, "rows": presenters.fields(), "site": request.build_absolute_uri("/").rstrip("/")}
    return render(request, "deliveries/guide.html", words)
