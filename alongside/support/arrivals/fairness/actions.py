"""The one write of the fairness report: that a file of it left."""

from datetime import datetime

from django.db import transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7


@transaction.atomic
def take_away(*, by: Actor, at: datetime, broken_down: str, groups: int) -> None:
    """Notes that the figures were taken away as a file."""
    events.record("fairness.taken_away", uuid7(), by=by, at=at, broken_down=broken_down, groups=groups)
