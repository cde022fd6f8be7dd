"""Pages of looks: what was found to be unlike the work, and judging it."""

from django.contrib import messages as flash
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.clocks import london_date
from alongside.core.pages.acts import did
from alongside.core.pages.paging import page_of
from alongside.core.pages.tables import page_links
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.keeping.looks import actions, forms, queries
from alongside.support.keeping.looks.models import Finding

# What stands in the read log, in words.
PAGES = {
    "victims:show": "The person’s record", "referrals:show": "The referral", "casework:show": "The case",
    "casework:contacts": "The case’s contacts", "notes:notes": "The case’s notes",
    "notes:counselling": "Counselling notes",
    "victims:correct": "Correcting it",
}  # fmt: skip
COLOURS = {"WAITING": "yellow", "EXPLAINED": "green", "CONCERN": "red"}


@access(P.LOOKS_REVIEW, rows=Finding)
def findings(request: HttpRequest, rows: "QuerySet[Finding]") -> HttpResponse:
    """What waits, the oldest first; or what was judged, the latest first."""
    done = request.GET.get("state") == "done"
    page = page_of(
        queries.to_judge(rows, done=done), order=("-last_on", "-id") if done else ("last_on", "id"),
        after=request.GET.get("after", ""), before=request.GET.get("before", ""),
    )  # fmt: skip
    shown = queries.told(page.rows, london_date(timezone.now()))
    words = {"shown": shown, "pages": page_links(request, page), "done": done, "colours": COLOURS}
    return render(request, "looks/findings.html", words)


@access(P.LOOKS_REVIEW, of=Finding)
def finding(request: HttpRequest, finding: Finding) -> HttpResponse:
    """One finding with the pages that it rests on, and what somebody judges of it."""
    form, by, at = forms.Judge(request.POST or None), actor_of(request), timezone.now()
    if form.is_valid() and did(form, lambda: actions.judge(finding, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "Your judgement is on record.")
        return redirect("looks:findings")
    note_looks(request, finding.people, fields="name", reason="an unusual look")
    shown = queries.told([finding], london_date(at))[0]
    words = {"shown": shown, "form": form, "looks": queries.opened(finding, by), "colours": COLOURS}
    words["pages"] = PAGES
    return render(request, "looks/finding.html", words)
