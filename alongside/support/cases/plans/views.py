"""Pages of plans: the needs are scored and looked at again, and the plan is given in words that are safe to have."""

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.pages import beside, drafts
from alongside.core.pages.acts import did, tried
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.casework import queries as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.plans import actions, forms, presenters, queries
from alongside.support.cases.plans.models import Given

NOTHING_NEW = "It is kept that you looked at the plan and nothing changed."


@access(P.CASE_WORK, of=Case)
def score(request: HttpRequest, case: Case) -> HttpResponse:
    """Any of the eight needs scored; at a review with how each need of the plan stands."""
    by, at = actor_of(request), timezone.now()
    today, wanted, stages = london_date(at), casework.plan(case), queries.stages(case)
    kept = drafts.restore(name := drafts.form_name("plans.score", case.pk), by=by, at=at)
    start, needs = forms.Score.start(stages, kept), rulebook.choices("needs", today)
    form = forms.Score(request.POST or None, initial=start, wanted=wanted, stages=stages, needs=needs,
                       scale=queries.scale(case, today))  # fmt: skip
    if form.is_valid() and did(form, lambda: actions.score(case, by=by, at=at, **form.given)):
        drafts.drop(name, by=by)
        flash.success(request, "The scores have been kept.")
        return redirect("casework:plan", pk=case.pk)
    hints = {row.code: row.text("examples") for row in rulebook.current("needs", today)}
    context = {"form": form, "kept": kept, "draft": name, "hints": hints, "goals": {w.need.code: w for w in wanted}}
    return beside.framed(request, "case", case, "plans/score.html", tab="plan", **context)


@access(P.CASE_WORK, of=Case)
@require_POST
def look_over(request: HttpRequest, case: Case) -> HttpResponse:
    """Looked at, and nothing changed."""
    tried(request, lambda: actions.look_over(case, by=actor_of(request), at=timezone.now()), NOTHING_NEW)
    return redirect("casework:plan", pk=case.pk)


@access(P.CASE_WORK, of=Case)
@require_POST
def take_over(request: HttpRequest, case: Case) -> HttpResponse:
    """Needs that the hub found become needs of the plan."""
    by, at, codes = actor_of(request), timezone.now(), request.POST.getlist("need")
    tried(request, lambda: actions.take_over(case, by=by, at=at, codes=codes), "It is in the plan now.")
    return redirect("casework:plan", pk=case.pk)


@access(P.CASE_WORK, of=Case)
def give(request: HttpRequest, case: Case) -> HttpResponse:
    """Which goals and steps, in which words, how it is given and why that is safe."""
    by, at = actor_of(request), timezone.now()
    today, wanted = london_date(at), queries.to_give(case)
    offered = {name: rulebook.choices(book, today) for name, book in forms.Give.BOOKS.items()}
    form = forms.Give(request.POST or None, wanted=wanted, titles=dict(rulebook.choices("needs", today)), **offered)
    if form.is_valid() and did(form, lambda: actions.give(case, by=by, at=at, **form.given)):
        flash.success(request, "It is kept that they were given this plan.")
        standing = queries.standing(case)
        return redirect("plans:given", pk=standing.pk) if standing else redirect("casework:plan", pk=case.pk)
    context = {"form": form, "wanted": wanted, "left_out": queries.tells(wanted)}
    return beside.framed(request, "case", case, "plans/give.html", tab="plan", **context)


def _given(request: HttpRequest, given: Given, form: forms.Withdraw) -> HttpResponse:
    held, old = queries.held(given)
    version = presenters.version(held, latest=queries.is_latest(given), old=old)
    context = {"form": form, "version": version, "lines": presenters.paper(queries.opened(given)), "given": given}
    return beside.framed(request, "case", given.case, "plans/given.html", tab="plan", **context)


@access(P.CASE_WORK, of=Given)
def given(request: HttpRequest, given: Given) -> HttpResponse:
    """One version, as it was given."""
    return _given(
        request, given, forms.Withdraw(reasons=rulebook.choices("plan_withdrawals", london_date(timezone.now())))
    )


@access(P.CASE_WORK, of=Given)
@require_POST
def withdraw(request: HttpRequest, given: Given) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    form = forms.Withdraw(request.POST, reasons=rulebook.choices("plan_withdrawals", london_date(at)))
    if form.is_valid() and did(form, lambda: actions.withdraw(given, by=by, at=at, why=form.cleaned_data["why"])):
        flash.success(request, "The plan is withdrawn. If they have it on paper, ask for it back.")
        return redirect("casework:plan", pk=given.case_id)
    return _given(request, given, form)


@access(P.CASE_PRINT, of=Given)
@require_POST
def print_out(request: HttpRequest, given: Given) -> HttpResponse:
    """A version on paper: a list of things to do, under a title that says nothing. Printing is on record."""
    try:
        actions.print_out(given, by=actor_of(request), at=timezone.now())
    except RuleBroken as broken:
        flash.error(request, broken.message)
        return redirect("plans:given", pk=given.pk)
    note_looks(request, [given.case_id, given.victim_id], fields="plan")
    return render(request, "plans/print_out.html", {"given": given, "lines": presenters.paper(queries.opened(given))})
