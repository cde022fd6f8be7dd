"""Jobs of supervision: who has left reads nothing more."""

from uuid import UUID

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.core.models import Event
from alongside.support.cases.supervision import actions


@job("supervision.leave")
def leave(event: str, subject: str) -> None:
    """After `membership.ended`."""
    ended = Event.objects.get(pk=UUID(event)).details
    actions.leave(
        UUID(ended["user"]), organisation_id=ended["organisation"], by=SYSTEM_ACTOR, at=timezone.now()
    )  # fmt: skip
