"""Background work of messages: brings professionals the notices that wait. `victims` sends to victims."""

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.foundation.messages import actions
from alongside.foundation.messages.models import Notice


@job("messages.bring")
def bring(*, event: str, subject: str) -> None:
    """Sends one notice. Safe to run again: a notice is sent once."""
    for notice in Notice.objects.filter(pk=subject):
        actions.bring(notice, by=SYSTEM_ACTOR, at=timezone.now())
