"""When a case closes, what nobody has approved is asked for no more."""

from uuid import UUID

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.support.cases.practical import actions


@job("practical.end")
def end(*, event: str, subject: str) -> None:
    """A case was closed. Safe to run again."""
    actions.end(UUID(subject), by=SYSTEM_ACTOR, at=timezone.now())
