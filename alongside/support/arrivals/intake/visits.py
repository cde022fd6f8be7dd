"""What every public form shares: the cookie that holds a visit, who hands it to a view, and the page of a busy hour."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from alongside.support.arrivals.intake import actions, rules
from alongside.support.arrivals.intake.actions import Opened

COOKIE = settings.VISIT_COOKIE_NAME
# Caches are cleared by the beacon alone: some browsers keep the page waiting while they clear them.
CLEAR = '"cookies", "storage"'
CLEAR_ALL = '"cache", "cookies", "storage"'


def hold(response: HttpResponse, opened: Opened) -> HttpResponse:
    """The browser holds the visit's secret in a cookie that scripts cannot read and that ends with the browser."""
    response.set_cookie(COOKIE, opened.secret, httponly=True, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax")
    return response


def drop(response: HttpResponse, clear: str = CLEAR) -> HttpResponse:
    for name in (COOKIE, settings.CSRF_COOKIE_NAME):
        response.delete_cookie(name, samesite="Lax")
    response["Clear-Site-Data"] = clear
    return response


def visited(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hands the view the browser's visit. One that is over, or lost half way, is told; one that never began begins."""

    @wraps(view)
    def inner(request: HttpRequest, **words: Any) -> HttpResponse:
        secret = request.COOKIES.get(COOKIE, "")
        if not secret:
            return redirect("intake:ended" if request.method == "POST" else "intake:start")
        opened = actions.resume(secret, at=timezone.now())
        return view(request, opened, **words) if opened else redirect("intake:ended")

    return inner


def ticketed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hands the view the ticket that the visit came back with."""

    @wraps(view)
    def inner(request: HttpRequest, opened: Opened, **words: Any) -> HttpResponse:
        ticket = actions.ticket_of(opened)
        return view(request, ticket, **words) if ticket else redirect("intake:return_")

    return visited(inner)


def busy(request: HttpRequest) -> HttpResponse:
    """Nobody who asks for help is to blame for what others on their connection do: the phone is there at once."""
    page = render(request, "intake/busy.html", status=429)
    page["Retry-After"] = str(int(rules.VISITS_WITHIN.total_seconds()))
    return page
