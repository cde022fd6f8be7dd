"""Background work of replies: forgets those that nobody can open any more."""

from django.utils import timezone

from alongside.core.jobs import job
from alongside.support.replies import actions


@job("replies.forget", cron="35 2 * * *", lock="replies.forget")
def forget() -> None:
    """Every night. Safe to run again."""
    actions.forget(at=timezone.now())
