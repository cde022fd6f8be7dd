"""Every night: what is past its time is erased."""

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.support.keeping.retention import actions


@job("retention.erase_night", cron="50 2 * * *", lock="retention.erase_night")
def erase_night() -> None:
    actions.erase_night(by=SYSTEM_ACTOR, at=timezone.now())
