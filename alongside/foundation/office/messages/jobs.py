"""Background work of messages: brings professionals the pointers that wait. `victims` sends to victims."""

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.foundation.office.messages import actions
from alongside.foundation.office.messages.models import Pointer


@job("messages.bring")
def bring(*, event: str, subject: str) -> None:
    """Sends one pointer. Safe to run again: a pointer is sent once."""
    for pointer in Pointer.objects.filter(pk=subject):
        actions.bring(pointer, by=SYSTEM_ACTOR, at=timezone.now())
