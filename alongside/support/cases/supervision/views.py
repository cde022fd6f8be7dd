"""Pages of supervision: one's own; what two wrote and signed; and for managers who met whom, and how much all had."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages as flash
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.access.fresh import fresh
from alongside.core.clocks import london_date
from alongside.core.pages import drafts
from alongside.core.pages.acts import did, tried
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.cases.casework.models import Case
from alongside.support.cases.supervision import actions, forms, presenters, queries
from alongside.support.cases.supervision.models import Bond, Decision, Meeting
from alongside.support.cases.tasks import queries as tasks


def _topics() -> tuple[RuleRow, ...]:
    return rulebook.current(queries.TOPICS, london_date(timezone.now()))


@access(P.CASE_WORK, rows=Bond)
def mine(request: HttpRequest, rows: QuerySet[Bond]) -> HttpResponse:
    """Those with whom one meets, and what one agreed to do."""
    by, on = actor_of(request), london_date(timezone.now())
    found = queries.pairs(queries.mine(by), on)
    names = queries.names(key for one in found for key in presenters.people(one.bond))
    context = {"pairs": presenters.pairs(found, names, on), "to_do": queries.to_do(by), "today": on,
               "manages": by.may(P.CASE_ASSIGN)}  # fmt: skip
    return render(request, "supervision/mine.html", context)


@access(P.CASE_ASSIGN, rows=Case)
def arrange(request: HttpRequest, rows: QuerySet[Case]) -> HttpResponse:
    """Who supervises whom from now on."""
    by, at = actor_of(request), timezone.now()
    people, leads = queries.workers(by), queries.managers(by.organisation_id or 0)
    start = {"worker": request.GET.get("whose", ""), "manager": str(by.user_id)}
    form = forms.Arrange(request.POST or None, workers=people, managers=leads, initial=start)
    if form.is_valid() and did(form, lambda: actions.arrange(by=by, at=at, **form.given)):
        flash.success(request, "Arranged. Only those whom you named read what is written.")
        return redirect("supervision:report")
    return render(request, "supervision/arrange.html", {"form": form})


@access(P.CASE_WORK, of=Bond)
def show(request: HttpRequest, bond: Bond) -> HttpResponse:
    """Every time that the two met."""
    names, by = queries.names(presenters.people(bond)), actor_of(request)
    context = {
        "bond": bond, "facts": presenters.facts(bond, names), "two": by.user_id in (bond.worker, bond.manager),
        "meetings": [(one, presenters.tag(one)) for one in queries.meetings(bond)],
        "title": presenters.name(bond.worker, names),
    }  # fmt: skip
    return render(request, "supervision/show.html", context)


@access(P.CASE_WORK, of=Bond)
def name_second(request: HttpRequest, bond: Bond) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    leads = {key: name for key, name in queries.managers(bond.organisation_id).items()
             if key not in (bond.worker, bond.manager)}  # fmt: skip
    form = forms.NameSecond(request.POST or None, managers=leads, initial={"second": str(bond.second or "")})
    if form.is_valid() and did(form, lambda: actions.name_second(bond, by=by, at=at, second=form.second_key)):
        flash.success(request, "Kept. They read everything that was written between you two, until you say otherwise.")
        return redirect("supervision:show", pk=bond.pk)
    return render(request, "supervision/name_second.html", {"form": form, "bond": bond})


@access(P.CASE_WORK, of=Bond)
def write(request: HttpRequest, bond: Bond) -> HttpResponse:
    """A new note."""
    by, at = actor_of(request), timezone.now()
    kept = drafts.restore(name := drafts.form_name("supervision.write", bond.pk), by=by, at=at)
    start = {"on": london_date(at), **_kept(kept)}
    form = forms.Write(request.POST or None, topics=_topics(), initial=start)
    made: list[Meeting] = []
    if form.is_valid() and did(form, lambda: made.append(actions.write(bond, by=by, at=at, **form.given))):
        drafts.drop(name, by=by)
        flash.success(request, "Written. Read it through together, then both sign.")
        return redirect("supervision:meeting", pk=made[0].pk)
    return render(request, "supervision/write.html", {"form": form, "bond": bond, "kept": kept, "draft": name})


def _kept(kept: drafts.Kept | None) -> dict[str, Any]:
    """What a draft had in the boxes of words, and the version that it began from; days are chosen again."""
    return {name: text for name, text in kept.texts.items() if name.startswith((forms.TOPIC, "seen"))} if kept else {}


@access(P.CASE_WORK, of=Meeting)
def change(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Says it otherwise; where somebody else did meanwhile, with what it says now beside."""
    by, at, now = actor_of(request), timezone.now(), queries.written(meeting)
    kept = drafts.restore(name := drafts.form_name("supervision.change", meeting.pk), by=by, at=at)
    words = {f"{forms.TOPIC}{code}": said.words for code, said in now.items()}
    start = {"on": meeting.met_on, "next_on": meeting.next_on, "seen": meeting.stamp, **words, **_kept(kept)}
    form = forms.Write(request.POST or None, topics=_topics(), initial=start)
    if form.is_valid() and did(
        form, lambda: actions.change(meeting, by=by, at=at, seen=form.cleaned_data["seen"] or 0, **form.given)
    ):  # fmt: skip
        drafts.drop(name, by=by)
        flash.success(request, "Changed. Whoever had signed it signs it again.")
        return redirect("supervision:meeting", pk=meeting.pk)
    stale = presenters.topics(_topics(), now) if form.is_bound and form.data.get("seen") != str(meeting.stamp) else []
    context = {"form": form, "bond": meeting.bond, "meeting": meeting, "kept": kept, "draft": name, "stale": stale}
    return render(request, "supervision/write.html", context)


@access(P.CASE_WORK, of=Meeting)
def meeting(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """What was written, who has signed, and what was agreed."""
    by, bond = actor_of(request), meeting.bond
    talked, found = queries.talked(meeting, by), queries.written(meeting)
    asked = tasks.of_sources([meeting.pk], by)
    note_looks(request, {key for one in talked for key in (one.row.case_id, one.row.victim_id)}, fields="name")
    names = queries.names(presenters.people(bond))
    context = {
        "bond": bond, "meeting": meeting, "tag": presenters.tag(meeting), "title": presenters.name(bond.worker, names),
        "topics": presenters.topics(_topics(), found), "talked": talked, "decisions": queries.decisions(meeting),
        "tasks": asked, "amendments": [(one, presenters.name(one.row.written_by, names)) for one in
                                       queries.amendments(meeting)],
        "signatures": presenters.signatures(meeting, bond, names), "two": by.user_id in (bond.worker, bond.manager),
        "has_signed": presenters.has_signed(meeting, bond, by), "may_change": presenters.may_change(meeting, bond, by),
        "names": names,
    }  # fmt: skip
    return render(request, "supervision/meeting.html", context)


def _about(
    request: HttpRequest, meeting: Meeting, form: Form, template: str, act: Callable[..., object], done: str
) -> HttpResponse:  # fmt: skip
    """A form about a meeting: done and back to it, or again with what is wrong."""
    by, at = actor_of(request), timezone.now()
    if form.is_valid() and did(form, lambda: act(meeting, by=by, at=at, **form.cleaned_data)):
        flash.success(request, done)
        return redirect("supervision:meeting", pk=meeting.pk)
    return render(request, f"supervision/{template}.html", {"form": form, "meeting": meeting})


def _cases(request: HttpRequest, meeting: Meeting) -> list[tuple[str, str]]:
    return queries.cases_of(meeting.bond, actor_of(request))


@access(P.CASE_WORK, of=Meeting)
def talk(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    form = forms.Talk(request.POST or None, cases=_cases(request, meeting))
    return _about(request, meeting, form, "talk", actions.talk, "Kept, for you two alone.")


@access(P.CASE_WORK, of=Meeting)
def decide(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    form = forms.Decide(request.POST or None, cases=_cases(request, meeting))
    return _about(request, meeting, form, "decide", actions.decide, "Agreed, with a day.")


@access(P.CASE_WORK, of=Meeting)
def amend(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    form = forms.Amend(request.POST or None)
    return _about(request, meeting, form, "amend", actions.amend, "Added. What was signed stays as it was.")


@access(P.CASE_WORK, of=Meeting)
@require_POST
def sign(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    by, at, form = actor_of(request), timezone.now(), forms.Sign(request.POST)
    if not form.is_valid():
        raise Http404
    tried(request, lambda: actions.sign(meeting, by=by, at=at, seen=form.cleaned_data["seen"]), "You have signed it.")
    return redirect("supervision:meeting", pk=meeting.pk)


@access(P.CASE_WORK, of=Decision)
@require_POST
def finish(request: HttpRequest, decision: Decision) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: actions.finish(decision, by=by, at=at), "Done.")
    return redirect("supervision:meeting", pk=decision.meeting_id)


@access(P.CASE_ASSIGN, rows=Case)
def report(request: HttpRequest, rows: QuerySet[Case]) -> HttpResponse:
    """How much everybody had, and whether they were supervised."""
    by, now = actor_of(request), timezone.now()
    ends, found = queries.report(by, now=now)
    pairs = queries.pairs(queries.team(by), london_date(now))
    names = queries.names(key for one in pairs for key in presenters.people(one.bond))
    context = {
        "rows": presenters.report_lines(found), "ends": [presenters.month(end) for end in ends], "now": now,
        "heads": presenters.heads(ends),
        "pairs": presenters.pairs(pairs, names, london_date(now)), "every": queries.every(london_date(now)),
    }  # fmt: skip
    return render(request, "supervision/report.html", context)


@access(P.CASE_ASSIGN, rows=Case)
@fresh
def download(request: HttpRequest, rows: QuerySet[Case]) -> HttpResponse:
    """The report as a file; nobody who is supported is in it."""
    if request.method != "POST":
        return redirect("supervision:report")
    by, now = actor_of(request), timezone.now()
    ends, found = queries.report(by, now=now)
    months = [presenters.month(end) for end in ends]
    rows_ = presenters.rows_of_file(presenters.report_lines(found), months)
    file = actions.export(rows_, months, by=by, at=now)
    named = {"Content-Disposition": f'attachment; filename="{file.filename}"'}
    return HttpResponse(file.content, content_type=file.content_type, headers=named)
