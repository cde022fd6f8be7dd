"""Background work of tools: what somebody answered on their phone becomes an assessment."""

from uuid import UUID

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.core.models import Event
from alongside.support.cases.tools import queries, sending


@job("tools.keep")
def keep(event: str, subject: str) -> None:
    """Somebody answered. Safe to run again."""
    told = Event.objects.filter(pk=event).first()
    found = queries.sending(UUID(told.details["sending"])) if told else None
    if found:
        sending.keep(found, by=SYSTEM_ACTOR, at=timezone.now())
