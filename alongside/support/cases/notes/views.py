"""Pages of notes, and of counselling notes for those who may read them."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms as plain
from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core.access.actor import Actor
from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.pages import beside, drafts
from alongside.core.pages.acts import did, tried
from alongside.core.pages.beside import Card
from alongside.core.pages.tables import page_links
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.cases.casework import queries as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.notes import actions, forms, presenters, queries, rules
from alongside.support.cases.notes.models import Cabinet, Counsel, Note

COUNSELLING = "counselling"


def _page(request: HttpRequest, case: Case, template: str, **context: Any) -> HttpResponse:
    return beside.framed(request, "case", case, f"notes/{template}.html", tab="notes", **context)


def _write(
    request: HttpRequest, about: Case | Note | Counsel, form: type[plain.Form], verb: Callable[..., Any], done: str,
    **context: Any,
) -> HttpResponse:  # fmt: skip
    """A form in which somebody writes: kept while they do, and what it may give away pointed out afterwards."""
    by, at = actor_of(request), timezone.now()
    context = {"closed": False, "stale": False, **context}
    case = about if isinstance(about, Case) else about.case
    kept = drafts.restore(name := drafts.form_name(f"notes.{verb.__name__}", about.pk), by=by, at=at)
    start = drafts.initial(form, kept) or context.pop("start", {})
    made = form(request.POST or None, initial=start)
    if made.is_valid() and did(made, lambda: verb(about, by=by, at=at, **made.cleaned_data)):
        drafts.drop(name, by=by)
        flash.success(request, done)
        if hint := rules.hint(made.cleaned_data["words"]):
            flash.warning(request, hint)
        return redirect("notes:counselling" if context["closed"] else "notes:notes", pk=case.pk)
    return _page(request, case, verb.__name__, form=made, kept=kept, draft=name, **context)


def offline(case: Case, *, by: Actor, at: datetime) -> Iterable[Card]:
    """The form of a note comes along with the page of a case, for when there is no connection."""
    if by.realm == Realm.PROVIDER and by.may(P.CASE_WORK):
        words = {"form": forms.AddNote(auto_id="away_%s"), "draft": drafts.form_name("notes.add_note", case.pk)}
        yield Card("aside", "notes/parts/offline.html", words)


@access(P.CASE_WORK, of=Case)
def notes(request: HttpRequest, case: Case) -> HttpResponse:
    """The notes, newest first, each with what was added; a page at a time."""
    by, now = actor_of(request), timezone.now()
    leaf = queries.leaf(Note, case, **_place(request))
    found = presenters.shown(leaf.notes, by=by, names=casework.colleagues(by), now=now)
    return _page(request, case, "notes", notes=found, counselling=queries.cabinet(case), **_pager(request, leaf))


def _place(request: HttpRequest) -> dict[str, str]:
    return {"after": request.GET.get("after", ""), "before": request.GET.get("before", "")}


def _pager(request: HttpRequest, leaf: queries.Leaf) -> dict[str, Any]:
    before, after = page_links(request, leaf.page)
    return {"before": before, "after": after, "total": leaf.total}


@access(P.CASE_WORK, of=Case)
def add_note(request: HttpRequest, case: Case) -> HttpResponse:
    return _write(request, case, forms.AddNote, actions.add_note, "The note has been saved.")


@access(P.CASE_WORK, of=Note)
def change_note(request: HttpRequest, note: Note) -> HttpResponse:
    """The same note in other words, for as long as its writer can change it."""
    now = queries.newest(note)
    words = {"start": {"words": queries.words_of(note)}, "row": note, "now": queries.words_of(now),
             "stale": now.pk != note.pk, "newest": now}  # fmt: skip
    return _write(request, note, forms.ChangeNote, actions.change_note, "The note has been changed.", **words)


@access(P.CASE_WORK, of=Note)
def amend_note(request: HttpRequest, note: Note) -> HttpResponse:
    written = queries.words_of(queries.newest(note))
    done = "The amendment has been saved."
    return _write(request, note, forms.AmendNote, actions.amend_note, done, written=written, row=note)


@access(P.CASE_WORK, of=Case)
@require_POST
def here(request: HttpRequest, case: Case) -> HttpResponse:
    """Called by a page of the case while it is open: who else has it open. No look of its own: the page's is logged."""
    by, at = actor_of(request), timezone.now()
    note_looks(request, [])
    actions.here(case, by=by, at=at, writing=request.POST.get("writing") == "yes")
    found = queries.others(case, by=by, at=at, names=casework.colleagues(by))
    return JsonResponse({"others": [{"name": one.name, "writing": one.writing} for one in found]})


@access(P.CASE_WORK, of=Case)
def counselling(request: HttpRequest, case: Case) -> HttpResponse:
    """The counselling notes, for those who may read them; for others who that is."""
    by, now = actor_of(request), timezone.now()
    names = casework.colleagues(by)
    held = queries.counselling(case, by=by, manager=by.may(P.CASE_ASSIGN), names=names, **_place(request))
    if held.leaf is None:
        return _page(request, case, "counselling", held=held, notes=())
    if held.leaf.notes:
        note_looks(request, [case.victim_id], fields=COUNSELLING)
    found = presenters.shown(held.leaf.notes, by=by, names=names, now=now)
    return _page(request, case, "counselling", held=held, notes=found, **_pager(request, held.leaf))


@access(P.CASE_WORK, of=Case)
def counsel(request: HttpRequest, case: Case) -> HttpResponse:
    return _write(request, case, forms.Counsel, actions.counsel, "The counselling note has been saved.", closed=True)


@access(P.CASE_WORK, of=Counsel)
def change_counsel(request: HttpRequest, note: Counsel) -> HttpResponse:
    now = queries.newest(note)
    note_looks(request, [note.victim_id], fields=COUNSELLING)
    words = {"start": {"words": queries.words_of(note)}, "row": note, "now": queries.words_of(now),
             "stale": now.pk != note.pk, "newest": now, "closed": True}  # fmt: skip
    return _write(request, note, forms.Counsel, actions.change_counsel, "The note has been changed.", **words)


@access(P.CASE_WORK, of=Counsel)
def amend_counsel(request: HttpRequest, note: Counsel) -> HttpResponse:
    note_looks(request, [note.victim_id], fields=COUNSELLING)
    words = {"written": queries.words_of(queries.newest(note)), "row": note, "closed": True}
    return _write(request, note, forms.AmendNote, actions.amend_counsel, "The amendment has been saved.", **words)


@access(P.CASE_WORK, of=Cabinet)
def name_reader(request: HttpRequest, cabinet: Cabinet) -> HttpResponse:
    """Lets a colleague read the counselling notes."""
    by, at, case = actor_of(request), timezone.now(), cabinet.case
    form = forms.NameReader(request.POST or None, people=queries.who_may_read(case, cabinet))
    if form.is_valid() and did(form, lambda: actions.name_reader(cabinet, by=by, at=at, reader=form.chosen)):
        flash.success(request, "They can read the counselling notes now. Everybody who reads them sees who does.")
        return redirect("notes:counselling", pk=case.pk)
    return _page(request, case, "name_reader", form=form, cabinet=cabinet)


@access(P.CASE_WORK, of=Cabinet)
@require_POST
def take_off_reader(request: HttpRequest, cabinet: Cabinet) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    try:
        reader = UUID(request.POST.get("reader", ""))
    except ValueError:
        return redirect("notes:counselling", pk=cabinet.case_id)
    done = "They can read the counselling notes no longer."
    tried(request, lambda: actions.take_off_reader(cabinet, by=by, at=at, reader=reader), done)
    return redirect("notes:counselling", pk=cabinet.case_id)
