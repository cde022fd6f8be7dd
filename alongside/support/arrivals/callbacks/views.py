"""Asking us to call, without an account and with no more than that; and another time for somebody who comes back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from alongside.core.access.callers import caller
from alongside.core.access.declare import Open, access
from alongside.core.errors import RuleBroken
from alongside.core.pages.acts import did
from alongside.support.arrivals.callbacks import actions, forms
from alongside.support.arrivals.intake import actions as intake
from alongside.support.arrivals.intake.actions import Opened
from alongside.support.arrivals.intake.questions import ELSEWHERE
from alongside.support.arrivals.intake.visits import busy, drop, hold, ticketed, visited
from alongside.support.arrivals.referrals.models import Ticket

DANGER = "call-now"


@access(Open.PUBLIC)
def start(request: HttpRequest) -> HttpResponse:
    """What this is, and danger before all else; the answer begins a visit."""
    form = forms.Danger(request.POST if request.method == "POST" else None, on=forms.today())
    if form.is_valid():
        try:
            opened = intake.start(caller=caller(request), at=timezone.now())
        except RuleBroken:
            return busy(request)
        intake.answer(opened, DANGER, form.kept())
        return hold(redirect("callbacks:ask" if form.cleaned_data["danger"] == "no" else "callbacks:stop"), opened)
    return render(request, "callbacks/start.html", {"form": form})


@access(Open.PUBLIC)
@visited
def stop(request: HttpRequest, opened: Opened) -> HttpResponse:
    """What to do now; whoever is safe goes on."""
    if request.method == "POST":
        return redirect("callbacks:ask")
    return render(request, "intake/stop.html", {"back": reverse("callbacks:start")})


@access(Open.PUBLIC)
@visited
def ask(request: HttpRequest, opened: Opened) -> HttpResponse:
    """One page: the number, a name to ask for, when, and whether a message is safe. Sent once."""
    danger = opened.answers.get(DANGER, {}).get("danger", [""])[0]
    if actions.SENT in opened.answers or not danger:
        return redirect("callbacks:asked" if danger else "callbacks:start")
    form = forms.Ask(request.POST if request.method == "POST" else None, on=forms.today())
    if form.is_valid() and form.cleaned_data["council"] == ELSEWHERE:
        intake.leave(opened.secret)
        return drop(redirect("intake:elsewhere"))
    if form.is_valid() and did(form, lambda: actions.ask(opened, form.cleaned_data, danger, at=timezone.now())):
        return redirect("callbacks:asked")
    return render(request, "callbacks/ask.html", {"form": form, "audience": "me"})


@access(Open.PUBLIC)
@visited
def asked(request: HttpRequest, opened: Opened) -> HttpResponse:
    """When we call, with the reference and the four words, until the visit ends."""
    if actions.SENT not in opened.answers:
        return redirect("callbacks:start")
    kept = {name: values[0] for name, values in opened.answers[actions.SENT].items()}
    return render(request, "callbacks/asked.html", {"kept": kept, "words": kept["phrase"].split()})


@access(Open.PUBLIC)
@ticketed
def again(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """A call, or another time, for somebody who came back with the four words."""
    form = forms.Again(request.POST if request.method == "POST" else None, on=forms.today())
    if form.is_valid() and did(form, lambda: actions.again(ticket, form.cleaned_data, at=timezone.now())):
        return redirect("intake:told", verb="add")
    return render(request, "callbacks/again.html", {"form": form})
