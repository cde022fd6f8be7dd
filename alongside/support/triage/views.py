"""The hub's queue."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from alongside.core import clocks
from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.pages import searches
from alongside.core.pages.paging import page_of
from alongside.core.pages.tables import Sort, page_links, with_query
from alongside.foundation.accounts.permissions import Permission as P
from alongside.support.referrals.models import Referral
from alongside.support.referrals.rules import tidy_reference
from alongside.support.triage import forms, presenters
from alongside.support.triage import queue as waiting

ORDERS = {
    "calls_due": ("next_attempt_at", "id"),
    "urgent": ("-high_risk", "-unread", "-returned", "-received_at", "-id"),
    "-received": ("-received_at", "-id"),
    "received": ("received_at", "id"),
}
FIRST = {"to_do": "urgent", "calls_due": "calls_due"}  # the order of a view until another is asked for


@access(P.REFERRAL_QUEUE, rows=Referral)
def queue(request: HttpRequest, rows: QuerySet[Referral]) -> HttpResponse:
    """Every referral of the hub, by saved view, search, filter and sort, a page at a time."""
    at, by = timezone.now(), actor_of(request)
    on = clocks.london_date(at)
    query = searches.opened(request, plain=tidy_reference)
    form = searches.marked(request, forms.Queue(query, choices=waiting.queue_choices(by, on)))
    asked = form.wanted()
    sort = Sort.of(request, "received", default="-received")
    order = ORDERS[sort.order if "sort" in request.GET else FIRST.get(asked.view, sort.order)]
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    page = page_of(waiting.wanted(rows, asked, by=by, at=at), order=order, after=after, before=before)
    note_looks(request, [key for row in page.rows for key in (row.pk, row.victim_id)], fields="name")
    links = {code: with_query(request, view=code, q=None, found=None) for code, _ in presenters.VIEWS}
    words = waiting.words(page.rows, by=by, at=at)
    return render(request, "triage/queue.html", {
        "duty": words.duty, "form": form, "asked": asked, "sort": sort, "pages": page_links(request, page),
        "rows": [presenters.row(row, words, at) for row in page.rows],
        "tabs": presenters.tabs(waiting.counts(rows, by=by, at=at), asked.view, waiting.COUNT_UP_TO, links),
    })  # fmt: skip
