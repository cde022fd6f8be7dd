"""When a case closes, nothing is due on it any more."""

from uuid import UUID

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.support.cases.agenda import actions


@job("agenda.clear")
def clear(event: str, subject: str) -> None:
    """A case was closed."""
    actions.clear(UUID(subject), by=SYSTEM_ACTOR, at=timezone.now())
