"""Background work of reconciliation: looks whether the files that were due have come."""

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.support.arrivals.reconciliation import actions


@job("reconciliation.watch", cron="*/10 * * * *", lock="reconciliation.watch")
def watch() -> None:
    """Every ten minutes: an alarm for what is missing or short by its hour. Safe to run again."""
    actions.watch(by=SYSTEM_ACTOR, at=timezone.now())
