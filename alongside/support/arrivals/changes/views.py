"""Pages of changes: those that wait for a provider, and one to decide."""

from django.contrib import messages as flash
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from alongside.core import clocks
from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.pages.acts import did
from alongside.core.pages.paging import page_of
from alongside.core.pages.tables import page_links
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.arrivals.changes import actions, forms, presenters, queries, rules
from alongside.support.arrivals.changes.models import Change


@access(P.CASE_WORK, rows=Change)
def changes(request: HttpRequest, rows: QuerySet[Change]) -> HttpResponse:
    """What the police sent again otherwise about people whom this provider supports, the oldest first."""
    asked = request.GET
    found = page_of(
        queries.waiting(rows), order=("came_at", "id"), after=asked.get("after", ""), before=asked.get("before", "")
    )
    note_looks(request, [one.pk for one in found.rows])
    return render(request, "changes/changes.html", {
        "rows": found.rows, "references": queries.references(list(found.rows)), "pages": page_links(request, found),
    })  # fmt: skip


@access(P.CASE_WORK, of=Change)
def decide(request: HttpRequest, change: Change) -> HttpResponse:
    """Each difference, old beside new, and what becomes of it."""
    at, by = timezone.now(), actor_of(request)
    titles = queries.titles(clocks.london_date(at))
    different = presenters.in_words(queries.differences(change), titles)
    note_looks(request, [change.victim_id], fields="differences")
    form = forms.Decide(request.POST or None, different=different)
    acted = form.is_valid() and did(
        form, lambda: actions.decide(change, by=by, at=at, decisions=form.decisions, words=form.cleaned_data["words"])
    )
    if acted:
        flash.success(request, "Decided. What was on record before is kept.")
        return redirect("changes:changes")
    return render(request, "changes/decide.html", {
        "form": form, "change": change, "refusal": rules.is_refusal(queries.differences(change)),
        "is_open": change.state == Change.State.OPEN,
        "reference": queries.references([change]).get(change.referral_id, ""),
    })  # fmt: skip
