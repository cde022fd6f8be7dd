"""Every write of casework, one function a verb: from an offer answered to a case closed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction

from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.privacy import fields
from alongside.core.rows import records
from alongside.foundation.office.accounts.permissions import Permission
from alongside.foundation.office.documents import actions as documents
from alongside.foundation.office.messages import actions as messages
from alongside.support.arrivals.referrals import actions as referrals
from alongside.support.arrivals.referrals.models import Offer, Referral
from alongside.support.cases.casework import caseload, lifecycle, queries, rules
from alongside.support.cases.casework.models import Case, Contact, Need, Step
from alongside.support.cases.outcomes import actions as outcomes
from alongside.support.cases.outcomes.models import Assessment
from alongside.support.cases.outcomes.queries import ToAsk
from alongside.support.people.victims.models import Victim

Row = TypeVar("Row", Need, Step)


@transaction.atomic
def accept(offer: Offer, *, by: Actor, at: datetime) -> Case:
    """Takes an offer up: the provider sees who it is, and the hub the shell of the case and nothing inside it."""
    referral = referrals.accept(offer, by=by, at=at)
    return begin(referral, by=by, at=at, provider=offer.provider_id, service=offer.service_id, offered_as=offer.pk)


@transaction.atomic
def begin(
    referral: Referral, *, by: Actor, at: datetime, provider: int, service: UUID, offered_as: UUID,
    high_risk: bool = False,
) -> Case:  # fmt: skip
    """Opens the case of a provider that has taken somebody up. `offered_as`: the record by which it was offered."""
    due_at = clocks.due(at, queries.working_days("provider_first_contact", clocks.london_date(at)))
    case = Case(
        reference=referral.reference, provider_id=provider, hub_id=referral.hub_id, service_id=service,
        referral_id=referral.pk, victim_id=referral.victim_id, offer_id=offered_as, crime_type=referral.crime_type,
        high_risk=referral.high_risk or high_risk, accepted_at=at, contact_due_at=due_at,
    )  # fmt: skip
    case.save(force_insert=True)
    records.share("case", case.pk, case.hub_id, why="shell")
    events.record("case.accepted", case.pk, by=by, at=at, crime_type=case.crime_type)
    return case


@transaction.atomic
def bring_along(
    taken: Offer, *, by: Actor, at: datetime, reference: str, accepted_at: datetime, worker: UUID | None = None,
    started_at: datetime | None = None, last_contact_at: datetime | None = None,
) -> Case:  # fmt: skip
    """A case that its provider had before it worked here, as it stood. The clock of a first contact does not run: it
    began elsewhere. Nobody else is let in; the hub sees no shell of it."""
    reached = started_at or last_contact_at
    case = Case(
        reference=reference, provider_id=taken.provider_id, hub_id=taken.hub_id, service_id=taken.service_id,
        referral_id=taken.referral_id, victim_id=taken.victim_id, offer_id=taken.pk, crime_type=taken.crime_type,
        accepted_at=accepted_at, first_attempt_at=reached, first_contact_at=reached, started_at=reached,
        last_contact_at=last_contact_at or started_at, worker=worker,
        state=lifecycle.case.target(lifecycle.WAITING, "start") if reached else lifecycle.WAITING,
    )  # fmt: skip
    case.save(force_insert=True)
    events.record("case.brought_along", case.pk, by=by, at=at, crime_type=case.crime_type, worker=str(worker or ""))
    return case


def decline(offer: Offer, *, by: Actor, at: datetime, reason: str) -> None:
    """Says no to an offer, which puts the referral back in the hub's queue at once."""
    referrals.decline(offer, by=by, at=at, reason=reason)


def locked(case: Case) -> Case:
    """The case as it is now, held until this transaction ends; refuses one that is closed."""
    fresh: Case = Case.objects.select_for_update().get(pk=case.pk)
    if fresh.state == lifecycle.CLOSED:
        raise RuleBroken(
            "This case is closed. A note can still be added; for anything else a manager reopens it, or they are "
            "referred again."
        )
    return fresh


def locked_either_way(case: Case) -> Case:
    """The case as it is now, closed or not, held until this transaction ends. Refuses one that closed with a death."""
    fresh: Case = Case.objects.select_for_update().get(pk=case.pk)
    if fresh.closed_why == "died":
        raise RuleBroken("This case was closed because the victim died.")
    return fresh


def _locked_closed(case: Case) -> Case:
    """The closed case as it is now, held with its victim's record, which the night's erasing waits for."""
    kept = Victim.objects.select_for_update(of=("self",)).filter(pk=case.victim_id).first()
    fresh: Case | None = Case.objects.select_for_update().filter(pk=case.pk).first() if kept else None
    if fresh is None:
        raise RuleBroken(rules.ERASED)
    if fresh.state != lifecycle.CLOSED:
        raise RuleBroken("This case is open. Somebody may have reopened it meanwhile.")
    if fresh.closed_why == rules.TRANSFERRED:
        raise RuleBroken(rules.GONE_OVER)
    return fresh


@transaction.atomic
def assign(case: Case, *, by: Actor, at: datetime, worker: UUID | None) -> None:
    """Gives the case to a worker, or to nobody. Ends any cover."""
    case = locked(case)
    manager = by.may(Permission.CASE_ASSIGN)
    if not rules.may_assign(may_assign_others=manager, chooser=by.user_id, chosen=worker, holder=case.worker):
        raise RuleBroken("Only a manager can give a case to somebody else or take it from them.", "worker")
    caseload.check_worker(case, worker)
    was, case.worker, case.cover, case.cover_until = case.worker, worker, None, None
    case.save(update_fields=["worker", "cover", "cover_until"])
    events.record("case.assigned", case.pk, by=by, at=at, worker=str(worker or ""), was=str(was or ""))


@transaction.atomic
def cover(case: Case, *, by: Actor, at: datetime, worker: UUID, until: date) -> None:
    """A colleague covers for the worker up to and including a day; the case comes back by itself."""
    case = locked(case)
    manager = by.may(Permission.CASE_ASSIGN)
    if not rules.may_cover(may_assign_others=manager, chooser=by.user_id, holder=case.worker):
        raise RuleBroken("Only the worker whose case it is, or a manager, can arrange cover.", "worker")
    obstacle = rules.cover_obstacle(holder=case.worker, cover=worker, until=until, today=clocks.london_date(at))
    if obstacle:
        raise RuleBroken(obstacle.words, obstacle.field)
    caseload.check_worker(case, worker)
    case.cover, case.cover_until = worker, until
    case.save(update_fields=["cover", "cover_until"])
    events.record("case.covered", case.pk, by=by, at=at, worker=str(worker), until=until.isoformat())


@transaction.atomic
def hand_over(user_id: UUID, *, organisation_id: int, by: Actor, at: datetime) -> int:
    """The work of somebody who left: cases with no worker again, cover ended. Returns how many. Safe to repeat."""
    by = replace(by, organisation_id=organisation_id)
    held = Case.objects.select_for_update().exclude(state=lifecycle.CLOSED).filter(provider_id=organisation_id)
    left = list(held.filter(worker=user_id))
    for case in left:
        case.worker = None
        case.save(update_fields=["worker"])
        events.record("case.handed_over", case.pk, by=by, at=at, worker=str(user_id))
    held.filter(cover=user_id).update(cover=None, cover_until=None)
    return len(left)


@transaction.atomic
def record_contact(
    case: Case, *, by: Actor, at: datetime, happened_at: datetime, channel: str, result: str, minutes: int = 0,
    note: str = "", despite: str = "",
) -> Contact:  # fmt: skip
    """Records an attempt or a contact. The first time that the victim is reached starts the case."""
    case = locked(case)
    if happened_at > at:
        raise RuleBroken("A contact that has not happened yet cannot be recorded.", "happened_on")
    if happened_at < case.accepted_at.replace(second=0, microsecond=0):  # people know the minute, no more
        raise RuleBroken("This is before the case was accepted.", "happened_on")
    reached = queries.reached(result, channel, clocks.london_date(happened_at))
    same: dict[str, Any] = {"channel": channel, "result": result, "happened_at": happened_at, "minutes": minutes}
    if again := queries.contact_again(case, note, by=by, at=at, **same):
        return again
    messages.check_contact(case.victim_id, by=by, at=at, moment=happened_at, despite=despite)
    contact = Contact(
        case=case, victim_id=case.victim_id, reached=reached, recorded_at=at, recorded_by=by.user_id, **same
    )  # fmt: skip
    fields.write(contact, note=note)
    contact.save(force_insert=True)
    _stamp(case, happened_at, reached=reached)
    name = "case.contacted" if reached else "case.attempted"
    events.record(name, case.pk, by=by, at=at, contact=str(contact.pk), channel=channel, result=result)
    return contact


def _stamp(case: Case, happened_at: datetime, *, reached: bool) -> None:
    """Keeps the first attempt, the first and the latest contact, in whatever order they were written down."""
    case.first_attempt_at = min(case.first_attempt_at or happened_at, happened_at)
    if reached:
        if case.state == lifecycle.WAITING:
            case.state = lifecycle.case.target(case.state, "start")
        case.first_contact_at = min(case.first_contact_at or happened_at, happened_at)
        case.started_at = case.first_contact_at
        case.last_contact_at = max(case.last_contact_at or happened_at, happened_at)
    case.save(update_fields=["state", "first_attempt_at", "first_contact_at", "started_at", "last_contact_at"])


@transaction.atomic
def find_need(case: Case, *, by: Actor, at: datetime, code: str, goal: str = "") -> Need:
    """Adds one of the eight needs to the plan, with the goal in the victim's words."""
    case = locked(case)
    if again := queries.need_again(case, goal, at=at, code=code):
        return again
    if Need.objects.filter(case=case, code=code).exists():
        raise RuleBroken("This need is in the plan already. Add a step to it, or take it up again.", "code")
    need = Need(case=case, victim_id=case.victim_id, code=code, found_at=at)
    fields.write(need, goal=goal)
    need.save(force_insert=True)
    events.record("case.need_found", case.pk, by=by, at=at, need=code)
    return need


def _current(row: Row, seen: int) -> Row:
    """The need or step as it is now, held; refuses whoever writes over what they have not seen."""
    locked(row.case)
    fresh: Row = type(row).objects.select_for_update().get(pk=row.pk)
    if fresh.version != seen:
        raise RuleBroken(rules.STALE)
    fresh.version += 1
    return fresh


@transaction.atomic
def revise_need(need: Need, *, by: Actor, at: datetime, goal: str, seen: int, without: bool = False) -> None:
    """Changes the words of a goal; with `without` it may be left empty. `seen` is the version that the writer had."""
    need = _current(need, seen)
    if not goal and not without and fields.read(need, "goal"):
        raise RuleBroken("Write what they want to be different, or say below that the goal is taken off.", "goal")
    fields.write(need, goal=goal)
    need.save(update_fields=["goal", "version"])
    events.record("case.need_revised", need.case_id, by=by, at=at, need=need.code)


@transaction.atomic
def settle_need(need: Need, *, by: Actor, at: datetime, state: str, seen: int) -> None:
    """Says whether a need was met; or, with OPEN, takes it up again."""
    need = _current(need, seen)
    need.state = state
    need.settled_at = None if state == Need.State.OPEN else at
    need.save(update_fields=["state", "settled_at", "version"])
    events.record("case.need_settled", need.case_id, by=by, at=at, need=need.code, state=state)


@transaction.atomic
def add_step(need: Need, *, by: Actor, at: datetime, what: str, who: str, due_on: date | None = None) -> Step:
    """Adds a step to the plan of a need: what, who does it, by when."""
    case = locked(need.case)
    if again := queries.step_again(need, what, at=at, who=who, due_on=due_on):
        return again
    _check_due(due_on, at=at)
    step = Step(need=need, case=case, victim_id=case.victim_id, who=who, due_on=due_on, added_at=at)
    fields.write(step, what=what)
    step.save(force_insert=True)
    events.record("case.step_added", case.pk, by=by, at=at, need=need.code)
    return step


def _check_due(due_on: date | None, *, at: datetime, before: date | None = None) -> None:
    today = clocks.london_date(at)
    obstacle = rules.due_obstacle(
        due_on, today=today, months=queries.limit("plan_step_ahead", today), before=before
    )  # fmt: skip
    if obstacle:
        raise RuleBroken(obstacle.words, obstacle.field)


@transaction.atomic
def revise_step(step: Step, *, by: Actor, at: datetime, what: str, who: str, due_on: date | None, seen: int) -> None:
    """Changes a step. `seen` is the version that the writer had before them."""
    step = _current(step, seen)
    _check_due(due_on, at=at, before=step.due_on)
    fields.write(step, what=what)
    step.who, step.due_on = who, due_on
    step.save(update_fields=["what", "who", "due_on", "version"])
    events.record("case.step_revised", step.case_id, by=by, at=at, step=str(step.pk))


@transaction.atomic
def finish_step(step: Step, *, by: Actor, at: datetime, seen: int) -> None:
    """Says that a step is done."""
    step = _current(step, seen)
    step.done_at = at
    step.save(update_fields=["done_at", "version"])
    events.record("case.step_finished", step.case_id, by=by, at=at, step=str(step.pk))


@transaction.atomic
def assess(
    case: Case, asked: ToAsk, *, by: Actor, at: datetime, stage: str, answers: Mapping[str, int | None],
    in_own_words: bool, words: str, way: str = Assessment.Way.TOGETHER, answered_at: datetime | None = None,
) -> Assessment:  # fmt: skip
    """Keeps a sitting of outcomes, under the version of the tool that was asked. A follow-up may come after the end."""
    case = locked_either_way(case) if stage == Assessment.Stage.FOLLOW_UP else locked(case)
    if again := queries.sitting_again(case, by=by, at=at, stage=stage, answers=answers):
        return again
    return outcomes.assess(
        case.pk, by=by, at=at, provider_id=case.provider_id, victim_id=case.victim_id, stage=stage,
        question_set=asked.tool.code, version=asked.tool.version, answers=answers, in_own_words=in_own_words,
        words=words, way=way, answered_at=answered_at,
    )  # fmt: skip


@transaction.atomic
def close(case: Case, *, by: Actor, at: datetime, reason: str, unmeasured_why: str = "") -> None:
    """Ends support, with a coded reason and with a last assessment or a coded reason why there is none."""
    case = locked(case)
    target = lifecycle.case.target(case.state, "close")
    closing = queries.before_closing(case, reason, clocks.london_date(at))
    obstacles = rules.closing_obstacles(
        planned=closing.planned, open_needs=closing.open_needs, ever_measured=closing.ever_measured,
        last_measured=closing.last_measured, unmeasured_why=unmeasured_why,
        unreached_though_reached=closing.unreached_though_reached,
    )  # fmt: skip
    if obstacles:
        raise RuleBroken(obstacles[0].words, obstacles[0].field)
    case.state, case.closed_at, case.closed_why = target, at, reason
    case.unmeasured_why = "" if closing.last_measured else unmeasured_why
    case.save(update_fields=["state", "closed_at", "closed_why", "unmeasured_why"])
    referrals.complete(Referral.objects.get(pk=case.referral_id), by=by, at=at, reason=reason)
    events.record("case.closed", case.pk, by=by, at=at, reason=reason, unmeasured_why=case.unmeasured_why)


@transaction.atomic
def transfer(case: Case, *, by: Actor, at: datetime) -> None:
    """Support has gone over to another service: it ends here, and the referral goes on there. Safe to repeat."""
    case = Case.objects.select_for_update().get(pk=case.pk)
    if case.state == lifecycle.CLOSED:
        return
    case.state, case.closed_at = lifecycle.case.target(case.state, "close"), at
    case.closed_why = rules.TRANSFERRED
    case.unmeasured_why = "" if queries.last_measured(case) else rules.TRANSFERRED
    case.save(update_fields=["state", "closed_at", "closed_why", "unmeasured_why"])
    whose = replace(by, organisation_id=case.provider_id)
    events.record("case.closed", case.pk, by=whose, at=at, reason=case.closed_why, unmeasured_why=case.unmeasured_why)


@transaction.atomic
def reopen(case: Case, *, by: Actor, at: datetime, reason: str) -> Case:
    """Takes up a case that was closed by mistake, as it was before, and its referral with it.

    A worker who has left meanwhile does not get it back: it has no worker, and the manager's list shows it.
    """
    case, today = _locked_closed(case), clocks.london_date(at)
    assert case.closed_at is not None
    if reason not in dict(queries.reopen_reasons(today)):
        raise RuleBroken("Choose why it is reopened.", "reason")
    obstacle = rules.reopening_obstacle(
        closed_on=clocks.london_date(case.closed_at), today=today, days=queries.limit("case_reopens", today)
    )  # fmt: skip
    if obstacle:
        raise RuleBroken(obstacle.words, obstacle.field)
    was, here = case.closed_why, queries.workers(case.provider_id)
    case.state = lifecycle.case.target(case.state, "reopen" if case.started_at else "reopen_unstarted")
    case.closed_at, case.closed_why, case.unmeasured_why = None, "", ""
    case.worker = case.worker if case.worker in here else None
    if case.cover not in here or case.worker is None:
        case.cover, case.cover_until = None, None
    case.save(
        update_fields=["state", "closed_at", "closed_why", "unmeasured_why", "worker", "cover", "cover_until"]
    )  # fmt: skip
    referrals.reopen(Referral.objects.get(pk=case.referral_id), by=by, at=at)
    events.record("case.reopened", case.pk, by=by, at=at, reason=reason, was=was)
    return case


@transaction.atomic
def correct_closing(case: Case, *, by: Actor, at: datetime, reason: str) -> None:
    """Puts right why a case was closed. The reason that it had stays in the log and on the timeline."""
    case = _locked_closed(case)
    closing = queries.before_closing(case, reason, clocks.london_date(at))
    obstacle = rules.correction_obstacle(
        planned=closing.planned, open_needs=closing.open_needs,
        unreached_though_reached=closing.unreached_though_reached,
    )  # fmt: skip
    if obstacle:
        raise RuleBroken(obstacle.words, obstacle.field)
    was = case.closed_why
    if reason == was:
        raise RuleBroken("This is the reason that it has now. Choose the one that is right.", "reason")
    case.state, case.closed_why = lifecycle.case.target(case.state, "correct_closing"), reason
    case.save(update_fields=["state", "closed_why"])
    referrals.correct_closing(Referral.objects.get(pk=case.referral_id), by=by, at=at, reason=reason)
    events.record("case.closing_corrected", case.pk, by=by, at=at, reason=reason, was=was)


def print_out(case: Case, *, by: Actor, at: datetime) -> None:
    """Says that the case was printed, by whom and when. What may be on it is `core.privacy.whereabouts`'s."""
    documents.note_print(case.pk, by=by, at=at, what="case")
