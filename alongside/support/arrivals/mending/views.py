"""Pages of mending: the rows that wait, one row opened, and what somebody does with it."""

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
from alongside.core.errors import RuleBroken
from alongside.core.pages import searches
from alongside.core.pages.acts import did, refuse, tried
from alongside.core.pages.filters import plural
from alongside.core.pages.paging import Page, page_of
from alongside.core.pages.tables import Sort, page_links
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.arrivals.changes import queries as changes
from alongside.support.arrivals.feeds import queries as feeds
from alongside.support.arrivals.feeds.models import KeptRow
from alongside.support.arrivals.mending import actions, forms, presenters, queries
from alongside.support.arrivals.mending.actions import StillFaulty
from alongside.support.arrivals.replies import presenters as replies_presenters
from alongside.support.arrivals.replies import queries as replies
from alongside.support.arrivals.replies.models import Reply

ORDERS = {"came": ("id",), "-came": ("-id",), "until": ("expires_at", "id"), "-until": ("-expires_at", "-id")}


@access(P.FEED_READ, rows=KeptRow)
def held(request: HttpRequest, rows: QuerySet[KeptRow]) -> HttpResponse:
    """Every held or rejected row that nobody has dealt with, whatever file it came with."""
    actor, at = actor_of(request), timezone.now()
    on = clocks.london_date(at)
    words, days = feeds.words(on), queries.raised_before(on)
    why = presenters.reasons(queries.reasons_of(actor), words)
    asked = searches.opened(request, plain=searches.nothing)
    form = searches.marked(request, forms.Waiting(asked, reasons=why, sources=feeds.sources_for(actor)))
    sort = Sort.of(request, "came", "until", default="until")
    page = _page(request, queries.wanted(rows, form.cleaned_data if form.is_valid() else {}, at=at), sort)
    note_looks(request, [row.pk for row in page.rows], fields="source_ref")
    answered = replies.answered(row.pk for row in page.rows)
    shown = [
        presenters.waiting(row, words, at=at, days=days, answered=row.pk in answered) for row in page.rows
    ]  # fmt: skip
    return render(request, "mending/held.html", {
        "filters": form, "pages": page_links(request, page), "sort": sort, "rows": shown,
        "several": _several(None, shown), "may_settle": actor.may(P.REFERRAL_TRIAGE),
        "near": queries.near_of(actor, at),
    })  # fmt: skip


def _page(request: HttpRequest, rows: QuerySet[KeptRow], sort: Sort) -> Page:
    order = ORDERS[("-" if sort.down else "") + sort.by]
    return page_of(rows, order=order, after=request.GET.get("after", ""), before=request.GET.get("before", ""))


def _several(posted: Any, shown: list[presenters.Waiting] | None = None) -> forms.Several:
    on = clocks.london_date(timezone.now())
    keys = posted.getlist("rows") if posted is not None else [row.key for row in shown or ()]
    return forms.Several(posted, keys=keys, returns=replies.return_reasons(on), closes=queries.closure_reasons(on))


@access(P.REFERRAL_TRIAGE, rows=KeptRow)
@require_POST
def settle_all(request: HttpRequest, rows: QuerySet[KeptRow]) -> HttpResponse:
    """Returns or closes the rows that were chosen; only those that the person may see are among them."""
    form = _several(request.POST)
    if not form.is_valid():
        flash.error(request, str(next(iter(form.errors.values()))[0]))
        return redirect("mending:held")
    how, _, reason = form.cleaned_data["do"].partition(":")
    chosen = queries.several(rows, forms.keys(form.cleaned_data["rows"]))
    note_looks(request, [row.pk for row in chosen])
    done = actions.settle_all(chosen, by=actor_of(request), at=timezone.now(), how=how, reason=reason)
    flash.success(request, f"{plural(done, 'row')} {'returned' if how == 'returned' else 'closed'}.")
    return redirect("mending:held")


@access(P.FEED_READ, of=KeptRow)
def row(request: HttpRequest, kept: KeptRow) -> HttpResponse:
    """A kept row whole; that it was opened is in the read log, and so are the records that it is compared with."""
    at, actor = timezone.now(), actor_of(request)
    on = clocks.london_date(at)
    opened, words, mends, stands = feeds.opened(kept, on), feeds.words(on), queries.mends(kept), queries.cells(kept)
    note_looks(request, opened.compared_with, fields="content")
    verdict = queries.verdict(kept, stands, at=at) if mends and not kept.settled_at else None
    reply, passed = replies.of_row(kept), changes.passed_on(kept)
    shown = presenters.opening(
        opened, words, stands=stands, mends=mends, verdict=verdict, titles=queries.why_titles(on), reply=reply,
        passed=passed,
    )  # fmt: skip
    answers = [(one.at, replies_presenters.answer(one)) for one in replies.answers(actor, kept=kept.pk)]
    return render(request, "mending/row.html", {
        "shown": shown, "answers": answers, "told": replies_presenters.told(reply) if reply else "",
        "may_settle": actor.may(P.REFERRAL_TRIAGE), "again": presenters.again(queries.times_again(kept)),
    })  # fmt: skip


@access(P.REFERRAL_TRIAGE, of=KeptRow)
def mend(request: HttpRequest, kept: KeptRow) -> HttpResponse:
    """Every cell, those with a fault first, each beside what was sent."""
    at, cells = timezone.now(), queries.cells(kept)
    note_looks(request, [kept.pk], fields="content")
    verdict, theirs = queries.verdict(kept, cells, at=at), presenters.theirs_of(kept.delivery)
    form = forms.Mend(request.POST or None, cells=cells, faults=verdict.faults, theirs=theirs)
    if form.is_valid() and _mended(request, form, kept):
        flash.success(request, "Mended. What was sent is kept beside it.")
        return redirect("mending:row", pk=kept.pk)
    return render(request, "mending/mend.html", {"form": form, "kept": kept, "line": cells.get("row", "")})


def _mended(request: HttpRequest, form: forms.Mend, kept: KeptRow) -> bool:
    """Whether it was mended; every fault becomes the error of its cell."""
    try:
        actions.mend(kept, by=actor_of(request), at=timezone.now(), cells=form.cleaned_data)
    except StillFaulty as still:
        for fault in still.faults:
            form.add_error(fault.field, presenters.fault(fault))
        return False
    except RuleBroken as broken:
        refuse(form, broken)
        return False
    return True


@access(P.REFERRAL_TRIAGE, of=KeptRow)
def release(request: HttpRequest, kept: KeptRow) -> HttpResponse:
    form = forms.Release(request.POST or None, initial=forms.found_out(queries.cells(kept)))
    if _settled(request, form, actions.release, kept):
        flash.success(request, "The row is taken in as a new referral.")
        return redirect("mending:row", pk=kept.pk)
    return render(request, "mending/release.html", {"form": form, "kept": kept})


def _settled(request: HttpRequest, form: Form, action: Callable[..., Any], kept: KeptRow) -> bool:
    """Whether it was done; the rule that forbids it becomes the form's error."""
    by, at = actor_of(request), timezone.now()
    return form.is_valid() and did(form, lambda: action(kept, by=by, at=at, **form.cleaned_data))


@access(P.REFERRAL_TRIAGE, of=KeptRow)
def send_back(request: HttpRequest, kept: KeptRow) -> HttpResponse:
    """Asks for the reason; shows what the officer would read of it; and returns the row."""
    at = timezone.now()
    on = clocks.london_date(at)
    reasons = replies.return_reasons(on)
    asked = request.GET.get("reason", "")
    chosen = request.POST.get("reason", asked if asked in dict(reasons) else "")
    form = forms.Reasoned(request.POST or None, reasons=reasons, initial={"reason": chosen or kept.reason})
    writes = queries.writes_to(kept, on)
    if _settled(request, form, actions.send_back, kept):
        told = "The officer is written to." if writes else "Nobody is written to: tell the source in another way."
        flash.success(request, f"Returned. {told}")
        return redirect("mending:row", pk=kept.pk)
    would = Reply(reason=chosen, asks=replies.asks(chosen, on), made_at=at) if chosen in dict(reasons) else None
    return render(request, "mending/send_back.html", {
        "form": form, "kept": kept, "chosen": chosen, "page": replies.page(would, on) if would else None,
        "writes": writes,
    })  # fmt: skip


@access(P.REFERRAL_TRIAGE, of=KeptRow)
def set_aside(request: HttpRequest, kept: KeptRow) -> HttpResponse:
    reasons = queries.closure_reasons(clocks.london_date(timezone.now()))
    form = forms.Reasoned(request.POST or None, reasons=reasons)
    if _settled(request, form, actions.set_aside, kept):
        flash.success(request, "The row is closed.")
        return redirect("mending:row", pk=kept.pk)
    return render(request, "mending/set_aside.html", {"form": form, "kept": kept})


@access(P.REFERRAL_TRIAGE, of=KeptRow)
@require_POST
def reopen(request: HttpRequest, kept: KeptRow) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: actions.reopen(kept, by=by, at=at), "The row waits for a person again.")
    return redirect("mending:row", pk=kept.pk)
