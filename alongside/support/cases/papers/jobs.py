"""Background work of documents passed on."""

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.support.arrivals.referrals.models import Offer
from alongside.support.cases.papers import actions
from alongside.support.cases.papers.models import Passed


@job("papers.settle")
def settle(*, event: str, subject: str) -> None:
    """After an offer was answered or called back. Safe to run again."""
    for offer in Offer.objects.filter(pk=subject):
        actions.settle(offer, by=SYSTEM_ACTOR, at=timezone.now())


@job("papers.tell")
def tell(*, event: str, subject: str) -> None:
    """After `document.passed_on`: the worker of the case is told that something waits."""
    for passed in Passed.objects.filter(pk=subject):
        actions.tell(passed, by=SYSTEM_ACTOR, at=timezone.now())
