"""Pages about the victim's own page for those who work on the case; and what came there for their manager."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages as flash
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.pages import once
from alongside.core.pages.acts import did, tried
from alongside.core.pages.beside import framed
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.messages.models import Outgoing
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.casework.models import Case
from alongside.support.cases.journey import actions, forms, presenters, queries
from alongside.support.cases.journey.models import Said, Voice
from alongside.support.people.victims import queries as victims
from alongside.support.people.victims.presenters import WHY_NOT


def _page(request: HttpRequest, case: Case, template: str, **context: Any) -> HttpResponse:
    note_looks(request, [case.pk, case.victim_id], fields="own_page")
    return framed(request, "case", case, f"journey/{template}.html", tab="journey", **context)


@access(P.CASE_WORK, of=Case)
def page(request: HttpRequest, case: Case) -> HttpResponse:
    """Whether they have a page, what opens it, and what they said there. New words are shown here, once."""
    now, found = timezone.now(), queries.page_of(case)
    kind, _, phrase = once.carried(request, case.pk).partition("|")
    return _page(
        request, case, "page", page=found, opens=kind, phrase=phrase, where=request.build_absolute_uri("/page/"),
        said=queries.said_on(found) if found else (), closed=case.state == Case.State.CLOSED,
        ways=presenters.ways(queries.standing_keys(found, now)) if found else (),
        not_asked=queries.not_asked(case, london_date(now)), shows=presenters.parts_words(found),
    )  # fmt: skip


@access(P.CASE_WORK, of=Case)
def set_up(request: HttpRequest, case: Case) -> HttpResponse:
    """What their page shows: nothing but where things stand, until it is ticked."""
    by, at, found = actor_of(request), timezone.now(), queries.page_of(case)
    start = {
        "parts": found.parts, "called": found.called, "words": queries.words_of(found),
        "decoy": found.decoy or forms.NONE, "seen": found.version,
    } if found else {"seen": 0, "decoy": forms.NONE}  # fmt: skip
    decoys = rulebook.choices("decoy_pages", london_date(at))
    form = forms.SetUp(request.POST or None, decoys=decoys, initial=start)
    if form.is_valid() and did(form, lambda: actions.set_up(case, by=by, at=at, **form.cleaned_data)):
        return redirect("journey:turn_on", pk=case.pk)
    stale = form.is_bound and form.data.get("seen") != str(start["seen"])
    return _page(request, case, "set_up", form=form, stale=stale, now=start)


@access(P.CASE_WORK, of=Case)
def turn_on(request: HttpRequest, case: Case) -> HttpResponse:
    """Exactly what they would see, before it is turned on."""
    by, at, found = actor_of(request), timezone.now(), queries.page_of(case)
    if found is None:
        return redirect("journey:set_up", pk=case.pk)
    form = forms.TurnOn(request.POST if request.method == "POST" else None)
    if form.is_valid() and did(form, lambda: actions.turn_on(case, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "It is turned on. Now give them a way to open it.")
        return redirect("journey:page", pk=case.pk)
    said = queries.written(case, found)
    return _page(
        request, case, "turn_on", form=form, page=found, shown=presenters.shown(said, at),
        tells=queries.words_that_tell(said, london_date(at)), young=queries.is_young(case, london_date(at)),
    )  # fmt: skip


def _pressed(request: HttpRequest, case: Case, act: Callable[[], object], done: str) -> HttpResponse:
    tried(request, act, done)
    return redirect("journey:page", pk=case.pk)


@access(P.CASE_WORK, of=Case)
@require_POST
def turn_off(request: HttpRequest, case: Case) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    return _pressed(request, case, lambda: actions.turn_off(case, by=by, at=at), "It is off. Nothing opens it.")


@access(P.CASE_WORK, of=Case)
@require_POST
def give_phrase(request: HttpRequest, case: Case) -> HttpResponse:
    """Four new words, for the page or for the other one, carried to the next look alone."""
    by, at, decoy = actor_of(request), timezone.now(), "decoy" in request.POST
    try:
        phrase = actions.give_phrase(case, by=by, at=at, decoy=decoy)
    except RuleBroken as broken:
        flash.error(request, broken.message)
    else:
        once.carry(request, case.pk, f"{'decoy' if decoy else 'phrase'}|{phrase}")
    return redirect("journey:page", pk=case.pk)


@access(P.CASE_WORK, of=Case)
@require_POST
def stop_ways(request: HttpRequest, case: Case) -> HttpResponse:
    by, at, form = actor_of(request), timezone.now(), forms.StopWays(request.POST)
    if not form.is_valid():
        return redirect("journey:page", pk=case.pk)
    kind = form.cleaned_data["kind"]
    return _pressed(request, case, lambda: actions.stop_ways(case, by=by, at=at, kind=kind), "That opens nothing now.")


def _sent(request: HttpRequest, case: Case, send: Callable[[], Outgoing]) -> HttpResponse:
    """Says that it is handed over, or why it was not sent."""
    try:
        why = victims.why_refused(send(), actor_of(request))
    except RuleBroken as broken:
        flash.error(request, broken.message)
    else:
        if why:
            flash.error(request, f"It was not sent. {WHY_NOT[why]}")
        else:
            flash.success(request, "It is handed over, and goes as soon as the hour is safe.")
    return redirect("journey:page", pk=case.pk)


@access(P.CASE_WORK, of=Case)
@require_POST
def send_link(request: HttpRequest, case: Case) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    return _sent(request, case, lambda: actions.send_link(case, by=by, at=at))


@access(P.CASE_WORK, of=Case)
@require_POST
def invite(request: HttpRequest, case: Case) -> HttpResponse:
    """After the end: how was it?"""
    by, at = actor_of(request), timezone.now()
    return _sent(request, case, lambda: actions.invite(case, by=by, at=at))


@access(P.CASE_WORK, of=Case)
@require_POST
def heed(request: HttpRequest, case: Case) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    return _pressed(request, case, lambda: actions.heed(case, by=by, at=at), "Taken off your day.")


@access(P.CASE_WORK, of=Said)
@require_POST
def read(request: HttpRequest, said: Said) -> HttpResponse:
    """What was said has been read and seen to."""
    by, at = actor_of(request), timezone.now()
    return _pressed(request, said.case, lambda: actions.read(said, by=by, at=at), "Kept as read.")


@access(P.CASE_ASSIGN, rows=Voice)
def heard(request: HttpRequest, rows: QuerySet[Voice]) -> HttpResponse:
    """Complaints, and how it was: for whoever manages the service."""
    found = queries.voices(actor_of(request))
    note_looks(request, [one.pk for one in found])
    return render(request, "journey/heard.html", {"rows": presenters.rows(found, timezone.now())})


@access(P.CASE_ASSIGN, of=Voice)
def voice(request: HttpRequest, voice: Voice) -> HttpResponse:
    """One of them, read and settled. How it was is read without a name."""
    by, at = actor_of(request), timezone.now()
    form = forms.Settle(request.POST if request.method == "POST" else None)
    if form.is_valid() and did(form, lambda: actions.settle(voice, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "Settled.")
        return redirect("journey:heard")
    note_looks(request, [voice.pk, voice.case_id], fields="voice")
    opened, asked = queries.heard(voice), queries.questions(london_date(voice.said_at))
    titles = rulebook.titles("feedback_answers", london_date(at))
    lines = [(title, titles.get(opened.answers.get(code, ""), "Not said")) for code, title, own in asked if not own]
    return render(request, "journey/voice.html", {"form": form, "voice": voice, "heard": opened, "lines": lines})


@access(P.CASE_ASSIGN, of=Voice)
@require_POST
def take(request: HttpRequest, voice: Voice) -> HttpResponse:
    """A complaint has been read, and somebody sees to it."""
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: actions.take(voice, by=by, at=at), "It stays in your day until the answer is due.")
    return redirect("journey:voice", pk=voice.pk)
