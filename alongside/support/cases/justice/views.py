"""Pages of the journey through justice: a case's way with police and courts, and what is ahead across cases."""

from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django import forms as plain
from django.contrib import messages as flash
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.access.fresh import fresh
from alongside.core.clocks import LONDON
from alongside.core.pages import beside
from alongside.core.pages.acts import did, tried
from alongside.core.pages.paging import page_of
from alongside.core.pages.tables import page_links
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.queries import colleagues, held_by
from alongside.support.cases.justice import actions, forms, presenters, queries, rules
from alongside.support.cases.justice.models import Proceeding, Turn

OWED, USUAL_DAYS = "owed", "justice_ahead"


def _page(request: HttpRequest, case: Case, template: str, **context: Any) -> HttpResponse:
    return beside.framed(request, "case", case, f"justice/{template}.html", tab="justice", **context)


@access(P.CASE_WORK, of=Case)
def show(request: HttpRequest, case: Case) -> HttpResponse:
    """Every proceeding of a case: what happened, what is owed to the victim and by whom, what comes next."""
    by, now, today = actor_of(request), timezone.now(), forms.today()
    found = queries.courses(case, today)
    speech = presenters.Speech(
        words=queries.words(), tracks=rulebook.current("justice_tracks", today), names=colleagues(by),
        forces=queries.forces() if found else {}, now=now,
    )  # fmt: skip
    counts = queries.counts((one.turn for course in found for one in course.turns), now)
    context = {
        "shown": [presenters.shown(course, speech) for course in found], "open": case.state != Case.State.CLOSED,
        "stats": presenters.stats(counts) if counts != queries.NO_COUNTS else (),
    }  # fmt: skip
    return _page(request, case, "show", **context)


def _naming() -> dict[str, Any]:
    """What the forms that name a proceeding choose from."""
    today = forms.today()
    return {
        "crimes": rulebook.choices("crime_types", today), "forces": tuple(queries.forces().items()),
        "courts": rulebook.choices("court_kinds", today),
    }  # fmt: skip


def _did(request: HttpRequest, case: Case, form: plain.Form, act: Callable[[], object], done: str) -> bool:
    """Whether the form was right and its action done; then the person is told so."""
    if form.is_valid() and did(form, act):
        flash.success(request, done)
        return True
    return False


@access(P.CASE_WORK, of=Case)
def start(request: HttpRequest, case: Case) -> HttpResponse:
    """The first question: has this been reported?"""
    by, at = actor_of(request), timezone.now()
    answers = rulebook.choices("justice_reported", forms.today())
    first = {"crime_type": case.crime_type}
    form = forms.Start(request.POST or None, answers=answers, initial=first, **_naming())
    if _did(request, case, form, lambda: actions.start(
        case, by=by, at=at, reported=form.cleaned_data["reported"], named=form.named, on=form.cleaned_data["on"]
    ), "It has been recorded."):  # fmt: skip
        return redirect("justice:show", pk=case.pk)
    return _page(request, case, "start", form=form)


@access(P.CASE_WORK, of=Proceeding)
def revise(request: HttpRequest, proceeding: Proceeding) -> HttpResponse:
    """What the police and the court know it by, and whether Enhanced Rights apply."""
    by, at = actor_of(request), timezone.now()
    entitled = rulebook.choices("enhanced_entitlement", forms.today())
    first = queries.as_named(proceeding)
    form = forms.Revise(request.POST or None, entitlements=entitled, initial=first, **_naming())
    if _did(request, proceeding.case, form, lambda: actions.revise(
        proceeding, by=by, at=at, named=form.named, entitlements=form.cleaned_data["entitlements"],
        seen=form.cleaned_data["seen"],
    ), "The details have been changed."):  # fmt: skip
        return redirect("justice:show", pk=proceeding.case_id)
    return _page(request, proceeding.case, "revise", form=form, seen=queries.version_of(proceeding))


@access(P.CASE_WORK, of=Proceeding)
def add(request: HttpRequest, proceeding: Proceeding) -> HttpResponse:
    """What happened? Everything that may follow what is recorded so far, part by part."""
    kinds = queries.may_add(proceeding, forms.today())
    tracks = rulebook.current("justice_tracks", forms.today())
    groups = presenters.grouped(kinds, tracks)
    return _page(request, proceeding.case, "add", proceeding=proceeding, groups=groups)


@access(P.CASE_WORK, of=Proceeding)
def add_turn(request: HttpRequest, proceeding: Proceeding, kind: str) -> HttpResponse:
    """One turn: when it was, and what is asked about its kind."""
    by, at, today = actor_of(request), timezone.now(), forms.today()
    row = queries.kind(kind, today)
    if row is None:
        raise Http404
    form = forms.AddTurn(request.POST or None, kind=row, **_choices(kind))
    if _did(request, proceeding.case, form, lambda: actions.add_turn(
        proceeding, by=by, at=at, kind=kind, **form.given
    ), f"Recorded: {row.title}."):  # fmt: skip
        return redirect("justice:show", pk=proceeding.case_id)
    return _page(request, proceeding.case, "add_turn", form=form, row=row, proceeding=proceeding)


def _choices(kind: str) -> dict[str, Any]:
    today = forms.today()
    answers, also = (queries.answers_for(kind, today, also=also) for also in (False, True))
    return {
        "answers": [(one.code, one.title) for one in answers], "also": [(one.code, one.title) for one in also],
        "bodies": rulebook.choices("justice_bodies", today), "ways": rulebook.choices("told_ways", today),
    }  # fmt: skip


@require_POST
@access(P.CASE_WORK, of=Turn)
def hold(request: HttpRequest, turn: Turn) -> HttpResponse:
    by, at, seen = actor_of(request), timezone.now(), request.POST.get("seen", "")
    number = int(seen) if seen.isascii() and seen.isdigit() else 0
    tried(request, lambda: actions.hold(turn, by=by, at=at, seen=number), "Recorded: it took place.")
    return redirect("justice:show", pk=turn.case_id)


def _on_turn(
    request: HttpRequest, turn: Turn, form: plain.Form, verb: str, act: Callable[[], object], done: str, **context: Any
) -> HttpResponse:  # fmt: skip
    """A form about a turn: done and back to the line; or again, with what it says now beside what was written."""
    if _did(request, turn.case, form, act, done):
        return redirect("justice:show", pk=turn.case_id)
    now = queries.one_turn(turn)
    stale = form.is_bound and "seen" in form.fields and form.data.get("seen") != str(now.turn.version)
    names = colleagues(actor_of(request))
    entry = presenters.entry(now, {}, words=queries.words(), names=names, now=timezone.now())
    context |= {"form": form, "entry": entry, "stale": stale, "seen": now.turn.version}
    return _page(request, turn.case, verb, **context)


@access(P.CASE_WORK, of=Turn)
def postpone(request: HttpRequest, turn: Turn) -> HttpResponse:
    """A day at court was moved, put off, or no longer takes place."""
    by, at = actor_of(request), timezone.now()
    reasons = rulebook.choices("postponement_reasons", forms.today())
    form = forms.Postpone(request.POST or None, reasons=reasons)
    return _on_turn(
        request, turn, form, "postpone", lambda: actions.postpone(turn, by=by, at=at, **form.cleaned_data),
        "The day has been changed. The one before stays to be read.",
    )  # fmt: skip


@access(P.CASE_WORK, of=Turn)
def tell(request: HttpRequest, turn: Turn) -> HttpResponse:
    """The victim was told: when, by whom and how."""
    by, at, choices = actor_of(request), timezone.now(), _choices(turn.kind)
    form = forms.Tell(request.POST or None, bodies=choices["bodies"], ways=choices["ways"], initial=_told(turn))
    return _on_turn(
        request, turn, form, "tell",
        lambda: actions.tell(turn, by=by, at=at, news=form.news, seen=form.cleaned_data["seen"]),
        "That they were told is recorded.",
    )  # fmt: skip


def _told(turn: Turn) -> dict[str, Any]:
    return {"told_on": turn.told_on or forms.today(), "told_by": turn.told_by or turn.owes, "told_how": turn.told_how}


@access(P.CASE_WORK, of=Turn)
def chase(request: HttpRequest, turn: Turn) -> HttpResponse:
    """Somebody was asked for news that they owe the victim."""
    by, at, choices = actor_of(request), timezone.now(), _choices(turn.kind)
    form = forms.Chase(
        request.POST or None, bodies=choices["bodies"], ways=choices["ways"],
        initial={"on": forms.today(), "body": turn.owes},
    )  # fmt: skip
    return _on_turn(
        request, turn, form, "chase", lambda: actions.chase(turn, by=by, at=at, **form.cleaned_data),
        "That you asked is recorded.", hint=queries.how_to_ask(turn.owes, forms.today()),
    )  # fmt: skip


@access(P.CASE_WORK, of=Turn)
def reassess(request: HttpRequest, turn: Turn) -> HttpResponse:
    """Their needs were asked about again after a turn; what came of it leads to the plan where it changes that."""
    by, at = actor_of(request), timezone.now()
    form = forms.Reassess(request.POST or None, answers=rulebook.choices("reassess_answers", forms.today()))
    done = "That their needs were looked at again is recorded."
    page = _on_turn(
        request, turn, form, "reassess", lambda: actions.reassess(turn, by=by, at=at, **form.cleaned_data), done
    )  # fmt: skip
    to_plan = page.status_code == 302 and form.cleaned_data["answer"] == rules.PLAN_CHANGED
    return redirect("casework:plan", pk=turn.case_id) if to_plan else page


@access(P.CASE_WORK, of=Turn)
def strike_out(request: HttpRequest, turn: Turn) -> HttpResponse:
    """Takes back what was recorded by mistake. It stays to be read."""
    by, at = actor_of(request), timezone.now()
    form = forms.StrikeOut(request.POST or None)
    return _on_turn(
        request, turn, form, "strike_out", lambda: actions.strike_out(turn, by=by, at=at, **form.cleaned_data),
        "It has been struck out, and stays to be read.",
    )  # fmt: skip


def _asked(request: HttpRequest, sent: QueryDict) -> forms.Ahead:
    """The filters of the list. Whoever asked for nothing is shown what is theirs, a manager the whole team's."""
    asked = sent.copy()
    asked.setdefault("whose", "all" if actor_of(request).may(P.CASE_ASSIGN) else "mine")
    return forms.Ahead(asked, kinds=rulebook.choices("justice_turns", forms.today()))


def _found(request: HttpRequest, rows: QuerySet[Turn], form: forms.Ahead) -> QuerySet[Turn]:
    """What the filters leave, with its case and victim."""
    by, today, asked = actor_of(request), forms.today(), form.asked
    days = int(asked.get("due") or queries.limit(USUAL_DAYS, today))
    until = today + timedelta(days=days)
    end = datetime.combine(until, time.max, tzinfo=LONDON)
    found = queries.owed(rows, until=end) if asked.get("view") == OWED else queries.days_ahead(rows, until=until)
    found = found.exclude(case__state=Case.State.CLOSED).select_related("case__victim")
    if asked.get("whose") != "all":
        found = found.filter(held_by(by.user_id, today, of="case__"))
    return found.filter(kind=asked["kind"]) if asked.get("kind") else found


@access(P.CASE_WORK, rows=Turn)
def ahead(request: HttpRequest, rows: QuerySet[Turn]) -> HttpResponse:
    """Days at court, or news that victims are owed, across cases: the next first."""
    by, now = actor_of(request), timezone.now()
    form = _asked(request, request.GET)
    order = ("due_at", "id") if form.asked.get("view") == OWED else ("on", "id")
    get = request.GET.get
    page = page_of(_found(request, rows, form), order=order, after=get("after", ""), before=get("before", ""))
    note_looks(request, _people(page.rows), fields="name")
    before, after = page_links(request, page)
    context = {
        "form": form, "asked": form.asked, "owed": form.asked.get("view") == OWED, "before": before, "after": after,
        "rows": presenters.ahead(page.rows, words=queries.words(), names=colleagues(by), now=now),
        "may_download": by.may(P.CASE_ASSIGN),
    }  # fmt: skip
    return render(request, "justice/ahead.html", context)


def _people(turns: Iterable[Turn]) -> list[Any]:
    return list({one.victim_id for one in turns})


@access(P.CASE_ASSIGN, rows=Turn)
@fresh
def download(request: HttpRequest, rows: QuerySet[Turn]) -> HttpResponse:
    """What the filters leave, as a file without names. That it left is on record."""
    if request.method != "POST":
        return redirect("justice:ahead")
    by, at = actor_of(request), timezone.now()
    found = list(_found(request, rows, _asked(request, request.POST)).order_by("on", "id"))
    note_looks(request, _people(found), fields="file")
    file = actions.export(found, by=by, at=at)
    named = {"Content-Disposition": f'attachment; filename="{file.filename}"'}
    return HttpResponse(file.content, content_type=file.content_type, headers=named)
