"""Pages of retention: which records are kept beyond their time and why; keeping one; ending that."""

from django.contrib import messages as flash
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.clocks import london_date
from alongside.core.pages.acts import did, tried
from alongside.core.pages.paging import page_of
from alongside.core.pages.tables import page_links
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.keeping.retention import actions, forms, queries
from alongside.support.keeping.retention.models import Hold
from alongside.support.people.victims.models import Victim


@access(P.VICTIM_HOLD, rows=Hold)
def held(request: HttpRequest, rows: "QuerySet[Hold]") -> HttpResponse:
    """Every record of the hub that is kept, by the day on which somebody must look again."""
    today = london_date(timezone.now())
    page = page_of(
        queries.open_of(rows), order=("review_on", "id"),
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    note_looks(request, [hold.victim_id for hold in page.rows], fields="hold")
    words = {"rows": page.rows, "pages": page_links(request, page), "today": today}
    return render(request, "retention/held.html", {**words, "reasons": rulebook.titles("keep_reasons", today)})


@access(P.VICTIM_HOLD, of=Victim)
def holds(request: HttpRequest, victim: Victim) -> HttpResponse:
    """What keeps one record, now and before."""
    shown = queries.holds_of(victim, london_date(timezone.now()))
    return render(request, "retention/holds.html", {"victim": victim, "shown": shown})


@access(P.VICTIM_HOLD, of=Victim)
def hold(request: HttpRequest, victim: Victim) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    form = forms.Hold(request.POST or None, reasons=rulebook.choices("keep_reasons", london_date(at)))
    if form.is_valid() and did(form, lambda: actions.hold(victim, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "The record is kept until somebody ends this.")
        return redirect("retention:holds", pk=victim.pk)
    return render(request, "retention/hold.html", {"victim": victim, "form": form})


@access(P.VICTIM_HOLD, of=Hold)
@require_POST
def end_hold(request: HttpRequest, hold: Hold) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: actions.end_hold(hold, by=by, at=at), "Ended. The record is erased when its time is over.")
    return redirect("retention:holds", pk=hold.victim_id)
