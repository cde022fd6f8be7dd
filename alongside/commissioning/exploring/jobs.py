"""Background work of exploring: what was deleted a week ago ends, and so does what a leaver had saved."""

from uuid import UUID

from django.utils import timezone

from alongside.commissioning.exploring import actions
from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.core.models import Event


@job("exploring.clear", cron="27 4 * * *", lock="exploring.clear")
def clear() -> None:
    """Every night. Safe to run again."""
    actions.clear(by=SYSTEM_ACTOR, at=timezone.now())


@job("exploring.leave")
def leave(*, event: str, subject: str) -> None:
    """After `membership.ended`."""
    left = Event.objects.get(pk=event).details
    actions.leave(UUID(left["user"]), left["organisation"], by=SYSTEM_ACTOR, at=timezone.now())
