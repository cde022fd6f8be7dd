"""Pages of restricted records: who may open one, breaking a seal and judging that, and people whom staff know."""

from typing import Any

from django.contrib import messages as flash
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.access.fresh import fresh
from alongside.core.clocks import london_date
from alongside.core.pages.acts import did, tried
from alongside.core.pages.paging import Page, page_of
from alongside.core.pages.tables import page_links
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.keeping.restricted import actions, forms, presenters, queries
from alongside.support.keeping.restricted import conflicts as knowing
from alongside.support.keeping.restricted.models import Breaking, Conflict, Restriction
from alongside.support.people.victims import queries as victims
from alongside.support.people.victims.models import Victim


def _page(request: HttpRequest, rows: "QuerySet[Any]", *order: str) -> Page:
    """The page of a list that the address asks for."""
    return page_of(rows, order=order, after=request.GET.get("after", ""), before=request.GET.get("before", ""))


@access(P.RECORD_NAME, rows=Restriction)
def records(request: HttpRequest, rows: "QuerySet[Restriction]") -> HttpResponse:
    """Every restricted record that this person is named on, the latest first."""
    standing = rows.exclude(state=Restriction.State.LIFTED).select_related("victim")
    page = _page(request, standing, "-restricted_at", "-id")
    note_looks(request, [row.victim_id for row in page.rows], fields="name")
    words = {"rows": page.rows, "pages": page_links(request, page), "reasons": _reasons()}
    return render(request, "restricted/records.html", words)


def _reasons() -> dict[str, str]:
    return dict(rulebook.titles("markers", london_date(timezone.now())))


@access(P.VICTIM_READ, of=Victim)
def who(request: HttpRequest, victim: Victim) -> HttpResponse:
    """Who may open this record, and every seal of it that was broken."""
    by = actor_of(request)
    shown = queries.who(victim, by)
    note_looks(request, [one.person for one in shown.crossed if one.person], fields="name")
    words = {
        "victim": victim, "shown": shown, "form": forms.Name(people=shown.others), "reasons": _reasons(),
        "may": presenters.may(shown, by, handed_on=victims.handed_on(victim, by)), "by": by,
        "broken": presenters.broken(shown.breakings, timezone.now()),
        "why_named": presenters.WHY_NAMED,
    }  # fmt: skip
    return render(request, "restricted/who.html", words)


@access(P.RECORD_RESTRICT, of=Victim)
def restrict(request: HttpRequest, victim: Victim) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    here = by.organisation_id or 0
    people = [(str(key), name) for key, name in queries.colleagues(here).items() if key != by.user_id]
    proposed = {*queries.by_rule(here, london_date(at)), *queries.at_work_on(victim, here)}
    form = forms.Restrict(
        request.POST or None, reasons=queries.reasons(london_date(at)), people=people,
        initial={"people": [str(key) for key in proposed]},
    )  # fmt: skip
    if form.is_valid() and did(form, lambda: actions.restrict(victim, by=by, at=at, **form.said)):
        flash.success(request, "The record is restricted. Nobody else finds it from now on.")
        return redirect("restricted:who", pk=victim.pk)
    return render(request, "restricted/restrict.html", {"victim": victim, "form": form})


@access(P.RECORD_NAME, of=Victim)
@require_POST
def name(request: HttpRequest, victim: Victim) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    person = presenters.person_in(request.POST.get("person", ""))
    tried(request, lambda: actions.name(victim, by=by, at=at, person=person), "They may open this record now.")
    return redirect("restricted:who", pk=victim.pk)


@access(P.RECORD_NAME, of=Victim)
@require_POST
def unname(request: HttpRequest, victim: Victim) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    person = presenters.person_in(request.POST.get("person", ""))
    done = tried(request, lambda: actions.unname(victim, by=by, at=at, person=person), "They may not open it now.")
    return redirect("restricted:records") if done and person == by.user_id else redirect("restricted:who", victim.pk)


@access(P.RECORD_LIFT, of=Victim)
@fresh
def ask_to_lift(request: HttpRequest, victim: Victim) -> HttpResponse:
    form, by, at = forms.AskToLift(request.POST or None), actor_of(request), timezone.now()
    if form.is_valid() and did(form, lambda: actions.ask_to_lift(victim, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "Nothing has changed yet: somebody else who is named must confirm it.")
        return redirect("restricted:who", pk=victim.pk)
    return render(request, "restricted/ask_to_lift.html", {"victim": victim, "form": form})


@access(P.RECORD_NAME, of=Victim)
@require_POST
def keep(request: HttpRequest, victim: Victim) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: actions.keep(victim, by=by, at=at), "The record stays restricted.")
    return redirect("restricted:who", pk=victim.pk)


@access(P.RECORD_LIFT, of=Victim)
@require_POST
@fresh
def lift(request: HttpRequest, victim: Victim) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: actions.lift(victim, by=by, at=at), "The record is not restricted any more.")
    return redirect("restricted:who", pk=victim.pk)


@access(P.SEAL_BREAK)
@fresh
def break_seal(request: HttpRequest) -> HttpResponse:
    """The one door to a restricted record for whoever is not named: by its exact reference, with a reason."""
    by, at = actor_of(request), timezone.now()
    form = forms.BreakSeal(request.POST or None, reasons=rulebook.choices("seal_reasons", london_date(at)))
    if form.is_valid():
        said, found = form.cleaned_data, []
        if did(form, lambda: found.append(actions.break_seal(said.pop("reference"), by=by, at=at, **said))):
            if found[0] is not None:
                return redirect("restricted:opened")
            form.add_error("reference", actions.NOTHING_FITS)
    minutes = rulebook.rule("limits", "seal_minutes", london_date(at)).number("number")
    return render(request, "restricted/break_seal.html", {"form": form, "minutes": minutes})


@access(P.SEAL_BREAK)
def opened(request: HttpRequest) -> HttpResponse:
    """The seals that this person has broken and that are still broken, with the way to each record."""
    by, at = actor_of(request), timezone.now()
    rows = queries.open_now(by, at)
    note_looks(request, [row.victim_id for row in rows], reason="under a broken seal")
    words = {"shown": presenters.broken(queries.broken(rows), at), "by": by}
    return render(request, "restricted/opened.html", words)


@access(P.SEAL_REVIEW, rows=Breaking)
def seals(request: HttpRequest, rows: "QuerySet[Breaking]") -> HttpResponse:
    """Seals that were broken, the oldest that waits first; or those that were judged."""
    done = request.GET.get("state") == "done"
    order = ("-broken_at", "-id") if done else ("broken_at", "id")
    page = _page(request, queries.to_review(rows, done=done), *order)
    note_looks(request, [row.victim_id for row in page.rows], fields="seal")
    shown = presenters.broken(queries.broken(page.rows), timezone.now())
    words = {"shown": shown, "pages": page_links(request, page), "done": done, "reasons": _seal_reasons()}
    return render(request, "restricted/seals.html", words)


def _seal_reasons() -> dict[str, str]:
    return dict(rulebook.titles("seal_reasons", london_date(timezone.now())))


@access(P.SEAL_REVIEW, of=Breaking)
def seal(request: HttpRequest, breaking: Breaking) -> HttpResponse:
    """One seal: who broke it and why, what they opened, and what the privacy officer thinks of it."""
    note_looks(request, [breaking.victim_id], fields="seal")
    form, by, at = forms.Review(request.POST or None), actor_of(request), timezone.now()
    if form.is_valid() and did(form, lambda: actions.review(breaking, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "Your judgement is on record.")
        return redirect("restricted:seals")
    words = {
        "shown": presenters.broken(queries.broken([breaking]), at)[0], "form": form, "reasons": _seal_reasons(),
        "looks": queries.looks_under(breaking), "own": breaking.user_id == by.user_id,
        "pages": presenters.PAGES,
    }  # fmt: skip
    return render(request, "restricted/seal.html", words)


@access(P.VICTIM_READ, of=Victim)
def declare(request: HttpRequest, victim: Victim) -> HttpResponse:
    """Somebody knows this person: from now on the record is closed to them."""
    by, at = actor_of(request), timezone.now()
    form = forms.Declare(request.POST or None, **presenters.asked_of(by, queries.colleagues, at))
    if form.is_valid() and did(form, lambda: knowing.declare(victim, by=by, at=at, **form.said(by.user_id))):
        flash.success(request, "It is closed to whoever knows the person, and a manager sees that it is.")
        return redirect("home")
    return render(request, "restricted/declare.html", {"victim": victim, "form": form})


@access(P.VICTIM_READ)
def declare_name(request: HttpRequest) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    form = forms.DeclareName(request.POST or None, **presenters.asked_of(by, queries.colleagues, at))
    if form.is_valid() and did(form, lambda: knowing.declare_name(by=by, at=at, **form.said(by.user_id))):
        flash.success(request, "Whatever comes of that name is closed to whoever knows them.")
        return redirect("home")
    return render(request, "restricted/declare_name.html", {"form": form})


@access(P.CONFLICT_REVIEW, rows=Conflict)
def conflicts(request: HttpRequest, rows: "QuerySet[Conflict]") -> HttpResponse:
    """Whom people here know, as far as the manager may open those records."""
    by, lifted = actor_of(request), request.GET.get("state") == "done"
    page = _page(request, queries.conflicts(rows, lifted=lifted), "-declared_at", "-id")
    note_looks(request, [row.victim_id for row in page.rows if row.victim_id], fields="name")
    shown = queries.known(page.rows, by, london_date(timezone.now()))
    words = {"shown": shown, "pages": page_links(request, page), "lifted": lifted}
    return render(request, "restricted/conflicts.html", words)


@access(P.CONFLICT_REVIEW, of=Conflict)
def lift_conflict(request: HttpRequest, conflict: Conflict) -> HttpResponse:
    form, by, at = forms.LiftConflict(request.POST or None), actor_of(request), timezone.now()
    if form.is_valid() and did(form, lambda: knowing.lift(conflict, by=by, at=at, **form.cleaned_data)):
        flash.success(request, "They may open it again, as far as their work lets them.")
        return redirect("restricted:conflicts")
    shown = queries.known([conflict], by, london_date(at))[0]
    return render(request, "restricted/lift_conflict.html", {"form": form, "shown": shown})
