"""Background work of the workbench."""

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.support.desk.triage import actions


@job("triage.forget_batches", cron="41 3 * * *", lock="triage.forget_batches")
def forget_batches() -> None:
    """Forgets how referrals were before they changed hands, a day later."""
    actions.forget_batches(by=SYSTEM_ACTOR, at=timezone.now())
