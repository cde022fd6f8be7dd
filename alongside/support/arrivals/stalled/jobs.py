"""Background work of stalled offers: takes the steps that are due."""

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.support.arrivals.stalled import actions


@job("stalled.go_on", cron="*/10 * * * *", lock="stalled.go_on")
def go_on() -> None:
    """Every ten minutes: asks again, tells the hub, calls back and sends on. Safe to run again."""
    actions.go_on_all(by=SYSTEM_ACTOR, at=timezone.now())
