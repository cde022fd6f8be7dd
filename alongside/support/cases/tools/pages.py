"""The pages of whoever answers questions on their own phone, without an account."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from alongside.core.access.callers import caller
from alongside.core.access.declare import Open, access
from alongside.core.errors import RuleBroken
from alongside.core.pages.acts import did
from alongside.support.arrivals.intake import actions as intake
from alongside.support.arrivals.intake.rules import TRIES_WITHIN
from alongside.support.arrivals.intake.visits import drop, hold
from alongside.support.cases.tools import forms, sending


@access(Open.PUBLIC, spoken=True)
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """A link: a look at it, as programs take that preview messages, opens nothing; the button opens it, once."""
    if request.method != "POST":
        return render(request, "tools/open_link.html")
    try:
        opened = sending.open_link(token[:80], caller=caller(request), at=timezone.now())
    except RuleBroken:
        page = render(request, "tools/open_link.html", {"wait": True}, status=429)
        page["Retry-After"] = str(int(TRIES_WITHIN.total_seconds()))
        return page
    if opened is None:
        return render(request, "tools/open_link.html", {"over": True})
    return hold(redirect("tools:answer"), opened)


@access(Open.PUBLIC, spoken=True)
def answer(request: HttpRequest) -> HttpResponse:
    """The questions, answered once; sent, the visit is over."""
    secret, at = request.COOKIES.get(settings.VISIT_COOKIE_NAME, ""), timezone.now()
    opened = intake.resume(secret, at=at) if secret else None
    door = sending.door_of(opened, at=at) if opened else None
    if opened is None or door is None:
        return drop(render(request, "tools/open_link.html", {"over": True}))
    form = forms.Answer(request.POST if request.method == "POST" else None, tool=door.tool)
    if form.is_valid() and did(form, lambda: sending.answer(door, opened, at=at, answers=form.answers)):
        return drop(render(request, "tools/thanks.html"))
    return render(request, "tools/answer.html", {"form": form})
