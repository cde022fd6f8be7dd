"""Every write of documents passed on: chosen for a provider, shown once it accepts, taken back or never shown."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.privacy import fields
from alongside.core.rows import records
from alongside.foundation.office.messages import actions as messages
from alongside.support.arrivals.referrals import queries as referrals
from alongside.support.arrivals.referrals import rules as referral_rules
from alongside.support.arrivals.referrals.models import Offer
from alongside.support.arrivals.threads.models import Attachment
from alongside.support.cases.papers import lifecycle, queries
from alongside.support.cases.papers.models import Passed

COME_AND_SEE = "come_and_see"
NOBODY = "No service has this referral now, so there is nobody to pass the document on to."
UNREAD = "You have not opened this document. Open it and read it before you pass it on."
ALREADY = "This document was passed on already. Somebody may have done it meanwhile."


@transaction.atomic
def pass_on(attachment: Attachment, *, by: Actor, at: datetime, what: str) -> Passed:
    """Chooses one document for the provider that has the referral, or may yet take it up. It is shown there once the
    provider has accepted. Whoever chooses it has read it; `what` is what the provider is told that it is."""
    offer = _held(attachment.standing_id, by)
    referral = queries.referral_of(attachment)
    referral_rules.refuse_stopped(referrals.stopped(referral))
    if queries.standing_for(attachment.pk, offer):
        raise RuleBroken(ALREADY)
    if not queries.has_read(attachment, by):
        raise RuleBroken(UNREAD)
    made = Passed(
        id=uuid7(), hub_id=offer.hub_id, victim_id=offer.victim_id, referral_id=offer.referral_id, offer_id=offer.pk,
        attachment_id=attachment.pk, provider_id=offer.provider_id, kind=attachment.kind, size=attachment.size,
        came_at=attachment.added_at, chosen_at=at, chosen_by=by.user_id,
    )  # fmt: skip
    fields.write(made, what=what)
    made.save(force_insert=True)
    accepted = offer.state == Offer.State.ACCEPTED
    if accepted:
        _show(made, attachment, at=at)
    events.record("document.passed_on", made.pk, by=by, at=at, provider=offer.provider_id, shown=accepted)
    return made


def _held(referral: UUID, by: Actor) -> Offer:
    """The offer, held so that no answer to it comes in between."""
    found = queries.receiver(referral, by)
    held = Offer.objects.select_for_update(of=("self",)).filter(pk=found.pk).first() if found else None
    if held is None or held.state not in queries.MAY_HAVE:
        raise RuleBroken(NOBODY)
    return held


def _show(passed: Passed, attachment: Attachment, *, at: datetime) -> None:
    """Copies what it holds under the victim's own key, and lets the provider in."""
    passed.state, passed.passed_at = lifecycle.paper.target(passed.state, "hand_over"), at
    fields.write(passed, content=fields.read(attachment, "content"))
    passed.save(update_fields=["state", "passed_at", "content"])
    records.share("paper", passed.pk, passed.provider_id, why="passed on")


@transaction.atomic
def take_back(passed: Passed, *, by: Actor, at: datetime) -> Passed:
    """The provider sees it no more. That it was opened there before stays on record, and is said."""
    held = Passed.objects.select_for_update(of=("self",)).get(pk=passed.pk)
    shown = held.state == lifecycle.PASSED
    times = queries.opened(held) if shown else ()
    _end(held, "take_back", by=by, at=at)
    if shown:
        records.withdraw("paper", held.pk, held.provider_id)
    events.record("document.taken_from_provider", held.pk, by=by, at=at, opened=len(times))
    return held


def _end(held: Passed, verb: str, *, by: Actor, at: datetime) -> None:
    """Nothing of what it holds is kept here: the hub has the document itself."""
    held.state, held.content = lifecycle.paper.target(held.state, verb), b""
    held.ended_at, held.ended_by = at, by.user_id
    held.save(update_fields=["state", "content", "ended_at", "ended_by"])


@transaction.atomic
def settle(offer: Offer, *, by: Actor, at: datetime) -> None:
    """After the answer to an offer: what was chosen is shown, or never will be. Run by the worker; safe to repeat."""
    held = Offer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    whose = replace(by, organisation_id=held.hub_id)
    for passed in queries.chosen_for(held) if held.state != Offer.State.OFFERED else ():
        if held.state == Offer.State.ACCEPTED:
            _show(passed, Attachment.objects.get(pk=passed.attachment_id), at=at)
            events.record("document.handed_over", passed.pk, by=whose, at=at, provider=held.provider_id)
        else:
            _end(passed, "lapse", by=by, at=at)
            events.record("document.lapsed", passed.pk, by=whose, at=at, provider=held.provider_id)


def tell(passed: Passed, *, by: Actor, at: datetime) -> None:
    """Tells whoever works on the case, by neutral e-mail, that something waits. Run by the worker; safe to repeat."""
    case = queries.case_of(passed) if passed.state == lifecycle.PASSED else None
    if case is not None and case.worker:
        messages.notify(case.worker, by=by, at=at, about=passed.pk, template=COME_AND_SEE)
