"""Writes of transfers: a case offered to another provider, accepted, declined or taken back, and handed over."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.privacy import fields
from alongside.core.rows import records
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.referrals import actions as referral_actions
from alongside.support.arrivals.referrals import queries as referrals
from alongside.support.arrivals.referrals import rules as referral_rules
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.cases.agenda import actions as agenda
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework import queries as casework_queries
from alongside.support.cases.casework.models import Case, Need
from alongside.support.cases.transfers import lifecycle, queries, rules
from alongside.support.cases.transfers.models import Pack, Transfer

WAITS, COME_AND_SEE = "transfer.waits", "come_and_see"


@dataclass(frozen=True)
class Along:
    """What the sender says and chooses: words for the other service, whole pieces, notes one by one (their places)."""

    summary: str
    pieces: Collection[str] = field(default=())
    notes: Collection[int] = field(default=())


@transaction.atomic
def offer(case: Case, *, by: Actor, at: datetime, service: Service, why: str, along: Along) -> Transfer:
    """Offers a case to another provider, which sees a summary without identity until it accepts."""
    case, today = casework.locked(case), clocks.london_date(at)
    receiver = service.provider_id if service in queries.services(case) else None
    rules.check(summary=along.summary, receiver=receiver, sender=case.provider_id)
    if rulebook.find(queries.REASONS, why, today) is None:
        raise RuleBroken("Choose why it is handed on.", "why")
    _check_may(case, service)
    content = rules.chosen(queries.content(case, at=at), along.pieces, along.notes, along.summary)
    made = _summary(case, service, at=at, by=by, why=why)
    made.pieces = [*([rules.PLAN] if content.plan else []), *(code for code in content.lines if code != rules.PLAN)]
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise RuleBroken(rules.OFFERED_ALREADY) from error
    pack = Pack(id=made.pk, victim_id=case.victim_id, sender_id=case.provider_id, packed_at=at)
    fields.write(pack, content=queries.as_text(content))
    pack.save(force_insert=True)
    for kind, subject in made.reaches:
        records.offer(kind, subject, made.receiver_id, why="transfer")
    records.share("transfer", made.pk, made.receiver_id, why="transfer")
    agenda.put(case, by=by, at=at, kind=WAITS, about=made.pk, due_at=made.due_at)
    events.record("transfer.offered", made.pk, by=by, at=at, service=service.code, receiver=made.receiver_id)
    return made


def _check_may(case: Case, service: Service) -> None:
    assert service.provider is not None
    if queries.waiting_for(case.pk):
        raise RuleBroken(rules.OFFERED_ALREADY)
    referral_rules.refuse_stopped(referrals.stopped(case.referral))
    if not queries.agreed(case.victim_id, service.provider.pk):
        raise RuleBroken(rules.NOT_AGREED.format(body=service.provider.name), "service")
    if not queries.named_there(case.victim, service.provider.pk):
        raise RuleBroken(rules.RESTRICTED, "service")


def _summary(case: Case, service: Service, *, by: Actor, at: datetime, why: str) -> Transfer:
    """All that the other provider sees before it accepts."""
    assert service.provider is not None
    referral, on = case.referral, clocks.london_date(at)
    open_needs = Need.objects.filter(case=case, state=Need.State.OPEN).values_list("code", flat=True)
    return Transfer(
        id=uuid7(), case_id=case.pk, referral_id=referral.pk, victim_id=case.victim_id, sender_id=case.provider_id,
        receiver_id=service.provider.pk, service=service, why=why, crime_type=case.crime_type,
        council=referral.council, age_band=rulebook.age_band(referral.age_at_receipt, on),
        language=case.victim.language, interpreter=case.victim.interpreter,
        access_needs=referrals.access_needs(referral), needs=sorted(open_needs) or referral.needs,
        vulnerability=referrals.vulnerability(referral), markers=list(referrals.flags(referral, on)),
        high_risk=case.high_risk, waits=queries.waits(case), offered_at=at, offered_by=by.user_id,
        due_at=clocks.due(at, casework_queries.working_days("transfer_answer", on)),
    )  # fmt: skip


def _answered(transfer: Transfer, verb: str, *, by: Actor, at: datetime, side: str, why: str = "") -> Transfer:
    """Locks a transfer and moves it, for the side that may; whoever comes second is told what happened."""
    found: Transfer | None = Transfer.objects.select_for_update(of=("self",)).filter(pk=transfer.pk).first()
    if found is None or getattr(found, side) != by.organisation_id:
        raise RuleBroken(rules.GONE)
    found.state = lifecycle.transfer.target(found.state, verb)
    found.answered_at, found.answered_by, found.declined_why = at, by.user_id, why
    found.save(update_fields=["state", "answered_at", "answered_by", "declined_why"])
    return found


@transaction.atomic
def accept(transfer: Transfer, *, by: Actor, at: datetime) -> Case:
    """Takes a case up from another provider: from here on it is responsible, and sees who it is and what goes along."""
    found = _answered(transfer, "accept", by=by, at=at, side="receiver_id")
    for kind, subject in found.reaches:
        records.take_up(kind, subject)
    referral = referral_actions.locked(found.referral_id)
    if referral.state != Referral.State.ACCEPTED:
        raise RuleBroken(rules.ENDED)
    referral_rules.refuse_stopped(referrals.stopped(referral))
    if not queries.agreed(found.victim_id, found.receiver_id):
        raise RuleBroken(rules.AGREED_NO_MORE)
    case = casework.begin(
        referral, by=by, at=at, provider=found.receiver_id, service=found.service_id, offered_as=found.pk,
        high_risk=found.high_risk,
    )  # fmt: skip
    events.record("transfer.accepted", found.pk, by=by, at=at)
    return case


@transaction.atomic
def decline(transfer: Transfer, *, by: Actor, at: datetime, reason: str) -> None:
    """Says no. The case stays where it is, and whoever declined sees none of it any more."""
    if rulebook.find(queries.DECLINES, reason, clocks.london_date(at)) is None:
        raise RuleBroken("Choose why you decline.", "reason")
    found = _answered(transfer, "decline", by=by, at=at, side="receiver_id", why=reason)
    events.record("transfer.declined", found.pk, by=by, at=at, reason=reason)
    for kind, subject in (*found.reaches, ("transfer", found.pk)):
        records.give_back(kind, subject)


@transaction.atomic
def take_back(transfer: Transfer, *, by: Actor, at: datetime) -> None:
    """Takes a transfer back that nobody has answered; the other provider sees none of it any more."""
    found = _answered(transfer, "take_back", by=by, at=at, side="sender_id")
    for kind, subject in (*found.reaches, ("transfer", found.pk)):
        records.take_back(kind, subject, found.receiver_id)
    agenda.drop(Case.objects.get(pk=found.case_id), by=by, at=at, kind=WAITS)
    events.record("transfer.taken_back", found.pk, by=by, at=at)


@transaction.atomic
def settle(transfer: Transfer, *, by: Actor, at: datetime) -> None:
    """After an answer: what was accepted ends here and is seen as it was until a day; of what was declined the worker
    is told. Run by the worker; safe to repeat."""
    held = Transfer.objects.select_for_update(of=("self",)).get(pk=transfer.pk)
    case = Case.objects.get(pk=held.case_id)
    agenda.drop(case, by=by, at=at, kind=WAITS, about=held.pk)
    if held.state == lifecycle.ACCEPTED and case.state != Case.State.CLOSED:
        casework.transfer(case, by=by, at=at)
        _step_back(held, at=at)
        events.record("transfer.handed_over", case.pk, by=replace(by, organisation_id=held.sender_id), at=at)
    if case.worker:
        messages.notify(case.worker, by=by, at=at, about=held.pk, template=COME_AND_SEE)


def _step_back(held: Transfer, *, at: datetime) -> None:
    """From here on the sender reads alone. Where they support the person in another case too, of that case alone."""
    until = at + timedelta(days=casework_queries.limit("transfer_view", clocks.london_date(at)))
    others = Case.objects.filter(victim_id=held.victim_id, provider_id=held.sender_id)
    goes_on = others.exclude(state=Case.State.CLOSED).exists()
    own = (("case", held.case_id), ("transfer", held.pk))
    for kind, subject in own if goes_on else (*held.reaches, *own):
        records.step_back(kind, subject, held.sender_id, until=until)


def tell(transfer: Transfer, *, by: Actor, at: datetime) -> None:
    """Tells the managers of the other provider, by neutral e-mail, that something waits. Run by the worker."""
    for manager in queries.managers(transfer.receiver_id) if transfer.state == lifecycle.OFFERED else ():
        messages.notify(manager, by=by, at=at, about=transfer.pk, template=COME_AND_SEE)


@transaction.atomic
def start_from(case: Case, *, by: Actor, at: datetime) -> int:
    """Begins the plan with the needs, goals and steps that came with a transfer, where it has none such. How many."""
    case, found = casework.locked(case), queries.came(case)
    if found is None or not found.missing:
        raise RuleBroken("Every need that came is in the plan already.")
    for one in found.missing:
        need = casework.find_need(case, by=by, at=at, code=one.code, goal=one.goal)
        for step in one.steps:
            casework.add_step(need, by=by, at=at, what=step, who="worker")
    return len(found.missing)
