"""Pages of a centre's worker, and the hub's lists of centres and of reports."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core import clocks
from alongside.core.access.declare import access, actor_of
from alongside.core.access.fresh import fresh
from alongside.core.errors import RuleBroken
from alongside.core.pages.acts import did, refuse, tried
from alongside.core.pages.paging import page_of
from alongside.core.pages.tables import Sort, page_links
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.organisations import actions as organisations
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.desk.centres import actions, forms, lifecycle, presenters, queries, rules
from alongside.support.desk.centres.models import Centre, Centres, OfHub, Report, Slip, Slips

MADE = "report_made"
OLDEST_FIRST, OLDEST, NEWEST = ("to_do", "police"), "received_at", "-received_at"


# A centre's worker.


@access(P.REPORT_MAKE)
def make(request: HttpRequest) -> HttpResponse:
    """One page that a worker fills in with somebody. Once sent nothing of it is shown again but its reference."""
    by, at = actor_of(request), timezone.now()
    on = clocks.london_date(at)
    centre = queries.own_centre(by, on)
    if centre is None:
        return render(request, "centres/no_centre.html")
    form = forms.Make(request.POST or None, on=on, councils=queries.councils_near(centre))
    if form.is_valid():
        request.session[MADE] = actions.make(form.answers, centre, by=by, at=at)
        return redirect("centres:made")
    return render(request, "centres/make.html", presenters.make(form))


@access(P.REPORT_MAKE)
def made(request: HttpRequest) -> HttpResponse:
    """What to hand to whoever reported: shown once."""
    kept = request.session.pop(MADE, None)
    if kept is None:
        return redirect("centres:own_reports")
    return render(request, "centres/made.html", presenters.kept(kept))


@access(P.REPORT_MAKE, rows=Slip)
def own_reports(request: HttpRequest, rows: Slips) -> HttpResponse:
    page = page_of(rows, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    words = {"rows": presenters.slips(page.rows), "pages": page_links(request, page)}
    return render(request, "centres/own_reports.html", words)


# The hub's centres.


@access(P.REPORT_READ, rows=Centre)
def centres(request: HttpRequest, rows: Centres) -> HttpResponse:
    at = timezone.now()
    found = queries.listed(rows, at, since=at - queries.YEAR)
    kinds = rulebook.titles("centre_kinds", clocks.london_date(at))
    words = {"rows": found, "kinds": kinds, "may_set_up": actor_of(request).may(P.CENTRE_SET_UP)}
    return render(request, "centres/centres.html", words)


@access(P.CENTRE_SET_UP)
def set_up(request: HttpRequest) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    form = forms.SetUp(
        request.POST or None, on=clocks.london_date(at), councils=queries.councils_of(by),
        organisations=queries.may_become_centres(by), initial={"since": clocks.london_date(at)},
    )  # fmt: skip
    if form.is_valid():
        try:
            made = actions.set_up(by=by, at=at, **form.cleaned_data)
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            return redirect("centres:centre", pk=made.pk)
    return render(request, "centres/set_up.html", {"form": form})


@access(P.REPORT_READ, of=Centre)
def centre(request: HttpRequest, centre: Centre) -> HttpResponse:
    at = timezone.now()
    on = clocks.london_date(at)
    found = queries.listed(queries.only(centre), at, since=at - queries.YEAR)[0]
    return render(request, "centres/centre.html", {
        "one": found, "details": presenters.centre(centre, on, dict(queries.councils_near(centre))),
        "may_set_up": actor_of(request).may(P.CENTRE_SET_UP), "open": centre.is_open(on),
    })  # fmt: skip


@access(P.CENTRE_SET_UP, of=Centre)
def change(request: HttpRequest, centre: Centre) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    form = forms.Details(
        request.POST or None, on=clocks.london_date(at), councils=queries.councils_of(by),
        initial=presenters.initial(centre),
    )  # fmt: skip
    if form.is_valid() and did(form, lambda: actions.change(centre, by=by, at=at, **form.cleaned_data)):
        return redirect("centres:centre", pk=centre.pk)
    return render(request, "centres/change.html", {"form": form, "centre": centre})


@access(P.REPORT_READ, of=Centre)
def poster(request: HttpRequest, centre: Centre) -> HttpResponse:
    """A page to print and hang up: what it is in plain words of the language that was chosen, and the code to scan."""
    address = f"{settings.SITE_URL}{reverse('centres:start', args=[centre.poster])}"
    on = clocks.london_date(timezone.now())
    form = forms.Language(request.GET, languages=presenters.languages(on))
    said = presenters.poster(form.chosen, on)
    words = {"centre": centre, "address": address.partition("://")[2], "drawn": presenters.code(address)}
    return render(request, "centres/poster.html", words | {"form": form, "said": said})


@access(P.CENTRE_SET_UP, of=Centre)
@require_POST
def renew_poster(request: HttpRequest, centre: Centre) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    done = "There is a new poster. The old ones open nothing from now on: print this one and take them down."
    tried(request, lambda: actions.renew_poster(centre, by=by, at=at), done)
    return redirect("centres:centre", pk=centre.pk)


@access(P.CENTRE_SET_UP, realm=Realm.AUTH)
@fresh
def invite(request: HttpRequest, code: str) -> HttpResponse:
    """Invites somebody to work for a centre. The role is a centre worker's and no other."""
    body = queries.area_organisation(actor_of(request), code)
    if body is None:
        raise Http404
    form = forms.Invite(request.POST or None)
    if form.is_valid():
        try:
            found, token = organisations.invite(
                body, by=actor_of(request), at=timezone.now(), role="centre_worker", **form.cleaned_data
            )
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            link = request.build_absolute_uri(reverse("organisations:arrive", args=[token]))
            get_adapter().send_mail("account/email/invitation", found.email, {"link": link})
            return render(request, "centres/invited.html", {"body": body, "email": found.email})
    return render(request, "centres/invite.html", {"form": form, "body": body})


# The hub's reports.


def _asked(request: HttpRequest, rows: OfHub) -> tuple[forms.Reports, queries.Asked]:
    by, on = actor_of(request), clocks.london_date(timezone.now())
    near = queries.centre_choices(by)
    form = forms.Reports(request.GET, on=on, centres=near, councils=queries.councils_of(by))
    said = form.cleaned_data if form.is_valid() else {}
    view = request.GET.get("view", "to_do")
    return form, queries.Asked(view=view if view in queries.VIEWS else "to_do", **said)


@access(P.REPORT_READ, rows=Report)
def reports(request: HttpRequest, rows: OfHub) -> HttpResponse:
    """Reports by view, the oldest first where something is to be done."""
    form, asked = _asked(request, rows)
    sort = Sort.of(request, "received_at", default=OLDEST if asked.view in OLDEST_FIRST else NEWEST)
    order = (sort.order, "-id" if sort.down else "id")
    page = page_of(
        queries.wanted(rows, asked), order=order, after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )  # fmt: skip
    return render(request, "centres/reports.html", {
        "form": form, "asked": asked, "sort": sort, "rows": presenters.rows(page.rows, timezone.now()),
        "pages": page_links(request, page), "tabs": presenters.tabs(asked.view, queries.counts(rows)),
    })  # fmt: skip


@access(P.REPORT_READ, rows=Report)
@require_POST
@fresh
def export(request: HttpRequest, rows: OfHub) -> HttpResponse:
    """The view as a file, made by a POST since its making is recorded."""
    by, at = actor_of(request), timezone.now()
    _, asked = _asked(request, rows)
    found = list(queries.wanted(rows, asked).order_by("-received_at", "-id")[: queries.MOST_EXPORTED])
    shown = presenters.exported(found, clocks.london_date(at), dict(queries.councils_of(by)))
    file = actions.export(shown, by=by, at=at)
    headers = {"Content-Disposition": f'attachment; filename="{file.filename}"'}
    return HttpResponse(file.content, content_type=file.content_type, headers=headers)


@access(P.REPORT_READ, of=Report)
def report(request: HttpRequest, report: Report) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    on = clocks.london_date(at)
    opened = queries.opened(report, by)
    return render(request, "centres/report.html", {
        "opened": opened, **presenters.report(opened, on, dict(queries.councils_of(by))),
        "clock": presenters.clock(report, at), "may_answer": by.may(P.REPORT_ANSWER),
        "moves": [move.name for move in lifecycle.report.moves_from(report.state)],
        "answer_words": queries.answer_words(report.answer, on), "passed_how": rules.PASSED_HOW,
        "tag": presenters.STATES[Report.State(report.state)], "erased_on": queries.erased_on(report, on),
    })  # fmt: skip


@access(lifecycle.report.needs("take"), of=Report)
@require_POST
def take(request: HttpRequest, report: Report) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: actions.take(report, by=by, at=at), "You are looking at it. Whoever made it can read so.")
    return redirect("centres:report", pk=report.pk)


@access(lifecycle.report.needs("answer"), of=Report)
def answer(request: HttpRequest, report: Report) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    on = clocks.london_date(at)
    form = forms.Answer(request.POST or None, on=on, initial={"answer": report.answer})
    if form.is_valid() and did(form, lambda: actions.answer(report, by=by, at=at, **form.cleaned_data)):
        return redirect("centres:report", pk=report.pk)
    texts = {row.code: row.text("reader_reads") for row in rulebook.current("report_answers", on)}
    return render(request, "centres/answer.html", {"form": form, "report": report, "texts": texts})


@access(P.REPORT_ANSWER, of=Report)
def pass_on(request: HttpRequest, report: Report) -> HttpResponse:
    """Exactly what may be told, and a note that somebody told it."""
    by, at = actor_of(request), timezone.now()
    form = forms.PassOn(request.POST or None)
    if form.is_valid() and did(form, lambda: actions.pass_on(report, by=by, at=at, **form.cleaned_data)):
        return redirect("centres:report", pk=report.pk)
    opened = queries.opened(report, by)
    rows = presenters.passing(opened, clocks.london_date(at), dict(queries.councils_of(by)))
    return render(request, "centres/pass_on.html", {"form": form, "opened": opened, "rows": rows})


@access(P.REPORT_ANSWER, of=Report)
@require_POST
def read_added(request: HttpRequest, report: Report) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: actions.read_added(report, by=by, at=at), "What they added is marked as read.")
    return redirect("centres:report", pk=report.pk)
