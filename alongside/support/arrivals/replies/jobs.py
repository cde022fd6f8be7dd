"""Background work of replies: forgets those that nobody can open any more."""

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.support.arrivals.referrals.models import Offer, Referral
from alongside.support.arrivals.replies import actions


@job("replies.tell")
def tell(*, event: str, subject: str) -> None:
    """After a referral came to another stand: the officer who sent it may hear. Safe to run again."""
    for referral in Referral.objects.filter(pk=subject):
        actions.tell_by_itself(referral, by=SYSTEM_ACTOR, at=timezone.now())


@job("replies.tell_of_offer")
def tell_of_offer(*, event: str, subject: str) -> None:
    """The same after something happened to an offer."""
    for offer in Offer.objects.filter(pk=subject):
        tell.func(event=event, subject=str(offer.referral_id))


@job("replies.tell_of_victim")
def tell_of_victim(*, event: str, subject: str) -> None:
    """The same after a victim agreed to something, or agrees no more: of each of their referrals."""
    for key in Referral.objects.filter(victim_id=subject).values_list("pk", flat=True):
        tell.func(event=event, subject=str(key))


@job("replies.forget", cron="35 2 * * *", lock="replies.forget")
def forget() -> None:
    """Every night. Safe to run again."""
    actions.forget(at=timezone.now())
