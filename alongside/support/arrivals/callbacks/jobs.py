"""Background work of calls that were asked for: set, settled after what happened, and offered again when missed."""

from uuid import UUID

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.core.models import Event
from alongside.support.arrivals.callbacks import actions, queries, rules
from alongside.support.arrivals.referrals.models import Referral


@job("callbacks.schedule")
def schedule(*, event: str, subject: str) -> None:
    """After `referral.self_sent` and `call_back.asked`: sets when to call. Safe to run again."""
    told, referral = Event.objects.filter(pk=event).first(), Referral.objects.filter(pk=subject).first()
    said = queries.details_of(told) if told else {}
    if told and referral and said:
        actions.schedule(referral, rules.asked(said), by=SYSTEM_ACTOR, at=timezone.now(), asked_at=told.at)


@job("callbacks.settle")
def settle(*, event: str, subject: str) -> None:
    """After an attempt, a stop or a closing. Safe to run again."""
    referral = Referral.objects.filter(pk=subject).first()
    if referral:
        actions.settle(referral, by=SYSTEM_ACTOR, at=timezone.now())


@job("callbacks.settle_of")
def settle_of(*, event: str, subject: str) -> None:
    """After somebody said no, which may be to being supported at all. Safe to run again."""
    for referral in Referral.objects.filter(victim=UUID(subject)):
        actions.settle(referral, by=SYSTEM_ACTOR, at=timezone.now())


@job("callbacks.miss", cron="*/5 * * * *", lock="callbacks.miss")
def miss() -> None:
    """Every five minutes: what was not called in its hours is offered again, and marked."""
    actions.miss_all(by=SYSTEM_ACTOR, at=timezone.now())
