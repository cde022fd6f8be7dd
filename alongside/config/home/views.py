"""Home, the pages that anyone may read, and two addresses for machines."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from alongside.config.home.presenters import tasks_for
from alongside.config.home.queries import waiting
from alongside.core.access.declare import Open, access, actor_of


@access(Open.PUBLIC, spoken=True)
def front(request: HttpRequest) -> HttpResponse:
    """The first page of all: for somebody affected by crime. Who is at work is sent to their own."""
    return redirect("home") if actor_of(request).signed_in else render(request, "home/front.html")


@access(Open.SIGNED_IN)
def home(request: HttpRequest) -> HttpResponse:
    """What this person can do next. Without a second factor that is to set one up."""
    actor = actor_of(request)
    if not actor.second_factor:
        return redirect("mfa_index")
    return render(request, "home/home.html", {"tasks": tasks_for(actor), "waiting": waiting(actor, timezone.now())})


@access(Open.SIGNED_IN)
def stay(request: HttpRequest) -> HttpResponse:
    """Keeps a session that is in use: asking is enough."""
    return HttpResponse(status=204)


@access(Open.PUBLIC, spoken=True)
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "home/privacy.html")


@access(Open.PUBLIC)
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "home/accessibility.html")


@access(Open.PUBLIC, spoken=True)
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "home/help.html")


@access(Open.PUBLIC)
def robots(request: HttpRequest) -> HttpResponse:
    """No page is for search engines but those that say so themselves; none does yet."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")


@access(Open.PUBLIC)
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether this process and its database answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")
