"""Pages of freshness: check several services at once, who looks after one, errors that anyone flags, how fresh it is.

The two pages for anyone set no cookie and hold no answer in an address. A forged request could do no more than anyone
can, so they need no token against one."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from alongside.core.access.actor import Actor
from alongside.core.access.callers import caller
from alongside.core.access.declare import Open, access, actor_of
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.pages.acts import did, refuse
from alongside.core.pages.paging import page_of
from alongside.core.pages.tables import page_links
from alongside.foundation.local.directory import queries as directory
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.freshness import actions, forms, lifecycle, presenters, queries, rules
from alongside.foundation.local.freshness.models import Flag
from alongside.foundation.office.accounts.permissions import Permission as P

SHOWN = 200  # of the report: the whole of it is in the file


@access(P.SERVICE_MANAGE)
def check(request: HttpRequest) -> HttpResponse:
    """The services to check now: room and wait, and that all of it is right, for several at once."""
    actor, every = actor_of(request), request.GET.get("view") == "all"
    failed: dict[UUID, forms.Check] = {}
    if request.method == "POST":
        failed = _checked(request, actor, every)
        if not failed:
            return redirect(f"{request.path}?view=all" if every else request.path)
    on = timezone.localdate()
    words, now = directory.words(on), queries.clock(on)
    lines = queries.to_check(actor, on, every=every)
    shown = [(line, failed.get(line.service.pk) or _form(line.service)) for line in lines]
    rows = [presenters.row(line, form, words, now, actions.stamp(line.service)) for line, form in shown]
    return render(request, "freshness/check.html", {"rows": rows, "every": every, "failed": failed, "now": now})


def _sent(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _form(service: Service, sent: Mapping[str, Any] | None = None) -> forms.Check:
    return forms.Check(sent, prefix=forms.prefix(service), initial=forms.first(service))


def _checked(request: HttpRequest, actor: Actor, every: bool) -> dict[UUID, forms.Check]:
    """Writes what was said, each service by itself, and says so. Returns the forms of those that could not be."""
    lines = queries.to_check(actor, timezone.localdate(), every=every)
    sent = [line.service for line in lines if f"{forms.prefix(line.service)}-seen" in request.POST]
    told = {service.pk: (service, _form(service, request.POST)) for service in sent}
    said = [(one, form) for one, form in told.values() if not form.is_valid() or form.says_something]
    done = [form for one, form in said if form.is_valid() and _done(one, form, actor)]
    if done:
        right = sum(form.right_today for form in done)
        messages.success(request, presenters.done_words(right, sum(form.room is not None for form in done)))
    elif not said:
        messages.error(request, "Nothing was ticked. Tick what is right today, or say its room.")
    return {one.pk: form for one, form in said if form.errors}


def _done(service: Service, form: forms.Check, actor: Actor) -> bool:
    said, right, room = form.cleaned_data, form.right_today, form.room
    return did(form, lambda: actions.check(
        service, by=actor, at=timezone.now(), seen=said["seen"], right=right, room=room
    ))  # fmt: skip


@access(P.SERVICE_MANAGE, of=Service)
def keep(request: HttpRequest, service: Service) -> HttpResponse:
    """Who looks after a service: a person of one's own organisation, or its managers."""
    actor = actor_of(request)
    if not directory.may_manage(actor, service) or service.provider_id is None:
        raise PermissionDenied
    keeper, name = queries.keeper_of(service)
    form = forms.Keep(_sent(request), people=queries.people(actor),
                      initial={"keeper": str(keeper.user_id) if keeper else ""})  # fmt: skip
    if request.method == "POST" and form.is_valid() and did(form, lambda: _kept(service, form.person, actor)):
        messages.success(request, "Saved. They are asked by email when it is to be checked.")
        return redirect("directory:show", service.pk)
    return render(request, "freshness/keep.html", {"form": form, "service": service, "keeper": keeper, "name": name})


def _kept(service: Service, person: UUID | None, actor: Actor) -> None:
    if person:
        actions.name_keeper(service, by=actor, at=timezone.now(), user=person)
    else:
        actions.free_keeper(service, by=actor, at=timezone.now())


@access(P.SERVICE_MANAGE, rows=Flag)
def flags(request: HttpRequest, rows: QuerySet[Flag]) -> HttpResponse:
    """Errors that people flagged, those that wait unless all are asked for, the newest first."""
    actor, form = actor_of(request), forms.Queue(request.GET)
    found = queries.flags(actor, "" if form.all_of_them() else lifecycle.WAITING)
    asked = request.GET
    page = page_of(found, order=("-sent_at", "-id"), after=asked.get("after", ""), before=asked.get("before", ""))
    before, after = page_links(request, page)
    faults = dict(queries.faults(timezone.localdate()))
    return render(request, "freshness/flags.html", {
        "lines": [presenters.flag_line(one, faults) for one in page.rows], "before": before, "after": after,
        "total": found.count(), "filters": form,
    })  # fmt: skip


@access(lifecycle.flag.needs("answer"), of=Flag)
def answer(request: HttpRequest, flag: Flag) -> HttpResponse:
    """What somebody flagged, and what was found."""
    form = forms.Answer(_sent(request))
    if request.method == "POST" and form.is_valid() and did(form, lambda: actions.answer(
        flag, by=actor_of(request), at=timezone.now(), answer=form.cleaned_data["answer"]
    )):  # fmt: skip
        told = " They hear it by email, and their address is erased." if flag.hears else ""
        messages.success(request, f"Answered.{told}")
        return redirect("freshness:flags")
    faults = dict(queries.faults(timezone.localdate()))
    return render(request, "freshness/answer.html", {
        "form": form, "flag": flag, "line": presenters.flag_line(flag, faults), "words": queries.words_of(flag),
        "answered": flag.get_answer_display(),
    })  # fmt: skip


@access(P.ORGANISATION_READ)
def report(request: HttpRequest) -> HttpResponse:
    """How fresh the directory is: how many stand how, by who runs them, and each service, the oldest first."""
    at, actor = timezone.now(), actor_of(request)
    now, all_ = queries.clock(london_date(at)), queries.lines(actor, london_date(at))
    bodies = queries.counted(all_)
    form = forms.Narrow(request.GET, bodies=sorted(((str(one.pk), one.name) for one in bodies), key=lambda one: one[1]))
    found = queries.narrowed(all_, **form.narrowing())
    if request.GET.get("as") == "csv":
        headers = {"Content-Disposition": 'attachment; filename="services-checked.csv"'}
        return HttpResponse(presenters.file(found, all_, now, at), content_type="text/csv; charset=utf-8",
                            headers=headers)  # fmt: skip
    return render(request, "freshness/report.html", {
        "figures": presenters.figures(all_, now), "bodies": presenters.by_provider(bodies), "filters": form,
        "lines": [presenters.listed(line) for line in found[:SHOWN]], "found": len(found), "total": len(all_),
        "at": at, "narrowed": form.narrowing(), "may_check": actor.may(P.SERVICE_MANAGE),
    })  # fmt: skip


@csrf_exempt
@access(Open.PUBLIC, spoken=True)
def flag(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Anyone says what is wrong with an entry: no account, no cookie, nothing kept of who."""
    service = directory.public_service(pk)
    if service is None:
        raise Http404
    at = timezone.now()
    form = forms.Flagged(_sent(request), faults=queries.faults(london_date(at)))
    if request.method == "POST" and form.is_valid():
        try:
            actions.flag(service, at=at, caller=caller(request), **form.cleaned_data)
            return redirect("freshness:flagged")
        except RuleBroken as broken:
            if broken.message == actions.BUSY:
                return _busy(request)
            refuse(form, broken)
    return render(request, "freshness/flag.html", {"form": form, "service": service})


@access(Open.PUBLIC, spoken=True)
def flagged(request: HttpRequest) -> HttpResponse:
    return render(request, "freshness/flagged.html")


def _busy(request: HttpRequest) -> HttpResponse:
    page = render(request, "freshness/busy.html", status=429)
    page["Retry-After"] = str(int(rules.WITHIN.total_seconds()))
    return page
