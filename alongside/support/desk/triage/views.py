"""The hub's queue, the views of it that people save, and giving out what waits in it."""

import re
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages as flash
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core import clocks
from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.errors import RuleBroken
from alongside.core.pages import searches
from alongside.core.pages.acts import did, tried
from alongside.core.pages.filters import time_words
from alongside.core.pages.paging import page_of
from alongside.core.pages.tables import Sort, page_links, with_query
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.accounts.queries import ON_WALL
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.referrals.rules import tidy_reference
from alongside.support.desk.calls import queries as calls
from alongside.support.desk.calls.presenters import recorded
from alongside.support.desk.triage import actions, forms, presenters, queries
from alongside.support.desk.triage import queue as waiting
from alongside.support.desk.triage.models import Batch, SavedView
from alongside.support.desk.triage.rules import FILTERS
from alongside.support.people.duty.models import Absence

UUID_LIKE = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ORDERS = {
    "calls_due": ("next_attempt_at", "id"),
    "due": ("due_at", "id"),
    "urgent": ("-high_risk", "-unread", "-returned", "-received_at", "-id"),
    "-received": ("-received_at", "-id"),
    "received": ("received_at", "id"),
}
# The order of a view until another is asked for.
FIRST = {"to_do": "urgent", "calls_due": "calls_due", "call_backs": "calls_due", "late": "due", "due_today": "due"}


@dataclass(frozen=True)
class Opened:
    """The queue as its address asks for it: the view's code, what is wanted of it and in which order."""

    code: str
    form: forms.Queue
    asked: waiting.Wanted
    sort: Sort
    order: tuple[str, ...]


def _opened(request: HttpRequest) -> Opened:
    """A saved view stands behind what the address says beside it; without any, what this person opens on."""
    at, by = timezone.now(), actor_of(request)
    query = searches.opened(request, plain=tidy_reference)
    code = query.get("view") or queries.opens_on(by)
    saved = queries.saved_view(by, code)
    for name, value in {"view": code, **(saved.filters if saved else {})}.items():
        query.setdefault(name, value)
    form = forms.Queue(query, choices=waiting.queue_choices(by, clocks.london_date(at)))
    asked = searches.marked(request, form).wanted(saved.view if saved else "")
    sort = Sort.of(request, "received", default=saved.sort if saved and saved.sort else "-received")
    given = "sort" in request.GET or (saved is not None and saved.sort != "")
    order = ORDERS[sort.order if given else FIRST.get(asked.view, sort.order)]
    return Opened(asked.view if asked.q else code, form, asked, sort, order)


@access(P.REFERRAL_QUEUE, rows=Referral)
def queue(request: HttpRequest, rows: QuerySet[Referral]) -> HttpResponse:
    """Every referral of the hub, by saved view, search, filter and sort, a page at a time."""
    at, by, here = timezone.now(), actor_of(request), _opened(request)
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    page = page_of(waiting.wanted(rows, here.asked, by=by, at=at), order=here.order, after=after, before=before)
    note_looks(request, [key for row in page.rows for key in (row.pk, row.victim_id)], fields="name")
    words, saved = waiting.words(page.rows, by=by, at=at), queries.saved_views(by)
    counts = waiting.all_counts(by, saved, at=at)
    keeping = {name: getattr(here.asked, name) for name in ("view", *FILTERS)}
    return render(request, "triage/queue.html", {
        "duty": words.duty, "form": here.form, "asked": here.asked, "sort": here.sort, "code": here.code,
        "pages": page_links(request, page), "rows": [presenters.row(row, words, at) for row in page.rows],
        "tabs": presenters.tabs(counts, here.code, saved, lambda code: f"?view={code}"), "counted_at": at,
        "done": presenters.done(queries.last_done(by, at=at), by), "recorded": recorded(calls.last(by, at=at)),
        "may_allocate": by.may(P.REFERRAL_ALLOCATE), "may_take": by.may(P.REFERRAL_TRIAGE),
        "save": with_query(request, **keeping, q=None, found=None),
    })  # fmt: skip


@access(P.REFERRAL_QUEUE)
def counts(request: HttpRequest) -> HttpResponse:
    """The counts alone, for a page that stays open: no name, no reference, no row."""
    at, by = timezone.now(), actor_of(request)
    found = waiting.all_counts(by, queries.saved_views(by), at=at)
    said = {code: presenters.count(number) for code, number in found.items()}
    return JsonResponse({"counts": said, "at": time_words(at)})


@access(P.REFERRAL_QUEUE, rows=SavedView)
def saved_views(request: HttpRequest, rows: QuerySet[SavedView]) -> HttpResponse:
    """One's own views and the hub's, and what the queue opens on."""
    by = actor_of(request)
    return render(request, "triage/saved_views.html", {
        "rows": presenters.saved(queries.saved_views(by), by), "opens_on": queries.opens_on(by),
        "fixed": presenters.VIEWS.items(),
    })  # fmt: skip


@access(P.REFERRAL_QUEUE)
def save_view(request: HttpRequest) -> HttpResponse:
    at, by = timezone.now(), actor_of(request)
    form = forms.SaveView(request.POST or None, may_share=by.may(P.QUEUE_SHARE), initial=request.GET.dict())

    def keep() -> None:
        made = actions.save_view(by=by, at=at, **form.given)
        if form.cleaned_data["open_on"]:
            actions.open_on(str(made.pk), by=by, at=at)

    if form.is_valid() and did(form, keep):
        flash.success(request, "The view is saved.")
        return redirect("triage:saved_views")
    view = form["view"].value()
    return render(request, "triage/save_view.html", {"form": form, "view": presenters.VIEWS.get(view, "")})


@access(P.REFERRAL_QUEUE, of=SavedView)
def rename_view(request: HttpRequest, saved: SavedView) -> HttpResponse:
    at, by = timezone.now(), actor_of(request)
    form = forms.NameView(request.POST or None, initial={"name": saved.name})
    if form.is_valid() and did(form, lambda: actions.rename_view(saved, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "The view has its new name.")
        return redirect("triage:saved_views")
    return render(request, "triage/rename_view.html", {"form": form, "saved": saved})


@require_POST
@access(P.REFERRAL_QUEUE, of=SavedView)
def delete_view(request: HttpRequest, saved: SavedView) -> HttpResponse:
    at, by = timezone.now(), actor_of(request)
    tried(request, lambda: actions.delete_view(saved, by=by, at=at), "The view is deleted.")
    return redirect("triage:saved_views")


@require_POST
@access(P.REFERRAL_QUEUE)
def open_on(request: HttpRequest) -> HttpResponse:
    at, by, code = timezone.now(), actor_of(request), request.POST.get("view", "")
    tried(request, lambda: actions.open_on(code, by=by, at=at), "Your queue now opens on this view.")
    return redirect("triage:saved_views")


def _back(ticked: forms.Ticked) -> HttpResponse:
    """To the queue, on the view that the rows were ticked in."""
    known = ticked.view in presenters.VIEWS or UUID_LIKE.fullmatch(ticked.view)
    return redirect(f"{reverse('triage:queue')}?view={ticked.view}" if known else "triage:queue")


@access(P.REFERRAL_ALLOCATE, rows=Referral)
def allocate(request: HttpRequest, rows: QuerySet[Referral]) -> HttpResponse:
    """Asks who takes on what was ticked, with how much each has; then gives it to them. Read again, it is the queue."""
    if request.method != "POST":
        return redirect("triage:queue")
    at, by, ticked = timezone.now(), actor_of(request), forms.Ticked(request.POST)
    loads = queries.workload(by, at=at)
    given = request.POST if "give" in request.POST else None
    form = forms.Allocate(given, people=presenters.colleagues(loads, by))
    if not ticked.seen:
        flash.error(request, "Choose at least one referral first.")
        return _back(ticked)
    if form.is_valid() and did(form, lambda: actions.allocate(ticked.seen, by=by, at=at, **form.cleaned_data)):
        return _back(ticked)
    chosen = queries.chosen(by, ticked.seen)
    note_looks(request, [key for row in chosen for key in (row.pk, row.victim_id)], fields="name")
    context = {"form": form, "ticked": ticked, "rows": presenters.ticked(chosen, loads), "at": at}
    return render(request, "triage/allocate.html", context | presenters.loads(loads))


def _hand(request: HttpRequest, worker: UUID | None) -> HttpResponse:
    """Gives what was ticked to oneself, or puts it back in the pool, and goes back to the queue."""
    at, by, ticked = timezone.now(), actor_of(request), forms.Ticked(request.POST)
    try:
        actions.allocate(ticked.seen, by=by, at=at, worker=worker)
    except RuleBroken as broken:
        flash.error(request, broken.message)
    return _back(ticked)


@require_POST
@access(P.REFERRAL_ALLOCATE, rows=Referral)
def take_many(request: HttpRequest, rows: QuerySet[Referral]) -> HttpResponse:
    return _hand(request, actor_of(request).user_id)


@require_POST
@access(P.REFERRAL_ALLOCATE, rows=Referral)
def put_back(request: HttpRequest, rows: QuerySet[Referral]) -> HttpResponse:
    return _hand(request, None)


@require_POST
@access(P.REFERRAL_ALLOCATE, of=Batch)
def undo(request: HttpRequest, batch: Batch) -> HttpResponse:
    """Takes back one's last allocation."""
    at, by = timezone.now(), actor_of(request)
    try:
        put, left = actions.undo(batch, by=by, at=at)
    except RuleBroken as broken:
        flash.error(request, broken.message)
    else:
        flash.success(request, presenters.undone_words(put, left))
    return redirect("triage:queue")


@access(P.REFERRAL_ALLOCATE, of=Absence)
def hand_back(request: HttpRequest, absence: Absence) -> HttpResponse:
    """After an absence: what others took on meanwhile goes back, or stays with them, as is chosen."""
    at, by = timezone.now(), actor_of(request)
    rows = queries.handed_over(absence, by)
    note_looks(request, [key for row in rows for key in (row.pk, row.victim_id)], fields="name")
    loads = queries.workload(by, at=at)
    name = next((one.name for one in loads if one.user_id == absence.user_id), "")
    context = {"absence": absence, "name": name, "rows": presenters.ticked(rows, loads)}
    return render(request, "triage/hand_back.html", context)


@access(P.QUEUE_WATCH)
def wallboard(request: HttpRequest) -> HttpResponse:
    """Counts for the hub's room, in large: no name of a victim, no reference, no way on to a record."""
    at, by = timezone.now(), actor_of(request)
    on_wall = bool(request.session.get(ON_WALL))
    return render(request, "triage/wallboard.html", presenters.wall(queries.wall(by, at=at), at) | {"on_wall": on_wall})


@require_POST
@access(P.QUEUE_WATCH)
def put_on_wall(request: HttpRequest) -> HttpResponse:
    """From here on this session shows the wallboard and nothing else, until it is signed out."""
    request.session[ON_WALL] = True
    return redirect("triage:wallboard")
