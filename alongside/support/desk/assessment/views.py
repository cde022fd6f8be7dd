"""The first assessment of a referral, what to do in danger, and Enhanced Rights decided and looked at again."""

from uuid import UUID

from django.contrib import messages as flash
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core import clocks
from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.pages import drafts
from alongside.core.pages.acts import did, tried
from alongside.core.pages.paging import page_of
from alongside.core.pages.tables import page_links
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.desk.assessment import actions, forms, presenters, queries, rules
from alongside.support.desk.assessment.models import Alarm, Detail, Heard, Review


def _draft(referral: Referral) -> str:
    return drafts.form_name("assessment.assess", referral.pk)


@access(P.REFERRAL_TRIAGE, of=Referral)
def assess(request: HttpRequest, referral: Referral) -> HttpResponse:
    """The whole assessment on one page, by section. Danger stops it: what was typed is kept."""
    at, by = timezone.now(), actor_of(request)
    on = clocks.london_date(at)
    needs, kept = rulebook.choices("needs", on), drafts.restore(_draft(referral), by=by, at=at)
    form_of = forms.assess(needs)
    start = drafts.initial(form_of, kept) or queries.start(referral, on)
    form = form_of(request.POST if request.method == "POST" else None, books=queries.books(on), initial=start)
    if request.method == "POST" and request.POST.get("danger") == "yes":
        return _stop(request, referral)
    if form.is_valid() and did(form, lambda: actions.assess(referral, by=by, at=at, found=form.found)):
        drafts.drop(_draft(referral), by=by)
        flash.success(request, "The assessment is recorded.")
        if queries.to_settle(referral):
            flash.warning(request, presenters.NOT_IN_IT)
        return redirect("assessment:show", pk=referral.assessments.latest("assessed_at").pk)
    note_looks(request, [referral.victim_id], fields="name needs")
    context = {"form": form, "referral": referral, "kept": kept, "draft": _draft(referral)}
    context["heard"] = presenters.heard_now(referral, {name: form[name].value() for name in form.fields}, on)
    return render(request, "assessment/assess.html", context | presenters.form(referral, needs, on, by=by))


def _keep_typed(request: HttpRequest, heard: Heard, *, put_in: bool) -> HttpResponse:
    """Keeps what was typed as a draft, with what they named in its box; an assessment takes it once it is saved."""
    at, by, referral = timezone.now(), actor_of(request), heard.referral
    kept = drafts.restore(_draft(referral), by=by, at=at)
    begun = kept.texts if kept else rules.as_texts(queries.start(referral, clocks.london_date(at)))
    texts = drafts.texts(request) or begun
    drafts.keep(
        _draft(referral), rules.put_in(texts, (heard.what, heard.code)) if put_in else texts, by=by, at=at
    )  # fmt: skip
    return redirect(f"{reverse('assessment:assess', args=[referral.pk])}#needs")


@require_POST
@access(P.REFERRAL_TRIAGE, of=Heard)
def take_heard(request: HttpRequest, heard: Heard) -> HttpResponse:
    flash.success(request, "It is in its box below. Say how much, and save.")
    return _keep_typed(request, heard, put_in=True)


@require_POST
@access(P.REFERRAL_TRIAGE, of=Heard)
def leave_heard(request: HttpRequest, heard: Heard) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: actions.leave_heard(heard, by=by, at=at), "Left out. It stays among the assessments.")
    return _keep_typed(request, heard, put_in=False)


def _stop(request: HttpRequest, referral: Referral) -> HttpResponse:
    """Keeps what was typed, raises the alarm, and shows what to do now."""
    at, by = timezone.now(), actor_of(request)
    texts = {name: list(map(str, given)) for name, given in request.POST.lists() if name != "csrfmiddlewaretoken"}
    drafts.keep(_draft(referral), {**texts, "danger": "dealt_with"}, by=by, at=at)
    if tried(request, lambda: actions.raise_alarm(referral, by=by, at=at), presenters.RAISED):
        return redirect("assessment:danger", pk=referral.pk)
    return redirect("referrals:show", pk=referral.pk)


@access(P.REFERRAL_TRIAGE, of=Referral)
def danger(request: HttpRequest, referral: Referral) -> HttpResponse:
    """What to do now, and who was told. Sent, it raises the alarm: the button stands on the referral's page."""
    if request.method == "POST":
        at, by = timezone.now(), actor_of(request)
        tried(request, lambda: actions.raise_alarm(referral, by=by, at=at), presenters.RAISED)
        return redirect("assessment:danger", pk=referral.pk)
    note_looks(request, [referral.victim_id], fields="name")
    on = clocks.london_date(timezone.now())
    return render(request, "assessment/danger.html", presenters.danger(referral, on, by=actor_of(request)))


@require_POST
@access(P.REFERRAL_TRIAGE, of=Alarm)
def take_alarm(request: HttpRequest, alarm: Alarm) -> HttpResponse:
    at, by = timezone.now(), actor_of(request)
    tried(request, lambda: actions.take_alarm(alarm, by=by, at=at), "It is on record that you have it.")
    return redirect("referrals:show", pk=alarm.referral_id)


@access(P.REFERRAL_TRIAGE, rows=Alarm)
def alarms(request: HttpRequest, rows: QuerySet[Alarm]) -> HttpResponse:
    """Danger that nobody has taken yet."""
    found = list(queries.open_alarms(rows)[:50])
    note_looks(request, [alarm.victim_id for alarm in found], fields="name")
    return render(request, "assessment/alarms.html", {"rows": presenters.alarms(found)})


@access(P.REFERRAL_TRIAGE, of=Detail)
def show(request: HttpRequest, detail: Detail) -> HttpResponse:
    """One assessment with what changed since the one before."""
    return _shown(request, detail, "assessment/show.html")


@require_POST
@access(P.REFERRAL_TRIAGE, of=Detail)
def print_out(request: HttpRequest, detail: Detail) -> HttpResponse:
    """The same for paper, without address, telephone or whereabouts. That it was printed is on record."""
    actions.print_out(detail, by=actor_of(request), at=timezone.now())
    return _shown(request, detail, "assessment/print_out.html", paper=True)


def _shown(request: HttpRequest, detail: Detail, template: str, *, paper: bool = False) -> HttpResponse:
    note_looks(request, [detail.victim_id], fields="name needs")
    at, by = timezone.now(), actor_of(request)
    return render(request, template, presenters.show(detail, by=by, at=at, paper=paper))


@access(P.REFERRAL_TRIAGE, of=Referral)
def history(request: HttpRequest, referral: Referral) -> HttpResponse:
    """Every assessment of a referral with what changed at each, and every decision on Enhanced Rights."""
    note_looks(request, [referral.victim_id], fields="name needs")
    on = clocks.london_date(timezone.now())
    return render(request, "assessment/history.html", presenters.history(referral, on))


@access(P.REFERRAL_TRIAGE, of=Referral)
def decide(request: HttpRequest, referral: Referral) -> HttpResponse:
    """Enhanced Rights decided again, with the facts that changed beside them."""
    at, by = timezone.now(), actor_of(request)
    on = clocks.london_date(at)
    start = {"entitlements": referral.entitlements}
    form = forms.Decide(request.POST or None, books=queries.books(on), initial=start)
    if form.is_valid() and did(form, lambda: actions.decide(referral, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "The decision is recorded. Whoever helps them reads which rights apply, not why.")
        return redirect("referrals:show", pk=referral.pk)
    people: list[UUID] = [referral.victim_id, *queries.linked(referral.victim_id, by=by)]
    note_looks(request, people, fields="name")
    return render(request, "assessment/decide.html", {"form": form, **presenters.decide(referral, on, by=by)})


@access(P.REFERRAL_TRIAGE, rows=Review)
def reviews(request: HttpRequest, rows: QuerySet[Review]) -> HttpResponse:
    """Decisions on Enhanced Rights to look at again, the longest waiting first."""
    found = queries.open_reviews(rows)
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    page = page_of(found, order=("opened_at", "id"), after=after, before=before)
    note_looks(request, [review.victim_id for review in page.rows], fields="name")
    earlier, later = page_links(request, page)
    context = {"rows": presenters.reviews(page.rows), "before": earlier, "after": later}
    return render(request, "assessment/reviews.html", context)
