"""The page of people around a case, and the forms that stand on it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms as plain
from django.contrib import messages as flash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.clocks import london_date
from alongside.core.pages import drafts
from alongside.core.pages.acts import did, tried
from alongside.core.pages.beside import framed
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.casework.models import Case
from alongside.support.cases.others import presenters as others_words
from alongside.support.cases.others import queries as others
from alongside.support.cases.related import actions, forms, presenters, queries
from alongside.support.cases.related.models import Professional, Relative
from alongside.support.cases.related.queries import Known

RELATIVE = {"relation": queries.RELATIONS, "responsibility": queries.RESPONSIBILITY, "why": queries.CHANGES}
PROFESSIONAL = {"role": queries.ROLES, "why": queries.CHANGES}


def _today() -> date:
    return london_date(timezone.now())


def _choices(books: dict[str, str]) -> dict[str, forms.Choices]:
    return {name: rulebook.choices(book, _today()) for name, book in books.items()}


def _page(request: HttpRequest, case: Case, template: str, **context: Any) -> HttpResponse:
    note_looks(request, [case.pk, case.victim_id], fields="people")
    return framed(request, "case", case, f"related/{template}.html", tab="people", **context)


@access(P.CASE_WORK, of=Case)
def people(request: HttpRequest, case: Case) -> HttpResponse:
    """Everybody around a case. The other party is masked, and is there for its keepers alone."""
    by, on = actor_of(request), _today()
    words, other_words = presenters.titles(on), others_words.titles(on)
    return _page(
        request, case, "people", goes_on=case.state != Case.State.CLOSED, keeps=others.keeps(case, by),
        relatives=[presenters.relative(one, words, on) for one in queries.standing(Relative, case, by)],
        professionals=[presenters.professional(one, words) for one in queries.standing(Professional, case, by)],
        others=others_words.masked(others.standing(case, by), other_words, on),
    )  # fmt: skip


@access(P.CASE_WORK, of=Case)
def history(request: HttpRequest, case: Case) -> HttpResponse:
    """What was said before of children, household and professionals."""
    on = _today()
    parts = [queries.history(Relative, case), queries.history(Professional, case)]
    names = queries.names(one.row.written_by for part in parts for versions in part for one in versions)
    relatives, professionals = (presenters.past(part, presenters.titles(on), names, on) for part in parts)
    return _page(request, case, "history", relatives=relatives, professionals=professionals)


def _form(
    request: HttpRequest, case: Case, form: plain.Form, act: Callable[..., object], about: Any, said: str,
    template: str, **context: Any,
) -> HttpResponse:  # fmt: skip
    """A form about somebody: done and back to the people of the case; or again, with what is wrong."""
    by, at = actor_of(request), timezone.now()
    if form.is_valid() and did(form, lambda: act(about, by=by, at=at, **form.cleaned_data)):
        if name := context.get("draft"):
            drafts.drop(name, by=by)
        flash.success(request, said)
        return redirect("related:people", pk=case.pk)
    return _page(request, case, template, form=form, **context)


def _known(request: HttpRequest, row: Any) -> Known:
    """The version that stands, opened; nothing where somebody took them off."""
    now = queries.now(row)
    if now is None:
        raise Http404
    return Known(now, queries.said_of(now), queries.may_see(getattr(now, "own_case", None), actor_of(request)))


@access(P.CASE_WORK, of=Case)
def add_relative(request: HttpRequest, case: Case) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    kept = drafts.restore(name := drafts.form_name("related.add_relative", case.pk), by=by, at=at)
    start = drafts.initial(forms.AddRelative, kept)
    form = forms.AddRelative(request.POST or None, choices=_choices(RELATIVE), initial=start)
    return _form(
        request, case, form, actions.add_relative, case, "Added.", "add_relative", kept=kept, draft=name
    )  # fmt: skip


@access(P.CASE_WORK, of=Relative)
def revise_relative(request: HttpRequest, relative: Relative) -> HttpResponse:
    """Changes somebody; where somebody else did meanwhile, with what it says now beside."""
    known = _known(request, relative)
    start = forms.ReviseRelative.start(known)
    form = forms.ReviseRelative(request.POST or None, choices=_choices(RELATIVE), initial=start)
    stale = form.is_bound and form.data.get("seen") != str(known.row.number)
    person = presenters.relative(known, presenters.titles(_today()), _today())
    said = "Changed. What it said before is kept."
    return _form(
        request, relative.case, form, actions.revise_relative, known.row, said, "revise_relative", person=person,
        stale=stale,
    )  # fmt: skip


@access(P.CASE_WORK, of=Relative)
def remove_relative(request: HttpRequest, relative: Relative) -> HttpResponse:
    known = _known(request, relative)
    start = {"seen": known.row.number}
    form = forms.Remove(request.POST or None, choices=_choices({"why": queries.CHANGES}), initial=start)
    person = presenters.relative(known, presenters.titles(_today()), _today())
    return _form(
        request, relative.case, form, actions.remove_relative, known.row, "Taken off the case.", "remove", person=person
    )  # fmt: skip


@access(P.CASE_WORK, of=Relative)
@require_POST
def note_asked(request: HttpRequest, relative: Relative) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: actions.note_asked(relative, by=by, at=at), "Kept: they were asked themselves.")
    return redirect("related:people", pk=relative.case_id)


@access(P.CASE_WORK, of=Case)
def add_professional(request: HttpRequest, case: Case) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    kept = drafts.restore(name := drafts.form_name("related.add_professional", case.pk), by=by, at=at)
    start = drafts.initial(forms.AddProfessional, kept) or forms.AddProfessional.begun()
    form = forms.AddProfessional(request.POST or None, choices=_choices(PROFESSIONAL), initial=start)
    return _form(
        request, case, form, actions.add_professional, case, "Added.", "add_professional", kept=kept, draft=name
    )  # fmt: skip


@access(P.CASE_WORK, of=Professional)
def revise_professional(request: HttpRequest, professional: Professional) -> HttpResponse:
    known = _known(request, professional)
    start = forms.ReviseProfessional.start(known)
    form = forms.ReviseProfessional(request.POST or None, choices=_choices(PROFESSIONAL), initial=start)
    stale = form.is_bound and form.data.get("seen") != str(known.row.number)
    person = presenters.professional(known, presenters.titles(_today()))
    said = "Changed. What it said before is kept."
    return _form(
        request, professional.case, form, actions.revise_professional, known.row, said, "revise_professional",
        person=person, stale=stale,
    )  # fmt: skip


@access(P.CASE_WORK, of=Professional)
def remove_professional(request: HttpRequest, professional: Professional) -> HttpResponse:
    known = _known(request, professional)
    start = {"seen": known.row.number}
    form = forms.Remove(request.POST or None, choices=_choices({"why": queries.CHANGES}), initial=start)
    person = presenters.professional(known, presenters.titles(_today()))
    return _form(
        request, professional.case, form, actions.remove_professional, known.row, "Taken off the case.", "remove",
        person=person,
    )  # fmt: skip
