"""Every night: what is past its time is erased. And a caseload that somebody takes back, when they say so."""

from uuid import UUID

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.support.keeping.retention import actions


@job("retention.erase_night", cron="50 2 * * *", lock="retention.erase_night")
def erase_night() -> None:
    actions.erase_night(by=SYSTEM_ACTOR, at=timezone.now())


@job("retention.take_back", apart=True)
def take_back(*, event: str, subject: str) -> None:
    """After `import.undo_asked`. Safe to run again."""
    actions.take_back(UUID(subject), by=SYSTEM_ACTOR, now=timezone.now)
