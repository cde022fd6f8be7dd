"""Background work of changes: passes on what came again, and does what was decided."""

from dataclasses import replace

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.support.arrivals.changes import actions, queries
from alongside.support.arrivals.changes.models import Change
from alongside.support.arrivals.feeds.models import Delivery
from alongside.support.arrivals.referrals.models import Offer, Referral


@job("changes.pass_on")
def pass_on(*, event: str, subject: str) -> None:
    """After a delivery: its changed rows go to whoever holds the case. Safe to run again: once each."""
    for delivery in Delivery.objects.filter(pk=subject):
        for kept in queries.sent_again(delivery):
            actions.pass_on(kept, by=SYSTEM_ACTOR, at=timezone.now())


@job("changes.hand_over")
def hand_over(*, event: str, subject: str) -> None:
    """After an acceptance: what came again before it, and the hub has not dealt with. Safe to run again."""
    for offer in Offer.objects.filter(pk=subject):
        for referral in Referral.objects.filter(pk=offer.referral_id):
            for kept in queries.sent_again_of(referral):
                actions.pass_on(kept, by=SYSTEM_ACTOR, at=timezone.now())


@job("changes.carry_out")
def carry_out(*, event: str, subject: str) -> None:
    """After a decision. Safe to run again."""
    for change in Change.objects.filter(pk=subject):
        by = replace(SYSTEM_ACTOR, organisation_id=change.hub_id)
        actions.carry_out(change, by=by, at=timezone.now())
