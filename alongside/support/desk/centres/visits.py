"""Pages of whoever scanned a centre's poster, without an account: the questions, sending, and coming back."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from alongside.core import clocks
from alongside.core.access.callers import caller
from alongside.core.access.declare import Open, access
from alongside.core.errors import RuleBroken
from alongside.core.pages import errors
from alongside.core.pages.steps import Answers
from alongside.support.arrivals.intake import actions as intake
from alongside.support.arrivals.intake import rules as intake_rules
from alongside.support.arrivals.intake.actions import Opened
from alongside.support.desk.centres import actions, forms, presenters, queries, rules
from alongside.support.desk.centres.models import Centre, Slip

COOKIE = settings.VISIT_COOKIE_NAME
POSTER, SENT = "report-poster", "report-sent"


def _hold(response: HttpResponse, opened: Opened) -> HttpResponse:
    response.set_cookie(COOKIE, opened.secret, httponly=True, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax")
    return response


def _said(opened: Opened, step: str, name: str) -> str:
    return opened.answers.get(step, {}).get(name, [""])[0]


def visited(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hands the view the browser's visit; one that is over is told so."""

    @wraps(view)
    def inner(request: HttpRequest, **words: Any) -> HttpResponse:
        secret = request.COOKIES.get(COOKIE, "")
        opened = intake.resume(secret, at=timezone.now()) if secret else None
        return view(request, opened, **words) if opened else redirect("intake:ended")

    return inner


def at_centre(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hands the view the visit, the centre whose poster began it, and what was answered."""

    @wraps(view)
    def inner(request: HttpRequest, opened: Opened, **words: Any) -> HttpResponse:
        on = clocks.london_date(timezone.now())
        centre = queries.centre_of(_said(opened, POSTER, "code"), on)
        if centre is None:
            return redirect("intake:ended")
        return view(
            request, opened, centre, forms.read(opened.answers, on=on, councils=queries.councils_near(centre)), **words
        )

    return visited(inner)


@access(Open.PUBLIC)
def start(request: HttpRequest, code: str) -> HttpResponse:
    """What a scanned poster opens: what this is, what is kept, and the button that begins."""
    at = timezone.now()
    centre = queries.centre_of(code, clocks.london_date(at))
    if centre is None:
        return render(request, "centres/closed.html", status=404)
    if request.method == "POST":
        try:
            opened = intake.start(caller=caller(request), at=at)
        except RuleBroken:
            return _busy(request)
        intake.answer(opened, POSTER, {"code": [centre.poster]})
        return _hold(redirect("centres:question", step=rules.STEPS.questions[0][0]), opened)
    return render(request, "centres/start.html", {"centre": centre})


def _busy(request: HttpRequest) -> HttpResponse:
    page = render(request, "intake/busy.html", status=429)
    page["Retry-After"] = str(int(actions.HOUR.total_seconds()))
    return page


@access(Open.PUBLIC)
@at_centre
def question(request: HttpRequest, opened: Opened, centre: Centre, answers: Answers, step: str) -> HttpResponse:
    """One step. One that is not next is led to the one that is."""
    if step not in forms.STEPS:
        raise Http404
    if SENT in opened.answers or not rules.may_open(step, answers):
        return _onwards(opened, answers)
    given = request.POST if request.method == "POST" else opened.texts(forms.key(step))
    on = clocks.london_date(timezone.now())
    form = forms.STEPS[step](given, on=on, councils=queries.councils_near(centre), named=rules.is_named(answers))
    if request.method == "POST" and form.is_valid():
        answers = {**answers, step: form.cleaned_data}
        undone = [forms.key(one) for one in rules.undone(step, answers)]
        intake.answer(opened, forms.key(step), form.kept(), undone=undone)
        return _onwards(opened, forms.read(opened.answers, on=on, councils=queries.councils_near(centre)))
    page = "intake/stop.html" if step == "stop" else "centres/question.html"
    return render(request, page, presenters.question(step, form, answers, centre.poster))


def _onwards(opened: Opened, answers: Answers) -> HttpResponse:
    if SENT in opened.answers:
        return redirect("centres:sent")
    step = rules.upcoming(answers)
    return redirect("centres:send") if step == rules.CHECK else redirect("centres:question", step=step)


@access(Open.PUBLIC)
@at_centre
def send(request: HttpRequest, opened: Opened, centre: Centre, answers: Answers) -> HttpResponse:
    """Check the answers, and send them once."""
    if SENT in opened.answers or rules.upcoming(answers) != rules.CHECK:
        return _onwards(opened, answers)
    at = timezone.now()
    if request.method == "POST":
        try:
            kept = actions.send(answers, centre, caller=caller(request), at=at)
        except RuleBroken:
            return _busy(request)
        forgotten = [name for name in opened.answers if name != POSTER]
        intake.answer(opened, SENT, {name: [value] for name, value in kept.items()}, undone=forgotten)
        return redirect("centres:sent")
    rows = presenters.summary(answers, clocks.london_date(at), queries.councils_near(centre))
    return render(request, "centres/send.html", {"rows": rows, "named": rules.is_named(answers)})


@access(Open.PUBLIC)
@visited
def sent(request: HttpRequest, opened: Opened) -> HttpResponse:
    """The reference and the four words, until the visit ends."""
    if SENT not in opened.answers:
        return redirect("intake:ended")
    kept = {name: values[0] for name, values in opened.answers[SENT].items()}
    return render(request, "centres/sent.html", presenters.kept(kept))


@access(Open.PUBLIC)
def return_(request: HttpRequest) -> HttpResponse:
    """Reference and phrase. The same words whichever is wrong."""
    form = forms.Return(request.POST or None)
    if form.is_valid():
        try:
            opened = actions.return_(**form.cleaned_data, caller=caller(request), at=timezone.now())
        except RuleBroken:
            return errors.page(429, retry_after=int(intake_rules.TRIES_WITHIN.total_seconds()))
        if opened:
            return _hold(redirect("centres:standing"), opened)
        form.add_error(None, "That reference and phrase do not match. Check both, or phone us.")
    return render(request, "centres/return_.html", {"form": form})


def slipped(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hands the view the slip that the visit came back with."""

    @wraps(view)
    def inner(request: HttpRequest, opened: Opened, **words: Any) -> HttpResponse:
        slip = actions.slip_of(opened)
        return view(request, slip, **words) if slip else redirect("centres:return_")

    return visited(inner)


@access(Open.PUBLIC)
@slipped
def standing(request: HttpRequest, slip: Slip) -> HttpResponse:
    """Where it stands, in words that say nothing of what it is about."""
    words = queries.answer_words(slip.answer, clocks.london_date(timezone.now()))
    return render(request, "centres/standing.html", {"slip": slip, "words": words, "added": "added" in request.GET})


@access(Open.PUBLIC)
@slipped
def add(request: HttpRequest, slip: Slip) -> HttpResponse:
    form = forms.Add(request.POST or None)
    if form.is_valid():
        actions.add(slip, at=timezone.now(), **form.cleaned_data)
        return redirect(f"{reverse('centres:standing')}?added")
    return render(request, "centres/add.html", {"form": form})
