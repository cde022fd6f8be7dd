"""Writes of stalled offers: each step of the rulebook, taken once, when its time has come."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.foundation.office.messages import actions as messages
from alongside.support.arrivals.referrals import actions as referrals
from alongside.support.arrivals.referrals.models import Offer, Referral
from alongside.support.arrivals.stalled import queries, rules
from alongside.support.arrivals.stalled.models import Step
from alongside.support.arrivals.stalled.rules import Planned

NO_ANSWER = "no_answer"


@transaction.atomic
def go_on(offer: Offer, *, by: Actor, at: datetime) -> str:
    """Takes the step that is due on an offer that still waits. Returns what was done; empty where nothing was due.
    Safe to run again: a step is taken once."""
    held = Offer.objects.select_for_update(of=("self",)).filter(pk=offer.pk, state=Offer.State.OFFERED).first()
    due = rules.step_due(queries.plans([held], at)[held.pk], at, queries.office(at)) if held else None
    if held is None or due is None:
        return ""
    DOES[due.does](held, by=replace(by, organisation_id=held.hub_id), at=at, step=due)
    return due.does


def _taken(offer: Offer, step: Planned, at: datetime, **more: object) -> Step:
    made = Step(
        offer=offer, hub_id=offer.hub_id, referral_id=offer.referral_id, code=step.code, does=step.does, taken_at=at,
        **more,
    )  # fmt: skip
    made.save(force_insert=True)
    return made


def _tell(people: Iterable[UUID], step: Step, offer: Offer, *, by: Actor, at: datetime) -> None:
    """A neutral e-mail to colleagues at work, once for each step; what is at high risk is urgent."""
    template = messages.URGENT if offer.high_risk else "come_and_see"
    for person in people:
        messages.notify(person, by=by, at=at, about=step.pk, template=template)


@transaction.atomic
def chase(offer: Offer, *, by: Actor, at: datetime, step: Planned) -> None:
    """Asks the provider again: on the page of the offer, and its managers by an e-mail that says no more than that."""
    made = _taken(offer, step, at)
    _tell(queries.managers(offer.provider_id, queries.PROVIDER), made, offer, by=by, at=at)
    events.record("offer.chased", offer.pk, by=by, at=at, step=step.code)


@transaction.atomic
def escalate(offer: Offer, *, by: Actor, at: datetime, step: Planned) -> None:
    """Tells the hub manager: on the home page, on the page of stalled offers, and by the same kind of e-mail."""
    made = _taken(offer, step, at)
    _tell(queries.managers(offer.hub_id, queries.HUB), made, offer, by=by, at=at)
    events.record("offer.escalated", offer.pk, by=by, at=at, step=step.code)


@transaction.atomic
def give_up(offer: Offer, *, by: Actor, at: datetime, step: Planned) -> None:
    """Calls it back, and sends it on to the next service where that needs no person; the hub finds it in its queue
    where it does."""
    referral = referrals.call_back(offer, by=by, at=at, reason=NO_ANSWER)
    made, held = _send_on(referral, by=by, at=at)
    _taken(offer, step, at, next_offer_id=made.pk if made else None, held=held)
    events.record("offer.given_up", offer.pk, by=by, at=at, step=step.code, held=held)


def _send_on(referral: Referral, *, by: Actor, at: datetime) -> tuple[Offer | None, str]:
    """The next offer, or why there is none yet."""
    onward = queries.next_for(referral, at)
    held = rules.why_not_on(onward.onward)
    if held or onward.fit is None:
        return None, held
    try:
        with transaction.atomic():
            fit = onward.fit
            return referrals.offer(referral, by=by, at=at, service=fit.service, reasons=fit.reasons), ""
    except RuleBroken:  # it closed, or the victim asked us to stop, between looking and sending
        return None, "no_other"


Act = Callable[..., None]
DOES: dict[str, Act] = {rules.CHASE: chase, rules.ESCALATE: escalate, rules.CALL_BACK: give_up}


def go_on_all(*, by: Actor, at: datetime) -> int:
    """Takes every step that is due, each in a transaction of its own. Returns how many."""
    offers = list(queries.open_past_due(at).order_by("offered_at", "pk"))
    planned, office = queries.plans(offers, at), queries.office(at)
    due = [offer for offer in offers if rules.step_due(planned[offer.pk], at, office)]
    return sum(bool(go_on(offer, by=by, at=at)) for offer in due)
