"""Pages of reconciliation: the days, one day of one source, the rows behind a figure, and acknowledging an alarm."""

from datetime import date
from typing import Any

from django.contrib import messages as flash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from alongside.core import clocks
from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.access.fresh import fresh
from alongside.core.pages.acts import did
from alongside.core.pages.paging import page_of
from alongside.core.pages.tables import page_links
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.arrivals.feeds import presenters as feeds
from alongside.support.arrivals.feeds import queries as feeds_queries
from alongside.support.arrivals.feeds.models import Feed
from alongside.support.arrivals.reconciliation import actions, forms, presenters, queries, rules
from alongside.support.arrivals.reconciliation.models import Alarm


def _asked(request: HttpRequest) -> tuple[forms.Days, list[queries.Day], tuple[date, date]]:
    """The filter, the days that it asks for, and the first and last of them."""
    actor, at = actor_of(request), timezone.now()
    form = forms.Days(request.GET, feeds=feeds_queries.feeds_for(actor))
    asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    first, last = rules.span(asked.get("since"), asked.get("until"), today=clocks.london_date(at))
    feed = form.feed if asked else None
    return form, queries.days(actor, first, last, at=at, feed=feed), (first, last)


@access(P.FEED_READ)
def days(request: HttpRequest) -> HttpResponse:
    """Every day of every source, with what became of its rows; alarms first."""
    at, actor = timezone.now(), actor_of(request)
    form, found, span = _asked(request)
    total = sum((one.tally for one in found), rules.Tally())
    reasons, titles = dict(queries.reasons(clocks.london_date(at))), queries.titles(actor)
    return render(request, "reconciliation/days.html", {
        "filters": form, "rows": [(one, presenters.state(one)) for one in found], "as_at": at,
        "figures": presenters.figures(total), "definitions": presenters.DEFINITIONS + presenters.MORE,
        "alarms": [presenters.alarm(one, titles, reasons, {}) for one in queries.alarms_open(actor)], "total": total,
        "period": presenters.period(*span), "may_settle": actor.may(P.REFERRAL_TRIAGE), "opens": presenters.OPENS,
        "query": request.GET.urlencode(),
    })  # fmt: skip


@access(P.FEED_READ)
@fresh
def download(request: HttpRequest) -> HttpResponse:
    """The same figures as a file."""
    if request.method != "POST":
        return redirect("reconciliation:days")
    file = actions.export(_asked(request)[1], by=actor_of(request), at=timezone.now())
    headers = {"Content-Disposition": f'attachment; filename="{file.filename}"'}
    return HttpResponse(file.content, content_type=file.content_type, headers=headers)


def _place(request: HttpRequest, source: str, on: str) -> tuple[Feed, date]:
    """A feed of the actor's hub and a day that an address names, or 404."""
    try:
        day = date.fromisoformat(on)
    except ValueError:
        raise Http404 from None
    feed = {one.key: one for one in feeds_queries.feeds_for(actor_of(request))}.get(source)
    if feed is None:
        raise Http404
    return feed, day


@access(P.FEED_READ)
def day(request: HttpRequest, source: str, on: str) -> HttpResponse:
    """One day of one feed: its sums, its files and its alarm."""
    at, actor = timezone.now(), actor_of(request)
    feed, chosen = _place(request, source, on)
    found = queries.days(actor, chosen, chosen, at=at, feed=feed)
    one = found[0] if found else queries.Day(feed, chosen, rules.Tally())
    reasons, titles = dict(queries.reasons(clocks.london_date(at))), {(feed.source.pk, feed.code): feed.title}
    names = queries.names([one.alarm.acknowledged_by]) if one.alarm else {}
    before = queries.kept(actor, feed, chosen, presenters.BEFORE).exists()
    return render(request, "reconciliation/day.html", {
        "day": one, "sums": presenters.sums(one.tally), "state": presenters.state(one), "as_at": at,
        "files": queries.deliveries(actor, feed, chosen), "uploads": queries.not_loaded(actor, feed, chosen),
        "alarm": presenters.alarm(one.alarm, titles, reasons, names) if one.alarm else None,
        "opens": (*presenters.OPENS, presenters.BEFORE) if before else presenters.OPENS,
        "words": queries.words_of(one.alarm) if one.alarm else "",
        "may_settle": actor.may(P.REFERRAL_TRIAGE),
    })  # fmt: skip


@access(P.FEED_READ)
def rows(request: HttpRequest, source: str, on: str, what: str) -> HttpResponse:
    """The rows behind a figure; every reference that is shown is a look."""
    feed, chosen = _place(request, source, on)
    if what not in (*presenters.OPENS, presenters.BEFORE):
        raise Http404
    actor, asked = actor_of(request), request.GET
    accepted = what == "accepted"
    wanted: Any = queries.accepted if accepted else queries.kept
    found = wanted(actor, feed, chosen) if accepted else wanted(actor, feed, chosen, what)
    page = page_of(found, order=("id",), after=asked.get("after", ""), before=asked.get("before", ""))
    note_looks(request, [row.pk for row in page.rows], fields="source_ref")
    words = feeds_queries.words(clocks.london_date(timezone.now()))
    lines = page.rows if accepted else [feeds.line(row, words) for row in page.rows]
    return render(request, "reconciliation/rows.html", {
        "feed": feed, "day": chosen, "title": presenters.WORDS[what], "rows": lines, "referrals": accepted,
        "before": what == presenters.BEFORE,
        "pages": page_links(request, page),
    })  # fmt: skip


@access(P.REFERRAL_TRIAGE, of=Alarm)
def acknowledge(request: HttpRequest, alarm: Alarm) -> HttpResponse:
    by, at, key = actor_of(request), timezone.now(), Feed(alarm.source, alarm.feed).key
    reasons = queries.reasons(clocks.london_date(at))
    form = forms.Acknowledge(request.POST or None, reasons=reasons)
    acted = form.is_valid() and did(form, lambda: actions.acknowledge(alarm, by=by, at=at, **form.cleaned_data))
    if acted:
        flash.success(request, "Acknowledged.")
        return redirect("reconciliation:day", source=key, on=alarm.day.isoformat())
    shown = presenters.alarm(alarm, queries.titles(by), dict(reasons), {})
    words = {"form": form, "alarm": alarm, "shown": shown, "key": key}
    return render(request, "reconciliation/acknowledge.html", words)
