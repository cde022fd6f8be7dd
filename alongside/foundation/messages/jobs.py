"""Background work of messages: sends what is waiting and whose time has come."""

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.foundation.messages import actions
from alongside.foundation.messages.models import Outgoing


@job("messages.send")
def send(*, event: str, subject: str) -> None:
    """Sends one item. Safe to run again: an item is sent once."""
    item = Outgoing.objects.filter(pk=subject).first()
    if item:
        actions.send(item, by=SYSTEM_ACTOR, at=timezone.now())


@job("messages.send_due", cron="*/5 * * * *", lock="messages.send_due")
def send_due() -> None:
    """Sends items that waited for a safe hour."""
    now = timezone.now()
    for item in Outgoing.objects.filter(state=Outgoing.State.WAITING, not_before__lte=now):
        actions.send(item, by=SYSTEM_ACTOR, at=now)
