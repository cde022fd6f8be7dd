"""Pages of safety plans: the plan, its pieces, what it said before, and what goes on paper."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages as flash
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
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.cases.casework.models import Case
from alongside.support.cases.others import queries as others
from alongside.support.cases.safety import actions, forms, presenters, queries, rules
from alongside.support.cases.safety.models import Entry, Paper


def _page(request: HttpRequest, case: Case, template: str, **context: Any) -> HttpResponse:
    note_looks(request, [case.pk, case.victim_id], fields="safety")
    return framed(request, "case", case, f"safety/{template}.html", tab="safety", **context)


def _parts() -> tuple[RuleRow, ...]:
    return rulebook.current(queries.SECTIONS, london_date(timezone.now()))


def _titles() -> dict[str, str]:
    return dict(rulebook.titles(queries.SECTIONS, london_date(timezone.now())))


@access(P.CASE_WORK, of=Case)
def plan(request: HttpRequest, case: Case) -> HttpResponse:
    """The plan as it stands."""
    by, on, pieces = actor_of(request), london_date(timezone.now()), queries.standing(case)
    papers = queries.papers(case)
    names, keeping = queries.names(one.printed_by for one in papers), rulebook.titles(queries.KEEPING, on)
    given = presenters.given(papers, names, keeping)
    due = queries.review_on(case)
    return _page(
        request, case, "plan", sections=presenters.sections(_parts(), pieces, _titles()),
        written=bool(pieces), given=given, due=due, late=due is not None and due < on, today=on,
        goes_on=case.state != Case.State.CLOSED, prints=by.may(P.CASE_PRINT),
    )  # fmt: skip


@access(P.CASE_WORK, of=Case)
def history(request: HttpRequest, case: Case) -> HttpResponse:
    """Everything that the plan said before."""
    found = queries.history(case)
    names = queries.names(one.entry.written_by for versions in found for one in versions)
    return _page(request, case, "history", past=presenters.past(found, _titles(), names))


@access(P.CASE_WORK, of=Case)
def add(request: HttpRequest, case: Case) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    kept = drafts.restore(name := drafts.form_name("safety.add", case.pk), by=by, at=at)
    start = drafts.initial(forms.Add, kept) or forms.Add.start(request.GET.get("about", ""))
    rows = _parts()
    sections = [(row.code, row.title) for row in rows]
    form = forms.Add(request.POST or None, sections=sections, initial=start)
    if form.is_valid() and did(form, lambda: actions.add(case, by=by, at=at, **form.cleaned_data)):
        drafts.drop(name, by=by)
        flash.success(request, "Added. It is not printed until you say that it may be.")
        return redirect("safety:plan", pk=case.pk)
    hints = {row.code: row.text("ask") for row in rows}
    return _page(request, case, "add", form=form, hints=hints, kept=kept, draft=name)


@access(P.CASE_WORK, of=Entry)
def revise(request: HttpRequest, entry: Entry) -> HttpResponse:
    """Changes a piece; where somebody else did meanwhile, with what it says now beside."""
    by, at, now = actor_of(request), timezone.now(), queries.now(entry)
    kept = drafts.restore(name := drafts.form_name("safety.revise", entry.piece), by=by, at=at)
    standing = {"words": now.words, "who": now.entry.who, "review_on": now.entry.review_on, "seen": now.entry.number}
    form = forms.Revise(request.POST or None, initial=drafts.initial(forms.Revise, kept) or standing)
    if form.is_valid() and did(form, lambda: actions.revise(entry, by=by, at=at, **form.cleaned_data)):
        drafts.drop(name, by=by)
        flash.success(request, "Changed. Say again whether it may be printed.")
        return redirect("safety:plan", pk=entry.case_id)
    stale = form.is_bound and form.data.get("seen") != str(now.entry.number)
    return _page(
        request, entry.case, "revise", form=form, entry=entry, now=now, stale=stale, kept=kept, draft=name,
        title=_titles().get(entry.section, "A piece of the plan"),
    )  # fmt: skip


def _press(request: HttpRequest, entry: Entry, act: Callable[[forms.Press], object], done: str) -> HttpResponse:
    """A button beside a piece."""
    form = forms.Press(request.POST)
    if not form.is_valid():
        raise Http404
    tried(request, lambda: act(form), done)
    return redirect("safety:plan", pk=entry.case_id)


@access(P.CASE_WORK, of=Entry)
@require_POST
def mark(request: HttpRequest, entry: Entry) -> HttpResponse:
    by, at, may = actor_of(request), timezone.now(), "may_print" in request.POST
    done = "It may be on paper." if may else "It is not printed any more."
    return _press(
        request, entry, lambda form: actions.mark(entry, by=by, at=at, **form.cleaned_data), done
    )  # fmt: skip


@access(P.CASE_WORK, of=Entry)
@require_POST
def take_out(request: HttpRequest, entry: Entry) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    done = "Taken out. It stays among what the plan said before."
    return _press(
        request, entry, lambda form: actions.take_out(entry, by=by, at=at, seen=form.cleaned_data["seen"]), done
    )  # fmt: skip


@access(P.CASE_WORK, of=Case)
def review(request: HttpRequest, case: Case) -> HttpResponse:
    """Going through the plan: what is not right any more is changed first; then when to go through it again."""
    by, at = actor_of(request), timezone.now()
    start = {"review_on": queries.usual_review(london_date(at))}
    form = forms.Review(request.POST or None, initial=start)
    if form.is_valid() and did(form, lambda: actions.review(case, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "Kept. It comes up again on its day.")
        return redirect("safety:plan", pk=case.pk)
    shown = presenters.sections(_parts(), queries.standing(case), _titles())
    return _page(request, case, "review", form=form, sections=[one for one in shown if one.pieces])


@access(P.CASE_PRINT, of=Case)
def print_out(request: HttpRequest, case: Case) -> HttpResponse:
    """What would be on paper, with what must be thought of before it is."""
    by, at, pieces = actor_of(request), timezone.now(), queries.printable(case)
    last = next(iter(queries.papers(case)), None)
    start = {"home_shared": last.home_shared, "kept_how": last.kept_how} if last else {}
    keeping = rulebook.choices(queries.KEEPING, london_date(at))
    form = forms.PrintOut(request.POST or None, keeping=keeping, initial=start)
    made: list[Paper] = []
    if form.is_valid() and did(
        form, lambda: made.append(actions.print_out(case, by=by, at=at, **form.cleaned_data))
    ):  # fmt: skip
        return redirect("safety:paper", pk=made[0].pk)
    named = others.named_in(case.pk, (rules.on_paper(one.words) for one in pieces))
    sheets, warnings = presenters.sheets(pieces, _parts()), presenters.warnings(pieces, named)
    return _page(request, case, "print_out", form=form, sheets=sheets, warnings=warnings)


@access(P.CASE_PRINT, of=Paper)
def paper(request: HttpRequest, paper: Paper) -> HttpResponse:
    """The page that is printed. It says of nobody who they are, and of nothing what it is."""
    note_looks(request, [paper.case_id, paper.victim_id], fields="safety")
    sheets = presenters.sheets(queries.on_paper(paper), _parts())
    return render(request, "safety/paper.html", {"sheets": sheets, "paper": paper})
