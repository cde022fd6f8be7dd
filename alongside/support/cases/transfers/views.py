"""Pages of transfers: offering a case, what was sent and its answer, and what others would hand on."""

from django.contrib import messages as flash
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.pages import drafts
from alongside.core.pages.acts import did, tried
from alongside.core.pages.beside import framed
from alongside.core.pages.paging import page_of
from alongside.core.pages.tables import page_links
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.casework import queries as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.transfers import actions, forms, lifecycle, presenters, queries
from alongside.support.cases.transfers.models import Transfer


@access(P.CASE_CLOSE, of=Case)
def offer(request: HttpRequest, case: Case) -> HttpResponse:
    """Chooses the service and what goes along, shown in full before it is sent."""
    by, at, today = actor_of(request), timezone.now(), london_date(timezone.now())
    kept = drafts.restore(name := drafts.form_name("transfers.offer", case.pk), by=by, at=at)
    content = queries.content(case, at=at)
    form = forms.Offer(
        request.POST or None, services=queries.services(case), whys=rulebook.choices(queries.REASONS, today),
        content=content, initial=drafts.initial(forms.Offer, kept),
    )  # fmt: skip
    if form.is_valid() and did(form, lambda: actions.offer(case, by=by, at=at, **form.given)):
        drafts.drop(name, by=by)
        flash.success(request, "Offered. They see a summary without identity until they accept.")
        return redirect("transfers:sent", pk=case.pk)
    note_looks(request, [case.pk, case.victim_id], fields="transfer")
    parts, sent = presenters.parts(content, today), queries.standing(case)
    return framed(
        request, "case", case, "transfers/offer.html", tab="show", form=form, parts=parts, kept=kept, draft=name,
        waiting=sent is not None and sent.state == lifecycle.OFFERED,
    )  # fmt: skip


@access(P.CASE_WORK, of=Case)
def sent(request: HttpRequest, case: Case) -> HttpResponse:
    """The latest transfer of a case: where it stands, and what was sent in the words of that day."""
    found, by, at = queries.standing(case), actor_of(request), timezone.now()
    if found is None or found.sender_id != by.organisation_id:
        raise Http404
    note_looks(request, [found.pk, case.pk, case.victim_id], fields="transfer")
    content, declines = queries.packed(found.pk), queries.words(london_date(at))[queries.DECLINES]
    return framed(
        request, "case", case, "transfers/sent.html", tab="show", transfer=found, said=presenters.said(found, case),
        content=content, parts=presenters.parts(content, london_date(at)) if content else (),
        tag=presenters.tag(found), declined=declines.get(found.declined_why, ""),
        until=queries.seen_until(found, by), waiting=found.state == lifecycle.OFFERED,
    )  # fmt: skip


@access(P.CASE_CLOSE, of=Transfer)
@require_POST
def take_back(request: HttpRequest, transfer: Transfer) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    if transfer.sender_id != by.organisation_id:
        raise Http404
    done = "Taken back. They see none of it any more."
    tried(request, lambda: actions.take_back(transfer, by=by, at=at), done)
    return redirect("transfers:sent", pk=transfer.case_id)


@access(P.CASE_ASSIGN, rows=Case)
def closed_services(request: HttpRequest, rows: QuerySet[Case]) -> HttpResponse:
    """Cases that go on at services which take nobody any more, each to be handed on or closed."""
    by, get = actor_of(request), request.GET.get
    found = queries.of_closed_services(rows, by)
    page = page_of(found, order=("accepted_at", "id"), after=get("after", ""), before=get("before", ""))
    note_looks(request, [case.victim_id for case in page.rows], fields="name")
    before, after = page_links(request, page)
    context = {"rows": page.rows, "before": before, "after": after, "names": casework.colleagues(by)}
    return render(request, "transfers/closed_services.html", context)


@access(P.OFFER_ANSWER, rows=Transfer)
def incoming(request: HttpRequest, rows: QuerySet[Transfer]) -> HttpResponse:
    """What other services would hand on, the oldest first."""
    found = queries.incoming(rows, actor_of(request))
    note_looks(request, [one.pk for one in found])
    context = {"rows": presenters.shown(found, now=timezone.now())}
    return render(request, "transfers/incoming.html", context)


def _theirs(request: HttpRequest, transfer: Transfer) -> Transfer:
    if transfer.receiver_id != actor_of(request).organisation_id:
        raise Http404
    return transfer


@access(P.OFFER_ANSWER, of=Transfer)
def show(request: HttpRequest, transfer: Transfer) -> HttpResponse:
    """The summary, without identity, and its answer."""
    found = _theirs(request, transfer)
    context = {"transfer": found, "shown": presenters.shown([found], now=timezone.now())[0],
               "open": found.state == lifecycle.OFFERED}  # fmt: skip
    return render(request, "transfers/show.html", context)


@access(P.OFFER_ANSWER, of=Transfer)
@require_POST
def accept(request: HttpRequest, transfer: Transfer) -> HttpResponse:
    found = _theirs(request, transfer)
    try:
        case = actions.accept(found, by=actor_of(request), at=timezone.now())
    except RuleBroken as broken:
        flash.error(request, broken.message)
        return redirect("transfers:incoming")
    flash.success(request, f"You have accepted {case.reference}. Now make the first contact.")
    return redirect("casework:show", pk=case.pk)


@access(P.OFFER_ANSWER, of=Transfer)
def decline(request: HttpRequest, transfer: Transfer) -> HttpResponse:
    found, by, at = _theirs(request, transfer), actor_of(request), timezone.now()
    form = forms.Decline(request.POST or None, reasons=rulebook.choices(queries.DECLINES, london_date(at)))
    if form.is_valid() and did(form, lambda: actions.decline(found, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "You have declined. The other service has been told, and you see none of it any more.")
        return redirect("transfers:incoming")
    return render(request, "transfers/decline.html", {"form": form, "transfer": found})


@access(P.CASE_WORK, of=Case)
@require_POST
def start_from(request: HttpRequest, case: Case) -> HttpResponse:
    """Begins the plan with what came, by one press."""
    by, at = actor_of(request), timezone.now()
    done = "The needs that came are in the plan. Go through them together: they are a start."
    tried(request, lambda: actions.start_from(case, by=by, at=at), done)
    return redirect("casework:plan", pk=case.pk)
