"""Background work of victims: sends the messages that wait and whose time has come."""

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.foundation.messages import actions as messages
from alongside.support.victims import queries


@job("messages.send")
def send(*, event: str, subject: str) -> None:
    """Sends one item. Safe to run again: an item is sent once."""
    for item in queries.item(subject):
        messages.send(item, by=SYSTEM_ACTOR, at=timezone.now(), same=queries.same_people(item.person_id))


@job("messages.send_due", cron="*/5 * * * *", lock="messages.send_due")
def send_due() -> None:
    """Sends items that waited for a safe hour."""
    now = timezone.now()
    for item in queries.due(now):
        messages.send(item, by=SYSTEM_ACTOR, at=now, same=queries.same_people(item.person_id))
