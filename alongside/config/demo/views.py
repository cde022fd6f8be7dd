"""The personas: one click signs in as somebody made up. Only in the demonstration, only on this machine."""

from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from alongside.config.demo.personas import ORGANISATIONS, PERSONAS
from alongside.core.access.declare import Open, access
from alongside.foundation.office.accounts.adapter import begin_session
from alongside.foundation.office.accounts.permissions import ROLES
from alongside.foundation.office.accounts.queries import account_of

LOOPBACK = {"127.0.0.1", "::1"}


def _only_here(request: HttpRequest) -> None:
    """A proxy on this machine also comes from loopback, but it says for whom it asks."""
    forwarded = any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "X-Real-IP"))
    if not settings.DEMO or request.META.get("REMOTE_ADDR") not in LOOPBACK or forwarded:
        raise Http404


@access(Open.SIGN_IN)
def personas(request: HttpRequest) -> HttpResponse:
    """Everybody to sign in as, with what each can do."""
    _only_here(request)
    rows = [
        {"key": one.key, "name": one.name, "role": ROLES[one.role].words, "can": one.can,
         "organisation": ORGANISATIONS[one.organisation][2]}
        for one in PERSONAS
    ]  # fmt: skip
    return render(request, "demo/personas.html", {"rows": rows})


@access(Open.SIGN_IN)
@require_POST
def become(request: HttpRequest, key: str) -> HttpResponse:
    """Signs in as a persona, as if with a second factor, and lands on that person's home."""
    _only_here(request)
    known = {one.key: one.email for one in PERSONAS}
    user = account_of(known.get(key, ""))
    if user is None or not user.is_active:
        raise Http404
    logout(request)
    begin_session(request, user, second_factor=True)
    return redirect("home")
