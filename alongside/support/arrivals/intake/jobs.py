"""Background work of intake: what the public's realm may not write itself, and forgetting visits that are over."""

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.core.models import Event
from alongside.support.arrivals.intake import actions
from alongside.support.arrivals.referrals import actions as referrals
from alongside.support.arrivals.referrals.models import Addition, Referral


def _told(event: str, subject: str) -> tuple[Event | None, Referral | None]:
    return Event.objects.filter(pk=event).first(), Referral.objects.filter(pk=subject).first()


@job("intake.note_agreements")
def note_agreements(*, event: str, subject: str) -> None:
    """Records the channels by which a victim agreed to be contacted. Safe to run again: once each."""
    told, referral = _told(event, subject)
    if told and referral and told.details["own"]:
        actions.note_agreements(referral, told.details["channels"], by=SYSTEM_ACTOR, at=timezone.now())


@job("intake.stop_using")
def stop_using(*, event: str, subject: str) -> None:
    """Marks what a victim said is no longer safe. Safe to run again: what is unsafe stays so."""
    told, referral = _told(event, subject)
    if told and referral and told.details.get("unsafe"):
        actions.stop_using(referral.victim_id, told.details["unsafe"], by=SYSTEM_ACTOR, at=timezone.now())


@job("intake.stop")
def stop(*, event: str, subject: str) -> None:
    """After a wish to stop: the agreement to be supported ends. Safe to run again: once for each asking."""
    told, referral = _told(event, subject)
    if told and referral and told.details.get("kind") == Addition.Kind.WITHDRAW:
        referrals.stop(referral, by=SYSTEM_ACTOR, at=told.at)


@job("intake.forget_visits", cron="*/5 * * * *", lock="intake.forget_visits")
def forget_visits() -> None:
    """Deletes visits that nobody came back to in time, and counts that are over."""
    actions.forget_old(at=timezone.now())
    actions.forget_counts(at=timezone.now())
