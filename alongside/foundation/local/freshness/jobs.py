"""Background work of freshness: reminders, what a leaver looked after, and word to whoever flagged."""

from uuid import UUID

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.core.models import Event
from alongside.foundation.local.freshness import actions
from alongside.foundation.local.freshness.models import Flag


@job("freshness.remind", cron="40 7 * * 1-5", lock="freshness.remind")
def remind() -> None:
    """Every weekday morning. Safe to run again."""
    actions.remind(by=SYSTEM_ACTOR, at=timezone.now())


@job("freshness.leave")
def leave(*, event: str, subject: str) -> None:
    """After `membership.ended`: what a leaver looked after falls to the managers."""
    left = Event.objects.get(pk=event).details
    actions.leave(UUID(left["user"]), left["organisation"], by=SYSTEM_ACTOR, at=timezone.now())


@job("freshness.hear_back")
def hear_back(*, event: str, subject: str) -> None:
    """After `flag.answered`: whoever flagged hears what became of it, if they left an address."""
    for flag in Flag.objects.filter(pk=subject):
        actions.hear_back(flag, by=SYSTEM_ACTOR, at=timezone.now())
