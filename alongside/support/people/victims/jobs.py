"""Background work of victims: sends the messages that wait and whose time has come."""

from datetime import datetime

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.clocks import london_date
from alongside.core.jobs import job
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.messages.models import Outgoing
from alongside.support.people.victims import queries


@job("messages.send")
def send(*, event: str, subject: str) -> None:
    """Sends one item. Safe to run again: an item is sent once."""
    for item in queries.item(subject):
        _send(item, at=timezone.now())


@job("messages.send_due", cron="*/5 * * * *", lock="messages.send_due")
def send_due() -> None:
    """Sends items that waited for a safe hour."""
    now = timezone.now()
    for item in queries.due(now):
        _send(item, at=now)


def _send(item: Outgoing, *, at: datetime) -> None:
    """What is known of the person is looked at as it is at this moment, and not as when it was asked for."""
    messages.send(
        item, by=SYSTEM_ACTOR, at=at, same=queries.same_people(item.person_id),
        against=queries.against(item, london_date(at)),
    )  # fmt: skip
