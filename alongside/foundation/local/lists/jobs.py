"""Background work of lists: reads what was asked for, asks for lists whose day has come, forgets places."""

from uuid import UUID

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.lists import actions, deciding, queries


@job(queries.TASK, apart=True)
def read(*, event: str, subject: str) -> None:
    """Reads one list, apart from other jobs: its server may be slow. Safe to run again."""
    actions.read(UUID(subject), by=SYSTEM_ACTOR, now=timezone.now)


@job("lists.read_due", cron="20 * * * *", lock="lists.read_due")
def read_due() -> None:
    """Every hour: lists whose day has come. Safe to run again."""
    actions.ask_due(by=SYSTEM_ACTOR, at=timezone.now())


@job("lists.forget_place")
def forget_place(*, event: str, subject: str) -> None:
    """After `service.revised`: of a service whose place is secret now, what lists said of its place."""
    for service in Service.objects.filter(pk=subject):
        deciding.forget_place(service)
