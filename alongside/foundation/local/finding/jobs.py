"""Background work of finding: forgets searches past their time."""

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.foundation.local.finding import actions


@job("finding.forget_past", cron="41 3 * * *", lock="finding.forget_past")
def forget_past() -> None:
    """Every night. Safe to run again."""
    actions.forget_past(by=SYSTEM_ACTOR, at=timezone.now())
