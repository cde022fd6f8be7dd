"""Background work of pathways: a leaver is taken off the list of leads."""

from uuid import UUID

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.core.models import Event
from alongside.foundation.local.pathways import actions


@job("pathways.take_off_leaver")
def take_off_leaver(*, event: str, subject: str) -> None:
    """After `membership.ended`. Safe to run again."""
    left = Event.objects.get(pk=event).details
    actions.take_off_leaver(UUID(left["user"]), by=SYSTEM_ACTOR, at=timezone.now())
