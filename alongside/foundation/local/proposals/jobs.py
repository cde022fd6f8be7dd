"""Background work of proposals: makes live what is agreed, on its day."""

import logging

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.foundation.local.proposals import actions

log = logging.getLogger(__name__)


@job("proposals.publish_due", cron="5 * * * *", lock="proposals.publish_due")
def publish_due() -> None:
    """Every hour, so that a change begins soon after midnight. Safe to run again."""
    failed = actions.publish_due(by=SYSTEM_ACTOR, at=timezone.now())
    if failed:
        log.warning("%d agreed proposals could not go live", len(failed))
