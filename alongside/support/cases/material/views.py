"""Pages of requests for records: those of a case, each verb, and the register for managers."""

from collections.abc import Callable
from typing import Any

from django import forms as plain
from django.contrib import messages as flash
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.access.fresh import fresh
from alongside.core.pages import beside
from alongside.core.pages.acts import did, tried
from alongside.core.pages.paging import page_of
from alongside.core.pages.tables import page_links
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.queries import colleagues, workers
from alongside.support.cases.material import actions, forms, lifecycle, presenters, queries, rules
from alongside.support.cases.material.models import Request


def _page(request: HttpRequest, case: Case, template: str, **context: Any) -> HttpResponse:
    return beside.framed(request, "case", case, f"material/{template}.html", tab="material", **context)


@access(P.CASE_WORK, of=Case)
def show(request: HttpRequest, case: Case) -> HttpResponse:
    """Every request about a case: what was asked, what is missing, what was decided."""
    by, now = actor_of(request), timezone.now()
    words, names = queries.words(), colleagues(by)
    found = queries.of_case(case, forms.today())
    shown = [presenters.shown(one, words=words, names=names, by=by, now=now) for one in found]
    return _page(request, case, "show", shown=shown, waits_for_another=rules.WAITS_FOR_ANOTHER)


@access(P.CASE_WORK, of=Case)
def take_down(request: HttpRequest, case: Case) -> HttpResponse:
    """Writes a request into the register."""
    by, at, today = actor_of(request), timezone.now(), forms.today()
    form = forms.TakeDown(
        request.POST or None, bodies=rulebook.choices("material_bodies", today), initial={"came_on": today},
        kinds=rulebook.choices("material_kinds", today), checks=rulebook.choices("material_checks", today),
    )  # fmt: skip
    if form.is_valid() and did(form, lambda: actions.take_down(case, form.wanted, by=by, at=at)):
        flash.success(request, "The request is in the register.")
        return redirect("material:show", pk=case.pk)
    return _page(request, case, "take_down", form=form)


def _on_request(
    request: HttpRequest, one: Request, form: plain.Form, verb: str, act: Callable[[], object], done: str,
    **context: Any,
) -> HttpResponse:  # fmt: skip
    """A form about a request: done and back to it; or again, with what it says now beside what was written."""
    by, now = actor_of(request), timezone.now()
    if form.is_valid() and did(form, act):
        flash.success(request, done)
        return redirect("material:show", pk=one.case_id)
    stands = queries.as_it_stands(one, forms.today())
    stale = form.is_bound and form.data.get("seen") != str(stands.request.version)
    shown = presenters.shown(stands, words=queries.words(), names=colleagues(by), by=by, now=now)
    context |= {"form": form, "one": shown, "seen": stands.request.version, "stale": stale}
    return _page(request, one.case, verb, **context)


@access(P.CASE_WORK, of=Request)
def ask_back(request: HttpRequest, one: Request) -> HttpResponse:
    """The answer that asks for what is missing, to copy and send; then that it was sent."""
    by, at = actor_of(request), timezone.now()
    form = forms.Seen(request.POST or None)
    draft = presenters.draft(queries.as_it_stands(one, forms.today()))
    return _on_request(
        request, one, form, "ask_back", lambda: actions.ask_back(one, by=by, at=at, **form.cleaned_data),
        "That they were asked is recorded.", draft=draft,
    )  # fmt: skip


@access(P.CASE_WORK, of=Request)
def complete(request: HttpRequest, one: Request) -> HttpResponse:
    """What the request says now, after they sent more."""
    by, at, today = actor_of(request), timezone.now(), forms.today()
    stands = queries.as_it_stands(one, today)
    first = {"enquiry": stands.enquiry, "notice_on": stands.request.notice_on,
             "found": [ref.partition("@")[0] for ref in stands.request.found]}  # fmt: skip
    checks = rulebook.choices("material_checks", today)
    form = forms.Complete(request.POST or None, checks=checks, initial=first)
    return _on_request(
        request, one, form, "complete", lambda: actions.complete(one, by=by, at=at, **form.cleaned_data),
        "What the request says is recorded.",
    )  # fmt: skip


@access(P.CASE_WORK, of=Request)
def hear(request: HttpRequest, one: Request) -> HttpResponse:
    """What the victim says of it."""
    by, at = actor_of(request), timezone.now()
    views = rulebook.choices("material_views", forms.today())
    form = forms.Hear(request.POST or None, views=views, initial={"spoken_on": forms.today()})
    return _on_request(
        request, one, form, "hear", lambda: actions.hear(one, by=by, at=at, **form.cleaned_data),
        "What they say of it is recorded.",
    )  # fmt: skip


@access(lifecycle.request.needs("refuse"), of=Request)
def decide(request: HttpRequest, one: Request) -> HttpResponse:
    """A manager's decision, with its reasons and what leaves."""
    by, at = actor_of(request), timezone.now()
    reasons = rulebook.choices("material_reasons", forms.today())
    form = forms.Decide(request.POST or None, reasons=reasons, people=workers(one.case.provider_id))
    return _on_request(
        request, one, form, "decide",
        lambda: actions.decide(one, form.made, by=by, at=at, seen=form.cleaned_data["seen"]),
        "The decision is recorded.",
    )  # fmt: skip


def _pressed(request: HttpRequest, one: Request, act: Callable[..., None], done: str) -> HttpResponse:
    """A button about a request."""
    by, at, seen = actor_of(request), timezone.now(), request.POST.get("seen", "")
    number = int(seen) if seen.isascii() and seen.isdigit() else 0
    tried(request, lambda: act(one, by=by, at=at, seen=number), done)
    return redirect("material:show", pk=one.case_id)


@require_POST
@access(lifecycle.request.needs("approve"), of=Request)
def approve(request: HttpRequest, one: Request) -> HttpResponse:
    return _pressed(request, one, actions.approve, "Approved. What is listed may be provided, and nothing else.")


@require_POST
@access(lifecycle.request.needs("send_back"), of=Request)
def send_back(request: HttpRequest, one: Request) -> HttpResponse:
    return _pressed(request, one, actions.send_back, "Not approved. It is to be decided anew.")


@require_POST
@access(lifecycle.request.needs("take_back"), of=Request)
def take_back(request: HttpRequest, one: Request) -> HttpResponse:
    return _pressed(request, one, actions.take_back, "Recorded: they no longer ask for it.")


def _found(rows: QuerySet[Request], form: forms.Register) -> QuerySet[Request]:
    asked = form.asked
    return queries.register(rows, state=asked.get("state", ""), body=asked.get("source", ""), today=forms.today())


@access(P.CASE_ASSIGN, rows=Request)
def register(request: HttpRequest, rows: QuerySet[Request]) -> HttpResponse:
    """The register: what waits first, the next that is due first."""
    form = forms.Register(request.GET, bodies=rulebook.choices("material_bodies", forms.today()))
    get = request.GET.get
    page = page_of(_found(rows, form), order=("due_on", "id"), after=get("after", ""), before=get("before", ""))
    note_looks(request, list({one.victim_id for one in page.rows}), fields="name")
    before, after = page_links(request, page)
    context = {
        "form": form, "asked": form.asked, "before": before, "after": after,
        "rows": presenters.register(page.rows, words=queries.words(), now=timezone.now()),
    }  # fmt: skip
    return render(request, "material/register.html", context)


@access(P.CASE_ASSIGN, rows=Request)
@fresh
def download(request: HttpRequest, rows: QuerySet[Request]) -> HttpResponse:
    """The register as the filters leave it, as a file without names. That it left is on record."""
    if request.method != "POST":
        return redirect("material:register")
    by, at = actor_of(request), timezone.now()
    form = forms.Register(request.POST, bodies=rulebook.choices("material_bodies", forms.today()))
    found = list(_found(rows, form).order_by("due_on", "id"))
    note_looks(request, list({one.victim_id for one in found}), fields="file")
    file = actions.export(found, by=by, at=at)
    named = {"Content-Disposition": f'attachment; filename="{file.filename}"'}
    return HttpResponse(file.content, content_type=file.content_type, headers=named)
