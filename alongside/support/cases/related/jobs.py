"""Every night: children who turn 18 come up."""

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.support.cases.related import actions


@job("related.raise_grown", cron="40 4 * * *", lock="related.raise_grown")
def raise_grown() -> None:
    actions.raise_grown(by=SYSTEM_ACTOR, at=timezone.now())
