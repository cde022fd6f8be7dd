"""The provider's pages: offers, the caseload, and one case from its first contact to its close."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms as plain
from django.contrib import messages as flash
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core.access.back import back_from
from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.access.fresh import fresh
from alongside.core.errors import RuleBroken
from alongside.core.pages import beside, drafts, searches
from alongside.core.pages.acts import did, tried
from alongside.core.pages.paging import page_of
from alongside.core.pages.tables import Sort, page_links
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.organisations import actions as organisations
from alongside.foundation.office.organisations.models import Membership
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.referrals import queries as referral_queries
from alongside.support.arrivals.referrals.models import Offer
from alongside.support.arrivals.referrals.rules import tidy_reference
from alongside.support.cases.casework import actions, forms, lifecycle, presenters, queries, rules, timeline
from alongside.support.cases.casework import caseload as lists
from alongside.support.cases.casework.models import Case, Need, Step
from alongside.support.cases.outcomes import presenters as moves
from alongside.support.cases.outcomes import queries as outcome_queries
from alongside.support.people.victims.queries import looks_at

ORDERS = {"accepted": ("accepted_at", "id"), "-accepted": ("-accepted_at", "-id")}


def frame(request: HttpRequest, case: Case, *, tab: str, context: Mapping[str, Any]) -> dict[str, Any]:
    """What every page of a case begins with: who it is and how safe contact is. The look is logged."""
    cards = context.get("beside", {})
    told = f"name {'additions ' if getattr(context.get('shown'), 'added', ()) else ''}{beside.fields(cards)}"
    note_looks(request, [case.pk, case.victim_id, *beside.shown(cards)], fields=told)
    by, today = actor_of(request), forms.today()
    opened = context.get("opened") or queries.opened(case, by=by, today=today)
    head = presenters.head(
        case, opened, by=by, today=today, tab=tab, further=beside.tabs("case", case, by=by, current=tab)
    )
    came_from = back_from(request, str(case.pk), rules.LISTS) or (reverse("casework:caseload"), "Caseload")
    return {"head": head, "case": case, "opened": opened, "by": by, "came_from": came_from}


def _page(request: HttpRequest, case: Case, tab: str, template: str, **context: Any) -> HttpResponse:
    return beside.framed(request, "case", case, f"casework/{template}.html", tab=tab, **context)


def _offered(found: list[Offer]) -> list[presenters.Offered]:
    today = forms.today()
    days, councils = queries.working_days("provider_answer", today), queries.councils(found)
    return presenters.offers(found, words=queries.words(today), councils=councils, days=days, now=timezone.now())


@access(P.OFFER_ANSWER, rows=Offer)
def offers(request: HttpRequest, rows: QuerySet[Offer]) -> HttpResponse:
    """Offers that wait for an answer, the oldest first."""
    found = queries.waiting_offers(rows)
    note_looks(request, [offer.pk for offer in found])
    return render(request, "casework/offers.html", {"rows": _offered(found)})


@access(P.OFFER_ANSWER, of=Offer)
def offer(request: HttpRequest, offer: Offer) -> HttpResponse:
    """The summary of an offer, without identity, and its answer."""
    cards = beside.cards("offer", offer, by=actor_of(request), at=timezone.now())
    return render(request, "casework/offer.html", {"offer": offer, "shown": _offered([offer])[0], "beside": cards})


@access(P.OFFER_ANSWER, of=Offer)
@require_POST
def accept(request: HttpRequest, offer: Offer) -> HttpResponse:
    try:
        case = actions.accept(offer, by=actor_of(request), at=timezone.now())
    except RuleBroken as broken:
        flash.error(request, broken.message)
        return redirect("casework:offers")
    flash.success(request, f"You have accepted {case.reference}. Now make the first contact.")
    return redirect("casework:show", pk=case.pk)


@access(P.OFFER_ANSWER, of=Offer)
def decline(request: HttpRequest, offer: Offer) -> HttpResponse:
    by, at, today = actor_of(request), timezone.now(), forms.today()
    form = forms.Decline(request.POST or None, reasons=rulebook.choices("decline_reasons", today))
    if form.is_valid() and did(form, lambda: actions.decline(offer, by=by, at=at, reason=form.cleaned_data["reason"])):
        flash.success(request, "You have declined the offer. The hub has been told.")
        return redirect("casework:offers")
    return render(request, "casework/decline.html", {"form": form, "offer": offer})


@access(P.CASE_READ, rows=Case)
def caseload(request: HttpRequest, rows: QuerySet[Case]) -> HttpResponse:
    """The cases of the organisation, or for the hub the shells of its providers' cases."""
    by, now, today = actor_of(request), timezone.now(), forms.today()
    crimes, names = rulebook.titles("crime_types", today), queries.colleagues(by)
    query = searches.opened(request, plain=tidy_reference)
    form = searches.marked(request, forms.Caseload.of(query, by=by, names=names, crimes=crimes))
    sort = Sort.of(request, "accepted", default="-accepted")
    found = lists.wanted(rows, by=by, asked=form.asked, today=today)
    get, order = request.GET.get, ORDERS[sort.order]
    page = page_of(lists.lines(found, by), order=order, after=get("after", ""), before=get("before", ""))
    note_looks(request, [case.victim_id for case in page.rows], fields="name")
    before, after = page_links(request, page)
    context = {
        "form": form, "sort": sort, "before": before, "after": after, "inside": rules.sees_inside(by),
        "asked": form.asked, "may_assign": rules.sees_inside(by) and by.may(P.CASE_ASSIGN),
        "rows": presenters.rows(page.rows, crimes=crimes, names=names, now=now),
        "stats": presenters.to_do(lists.to_do(by, now=now, today=today)) if rules.sees_inside(by) else (),
    }  # fmt: skip
    return render(request, "casework/caseload.html", context)


@access(P.CASE_ASSIGN, rows=Case)
@fresh
def download(request: HttpRequest, rows: QuerySet[Case]) -> HttpResponse:
    """The cases that the filters leave, as a file without names. That it left, with how many, is on record."""
    if request.method != "POST":
        return redirect("casework:caseload")
    by, at, today = actor_of(request), timezone.now(), forms.today()
    crimes, names = rulebook.titles("crime_types", today), queries.colleagues(by)
    asked = forms.Caseload.of(request.POST, by=by, names=names, crimes=crimes).asked
    found = list(lists.to_take_away(lists.wanted(rows, by=by, asked=asked, today=today)))
    note_looks(request, [case.victim_id for case in found], fields="file")
    file = lists.export(found, by=by, at=at)
    named = {"Content-Disposition": f'attachment; filename="{file.filename}"'}
    return HttpResponse(file.content, content_type=file.content_type, headers=named)


@access(P.CASE_ASSIGN, rows=Case)
def workers(request: HttpRequest, rows: QuerySet[Case]) -> HttpResponse:
    """Who works on cases, how many each has, and how many they should have at most."""
    here = actor_of(request).organisation_id or 0
    context = {"loads": lists.loads(here), "nobodys": lists.caseload_sizes(here).get(None, 0)}
    return render(request, "casework/workers.html", context)


@access(P.CASE_ASSIGN, of=Membership, realm=Realm.AUTH)
def set_limit(request: HttpRequest, membership: Membership) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    form = forms.SetLimit(request.POST or None, initial={"limit": membership.caseload_limit})
    if form.is_valid() and did(
        form, lambda: organisations.set_caseload_limit(membership, by=by, at=at, **form.cleaned_data)
    ):
        flash.success(request, f"The limit of {membership.user.name} is set.")
        return redirect("casework:workers")
    return render(request, "casework/set_limit.html", {"form": form, "membership": membership})


@access(P.CASE_READ, of=Case)
def show(request: HttpRequest, case: Case) -> HttpResponse:
    """The case with its timeline; for the hub its shell."""
    by, now = actor_of(request), timezone.now()
    if not rules.sees_inside(by):
        note_looks(request, [case.victim_id], fields="name")
        words, stopped = queries.words(forms.today()), referral_queries.stopped(case.referral)
        shell, tag = presenters.shell(case, words=words, stopped=stopped), presenters.state_tag(case)
        return render(request, "casework/shell.html", {"case": case, "shell": shell, "tag": tag})
    timeline.read_ahead(case, by=by, at=now)
    opened = queries.opened(case, by=by, today=forms.today())
    shown = presenters.overview(case, queries.overview(case, forms.today()), opened, by=by, now=now)
    asked = forms.Happened(request.GET)
    history = timeline.page(case, by=by, names=opened.names, words=opened.words, **asked.asked)
    cards = beside.cards("case", case, by=by, at=now)
    return _page(request, case, "show", "show", opened=opened, shown=shown, beside=cards, history=history)


def _on_case(
    request: HttpRequest, case: Case, form: plain.Form, verb: str, act: Callable[..., object], done: str, **context: Any
) -> HttpResponse:
    """A form about the whole case: done and back to its first page; or again, with what is wrong."""
    by, at = actor_of(request), timezone.now()
    if form.is_valid() and did(form, lambda: act(case, by=by, at=at, **form.cleaned_data)):
        flash.success(request, done)
        return redirect("casework:show", pk=case.pk)
    return _page(request, case, "show", verb, form=form, **context)


@access(P.CASE_ASSIGN, of=Case)
def assign(request: HttpRequest, case: Case) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    form = forms.Assign(request.POST or None, colleagues=lists.choices_of_worker(case))
    if form.is_valid() and did(form, lambda: actions.assign(case, by=by, at=at, worker=form.chosen)):
        flash.success(request, "The case has been assigned.")
        if load := lists.overloaded(case.provider_id, form.chosen):
            flash.warning(request, f"{load.name} now has {load.words}. Think of giving some of them to somebody else.")
        return redirect("casework:show", pk=case.pk)
    return _page(request, case, "show", "assign", form=form)


@access(P.CASE_WORK, of=Case)
@require_POST
def take(request: HttpRequest, case: Case) -> HttpResponse:
    by = actor_of(request)
    tried(request, lambda: actions.assign(case, by=by, at=timezone.now(), worker=by.user_id), "The case is yours.")
    return redirect("casework:show", pk=case.pk)


@access(P.CASE_WORK, of=Case)
def cover(request: HttpRequest, case: Case) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    form = forms.Cover(request.POST or None, colleagues=queries.choices_of_cover(case))
    if form.is_valid() and did(
        form, lambda: actions.cover(case, by=by, at=at, worker=form.person, until=form.cleaned_data["until"])
    ):
        flash.success(request, "Cover has been arranged.")
        return redirect("casework:show", pk=case.pk)
    return _page(request, case, "show", "cover", form=form)


def _contacts(request: HttpRequest, case: Case, revealed: queries.Revealed | None = None) -> HttpResponse:
    opened = queries.opened(case, by=actor_of(request), today=forms.today())
    page = queries.contact_page(case, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    moments = timeline.contacts(page.rows, opened.names, opened.words)
    here = reverse("casework:contacts", args=[case.pk])
    before, after = (here + link if link else None for link in page_links(request, page))
    return _page(request, case, "contacts", "contacts", opened=opened, moments=moments, revealed=revealed,
                 kinds=presenters.KINDS, before=before, after=after)  # fmt: skip


@access(P.CASE_WORK, of=Case)
def contacts(request: HttpRequest, case: Case) -> HttpResponse:
    """Ways to make contact, and every attempt and contact so far."""
    return _contacts(request, case)


@access(P.CASE_WORK, of=Case)
@require_POST
def reveal(request: HttpRequest, case: Case) -> HttpResponse:
    """Opens one way to make contact. The look is logged with the field."""
    point = queries.revealed(case, request.POST.get("point", ""), by=actor_of(request))
    if point is None:
        raise Http404
    note_looks(request, [], fields=point.kind)
    return _contacts(request, case, revealed=point)


@access(P.CASE_WORK, of=Case)
def record_contact(request: HttpRequest, case: Case) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    kept = drafts.restore(name := drafts.form_name("casework.record_contact", case.pk), by=by, at=at)
    start = drafts.initial(forms.RecordContact, kept) or forms.RecordContact.now(at)
    results = rulebook.choices("contact_results", forms.today())
    despite = lists.despite(case, by=by, at=at)
    form = forms.RecordContact(request.POST or None, results=results, despite=despite.reasons, initial=start)
    if form.is_valid() and did(form, lambda: actions.record_contact(case, by=by, at=at, **form.given)):
        drafts.drop(name, by=by)
        flash.success(request, "The contact has been recorded.")
        return redirect("casework:contacts", pk=case.pk)
    return _page(request, case, "contacts", "record_contact", form=form, kept=kept, draft=name, held=despite.held)


@access(P.CASE_WORK, of=Case)
def plan(request: HttpRequest, case: Case) -> HttpResponse:
    """The needs, each with its goal and steps, and with what domains above say of the plan."""
    wanted = timeline.plan_in_short(case, words=queries.words(forms.today()), today=forms.today())
    cards = beside.cards("case.plan", case, by=actor_of(request), at=timezone.now())
    return _page(request, case, "plan", "plan", plan=wanted, beside=cards)


@access(P.CASE_WORK, of=Need)
def steps(request: HttpRequest, need: Need) -> HttpResponse:
    """Every step of one need, a page at a time."""
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    shown, page = timeline.steps(
        need, after=after, before=before, words=queries.words(forms.today()), today=forms.today()
    )
    links = page_links(request, page)
    return _page(request, need.case, "plan", "steps", shown=shown, before=links[0], after=links[1],
                 place=urlencode({"of": "steps", "after": after, "before": before}))  # fmt: skip


@access(P.CASE_WORK, of=Case)
def find_need(request: HttpRequest, case: Case) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    hints = {row.code: row.text("ask") for row in rulebook.current("needs", forms.today())}
    form = forms.FindNeed(request.POST or None, needs=rulebook.choices("needs", forms.today()))
    if form.is_valid() and did(form, lambda: actions.find_need(case, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "The need is in the plan.")
        return redirect("casework:plan", pk=case.pk)
    return _page(request, case, "plan", "find_need", form=form, hints=hints)


def _on_plan(
    request: HttpRequest, row: Need | Step, form: plain.Form, act: Callable[..., object], done: str
) -> HttpResponse:
    """A form about a need or a step: done and back to the plan; or again, with what it says now beside it."""
    by, at, template = actor_of(request), timezone.now(), act.__name__
    if form.is_valid() and did(form, lambda: act(row, by=by, at=at, **form.cleaned_data)):
        flash.success(request, done)
        return redirect("casework:plan", pk=row.case_id)
    now = queries.as_it_stands(row)
    stale = form.is_bound and "seen" in form.fields and form.data.get("seen") != str(now.version)
    return _page(request, row.case, "plan", template, form=form, row=row, now=now, stale=stale)


@access(P.CASE_WORK, of=Need)
def revise_need(request: HttpRequest, need: Need) -> HttpResponse:
    form = forms.ReviseNeed(request.POST or None, initial=queries.as_it_stands(need).values)
    return _on_plan(request, need, form, actions.revise_need, "The goal has been changed.")


@access(P.CASE_WORK, of=Need)
def settle_need(request: HttpRequest, need: Need) -> HttpResponse:
    form = forms.SettleNeed(request.POST or None, initial=queries.as_it_stands(need).values)
    return _on_plan(request, need, form, actions.settle_need, "It is kept how the need stands.")


@access(P.CASE_WORK, of=Need)
def add_step(request: HttpRequest, need: Need) -> HttpResponse:
    form = forms.AddStep(request.POST or None)
    return _on_plan(request, need, form, actions.add_step, "The step is in the plan.")


@access(P.CASE_WORK, of=Step)
def revise_step(request: HttpRequest, step: Step) -> HttpResponse:
    form = forms.ReviseStep(request.POST or None, initial=queries.as_it_stands(step).values)
    return _on_plan(request, step, form, actions.revise_step, "The step has been changed.")


@access(P.CASE_WORK, of=Step)
@require_POST
def finish_step(request: HttpRequest, step: Step) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    form = forms.FinishStep(request.POST)
    if form.is_valid():
        tried(request, lambda: actions.finish_step(step, by=by, at=at, **form.cleaned_data), "The step is done.")
    if request.GET.get("of") == "steps":
        return redirect(f"{reverse('casework:steps', args=[step.need_id])}?{request.GET.urlencode()}")
    return redirect("casework:plan", pk=step.case_id)


@access(P.CASE_WORK, of=Case)
def outcomes(request: HttpRequest, case: Case) -> HttpResponse:
    """First against latest for each outcome and each tool, and every assessment."""
    journey = outcome_queries.journey(case.pk)
    said = {sitting.pk: outcome_queries.own_words(sitting) for sitting in journey.sittings}
    shown, tools = moves.journey(journey), queries.tools_for(case, forms.today())
    return _page(request, case, "outcomes", "outcomes", shown=shown, said=said, tools=tools)


@access(P.CASE_WORK, of=Case)
def assess(request: HttpRequest, case: Case) -> HttpResponse:
    """Asks the questions of the tool that was chosen, or that this case began with, or that suits the victim's age."""
    by, at = actor_of(request), timezone.now()
    asked = queries.to_ask(case, today=forms.today(), chosen=request.GET.get("tool", ""))
    if asked is None:
        flash.error(request, "There is no outcome tool for them. The office sets tools up in the rulebook.")
        return redirect("casework:outcomes", pk=case.pk)
    kept = drafts.restore(name := drafts.form_name(f"casework.assess.{asked.tool.ref}", case.pk), by=by, at=at)
    form = forms.Assess(request.POST or None, asked=asked, initial=forms.Assess.start(asked, kept))
    if form.is_valid() and did(form, lambda: actions.assess(case, asked, by=by, at=at, **form.given)):
        drafts.drop(name, by=by)
        flash.success(request, "The assessment has been kept.")
        return redirect("casework:outcomes", pk=case.pk)
    return _page(request, case, "outcomes", "assess", form=form, kept=kept, draft=name, asked=asked)


@access(P.CASE_WORK, of=Case)
def looks(request: HttpRequest, case: Case) -> HttpResponse:
    """Who opened this person's record, when and why."""
    opened = queries.opened(case, by=actor_of(request), today=forms.today())
    found = timeline.looks(looks_at(case.victim_id), opened.names)
    return _page(request, case, "looks", "looks", opened=opened, looks=found)


@access(P.CASE_PRINT, of=Case)
@require_POST
def print_out(request: HttpRequest, case: Case) -> HttpResponse:
    """The case on paper: no address, no way to make contact, nobody else's name. Printing is on record."""
    by, at, today = actor_of(request), timezone.now(), forms.today()
    actions.print_out(case, by=by, at=at)
    note_looks(request, [case.victim_id], fields="name")
    found, contacts = queries.overview(case, today), queries.contacts(case)
    paper = presenters.paper(case, found, contacts, words=queries.words(today), today=today)
    return render(request, "casework/print_out.html", {"case": case, "paper": paper, "by": by, "at": at})


@access(lifecycle.case.needs("reopen"), of=Case)
def reopen(request: HttpRequest, case: Case) -> HttpResponse:
    form = forms.Reopen(request.POST or None, reasons=rulebook.choices("reopen_reasons", forms.today()))
    return _on_case(request, case, form, "reopen", actions.reopen, f"{case.reference} is open again.")


@access(lifecycle.case.needs("correct_closing"), of=Case)
def correct_closing(request: HttpRequest, case: Case) -> HttpResponse:
    reasons = tuple(queries.closure_reasons(forms.today()).items())
    form = forms.CorrectClosing(request.POST or None, reasons=reasons, initial={"reason": case.closed_why})
    return _on_case(request, case, form, "correct_closing", actions.correct_closing, "The reason has been corrected.")
