"""Pages of registrations: anyone makes a group known; the hub looks, takes it up, merges it or declines.

The two pages for anyone set no cookie and hold no answer in an address. A forged request could do no more than anyone
can, so they need no token against one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from alongside.core.access.callers import caller
from alongside.core.access.declare import Open, access, actor_of, note_looks
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.pages.acts import did, refuse
from alongside.core.pages.paging import page_of
from alongside.core.pages.tables import page_links
from alongside.foundation.local.community import actions as community
from alongside.foundation.local.community import queries as groups
from alongside.foundation.local.community.models import Group
from alongside.foundation.local.registrations import actions, forms, lifecycle, presenters, queries, rules
from alongside.foundation.local.registrations.models import Registration
from alongside.foundation.office.accounts.permissions import Permission as P

WHY = "a registration to check"
FIELDS = "name phone email address"


@csrf_exempt
@access(Open.PUBLIC)
def register(request: HttpRequest) -> HttpResponse:
    """Anyone makes a small group known: no account, no cookie."""
    at = timezone.now()
    sent = request.POST if request.method == "POST" else None
    form = forms.Register(sent, choices=queries.choices(london_date(at)))
    if request.method == "POST" and form.is_valid():
        try:
            actions.register(form.sent(), at=at, once=form.page, hears=form.cleaned_data["hears"],
                             caller=caller(request))  # fmt: skip
            return redirect("registrations:registered")
        except RuleBroken as broken:
            if broken.message == actions.BUSY:
                return _busy(request)
            refuse(form, broken)
    return render(request, "registrations/register.html", {"form": form})


@access(Open.PUBLIC)
def registered(request: HttpRequest) -> HttpResponse:
    return render(request, "registrations/registered.html")


def _busy(request: HttpRequest) -> HttpResponse:
    page = render(request, "registrations/busy.html", status=429)
    page["Retry-After"] = str(int(rules.WITHIN.total_seconds()))
    return page


@access(P.GROUP_KEEP, rows=Registration)
def registrations(request: HttpRequest, rows: QuerySet[Registration]) -> HttpResponse:
    """Groups that registered themselves: those to check unless all are asked for, the newest first."""
    form, asked = forms.Queue(request.GET), request.GET
    found = queries.registrations(actor_of(request), form.state_asked())
    page = page_of(found, order=("-sent_at", "-id"), after=asked.get("after", ""), before=asked.get("before", ""))
    names, reasons = queries.names(list(page.rows)), dict(queries.reasons(timezone.localdate()))
    before, after = page_links(request, page)
    return render(request, "registrations/registrations.html", {
        "lines": [presenters.line(one, names, reasons) for one in page.rows], "before": before, "after": after,
        "total": found.count(), "filters": form,
    })  # fmt: skip


@access(P.GROUP_KEEP, of=Registration)
def check(request: HttpRequest, registration: Registration) -> HttpResponse:
    return _checked(request, registration)


def _checked(request: HttpRequest, registration: Registration, **with_form: Any) -> HttpResponse:
    """What was sent, and which groups it may be."""
    note_looks(request, (), fields=FIELDS, reason=WHY)
    actor, on = actor_of(request), timezone.localdate()
    words, reasons = groups.words(on), queries.reasons(on)
    waits, more = registration.state == lifecycle.WAITING, {}
    if waits:
        sent = queries.sent(registration)
        more = {"sent": sent, "rows": presenters.details(sent, words), "person": presenters.person(sent),
                "like": queries.like(registration, actor)}  # fmt: skip
    return render(request, "registrations/check.html", {
        "registration": registration, "waits": waits, "why": dict(reasons).get(registration.reason, ""),
        "state": {"word": forms.STATES[registration.state], "colour": presenters.COLOURS[registration.state]},
        "decline_form": forms.Decline(reasons=reasons), **more, **with_form,
    })  # fmt: skip


@require_POST
@access(lifecycle.registration.needs("accept"), of=Registration)
def accept(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Onto the map, as a group of its own."""
    made: list[Group] = []
    although = request.POST.get("although") == "yes"
    try:
        made.append(actions.accept(registration, by=actor_of(request), at=timezone.now(), although=although))
    except RuleBroken as broken:
        messages.error(request, broken.message)
        return redirect("registrations:check", registration.pk)
    messages.success(request, "On the map. What was sent is erased; what belongs to the group is here.")
    return redirect("community:show", made[0].pk)


@access(lifecycle.registration.needs("merge"), of=Registration)
def merge(request: HttpRequest, registration: Registration, group: UUID) -> HttpResponse:
    """Side by side with a group that is mapped already."""
    actor, held = actor_of(request), groups.one(str(group), actor_of(request))
    if held is None or registration.state != lifecycle.WAITING:
        raise Http404
    sent, words = queries.sent(registration), groups.words(timezone.localdate())
    form = forms.Merge(request.POST or None, initial={"seen": community.stamp(held)})
    if request.method == "POST" and form.is_valid() and did(form, lambda: actions.merge(
        registration, held, by=actor, at=timezone.now(), **form.cleaned_data
    )):  # fmt: skip
        messages.success(request, "Merged. Whom to ask for and what they need is with the group.")
        return redirect("community:show", held.pk)
    note_looks(request, (), fields=FIELDS, reason=WHY)
    sides = [presenters.side(one, words) for one in rules.differences(groups.about(held), sent.public)]
    return render(request, "registrations/merge.html", {
        "registration": registration, "group": held, "name": sent.about.name, "sides": sides, "form": form,
        "taken": form["take"].value() or [],
    })  # fmt: skip


@require_POST
@access(lifecycle.registration.needs("decline"), of=Registration)
def decline(request: HttpRequest, registration: Registration) -> HttpResponse:
    form = forms.Decline(request.POST, reasons=queries.reasons(timezone.localdate()))
    if form.is_valid() and did(form, lambda: actions.decline(
        registration, by=actor_of(request), at=timezone.now(), reason=form.cleaned_data["reason"]
    )):  # fmt: skip
        messages.success(request, "Declined. What was sent is erased.")
        return redirect("registrations:registrations")
    return _checked(request, registration, decline_form=form, form=form)
