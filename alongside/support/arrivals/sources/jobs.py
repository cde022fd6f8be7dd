"""Background work of sources: forgets what nobody finished."""

from django.utils import timezone

from alongside.core.jobs import job
from alongside.support.arrivals.sources import actions


@job("sources.forget", cron="25 2 * * *", lock="sources.forget")
def forget() -> None:
    """Every night: set-ups that were begun and left, with their samples."""
    actions.forget(at=timezone.now())
