"""Background work of closing."""

from uuid import UUID

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.support.cases.closing import actions


@job("closing.let_go_on")
def let_go_on(*, event: str, subject: str) -> None:
    """After `case.reopened`. Safe to run again."""
    actions.let_go_on(UUID(subject), by=SYSTEM_ACTOR, at=timezone.now())
