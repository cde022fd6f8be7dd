"""Pages of the other party: masked until somebody says why they open it; a conflict for a manager to decide."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms as plain
from django.contrib import messages as flash
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.clocks import london_date
from alongside.core.pages import drafts
from alongside.core.pages.acts import did
from alongside.core.pages.beside import framed
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.casework.models import Case
from alongside.support.cases.others import actions, forms, presenters, queries
from alongside.support.cases.others.models import Clash, Condition, Party

FIELDS = "other_party"


def _today() -> date:
    return london_date(timezone.now())


def _page(request: HttpRequest, case: Case, template: str, **context: Any) -> HttpResponse:
    return framed(request, "case", case, f"others/{template}.html", tab="people", **context)


def _choices(**more: str) -> dict[str, forms.Choices]:
    return {name: rulebook.choices(book, _today()) for name, book in {**actions.BOOKS, **more}.items()}


def _looked(request: HttpRequest, party: Party, reason: str) -> None:
    note_looks(request, [party.case_id, party.victim_id], fields=FIELDS, reason=reason)


def _form(
    request: HttpRequest, case: Case, form: plain.Form, act: Callable[..., object], about: Any, said: str,
    template: str, **context: Any,
) -> HttpResponse:  # fmt: skip
    """A form about something of the case: done and back to its people; or again, with what is wrong."""
    by, at = actor_of(request), timezone.now()
    if form.is_valid() and did(form, lambda: act(about, by=by, at=at, **form.cleaned_data)):
        if name := context.get("draft"):
            drafts.drop(name, by=by)
        flash.success(request, said)
        return redirect(presenters.PEOPLE, pk=case.pk)
    return _page(request, case, template, form=form, **context)


def _standing(party: Party) -> Party:
    """The version that stands, whichever was asked for; none where they were taken off the case."""
    now = queries.now(party)
    if now is None:
        raise Http404
    return now


@access(P.CASE_WORK, of=Case)
def add(request: HttpRequest, case: Case) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    if not queries.keeps(case, by):
        raise PermissionDenied
    kept = drafts.restore(name := drafts.form_name("others.add", case.pk), by=by, at=at)
    form = forms.Add(request.POST or None, choices=_choices(), initial=drafts.initial(forms.Add, kept))
    said = "Kept. Only those who work on this case, and their manager, can open it."
    return _form(request, case, form, actions.add, case, said, "add", kept=kept, draft=name)


@access(P.CASE_WORK, of=Party)
def other_party(request: HttpRequest, party: Party) -> HttpResponse:
    """Asks why it is opened, and shows nothing yet."""
    form = forms.OpenParty(choices=_choices(reason=queries.LOOKS))
    return _page(request, party.case, "open_party", form=form, party=_standing(party))


@access(P.CASE_WORK, of=Party)
@require_POST
def open_party(request: HttpRequest, party: Party) -> HttpResponse:
    """Shows it once: the look is logged with the reason."""
    now, words = _standing(party), presenters.titles(_today())
    form = forms.OpenParty(request.POST, choices=_choices(reason=queries.LOOKS))
    if not form.is_valid():
        return _page(request, party.case, "open_party", form=form, party=now)
    reasons = rulebook.titles(queries.LOOKS, _today())
    _looked(request, now, f"other party: {reasons[form.cleaned_data['reason']]}".lower())
    found = queries.opened(now)
    names = queries.names(one.written_by for one in (now, *found.earlier))
    return _page(
        request, party.case, "opened", found=found, facts=presenters.facts(found, words),
        conditions=[(one, presenters.condition(one, words), said) for one, said in found.conditions],
        earlier=presenters.earlier(found, words, names),
    )  # fmt: skip


@access(P.CASE_WORK, of=Party)
def revise(request: HttpRequest, party: Party) -> HttpResponse:
    """Changes what is known; where somebody else did meanwhile, with what it says now beside."""
    now = _standing(party)
    _looked(request, now, "other party: to put it right")
    found = queries.opened(now)
    start = forms.Revise.start(found)
    form = forms.Revise(request.POST or None, choices=_choices(why=queries.CHANGES), initial=start)
    stale = form.is_bound and form.data.get("seen") != str(now.number)
    facts = presenters.facts(found, presenters.titles(_today())) if stale else []
    said = "Changed. What it said before is kept with it."
    return _form(
        request, party.case, form, actions.revise, now, said, "revise", party=now, stale=stale, facts=facts
    )  # fmt: skip


@access(P.CASE_WORK, of=Party)
def remove(request: HttpRequest, party: Party) -> HttpResponse:
    now = _standing(party)
    form = forms.Remove(request.POST or None, choices=_choices(why=queries.CHANGES), initial={"seen": now.number})
    return _form(request, party.case, form, actions.remove, now, "Taken off the case.", "remove")


@access(P.CASE_WORK, of=Party)
def add_condition(request: HttpRequest, party: Party) -> HttpResponse:
    now = _standing(party)
    form = forms.AddCondition(request.POST or None, choices=_choices(kind=queries.KINDS))
    said = "Kept. It comes up before its last day."
    return _form(request, party.case, form, actions.add_condition, now, said, "add_condition")


@access(P.CASE_WORK, of=Condition)
def end_condition(request: HttpRequest, condition: Condition) -> HttpResponse:
    form = forms.EndCondition(request.POST or None, choices=_choices(why=queries.ENDINGS))
    title = presenters.condition(condition, presenters.titles(_today()))
    return _form(
        request, condition.case, form, actions.end_condition, condition, "Taken off.", "end_condition", title=title
    )  # fmt: skip


@access(P.CASE_WORK, of=Case)
def clashes(request: HttpRequest, case: Case) -> HttpResponse:
    """To a worker: speak with your manager. To a manager: which cases, and what was decided."""
    found = queries.waits(case, actor_of(request))
    note_looks(request, [one.against_id for one, _ in found])
    names = queries.names(one.settled_by for one, _ in found)
    conflicts = presenters.conflicts(found, presenters.titles(_today()), names)
    return _page(request, case, "clashes", conflicts=conflicts, decides=actor_of(request).may(P.CASE_ASSIGN))


@access(P.CASE_ASSIGN, of=Clash)
def settle(request: HttpRequest, clash: Clash) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    form = forms.Settle(request.POST or None, choices=_choices(answer=queries.ANSWERS))
    if form.is_valid() and did(form, lambda: actions.settle(clash, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "Decided. It is kept with the case.")
        return redirect("others:clashes", pk=clash.case_id)
    return _page(request, clash.case, "settle", form=form, what=clash.get_what_display())
