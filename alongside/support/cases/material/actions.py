"""Every write of requests for records: taken down, asked back, the victim's view, decided, approved, as a file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.privacy import fields
from alongside.foundation.office.documents import actions as documents
from alongside.foundation.office.documents.rules import Column
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.agenda import actions as agenda
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.queries import colleagues
from alongside.support.cases.casework.rules import STALE, Obstacle
from alongside.support.cases.material import lifecycle, queries, rules
from alongside.support.cases.material.models import Request

DECIDE, WAIT, APPROVE = "material.decide", "material.wait", "material.approve"


@dataclass(frozen=True)
class Wanted:
    """What somebody asks for, and what their request says."""

    body: str
    office: str
    asked_on: date
    came_on: date
    kinds: Sequence[str]
    scope: str
    enquiry: str = ""
    their_ref: str = ""
    notice_on: date | None = None
    found: Sequence[str] = ()


@dataclass(frozen=True)
class Decision:
    """What a manager decided, why, what is provided, and who checked it page by page."""

    decision: str
    reasons: Sequence[str] = ()
    why: str = ""
    provided: str = ""
    checked_by: UUID | None = None


def _refuse(obstacle: Obstacle | None) -> None:
    if obstacle:
        raise RuleBroken(obstacle.words, obstacle.field)


def _current(request: Request, seen: int) -> Request:
    """The request as it is now, held. One may come, and is answered, after its case has closed."""
    Case.objects.select_for_update().get(pk=request.case_id)
    fresh: Request = Request.objects.select_for_update(of=("self",)).select_related("case").get(pk=request.pk)
    if fresh.version != seen:
        raise RuleBroken(STALE)
    fresh.version += 1
    return fresh


def _plan(request: Request, *, by: Actor, at: datetime) -> None:
    """What is due because of a request, and on whose list: its manager's or the worker's."""
    kind = {lifecycle.OPEN: DECIDE, lifecycle.ASKED_BACK: WAIT, lifecycle.TO_APPROVE: APPROVE}.get(request.state)
    for other in (DECIDE, WAIT, APPROVE):
        if other == kind:
            agenda.put(request.case, by=by, at=at, kind=kind, about=request.pk, due_at=request.due_on,
                       details={"body": request.body})  # fmt: skip
        else:
            agenda.drop(request.case, by=by, at=at, kind=other, about=request.pk)


def _refs(found: Sequence[str], on: date) -> list[str]:
    """The things that a request says, each with the version of its rule."""
    known = {row.code: row.ref for row in queries.checks(on)}
    return [known[code] for code in found if code in known]


@transaction.atomic
def take_down(case: Case, wanted: Wanted, *, by: Actor, at: datetime) -> Request:
    """Writes a request into the register. One may come after the case has closed."""
    case, today = Case.objects.select_for_update().get(pk=case.pk), clocks.london_date(at)
    same = {"body": wanted.body, "office": wanted.office, "asked_on": wanted.asked_on, "kinds": list(wanted.kinds)}
    if again := queries.request_again(case, by=by, at=at, **same):
        return again
    if rulebook.find("material_bodies", wanted.body, today) is None:
        raise RuleBroken("Choose who asks.", "body")
    if not wanted.kinds:
        raise RuleBroken("Choose which records are asked for.", "kinds")
    _refuse(rules.day_obstacle(wanted.asked_on, wanted.came_on, today))
    request = Request(
        case=case, victim_id=case.victim_id, came_on=wanted.came_on, notice_on=wanted.notice_on,
        counselling=queries.is_counselling(list(wanted.kinds), today), found=_refs(wanted.found, today),
        due_on=clocks.working_day_after(wanted.came_on, queries.days("material_answer", today)),
        recorded_at=at, recorded_by=by.user_id, **same,
    )  # fmt: skip
    fields.write(request, scope=wanted.scope, enquiry=wanted.enquiry, their_ref=wanted.their_ref)
    request.save(force_insert=True)
    _plan(request, by=by, at=at)
    events.record("material.asked", case.pk, by=by, at=at, request=str(request.pk), body=request.body)
    return request


@transaction.atomic
def ask_back(request: Request, *, by: Actor, at: datetime, seen: int) -> None:
    """Says that they were asked for what is missing; it waits for them, and is refused if nothing comes."""
    request, today = _current(request, seen), clocks.london_date(at)
    if not queries.lacks(request, today):
        raise RuleBroken("The request says all that it must: there is nothing to ask for.")
    request.state = lifecycle.request.target(request.state, "ask_back")
    request.due_on = clocks.working_day_after(today, queries.days("material_ask_again", today))
    request.save(update_fields=["state", "due_on", "version"])
    _plan(request, by=by, at=at)
    events.record("material.asked_back", request.case_id, by=by, at=at, request=str(request.pk), body=request.body)


@transaction.atomic
def complete(
    request: Request, *, by: Actor, at: datetime, found: Sequence[str], enquiry: str, notice_on: date | None, seen: int
) -> None:  # fmt: skip
    """What the request says now, after they sent more. What they wait for runs anew where they had been asked."""
    request, today = _current(request, seen), clocks.london_date(at)
    if request.state == lifecycle.ASKED_BACK:
        request.due_on = clocks.working_day_after(today, queries.days("material_answer", today))
    request.state = lifecycle.request.target(request.state, "complete")
    request.found, request.notice_on = _refs(found, today), notice_on
    fields.write(request, enquiry=enquiry)
    request.save(update_fields=["state", "due_on", "found", "notice_on", "enquiry", "version"])
    _plan(request, by=by, at=at)
    events.record("material.completed", request.case_id, by=by, at=at, request=str(request.pk), body=request.body)


@transaction.atomic
def hear(request: Request, *, by: Actor, at: datetime, view: str, spoken_on: date, seen: int) -> None:
    """What the victim says of a request, when somebody spoke with them about it."""
    request, today = _current(request, seen), clocks.london_date(at)
    if rulebook.find("material_views", view, today) is None:
        raise RuleBroken("Choose what they say of it.", "view")
    if spoken_on > today:
        raise RuleBroken("The day must be today or earlier.", "spoken_on")
    request.view, request.spoken_on = view, spoken_on
    request.save(update_fields=["view", "spoken_on", "version"])
    events.record("material.heard", request.case_id, by=by, at=at, request=str(request.pk), view=view)


@transaction.atomic
def decide(request: Request, made: Decision, *, by: Actor, at: datetime, seen: int) -> None:
    """A manager's decision. Counselling records wait for a second approval before they are provided."""
    request, today = _current(request, seen), clocks.london_date(at)
    _refuse(rules.decision_obstacle(
        made.decision, lacks=queries.lacks(request, today), order=queries.by_order(request.body, today),
        provided=made.provided, checked=made.checked_by is not None, reasons=made.reasons,
    ))  # fmt: skip
    gives = made.decision in rules.GIVES
    verb = {lifecycle.PROVIDED: "provide", lifecycle.PART: "provide_part"}.get(made.decision, "refuse")
    request.state = lifecycle.request.target(request.state, "propose" if gives and request.counselling else verb)
    request.decision, request.reasons = made.decision, list(made.reasons)
    request.checked_by = made.checked_by if gives else None
    request.decided_at, request.decided_by = at, by.user_id
    fields.write(request, why=made.why, provided=made.provided if gives else "")
    request.save()
    _plan(request, by=by, at=at)
    events.record("material.decided", request.case_id, by=by, at=at, request=str(request.pk), body=request.body,
                  state=request.state)  # fmt: skip


@transaction.atomic
def approve(request: Request, *, by: Actor, at: datetime, seen: int) -> None:
    """A second manager lets counselling records go, as the first decided."""
    request = _current(request, seen)
    _refuse(rules.approval_obstacle(decided_by=request.decided_by, approver=by.user_id))
    verb = "approve" if request.decision == lifecycle.PROVIDED else "approve_part"
    request.state = lifecycle.request.target(request.state, verb)
    request.approved_at, request.approved_by = at, by.user_id
    request.save(update_fields=["state", "approved_at", "approved_by", "version"])
    _plan(request, by=by, at=at)
    events.record("material.approved", request.case_id, by=by, at=at, request=str(request.pk), body=request.body,
                  state=request.state)  # fmt: skip


@transaction.atomic
def send_back(request: Request, *, by: Actor, at: datetime, seen: int) -> None:
    """A second manager does not approve: it is to be decided anew."""
    request = _current(request, seen)
    request.state = lifecycle.request.target(request.state, "send_back")
    request.save(update_fields=["state", "version"])
    _plan(request, by=by, at=at)
    events.record("material.sent_back", request.case_id, by=by, at=at, request=str(request.pk), body=request.body)


@transaction.atomic
def take_back(request: Request, *, by: Actor, at: datetime, seen: int) -> None:
    """Whoever asked no longer does."""
    request = _current(request, seen)
    request.state = lifecycle.request.target(request.state, "take_back")
    request.save(update_fields=["state", "version"])
    _plan(request, by=by, at=at)
    events.record("material.taken_back", request.case_id, by=by, at=at, request=str(request.pk), body=request.body)


COLUMNS = (
    Column("reference", "Reference"), Column("body", "Who asks"), Column("office", "Force or office"),
    Column("asked", "Asked on"), Column("came", "Came on"), Column("kinds", "Records asked for"),
    Column("counselling", "Counselling"), Column("state", "How it stands"), Column("due", "Due"),
    Column("missing", "Missing from the request"), Column("notice", "Notice to the victim"),
    Column("view", "What the victim says"), Column("reasons", "Reasons"), Column("decided", "Decided on"),
    Column("by", "Decided by"),
)  # fmt: skip
NOTE = "No names: a reference opens its case for whoever may see it."


def export(found: Iterable[Request], *, by: Actor, at: datetime) -> documents.Export:
    """The register as a file: codes in words and days. Who a victim is, and what records say, never leaves in it."""
    words, names, today = queries.words(), colleagues(by), clocks.london_date(at)
    rows = [
        {
            "reference": one.case.reference, "body": words["material_bodies"].get(one.body, one.body),
            "office": one.office, "asked": one.asked_on.isoformat(), "came": one.came_on.isoformat(),
            "kinds": "; ".join(words["material_kinds"].get(code, code) for code in one.kinds),
            "counselling": "Yes" if one.counselling else "No", "state": one.get_state_display(),
            "due": one.due_on.isoformat() if one.state in lifecycle.WAITING else "",
            "missing": len(queries.lacks(one, today)),
            "notice": one.notice_on.isoformat() if one.notice_on else "",
            "view": words["material_views"].get(one.view, one.view),
            "reasons": "; ".join(words["material_reasons"].get(code, code) for code in one.reasons),
            "decided": clocks.london_date(one.decided_at).isoformat() if one.decided_at else "",
            "by": names.get(one.decided_by, "A former colleague") if one.decided_by else "",
        }
        for one in found
    ]  # fmt: skip
    return documents.table("requests", COLUMNS, rows, by=by, at=at, about="material", notes=[NOTE])
