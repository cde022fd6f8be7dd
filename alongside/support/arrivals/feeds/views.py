"""Pages of feeds: deliveries and their receipts, loading a file, and the rows that were held."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages as flash
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core import clocks
from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.access.fresh import fresh
from alongside.core.errors import RuleBroken
from alongside.core.pages import searches
from alongside.core.pages.paging import Page, page_of
from alongside.core.pages.tables import page_links
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.arrivals.feeds import actions, forms, presenters, queries
from alongside.support.arrivals.feeds.models import Delivery, KeptRow, Upload

NEWEST = ("-received_at", "-id")
AGAIN = 3  # seconds until the page of a running load asks again


def _page(request: HttpRequest, rows: QuerySet[Any], order: tuple[str, ...]) -> Page:
    return page_of(rows, order=order, after=request.GET.get("after", ""), before=request.GET.get("before", ""))


@access(P.FEED_READ, rows=Delivery)
def deliveries(request: HttpRequest, rows: QuerySet[Delivery]) -> HttpResponse:
    actor = actor_of(request)
    form = forms.Deliveries(request.GET, sources=queries.sources_for(actor))
    wanted = queries.wanted_deliveries(rows, form.cleaned_data if form.is_valid() else {})
    page = _page(request, wanted, NEWEST)
    words = queries.words(clocks.london_date(timezone.now()))
    return render(request, "feeds/deliveries.html", {
        "filters": form, "rows": page.rows, "pages": page_links(request, page), "running": queries.running(actor),
        "held": presenters.held(queries.open_by_reason(actor), words), "may_load": actor.may(P.FEED_LOAD),
        "may_set_up": actor.may(P.FEED_SET_UP),
    })  # fmt: skip


@access(P.FEED_LOAD)
def load(request: HttpRequest) -> HttpResponse:
    """Asks for a file; one that cannot be a feed is refused here, in words, before anything changes."""
    actor = actor_of(request)
    form = forms.Load(request.POST or None, request.FILES or None, feeds=queries.feeds_for(actor))
    if form.is_valid():
        file, at = form.upload, timezone.now()
        name, feed = file.name or "feed.csv", form.feed
        try:
            upload = actions.upload(file.chunks(), by=actor, at=at, source=feed.source, feed=feed.code, file=name)
        except RuleBroken as broken:
            form.add_error(broken.field, broken.message)
        else:
            return redirect("feeds:loading", pk=upload.pk)
    return render(request, "feeds/load.html", {"form": form})


@access(P.FEED_LOAD, of=Upload)
def loading(request: HttpRequest, upload: Upload) -> HttpResponse:
    """How far a load is; asks again by itself until there is a receipt to show."""
    if upload.delivery_id:
        return redirect("feeds:delivery", pk=upload.delivery_id)
    failed = queries.has_failed(upload, queries.job_of(upload))
    words = {"upload": upload, "line": queries.line_of(upload), "again": AGAIN, "failed": failed}
    response = render(request, "feeds/loading.html", words)
    if upload.state == Upload.State.WAITING and not failed:
        response.headers["Refresh"] = str(AGAIN)
    return response


def _mended(request: HttpRequest, upload: Upload, action: Callable[..., None]) -> HttpResponse:
    try:
        action(upload, by=actor_of(request), at=timezone.now())
    except RuleBroken as broken:
        flash.error(request, broken.message)
    return redirect("feeds:loading", pk=upload.pk)


@access(P.FEED_LOAD, of=Upload)
@require_POST
def try_again(request: HttpRequest, upload: Upload) -> HttpResponse:
    return _mended(request, upload, actions.try_again)


@access(P.FEED_LOAD, of=Upload)
@require_POST
def give_up(request: HttpRequest, upload: Upload) -> HttpResponse:
    return _mended(request, upload, actions.give_up)


@access(P.FEED_READ, of=Delivery)
def delivery(request: HttpRequest, delivery: Delivery) -> HttpResponse:
    """A receipt that adds up, and the rows that were kept."""
    words = queries.words(clocks.london_date(timezone.now()))
    receipt = presenters.receipt(delivery, words)
    reasons = [(line.code, line.words) for line in (*receipt.held, *receipt.rejected)]
    asked = searches.opened(request, plain=searches.nothing)
    form = searches.marked(request, forms.Kept(asked, reasons=reasons))
    rows = queries.wanted_rows(queries.kept_of(delivery), form.cleaned_data if form.is_valid() else {})
    page, before = _page(request, rows, ("line", "id")), delivery.sent_again.visible_to(actor_of(request))
    note_looks(request, [row.pk for row in page.rows], fields="source_ref")
    return render(request, "feeds/delivery.html", {
        "delivery": delivery, "receipt": receipt, "filters": form, "pages": page_links(request, page),
        "rows": [presenters.line(row, words) for row in page.rows], "before": presenters.ways_gone(before.ways()),
        "any_rejected": receipt.rejected or before.rejected().exists(),
    })  # fmt: skip


@access(P.FEED_READ, of=Delivery)
def kept_before(request: HttpRequest, delivery: Delivery) -> HttpResponse:
    """The rows of a delivery that had been held or rejected when they came before, and what became of them."""
    page = _page(request, delivery.sent_again.visible_to(actor_of(request)).whole(), ("line", "id"))
    note_looks(request, [one.kept_id for one in page.rows], fields="source_ref")
    words = queries.words(clocks.london_date(timezone.now()))
    rows = [presenters.again(one, words) for one in page.rows]
    return render(request, "feeds/kept_before.html", {
        "delivery": delivery, "rows": rows, "pages": page_links(request, page),
    })  # fmt: skip


@access(P.FEED_READ, of=Delivery)
@fresh
def rejected(request: HttpRequest, delivery: Delivery) -> HttpResponse:
    """The rejected rows as a file for whoever sent them: line, reference and why, and nothing else of anybody."""
    if request.method != "POST":
        return redirect("feeds:delivery", delivery.pk)
    at = timezone.now()
    found, words = list(queries.rejected_of(delivery)), queries.words(clocks.london_date(at))
    before = list(delivery.sent_again.visible_to(actor_of(request)).rejected().whole())
    note_looks(request, [row.pk for row in found] + [one.kept_id for one in before], fields="source_ref")
    theirs = presenters.theirs_of(delivery)
    rows = [presenters.line(row, words, theirs) for row in found]
    rows += [presenters.again(one, words, theirs) for one in before]
    file = actions.export_rejected(rows, by=actor_of(request), at=at)
    headers = {"Content-Disposition": f'attachment; filename="{file.filename}"'}
    return HttpResponse(file.content, content_type=file.content_type, headers=headers)


def _settled(request: HttpRequest, form: Form, action: Callable[..., Any], kept: KeptRow) -> bool:
    """Whether it was done; the rule that forbids it becomes the form's error."""
    if not form.is_valid():
        return False
    try:
        action(kept, by=actor_of(request), at=timezone.now(), **form.cleaned_data)
    except RuleBroken as broken:
        form.add_error(broken.field if broken.field in form.fields else None, broken.message)
        return False
    return True


@access(P.REFERRAL_TRIAGE, of=KeptRow)
def take_new_details(request: HttpRequest, kept: KeptRow) -> HttpResponse:
    """Shows what is different; what somebody chooses replaces what is on record. Nothing that was put right by hand is
    chosen beforehand.
    """
    on = clocks.london_date(timezone.now())
    opened = queries.opened(kept, on)
    note_looks(request, opened.compared_with, fields="content")
    words = queries.words(on)
    choices = presenters.choices(opened, words)
    form = forms.TakeNewDetails(request.POST or None, choices=choices, initial=queries.chosen(opened, dict(choices)))
    if _settled(request, form, actions.take_new_details, kept):
        flash.success(request, "Taken. What was on record before is kept with it.")
        return redirect("mending:row", pk=kept.pk)
    shown = presenters.differences(opened, words)
    return render(request, "feeds/take_new_details.html", {"form": form, "kept": kept, "differences": shown})
