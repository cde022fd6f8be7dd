"""Pages of pathways: what to do after each crime, who takes it now, services side by side, leads by name."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from alongside.core.access.actor import Actor
from alongside.core.access.declare import access, actor_of
from alongside.core.pages.acts import did, tried
from alongside.foundation.local.directory import queries as directory
from alongside.foundation.local.pathways import actions, forms, presenters, queries
from alongside.foundation.local.pathways.models import Draft, Lead
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook.rules import RuleRow

MOST = 5  # services on a sheet that prints on one side


@access(P.ORGANISATION_READ)
def pathways(request: HttpRequest) -> HttpResponse:
    on, actor = timezone.localdate(), actor_of(request)
    cards = presenters.index(queries.pathways(on), rulebook.titles("crime_types", on))
    return render(request, "pathways/pathways.html", {"cards": cards, "may_write": actor.may(P.RULEBOOK_REVISE)})


@access(P.ORGANISATION_READ)
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Everything about one kind of crime, as it stands today."""
    row = _row(code)
    return render(request, "pathways/show.html", _sheet(request, row))


def _sheet(request: HttpRequest, row: RuleRow) -> dict[str, Any]:
    on, actor = timezone.localdate(), actor_of(request)
    fits = queries.takers(row, actor, on)
    writes = actor.may(P.RULEBOOK_REVISE)
    crimes = row.codes("crime_types")
    lines = {
        line.code: line for crime in crimes for line in directory.helplines(crime, on) if line.codes("crime_types")
    }
    return {
        "sheet": presenters.sheet(row), "takers": [presenters.taker(fit) for fit in fits[:MOST]],
        "more": max(0, len(fits) - MOST), "crime": crimes[0] if crimes else "", "helplines": list(lines.values()),
        "leads": _lead_lines(queries.leads_for(row, actor)), "keeps": _keeps(actor), "may_write": writes,
        "draft": queries.draft(row.code, actor) if writes else None,
    }  # fmt: skip


def _row(code: str) -> RuleRow:
    row = queries.pathway(code, timezone.localdate())
    if row is None:
        raise Http404
    return row


@access(P.RULEBOOK_REVISE)
def write(request: HttpRequest, code: str) -> HttpResponse:
    """The words of a pathway: the office's draft, or what stands."""
    actor, versions, now = actor_of(request), queries.versions(code), timezone.now()
    if not versions:
        raise Http404
    kept = queries.draft(code, actor)
    row = presenters.drafted(kept) if kept else versions[0]
    first = {**row.body, "title": row.title, "source": row.source, "stamp": kept.stamp if kept else 0}
    first |= {"since": kept.since} if kept else {}
    crimes = list(rulebook.choices("crime_types", now.date()))
    form = forms.Words(request.POST or None, initial=first, crime_types=crimes)
    made: list[Draft] = []
    sent = request.method == "POST" and form.is_valid()
    if sent and did(form, lambda: made.append(actions.draft(code, by=actor, at=now, **form.said()))):
        return redirect("pathways:preview", made[0].pk)
    return render(request, "pathways/write.html", {"form": form, "row": row, "code": code})


@access(P.RULEBOOK_REVISE, of=Draft)
def preview(request: HttpRequest, draft: Draft) -> HttpResponse:
    """A draft as everybody would see it."""
    return render(request, "pathways/preview.html", {**_sheet(request, presenters.drafted(draft)), "draft": draft})


@require_POST
@access(P.RULEBOOK_REVISE, of=Draft)
def publish(request: HttpRequest, draft: Draft) -> HttpResponse:
    actor, code = actor_of(request), draft.code
    stamp = int(request.POST["stamp"]) if request.POST.get("stamp", "").isdigit() else 0
    done = tried(
        request, lambda: actions.publish(draft, by=actor, at=timezone.now(), stamp=stamp),
        "It is a version now, and shown from its day on.",
    )  # fmt: skip
    return redirect("pathways:history", code) if done else redirect("pathways:preview", draft.pk)


@require_POST
@access(P.RULEBOOK_REVISE, of=Draft)
def drop(request: HttpRequest, draft: Draft) -> HttpResponse:
    actor, code = actor_of(request), draft.code
    tried(request, lambda: actions.drop(draft, by=actor, at=timezone.now()), "Dropped. What is shown is as it was.")
    return redirect("pathways:show", code)


@access(P.ORGANISATION_READ)
def history(request: HttpRequest, code: str) -> HttpResponse:
    """Every version, what each changed, and going back to one."""
    versions = queries.versions(code)
    if not versions:
        raise Http404
    return render(request, "pathways/history.html", {
        "code": code, "title": versions[0].title, "past": presenters.history(versions),
        "may_write": actor_of(request).may(P.RULEBOOK_REVISE) and versions[0].until is None,
    })  # fmt: skip


@require_POST
@access(P.RULEBOOK_REVISE)
def undo(request: HttpRequest, code: str) -> HttpResponse:
    actor = actor_of(request)
    version, seen = (int(sent) if (sent := request.POST.get(name, "")).isdigit() else 0 for name in ("to", "seen"))
    tried(
        request, lambda: actions.undo(code, by=actor, at=timezone.now(), version=version, seen=seen),
        f"The words of version {version} are shown again.",
    )  # fmt: skip
    return redirect("pathways:history", code)


@access(P.ORGANISATION_READ)
def compare(request: HttpRequest) -> HttpResponse:
    """Up to three services side by side. The address holds services, and nothing of whoever needs one."""
    found = queries.compared(request.GET.getlist("service"))
    rows = presenters.compared(found, directory.words(timezone.localdate()))
    texts = [presenters.text_of(service) for service in found]
    return render(request, "pathways/compare.html", {"services": found, "rows": rows, "texts": texts})


@access(P.ORGANISATION_READ, rows=Lead)
def leads(request: HttpRequest, rows: QuerySet[Lead]) -> HttpResponse:
    keeps = _keeps(actor_of(request))
    return render(request, "pathways/leads.html", {"leads": _lead_lines(rows), "keeps": keeps})


def _lead_lines(rows: QuerySet[Lead]) -> list[presenters.LeadLine]:
    on: date = timezone.localdate()
    crimes, lasts = rulebook.titles("crime_types", on), directory.asked_again_after(on)
    return [presenters.lead_line(lead, crimes, on=on, lasts=lasts) for lead in rows]


@access(P.SERVICE_MANAGE)
def put_on(request: HttpRequest) -> HttpResponse:
    actor = _keeper(request)
    return _lead_form(request, {}, lambda known: actions.put_on(known, by=actor, at=timezone.now()), None)


@access(P.SERVICE_MANAGE, of=Lead)
def change(request: HttpRequest, lead: Lead) -> HttpResponse:
    actor = _keeper(request)
    first = {name: getattr(lead, name) for name in forms.LeadKnown.base_fields}
    return _lead_form(request, first, lambda known: actions.change(lead, known, by=actor, at=timezone.now()), lead)


def _lead_form(request: HttpRequest, first: dict[str, Any], act: Any, lead: Lead | None) -> HttpResponse:
    crimes = list(rulebook.choices("crime_types", timezone.localdate()))
    form = forms.LeadKnown(request.POST or None, initial=first, crime_types=crimes)
    if request.method == "POST" and form.is_valid() and did(form, lambda: act(form.known())):
        return redirect("pathways:leads")
    return render(request, "pathways/lead.html", {"form": form, "lead": lead})


@require_POST
@access(P.SERVICE_MANAGE, of=Lead)
def confirm(request: HttpRequest, lead: Lead) -> HttpResponse:
    actor = _keeper(request)
    tried(request, lambda: actions.confirm(lead, by=actor, at=timezone.now()), "Thank you. Checked today.")
    return redirect("pathways:leads")


@require_POST
@access(P.SERVICE_MANAGE, of=Lead)
def take_off(request: HttpRequest, lead: Lead) -> HttpResponse:
    actor = _keeper(request)
    tried(
        request, lambda: actions.take_off(lead, by=actor, at=timezone.now()), "Taken off, and what we held is deleted."
    )
    return redirect("pathways:leads")


def _keeps(actor: Actor) -> bool:
    return queries.keeps_leads(actor) and actor.may(P.SERVICE_MANAGE)


def _keeper(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if not _keeps(actor):
        raise PermissionDenied
    return actor
