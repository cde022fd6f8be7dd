"""Background work of waiting lists: offers whose time is over, and cases that closed."""

from uuid import UUID

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.support.cases.casework.models import Case
from alongside.support.cases.waiting import actions


@job("waiting.lapse", cron="*/15 * * * *", lock="waiting.lapse")
def lapse() -> None:
    """Every quarter of an hour: offers that nobody answered in time. Nobody is taken off a list."""
    actions.lapse_all(by=SYSTEM_ACTOR, at=timezone.now())


@job("waiting.end_of_case")
def end_of_case(event: str, subject: str) -> None:
    """After `case.closed`: it waits for nothing any more. Safe to run again."""
    for case in Case.objects.filter(pk=UUID(subject)):
        actions.end_of_case(case, by=SYSTEM_ACTOR, at=timezone.now())
