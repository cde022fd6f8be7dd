"""Pages of risk: asking, what it comes to, how it moved, two sittings side by side, and what rose."""

from typing import Any

from django.contrib import messages as flash
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
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
from alongside.support.cases.risk import actions, drawing, forms, presenters, queries, rules
from alongside.support.cases.risk.models import Alert, Sitting

DRAFT = "risk.sit"


def _page(request: HttpRequest, case: Case, template: str, **context: Any) -> HttpResponse:
    """A page of risk under the head of its case. The look is logged with what it shows."""
    note_looks(request, [case.pk, case.victim_id], fields="risk")
    return framed(request, "case", case, f"risk/{template}.html", tab="risk", **context)


@access(P.CASE_WORK, of=Case)
def history(request: HttpRequest, case: Case) -> HttpResponse:
    """How the risk of a case moved, what may come next, what is begun, and what rose."""
    at, found = timezone.now(), queries.sittings(case)
    on, level, due = london_date(at), queries.level(found), queries.review_on(found)
    levels = rulebook.titles(queries.RISK_LEVELS, on)
    kinds = rulebook.titles(queries.KINDS, on)
    return _page(
        request, case, "history", begun=[(one, kinds.get(one.kind, one.kind)) for one in queries.drafts_of(case)],
        lines=drawing.lines(found, kinds=kinds, levels=levels, names=queries.names(one.done_by for one in found)),
        scale=drawing.scale(levels), level=presenters.level_tag(level, levels) if level else None,
        next=rulebook.rule(queries.RISK_LEVELS, level, on).text("next").splitlines() if level else [],
        due=due, late=due is not None and due < on, goes_on=case.state != Case.State.CLOSED,
        alerts=queries.open_alerts(case), size=(drawing.WIDTH, drawing.HEIGHT),
    )  # fmt: skip


@access(P.CASE_WORK, of=Case)
def begin(request: HttpRequest, case: Case) -> HttpResponse:
    """Choose what to ask about; what is begun of that kind goes on."""
    by, at = actor_of(request), timezone.now()
    on = london_date(at)
    offered = queries.offered(case, on)
    form = forms.Begin(request.POST or None, offered=offered)
    made: list[Sitting] = []
    if form.is_valid() and did(
        form, lambda: made.append(actions.begin(case, by=by, at=at, set_code=form.cleaned_data["set"]))
    ):
        return redirect("risk:sit", pk=made[0].pk)
    hints = {one.set.code: presenters.offered_hint(one) for one in offered}
    grown = presenters.grown(case, queries.sittings(case), offered, on)
    return _page(request, case, "begin", form=form, hints=hints, grown=grown, years=queries.age(case, on))


@access(P.CASE_WORK, of=Sitting)
def sit(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """The questions, kept while they are answered; saved to go on later, or to see what they come to."""
    if sitting.state != Sitting.State.DRAFT:
        return redirect("risk:show", pk=sitting.pk)
    by, at, case, whole = actor_of(request), timezone.now(), sitting.case, queries.as_asked(sitting)
    kept = drafts.restore(name := drafts.form_name(DRAFT, sitting.pk), by=by, at=at)
    start = forms.Sit.start(queries.said(sitting), sitting.stamp, kept)
    asked = rulebook.choices(queries.ASKED, london_date(at))
    form = forms.Sit(request.POST or None, whole=whole, asked=asked, initial=start)
    if form.is_valid() and did(
        form, lambda: actions.keep(sitting, by=by, at=at, said=form.said, seen=form.cleaned_data["seen"])
    ):
        drafts.drop(name, by=by)
        return _saved(request, sitting)
    stale = form.is_bound and form.data.get("seen") != str(sitting.stamp)
    return _page(
        request, case, "sit", form=form, sitting=sitting, whole=whole, kept=kept, draft=name, stale=stale,
        now=queries.said(sitting), notices=presenters.notices(sitting, whole, case, london_date(at)),
        answers=rules.ANSWERS,
    )  # fmt: skip


def _saved(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    if "later" in request.POST:
        flash.success(request, "Saved. It is under Risk, to be gone on with by you or a colleague.")
        return redirect("risk:history", pk=sitting.case_id)
    return redirect("risk:finish", pk=sitting.pk)


@access(P.CASE_WORK, of=Sitting)
def finish(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """What the answers come to, and how high the worker judges the risk to be."""
    if sitting.state != Sitting.State.DRAFT:
        return redirect("risk:show", pk=sitting.pk)
    by, at = actor_of(request), timezone.now()
    found, whole, levels = queries.reckoned(sitting, at), queries.as_asked(sitting), _levels(at)
    start = {"level": found.level, "seen": sitting.stamp}
    form = forms.Finish(request.POST or None, reckoned=found.level, levels=levels, initial=start)
    if form.is_valid() and did(form, lambda: actions.finish(sitting, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "Finished. What may come next is below.")
        return redirect("risk:history", pk=sitting.case_id)
    times = queries.recent(sitting.case, sitting.kind, months=whole.window_months, on=london_date(at)) + 1
    why = presenters.why(found.why, found, whole, incidents=sitting.incidents, sittings=times)
    return _page(
        request, sitting.case, "finish", form=form, sitting=sitting, whole=whole, found=found, why=why,
        tag=presenters.level_tag(found.level, levels), tally=presenters.tally(sitting.answers, whole),
    )  # fmt: skip


def _levels(at: Any) -> dict[str, str]:
    return dict(rulebook.titles(queries.RISK_LEVELS, london_date(at)))


@access(P.CASE_WORK, of=Sitting)
@require_POST
def throw_away(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    by, at, form = actor_of(request), timezone.now(), forms.Seen(request.POST)
    seen = form.cleaned_data["seen"] if form.is_valid() else 0
    done = "Thrown away. Nothing of it is kept."
    if tried(request, lambda: actions.throw_away(sitting, by=by, at=at, seen=seen), done):
        drafts.drop(drafts.form_name(DRAFT, sitting.pk), by=by)
    return redirect("risk:history", pk=sitting.case_id)


@access(P.CASE_WORK, of=Sitting)
def show(request: HttpRequest, sitting: Sitting) -> HttpResponse:
    """A finished sitting as it was asked."""
    if sitting.state != Sitting.State.DONE:
        raise Http404
    whole, said, at = queries.as_asked(sitting), queries.said(sitting), timezone.now()
    return _page(
        request, sitting.case, "show", sitting=sitting, whole=whole, rows=presenters.answered(whole, said),
        tally=presenters.tally(sitting.answers, whole), facts=presenters.facts(sitting, whole, _levels(at)),
    )  # fmt: skip


@access(P.CASE_WORK, of=Case)
def compare(request: HttpRequest, case: Case) -> HttpResponse:
    """Two finished sittings of one kind, answer by answer. The address holds their keys."""
    done = {str(one.pk): one for one in queries.sittings(case)}
    before, now = (done.get(request.GET.get(name, "")) for name in ("before", "after"))
    if before is None or now is None or before.kind != now.kind:
        raise Http404
    if before.done_at and now.done_at and before.done_at > now.done_at:
        before, now = now, before
    return _page(request, case, "compare", pair=drawing.pair(before, now, _levels(timezone.now())))


@access(P.CASE_ASSIGN, rows=Alert)
def alerts(request: HttpRequest, rows: QuerySet[Alert]) -> HttpResponse:
    """What rose in the organisation, for its managers, until somebody has acted and a manager has seen it."""
    form, now = forms.Alerts(request.GET), timezone.now()
    state = form.cleaned_data["state"] if form.is_valid() else ""
    found = queries.alerts(rows, actor_of(request), state=state)
    on = london_date(now)
    titles = {"levels": rulebook.titles(queries.RISK_LEVELS, on), "kinds": rulebook.titles(queries.KINDS, on),
              "responses": rulebook.titles(queries.RESPONSES, on)}  # fmt: skip
    people = queries.names(key for one in found for key in (one.case.worker, one.seen_by, one.answered_by,
                                                            one.answer_seen_by))  # fmt: skip
    note_looks(request, [key for one in found for key in (one.case_id, one.victim_id)], fields="risk")
    shown = presenters.risen(found, names=people, titles=titles, now=now)
    return render(request, "risk/alerts.html", {"rows": shown, "form": form, "answered": state != ""})


@access(P.CASE_ASSIGN, of=Alert)
@require_POST
def see(request: HttpRequest, alert: Alert) -> HttpResponse:
    tried(request, lambda: actions.see(alert, by=actor_of(request), at=timezone.now()), "Marked as seen by you.")
    return redirect("risk:alerts")


@access(P.CASE_ASSIGN, of=Alert)
@require_POST
def see_answer(request: HttpRequest, alert: Alert) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: actions.see_answer(alert, by=by, at=at), "Marked as seen by you. It is off your list.")
    return redirect("risk:alerts")


@access(P.CASE_WORK, of=Alert)
def answer(request: HttpRequest, alert: Alert) -> HttpResponse:
    """Says what was done about a risk that rose."""
    by, at = actor_of(request), timezone.now()
    form = forms.Answer(request.POST or None, responses=rulebook.choices(queries.RESPONSES, london_date(at)))
    if form.is_valid() and did(form, lambda: actions.answer(alert, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "Kept. It is off the list of what is to be done.")
        return redirect("risk:history", pk=alert.case_id)
    levels, kinds = _levels(at), rulebook.titles(queries.KINDS, london_date(at))
    tag = presenters.level_tag(alert.sitting.level, levels)
    return _page(request, alert.case, "answer", form=form, alert=alert, tag=tag,
                 about=kinds.get(alert.sitting.kind, ""),
                 may=presenters.may(alert, by), said=presenters.said_of(alert, london_date(at)))  # fmt: skip
