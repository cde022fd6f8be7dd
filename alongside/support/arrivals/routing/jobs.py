"""Background work of routing: what came is routed, previews are worked out and forgotten."""

from uuid import UUID

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.support.arrivals.routing import actions, previews
from alongside.support.arrivals.routing.models import Preview


@job("routing.decide")
def decide(*, event: str, subject: str) -> None:
    """After a referral came, was assessed or put right: what the rules say of it. Safe to run again."""
    actions.decide([UUID(subject)], by=SYSTEM_ACTOR, at=timezone.now())


@job("routing.decide_new", cron="*/2 * * * *", lock="routing.decide_new")
def decide_new() -> None:
    """Routes what came since the last time: a police feed tells no job of each of its rows."""
    actions.decide_new(by=SYSTEM_ACTOR, at=timezone.now())


@job("routing.preview")
def preview(*, event: str, subject: str) -> None:
    """After `routing.preview_asked`: what the page did not wait for. Safe to run again."""
    asked = Preview.objects.filter(pk=subject).first()
    if asked:
        previews.run(asked, by=SYSTEM_ACTOR, at=timezone.now())


@job("routing.forget", cron="35 2 * * *", lock="routing.forget")
def forget() -> None:
    """Every night: previews of last week, with the referrals that they name."""
    previews.forget(by=SYSTEM_ACTOR, at=timezone.now())
