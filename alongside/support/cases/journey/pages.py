"""The pages of whoever opens a victim's own page, without an account. A decoy is served by the same views, and shows
nothing that a library or a choir would not."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from alongside.core.access.callers import caller
from alongside.core.access.declare import Open, access
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.intake import actions as intake
from alongside.support.arrivals.intake.actions import Opened
from alongside.support.arrivals.intake.rules import TRIES_WITHIN
from alongside.support.arrivals.intake.visits import drop, hold
from alongside.support.cases.journey import forms, presenters, queries, visiting
from alongside.support.cases.journey.queries import Door

COOKIE = settings.VISIT_COOKIE_NAME
NO_MATCH = "That reference and those words do not match. Check both, or phone us."
TOLD = ("say", "ask", "change", "complain", "stop", "answer")


def entered(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hands the view the page that the browser's visit has open. A link to say how it was opens that alone."""

    @wraps(view)
    def inner(request: HttpRequest, **words: Any) -> HttpResponse:
        secret, now = request.COOKIES.get(COOKIE, ""), timezone.now()
        if not secret:
            return redirect("journey:enter")
        opened = intake.resume(secret, at=now)
        door = visiting.door_of(opened, at=now) if opened else None
        if opened is None or door is None:
            return redirect("journey:ended")
        if door.feedback != (view.__name__ == "answer"):
            return redirect("journey:answer" if door.feedback else "journey:show")
        return view(request, door, opened, **words)

    return inner


def _posted(request: HttpRequest) -> Any:
    """A form of which everything may be left empty is sent even so."""
    return request.POST if request.method == "POST" else None


def _wait(request: HttpRequest) -> HttpResponse:
    """Too many tries, said on a page that looks like the rest."""
    page = render(request, "journey/wait.html", status=429)
    page["Retry-After"] = str(int(TRIES_WITHIN.total_seconds()))
    return page


@access(Open.PUBLIC)
def enter(request: HttpRequest) -> HttpResponse:
    """Reference and four words: those of a page, of a decoy, or of what somebody sent. The same words for any error."""
    form = forms.Enter(_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            found = visiting.enter(**form.cleaned_data, caller=caller(request), at=timezone.now())
        except RuleBroken:
            return _wait(request)
        if found:
            return hold(redirect("journey:show" if found.own else "intake:standing"), found.opened)
        form.add_error(None, NO_MATCH)
    return render(request, "journey/enter.html", {"form": form})


@access(Open.PUBLIC)
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """A link: a look at it, as programs take that preview messages, opens nothing; the button opens it, once."""
    if request.method != "POST":
        return render(request, "journey/open_link.html")
    try:
        found = visiting.open_link(token[:80], caller=caller(request), at=timezone.now())
    except RuleBroken:
        return _wait(request)
    if found is None:
        return render(request, "journey/open_link.html", {"over": True})
    opened, feedback = found
    return hold(redirect("journey:answer" if feedback else "journey:show"), opened)


@access(Open.PUBLIC)
@entered
def show(request: HttpRequest, door: Door, opened: Opened) -> HttpResponse:
    """The page itself."""
    now = timezone.now()
    shown = presenters.shown(queries.content(door, london_date(now)), now)
    return render(request, "journey/show.html", {"shown": shown, "bare": door.decoy})


def _leave_word(
    request: HttpRequest, door: Door, verb: str, form: Any, act: Callable[..., None], **said: Any
) -> HttpResponse:  # fmt: skip
    """One of the things that somebody can say on their page. A decoy takes a message, and knows of nothing else."""
    if request.method == "POST" and form.is_valid():
        act(door, at=timezone.now(), **form.cleaned_data, **said)
        return redirect("journey:told", verb="say" if door.decoy else verb)
    if door.decoy and verb != "say":
        return redirect("journey:show")
    on = london_date(timezone.now())
    return render(request, f"journey/{verb}.html", {
        "form": form, "routes": queries.routes(on), "days": queries.answered_in(on), "bare": door.decoy,
    })  # fmt: skip


@access(Open.PUBLIC)
@entered
def say(request: HttpRequest, door: Door, opened: Opened) -> HttpResponse:
    return _leave_word(request, door, "say", forms.Say(_posted(request)), visiting.say, kind="words")


@access(Open.PUBLIC)
@entered
def ask(request: HttpRequest, door: Door, opened: Opened) -> HttpResponse:
    return _leave_word(request, door, "ask", forms.Ask(_posted(request)), visiting.say, kind="ask")


@access(Open.PUBLIC)
@entered
def change(request: HttpRequest, door: Door, opened: Opened) -> HttpResponse:
    return _leave_word(request, door, "change", forms.Change(_posted(request)), visiting.change)


@access(Open.PUBLIC)
@entered
def complain(request: HttpRequest, door: Door, opened: Opened) -> HttpResponse:
    return _leave_word(request, door, "complain", forms.Complain(_posted(request)), visiting.complain)


@access(Open.PUBLIC)
@entered
def stop(request: HttpRequest, door: Door, opened: Opened) -> HttpResponse:
    return _leave_word(request, door, "stop", forms.Stop(_posted(request)), visiting.stop)


@access(Open.PUBLIC)
@entered
def told(request: HttpRequest, door: Door, opened: Opened, verb: str) -> HttpResponse:
    """Thanks for what was said."""
    if verb not in TOLD:
        raise Http404
    return render(request, "journey/told.html", {
        "verb": "say" if door.decoy else verb, "bare": door.decoy,
        "days": queries.answered_in(london_date(timezone.now())),
    })  # fmt: skip


@access(Open.PUBLIC)
@entered
def answer(request: HttpRequest, door: Door, opened: Opened) -> HttpResponse:
    """How it was, asked once; sent, the visit is over."""
    on = london_date(timezone.now())
    asked, offered = queries.questions(on), rulebook.choices("feedback_answers", on)
    form = forms.Answer(_posted(request), questions=asked, answers=offered)
    if request.method == "POST" and form.is_valid():
        visiting.answer(door, opened, at=timezone.now(), **form.given())
        return drop(render(request, "journey/told.html", {"verb": "answer", "over": True}))
    return render(request, "journey/answer.html", {"form": form})


@access(Open.PUBLIC)
def finish(request: HttpRequest) -> HttpResponse:
    """Ends the visit and clears the device of what this site put there."""
    if request.method != "POST":
        return redirect("journey:enter")
    intake.leave(request.COOKIES.get(COOKIE, ""))
    return drop(render(request, "journey/ended.html"))


@access(Open.PUBLIC)
def ended(request: HttpRequest) -> HttpResponse:
    """Says that the visit is over, and makes it so."""
    intake.leave(request.COOKIES.get(COOKIE, ""))
    return drop(render(request, "journey/ended.html"))
