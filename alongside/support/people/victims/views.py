"""A person's own pages: who they are, what they agreed to, on which basis, and how they can safely be reached."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms as plain
from django.contrib import messages as flash
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core import clocks
from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.pages import drafts
from alongside.core.pages.acts import did
from alongside.core.pages.paging import page_of
from alongside.core.pages.tables import page_links
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.messages.models import ContactPoint, Outgoing
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.people.victims import actions, forms, presenters, queries
from alongside.support.people.victims.models import Agreement, Victim


def _page(request: HttpRequest, victim: Victim, template: str, **context: Any) -> HttpResponse:
    note_looks(request, [victim.pk], fields="name")
    context |= {"victim": victim, "by": actor_of(request), "came_from": _came_from(request, victim)}
    return render(request, f"victims/{template}.html", context)


def _came_from(request: HttpRequest, victim: Victim) -> UUID | None:
    """The referral from which the hub came to this record, or the case from which a provider did, for the way back,
    however many pages there are between."""
    if asked := request.GET.get("from"):
        request.session["came_from"] = [str(victim.pk), asked]
    record, referral = request.session.get("came_from", ("", ""))
    try:
        return UUID(referral) if record == str(victim.pk) else None
    except ValueError:
        return None


def _words(on: date) -> presenters.Words:
    books = ("languages", "sexes", "ethnic_groups", "lawful_bases", "correction_reasons")
    return {book: rulebook.titles(book, on) for book in books}


@access(P.VICTIM_READ, of=Victim)
def show(request: HttpRequest, victim: Victim) -> HttpResponse:
    """Everything held about who this is and what they agreed to; ways of contact are masked."""
    by, today = actor_of(request), clocks.london_date(timezone.now())
    shown = presenters.person(
        victim, queries.held(victim, by), words=_words(today), today=today, old_values=by.realm == Realm.HUB
    )
    sent = presenters.outbox(queries.sent_to(victim, by))
    note, handed_on = queries.note_of(victim, today), queries.handed_on(victim, by)
    may = by.may(P.VICTIM_CONTACT) and not handed_on
    return _page(request, victim, "show", shown=shown, may=may, sent=sent, note=note, handed_on=handed_on)


@access(P.VICTIM_CONTACT, of=Victim)
def correct(request: HttpRequest, victim: Victim) -> HttpResponse:
    """Puts right who a record says that it is; whoever comes second sees what the first one wrote."""
    by, at = actor_of(request), timezone.now()
    kept = drafts.restore(name := drafts.form_name("victims.correct", victim.pk), by=by, at=at)
    identity, books = actions.identity_of(victim), queries.books(clocks.london_date(at))
    start = drafts.initial(forms.Correct, kept) or forms.Correct.start(identity)
    form = forms.Correct(request.POST or None, identity=identity, books=books, initial=start)
    if form.is_valid() and did(form, lambda: actions.correct(victim, by=by, at=at, **form.words)):
        drafts.drop(name, by=by)
        flash.success(request, "The record says what you entered.")
        return redirect("victims:show", pk=victim.pk)
    now = queries.as_it_stands(victim)
    stale = str(form.data.get("seen") or start.get("seen") or now.version) != str(now.version)
    said = presenters.identity(now, actions.identity_of(now).access_needs, _words(clocks.london_date(at)), at.date())
    return _page(request, victim, "correct", form=form, kept=kept, draft=name, now=now, stale=stale, said=tuple(said))


@access(P.VICTIM_CONTACT, of=Victim)
def name_adult(request: HttpRequest, victim: Victim) -> HttpResponse:
    """Who is contacted for a child, and whether the child may be contacted directly."""
    by, at = actor_of(request), timezone.now()
    relations = rulebook.choices("acting_for", clocks.london_date(at))
    form = forms.NameAdult(request.POST or None, relations=relations)
    if form.is_valid() and did(form, lambda: actions.name_adult(victim, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "It is recorded, and stands beside how they may be contacted.")
        return redirect("victims:show", pk=victim.pk)
    return _page(request, victim, "name_adult", form=form, note=queries.note_of(victim, clocks.london_date(at)))


@access(P.VICTIM_CONTACT, of=Victim)
def agree(request: HttpRequest, victim: Victim) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    form = forms.Agree(request.POST or None, bodies=queries.bodies_near(victim.hub_id))
    if form.is_valid() and did(form, lambda: actions.agree(victim, by=by, at=at, **form.words)):
        flash.success(request, "What they said has been recorded.")
        return redirect("victims:show", pk=victim.pk)
    return _page(request, victim, "agree", form=form)


@access(P.VICTIM_CONTACT, of=Agreement)
@require_POST
def withdraw(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """The person takes an agreement back."""
    actions.withdraw(agreement, by=actor_of(request), at=timezone.now())
    flash.success(request, "The agreement has been withdrawn.")
    return redirect("victims:show", pk=agreement.victim_id)


@access(P.VICTIM_CONTACT, of=Victim)
def send(request: HttpRequest, victim: Victim) -> HttpResponse:
    """Asks for one approved message: it goes at a safe hour to a verified way, or the page says why not."""
    by, at = actor_of(request), timezone.now()
    texts = queries.approved()
    form = forms.Send(request.POST or None, texts=[(code, title) for code, title, _ in texts])
    made: list[Outgoing] = []
    if form.is_valid() and did(form, lambda: made.append(actions.send(victim, by=by, at=at, **form.cleaned_data))):
        if why := queries.why_refused(made[0], by):
            flash.error(request, f"It was not sent. {presenters.WHY_NOT[why]}")
        else:
            flash.success(request, "It is handed over, and goes as soon as the hour is safe.")
        return redirect("victims:show", pk=victim.pk)
    return _page(request, victim, "send", form=form, hints={code: words for code, _, words in texts})


@access(P.VICTIM_CONTACT, rows=Outgoing)
def outbox(request: HttpRequest, rows: QuerySet[Outgoing]) -> HttpResponse:
    """What was asked to be sent, what went, and what was refused and why; the latest first."""
    by = actor_of(request)
    found = queries.outgoing(rows, by)
    page = page_of(found, order=("-asked_at", "-id"), after=request.GET.get("after", ""),
                   before=request.GET.get("before", ""))  # fmt: skip
    note_looks(request, [item.person_id for item in page.rows], fields="name")
    before, after = page_links(request, page)
    context = {"rows": presenters.outbox(queries.sent(page.rows, by)), "before": before, "after": after, "by": by}
    return render(request, "victims/outbox.html", context)


@access(P.VICTIM_CONTACT, of=Victim)
def state_basis(request: HttpRequest, victim: Victim) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    rows = rulebook.current("lawful_bases", clocks.london_date(at))
    form = forms.StateBasis(request.POST or None, purposes=[(row.code, row.title) for row in rows])
    if form.is_valid() and did(form, lambda: actions.state_basis(victim, by=by, at=at, **form.cleaned_data)):
        return redirect("victims:show", pk=victim.pk)
    advice = [{"purpose": row.title, "basis": row.text("article_6")} for row in rows]
    return _page(request, victim, "state_basis", form=form, advice=advice)


@access(P.VICTIM_CONTACT, of=Victim)
def add_point(request: HttpRequest, victim: Victim) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    form = forms.AddPoint(request.POST or None)
    held_by = by.organisation_id or victim.hub_id
    if form.is_valid() and did(
        form, lambda: messages.add(victim.pk, by=by, at=at, organisation_id=held_by, **form.words)
    ):
        return redirect("victims:show", pk=victim.pk)
    return _page(request, victim, "add_point", form=form)


def _on_point(
    request: HttpRequest, point: ContactPoint, form: plain.Form, template: str, act: Callable[[], object]
) -> HttpResponse:
    """A form about one way of contact of somebody whom the actor sees."""
    victim = queries.seen(point.person_id, by=actor_of(request))
    channel = queries.point_of(point)
    if victim is None or channel is None:
        raise Http404
    if form.is_valid() and did(form, act):
        flash.success(request, "What is safe has been recorded.")
        return redirect("victims:show", pk=victim.pk)
    return _page(request, victim, template, form=form, channel=channel)


@access(P.VICTIM_CONTACT, of=ContactPoint)
def change_safety(request: HttpRequest, point: ContactPoint) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    form = forms.ChangeSafety(request.POST or None, initial={"safe": point.safe, "safe_times": point.safe_times})
    return _on_point(
        request, point, form, "change_safety", lambda: messages.change_safety(point, by=by, at=at, **form.words)
    )


@access(P.VICTIM_CONTACT, of=ContactPoint)
def correct_point(request: HttpRequest, point: ContactPoint) -> HttpResponse:
    """Puts right a number or address; what is safe is asked again, since it was said of another."""
    by, at = actor_of(request), timezone.now()
    form = forms.CorrectPoint(request.POST or None, kind=point.kind)
    held_by = by.organisation_id or point.recorded_by
    return _on_point(
        request, point, form, "correct_point",
        lambda: messages.correct(point, by=by, at=at, organisation_id=held_by, **form.words),
    )  # fmt: skip


@access(P.VICTIM_CONTACT, of=ContactPoint)
def retire(request: HttpRequest, point: ContactPoint) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    form = forms.Retire(request.POST or None)
    return _on_point(request, point, form, "retire", lambda: messages.retire(point, by=by, at=at, **form.cleaned_data))
