"""Pages of a worker: a sheet of paper to answer on, and questions sent to somebody's own phone."""

from typing import Any

from django.contrib import messages as flash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.pages.acts import did, tried
from alongside.core.pages.beside import framed
from alongside.core.pages.languages import speaking
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.messages.models import Outgoing
from alongside.support.cases.casework import queries as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.outcomes import queries as outcomes
from alongside.support.cases.outcomes.models import Assessment
from alongside.support.cases.outcomes.presenters import own_line
from alongside.support.cases.tools import forms, queries, sending
from alongside.support.people.victims import queries as victims
from alongside.support.people.victims.presenters import WHY_NOT


@access(P.CASE_WORK)
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """A tool on paper: nothing on it says whose it is, and unless it is asked for, nothing what it is about."""
    on = london_date(timezone.now())
    form = forms.Sheet(request.GET, languages=queries.languages())
    said = form.cleaned_data if form.is_valid() else {}
    tool = outcomes.version(code, said.get("version") or 0) or outcomes.tool(code, on)
    if tool is None:
        raise Http404
    with speaking(queries.language(said.get("language", ""))):
        return render(request, "tools/sheet.html", {
            "tool": tool, "sheet": form, "named": said.get("named"), "tells": queries.telling(tool, on),
        })  # fmt: skip


@access(P.CASE_WORK, of=Case)
def drawn(request: HttpRequest, case: Case) -> HttpResponse:
    """How their own answers moved, on paper for them: no name, and nothing of who made it."""
    found = [own_line(one.words, one.change, one.scores, one.ends) for one in outcomes.lines(case.pk)]
    note_looks(request, [case.pk, case.victim_id], fields="outcomes")
    return render(request, "tools/drawn.html", {"case": case, "lines": found})


@access(P.CASE_WORK, of=Case)
def phone(request: HttpRequest, case: Case) -> HttpResponse:
    """Questions for their own phone: what was sent, and another link, once it is seen what it shows."""
    by, at = actor_of(request), timezone.now()
    on = london_date(at)
    tools, stages = casework.tools_for(case, on), [one for one in Assessment.Stage.choices if one[0] != "first"]
    posted = request.POST if request.method == "POST" else None
    form = forms.Send(posted, tools=tools, stages=stages, languages=queries.languages())
    made: list[Outgoing] = []
    if form.is_valid() and did(form, lambda: made.append(_send(case, by=by, at=at, **form.cleaned_data))):
        if why := victims.why_refused(made[0], by):
            flash.error(request, f"It was not sent. {WHY_NOT[why]}")
        else:
            flash.success(request, "It is handed over, and goes as soon as the hour is safe.")
        return redirect("tools:phone", pk=case.pk)
    found = queries.sent(case)
    note_looks(request, [case.pk, case.victim_id], fields="outcomes")
    return framed(
        request, "case", case, "tools/phone.html", tab="outcomes", form=form, found=found, at=at,
        titles=queries.titles_of(found), not_sent=queries.not_sent(case, on),
        tells=[(one.title, words) for one in tools if (words := queries.telling(one, on))],
    )  # fmt: skip


def _send(case: Case, *, tool: str, stage: str, language: str, **when: Any) -> Outgoing:
    asked = casework.to_ask(case, today=london_date(when["at"]), chosen=tool)
    if asked is None:
        raise RuleBroken("There is no outcome tool for them.", "tool")
    if stage and stage not in asked.stages:
        raise RuleBroken("With this tool it is another assessment than that.", "stage")
    return sending.send(case, asked.tool, stage=stage or asked.stages[0], language=language or queries.ENGLISH, **when)


@access(P.CASE_WORK, of=Case)
@require_POST
def stop(request: HttpRequest, case: Case) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: sending.stop(case, by=by, at=at), "That opens nothing now.")
    return redirect("tools:phone", pk=case.pk)
