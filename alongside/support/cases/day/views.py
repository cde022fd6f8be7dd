"""Pages of a worker's day and of a manager's team."""

from collections.abc import Callable, Mapping
from uuid import UUID

from django.contrib import messages as flash
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.clocks import london_date
from alongside.core.pages import beside
from alongside.core.pages.acts import did, tried
from alongside.core.pages.tables import page_links, with_query
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework import queries as casework_queries
from alongside.support.cases.casework.models import Case, Step
from alongside.support.cases.day import actions, forms, presenters, queries
from alongside.support.cases.day.models import Absence


def _whose(request: HttpRequest) -> UUID | None:
    """Whose day it is: one's own; a manager may look at that of somebody in their team."""
    by = actor_of(request)
    try:
        asked = UUID(request.GET.get("whose", ""))
    except ValueError:
        return by.user_id
    here = casework_queries.workers(by.organisation_id or 0)
    return asked if by.may(P.CASE_ASSIGN) and asked in here else by.user_id


@access(P.CASE_WORK, rows=Case)
def mine(request: HttpRequest, rows: QuerySet[Case]) -> HttpResponse:
    """What is due for a worker up to a week from now."""
    by, now, worker = actor_of(request), timezone.now(), _whose(request)
    assert worker is not None
    found = queries.day(rows, worker, by.organisation_id or 0, now=now)
    group = request.GET.get("group", "")
    shown = presenters.shown(found, group)
    note_looks(request, {one.case.victim_id for one in found.due}, fields="name")
    name = "" if worker == by.user_id else casework_queries.workers(by.organisation_id or 0).get(worker, "")
    context = {"shown": shown, "group": group, "name": name, "whose": worker if name else "", "now": now,
               "beside": beside.cards("day", worker, by=by, at=now)}  # fmt: skip
    return render(request, "day/mine.html", context)


@access(P.CASE_WORK, of=Step)
@require_POST
def finish_step(request: HttpRequest, step: Step) -> HttpResponse:
    """Done in place: a step of a plan."""
    by, at, seen = actor_of(request), timezone.now(), request.POST.get("seen", "")
    if not seen.isdigit():
        return redirect("casework:plan", pk=step.case_id)
    tried(request, lambda: casework.finish_step(step, by=by, at=at, seen=int(seen)), "The step is done.")
    return redirect("day:mine")


@access(P.CASE_ASSIGN, rows=Case)
def team(request: HttpRequest, rows: QuerySet[Case]) -> HttpResponse:
    """Who has how much, what is late, who is away, and what waits for a manager."""
    by, now = actor_of(request), timezone.now()
    found = queries.team(by, now=now)
    shown = [case for one in found.due for case in (one.line.item.case, *one.others)]
    note_looks(request, {case.victim_id for case in shown}, fields="name")
    names = casework_queries.workers(by.organisation_id or 0)
    context = {
        "members": presenters.members(found.members, found.uncovered), "nobodys": len(found.nobodys),
        "due": found.due, "ahead": queries.ahead(by.organisation_id or 0, london_date(now)), "names": names,
        "beside": beside.cards("team", by.organisation_id or 0, by=by, at=now),
    }  # fmt: skip
    return render(request, "day/team.html", context)


def _several(
    request: HttpRequest, form: forms.Spread, act: Callable[[Mapping[UUID, UUID]], actions.Done], verb: str
) -> HttpResponse | None:  # fmt: skip
    """Does several at once and says what came of each; None where the form is still to be filled in."""
    if not form.is_valid():
        return None
    said, refused = presenters.done_words(act(form.chosen), verb)
    flash.success(request, said)
    for why in refused:
        flash.error(request, why)
    return redirect("day:team")


@access(P.CASE_ASSIGN, rows=Case)
def allocate(request: HttpRequest, rows: QuerySet[Case]) -> HttpResponse:
    """Gives out the cases that nobody has, several at once, a page at a time; a fair spread is proposed."""
    by, at, get = actor_of(request), timezone.now(), request.GET.get
    found, (page, total) = (
        queries.team(by, now=at),
        queries.nobodys(by, after=get("after", ""), before=get("before", "")),
    )
    sent = [case for case in found.nobodys if f"case-{case.pk}" in request.POST]
    proposed = queries.spread(page.rows, found.members, london_date(at)) if "propose" in request.GET else {}
    people = presenters.takers(found.members)
    form = forms.Spread(request.POST or None, cases=sent or page.rows, people=people, proposed=proposed)
    answer = _several(request, form, lambda chosen: actions.allocate(chosen, by=by, at=at), "given out")
    if answer:
        return answer
    note_looks(request, [case.victim_id for case in form.cases], fields="name")
    crimes, links = rulebook.titles("crime_types", london_date(at)), page_links(request, page)
    over = presenters.too_much(queries.too_much(proposed, page.rows, found.members, london_date(at)))
    context = {
        "form": form, "crimes": crimes, "proposed": bool(proposed), "over": over, "total": total, "before": links[0],
        "after": links[1],
        "propose": with_query(request, propose="yes", after=get("after"), before=get("before")),
    }  # fmt: skip
    return render(request, "day/allocate.html", context)


@access(P.CASE_ASSIGN, rows=Case)
def note_absence(request: HttpRequest, rows: QuerySet[Case]) -> HttpResponse:
    """Somebody is away; then who covers."""
    by, at = actor_of(request), timezone.now()
    workers = [(str(key), name) for key, name in casework_queries.workers(by.organisation_id or 0).items()]
    start = {"worker": request.GET.get("whose", ""), "since": london_date(at)}
    form = forms.NoteAbsence(request.POST or None, workers=workers, initial=start)
    made: list[Absence] = []
    if form.is_valid() and did(form, lambda: made.append(actions.note_absence(by=by, at=at, **form.given))):
        return redirect("day:cover_all", pk=made[0].pk)
    return render(request, "day/note_absence.html", {"form": form})


@access(P.CASE_ASSIGN, of=Absence)
def cover_all(request: HttpRequest, absence: Absence) -> HttpResponse:
    """Who covers each case of somebody who is away; a fair spread is proposed."""
    by, at = actor_of(request), timezone.now()
    today, found = london_date(at), queries.team(by, now=at)
    cases = queries.to_cover(absence.user_id, by)
    others = [one for one in found.members if one.user_id != absence.user_id]
    proposed = queries.spread(cases, others, today)
    form = forms.Spread(request.POST or None, cases=cases, people=presenters.takers(others), proposed=proposed)
    answer = _several(request, form, lambda chosen: actions.cover_all(absence, by=by, at=at, covers=chosen), "covered")
    if answer:
        return answer
    note_looks(request, [case.victim_id for case in cases], fields="name")
    names, crimes = casework_queries.workers(absence.organisation_id), rulebook.titles("crime_types", today)
    over = presenters.too_much(queries.too_much(proposed, cases, others, today))
    context = {
        "form": form, "absence": absence, "name": names.get(absence.user_id, ""), "crimes": crimes, "over": over,
    }  # fmt: skip
    return render(request, "day/cover_all.html", context)


@access(P.CASE_ASSIGN, of=Absence)
@require_POST
def come_back(request: HttpRequest, absence: Absence) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    done = "They are back. Cover ends on its last day, or when you give a case back by hand."
    tried(request, lambda: actions.come_back(absence, by=by, at=at), done)
    return redirect("day:team")
