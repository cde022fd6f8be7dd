"""The hub's pages: triage of one referral."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms as plain
from django.contrib import messages as flash
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core import clocks
from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.pages import beside, drafts, once
from alongside.core.pages.acts import did, tried
from alongside.foundation.local.pathways import queries as pathways
from alongside.foundation.local.pathways.presenters import takers
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.messages import queries as messages
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.referrals import actions, attempts, forms, lifecycle, presenters, queries
from alongside.support.arrivals.referrals.models import Attempt, Offer, Referral

moves = lifecycle.referral
MOST = 5  # services that fit, on the page of a referral
Action = Callable[..., Any]


def _did(request: HttpRequest, form: plain.Form, action: Action, subject: Any, **words: object) -> bool:
    """Whether the action was done; the rule that forbids it becomes the form's error."""
    return did(form, lambda: action(subject, by=actor_of(request), at=timezone.now(), **words))


def _press(request: HttpRequest, action: Action, subject: Any, done: str, **words: object) -> None:
    """Does what a button asks, and says so or why not."""
    tried(request, lambda: action(subject, by=actor_of(request), at=timezone.now(), **words), done)


def _posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, be it nothing; None where the form is only shown."""
    return request.POST if request.method == "POST" else None


def _kept(request: HttpRequest, verb: str, referral: Referral) -> drafts.Kept | None:
    """What this person was writing when the session ended or the page was left."""
    return drafts.restore(_draft(verb, referral), by=actor_of(request), at=timezone.now())


def _draft(verb: str, referral: Referral) -> str:
    return drafts.form_name(f"referrals.{verb}", referral.pk)


def _back(key: UUID) -> HttpResponse:
    return redirect("referrals:show", pk=key)


@access(P.REFERRAL_READ, of=Referral)
def show(request: HttpRequest, referral: Referral) -> HttpResponse:
    """Triage: everything known, what may be done, and what fits."""
    at, by = timezone.now(), actor_of(request)
    known = queries.triage(referral, at=at)
    matched = [match.victim_id for match in known.matches]
    cards = beside.cards("referral", referral, by=by, at=at)
    note_looks(request, [known.victim.pk, *matched, *beside.shown(cards)], fields="name notes contact")
    more = {"contacting": queries.contacting(known, by=by, at=at), "beside": cards, "takers": takers(known.fits[:MOST])}
    more["pathway"] = pathways.about(referral.crime_type, clocks.london_date(at))
    context = presenters.page(known, by=by, at=at) | more
    return render(request, "referrals/show.html", context)


@access(P.REFERRAL_TRIAGE, of=Referral)
def reveal(request: HttpRequest, referral: Referral) -> HttpResponse:
    """The numbers and addresses themselves, once for each press of the button; the look names what was opened.

    Whoever comes back or reads the page again presses again. A provider has the page of its case, one way at a time."""
    if request.method == "POST":
        once.press(request, referral.pk)
        return redirect("referrals:reveal", pk=referral.pk)
    ways = queries.ways(referral) if once.pressed(request, referral.pk) else None
    opened = ("instructions", *(point.kind for point, _, _ in ways)) if ways is not None else ("name",)
    note_looks(request, [referral.victim_id, *(point.pk for point, _, _ in ways or ())], fields=" ".join(opened))
    hidden = queries.hidden(referral, clocks.london_date(timezone.now()))
    shown = presenters.ways(ways, hidden=hidden) if ways is not None else None
    context = {"referral": referral, "name": referral.victim.full_name, "ways": shown}
    return render(request, "referrals/reveal.html", context)


@require_POST
@access(moves.needs("take"), of=Referral)
def take(request: HttpRequest, referral: Referral) -> HttpResponse:
    _press(request, actions.take, referral, "You are now this person’s single point of contact.")
    return _back(referral.pk)


@require_POST
@access(moves.needs("take_over"), of=Referral)
def take_over(request: HttpRequest, referral: Referral) -> HttpResponse:
    _press(request, actions.take_over, referral, "You have taken this over from your colleague.")
    return _back(referral.pk)


@access(moves.needs("record_attempt"), of=Referral)
def record_attempt(request: HttpRequest, referral: Referral) -> HttpResponse:
    at, kept = timezone.now(), _kept(request, "record_attempt", referral)
    results = rulebook.choices("contact_results", clocks.london_date(at))
    start = forms.RecordAttempt.now(at) | drafts.initial(forms.RecordAttempt, kept)
    despite = messages.hold_overrides(referral.victim_id, by=actor_of(request), at=at)
    choices = {"result": results, "despite": despite}
    form = forms.RecordAttempt(_posted(request), choices=choices, initial=start)
    if form.is_valid() and _did(request, form, attempts.record_attempt, referral, **form.given):
        drafts.drop(_draft("record_attempt", referral), by=actor_of(request))
        flash.success(request, "The attempt is recorded.")
        return _back(referral.pk)
    held = messages.held(referral.victim_id, at)
    return _ask(request, "record_attempt", form, referral, kept=kept, held=held)


@access(moves.needs("plan_attempt"), of=Referral)
def plan_attempt(request: HttpRequest, referral: Referral) -> HttpResponse:
    """Sets when to try next."""
    at = timezone.now()
    start = forms.PlanAttempt.begun(queries.window_to_start_from(referral, at=at))
    choices = {"despite": queries.hours_overrides(actor_of(request), clocks.london_date(at))}
    form = forms.PlanAttempt(_posted(request), choices=choices, initial=start)
    if form.is_valid() and _did(request, form, attempts.plan_attempt, referral, **form.cleaned_data):
        flash.success(request, "The next call is set.")
        return _back(referral.pk)
    contact = queries.contact(referral, at=at)
    return _ask(request, "plan_attempt", form, referral, strip=presenters.strip(contact))


@require_POST
@access(moves.needs("take_up_again"), of=Referral)
def take_up_again(request: HttpRequest, referral: Referral) -> HttpResponse:
    """They came back, or somebody found another way: it is in triage again, with the one who pressed the button."""
    _press(request, attempts.take_up_again, referral, "Taken up again. You are this person’s single point of contact.")
    return _back(referral.pk)


@access(P.REFERRAL_TRIAGE, of=Attempt)
def strike_out(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    """Takes back an attempt that was recorded wrongly: on the wrong record, say."""
    form = forms.StrikeOut(_posted(request))
    if form.is_valid() and _did(request, form, attempts.strike_out, attempt, **form.cleaned_data):
        flash.success(request, "Struck out. It stays to be read, and counts for nothing.")
        return _back(attempt.referral_id)
    results = rulebook.titles("contact_results", clocks.london_date(timezone.now()))
    said = presenters.attempt(attempt, queries.note_of(attempt), results)
    return _ask(request, "strike_out", form, attempt.referral, said=said)


@access(lifecycle.offer.needs("call_back"), of=Offer)
def call_back(request: HttpRequest, offer: Offer) -> HttpResponse:
    on = clocks.london_date(timezone.now())
    form = forms.CallBack(_posted(request), choices={"reason": rulebook.choices("recall_reasons", on)})
    if form.is_valid() and _did(request, form, actions.call_back, offer, **form.cleaned_data):
        flash.success(request, "Called back. It is in your queue again, and what the service saw is on record.")
        return _back(offer.referral_id)
    context = {"form": form, "offer": offer, "looks": queries.looks_by_provider(offer)}
    return render(request, "referrals/call_back.html", context)


@access(moves.needs("close"), of=Referral)
def close(request: HttpRequest, referral: Referral) -> HttpResponse:
    on = clocks.london_date(timezone.now())
    start = {"reason": request.GET.get("reason", "")}
    form = forms.Close(_posted(request), choices={"reason": queries.hub_closures(on)}, initial=start)
    if form.is_valid() and _did(request, form, actions.close, referral, **form.cleaned_data):
        flash.success(request, "The referral is closed.")
        return redirect("triage:queue")
    return _ask(request, "close", form, referral, to_read=queries.to_read(referral, on))


@require_POST
@access(P.REFERRAL_TRIAGE, of=Referral)
def deal_with(request: HttpRequest, referral: Referral, addition: UUID) -> HttpResponse:
    """Marks what a victim added as dealt with."""
    found = queries.addition(referral, addition)
    if found is None:
        raise Http404
    _press(request, attempts.deal_with, found, "Marked as dealt with.")
    return _back(referral.pk)


def _ask(request: HttpRequest, verb: str, form: plain.Form, referral: Referral, **more: object) -> HttpResponse:
    """A page that asks one thing about a referral."""
    note_looks(request, [referral.victim_id], fields="name")
    context = {"form": form, "referral": referral, "name": referral.victim.full_name, "draft": _draft(verb, referral)}
    return render(request, f"referrals/{verb}.html", context | more)
