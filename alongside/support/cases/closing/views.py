"""The page that closes a case."""

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
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
from alongside.support.cases.closing import actions, forms, presenters, queries


@access(P.CASE_WORK, of=Case)
@require_POST
def carry_on(request: HttpRequest, case: Case) -> HttpResponse:
    """Begins the plan with what was left when they were here before, by one press."""
    by, at = actor_of(request), timezone.now()
    done = "What was left is in the plan. Go through it together: it is a start."
    tried(request, lambda: actions.carry_on(case, by=by, at=at), done)
    return redirect("casework:plan", pk=case.pk)


@access(P.CASE_CLOSE, of=Case)
def close(request: HttpRequest, case: Case) -> HttpResponse:
    """What is still open with where it is seen to, and the few questions that end a case."""
    by, at, today = actor_of(request), timezone.now(), london_date(timezone.now())
    kept = drafts.restore(name := drafts.form_name("closing.close", case.pk), by=by, at=at)
    found, rows = queries.standing(case, by=by, at=at), queries.reasons(today)
    form = forms.Close(
        request.POST or None, reasons=[(row.code, row.title) for row in rows],
        whys=queries.unmeasured(today), signposts=rulebook.choices(queries.SIGNPOSTS, today),
        measured=found.measured and found.scored, manager=by.may(P.CASE_REOPEN),
        initial=drafts.initial(forms.Close, kept),
    )  # fmt: skip
    if form.is_valid() and did(form, lambda: actions.close(case, by=by, at=at, **form.given)):
        drafts.drop(name, by=by)
        flash.success(request, f"{case.reference} has been closed.")
        return redirect("casework:show", pk=case.pk)
    note_looks(request, [case.pk, case.victim_id], fields="closing")
    return framed(
        request, "case", case, "closing/close.html", tab="show", form=form, kept=kept, draft=name, found=found,
        checklist=presenters.checklist(case, found.loose), hints=presenters.hints(rows, found, today),
    )  # fmt: skip
