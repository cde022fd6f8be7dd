"""When a case is reopened, days at court and news that is owed are due again."""

from uuid import UUID

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.support.cases.justice import due


@job("justice.plan_again")
def plan_again(event: str, subject: str) -> None:
    """A case was reopened."""
    due.plan_again(UUID(subject), by=SYSTEM_ACTOR, at=timezone.now())
