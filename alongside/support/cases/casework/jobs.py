"""Jobs of casework: what a leaver had in hand goes back to be given to somebody else."""

from uuid import UUID

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.core.models import Event
from alongside.support.cases.casework import actions


@job("casework.hand_over")
def hand_over(event: str, subject: str) -> None:
    """After `membership.ended`: the person's open cases have no worker again, and their manager's list shows them."""
    ended = Event.objects.get(pk=UUID(event)).details
    left = UUID(ended["user"])
    actions.hand_over(left, organisation_id=ended["organisation"], by=SYSTEM_ACTOR, at=timezone.now())
