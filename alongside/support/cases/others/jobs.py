"""Jobs of the other party: the conflict check after a change, and every night what ends soon."""

from uuid import UUID

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.support.cases.others import actions


@job("others.look")
def look(event: str, subject: str) -> None:
    """A case was accepted, or what is known of its other party changed."""
    actions.look(UUID(subject), by=SYSTEM_ACTOR, at=timezone.now())


@job("others.look_of")
def look_of(event: str, subject: str) -> None:
    """Who a victim is was put right."""
    actions.look_of(UUID(subject), by=SYSTEM_ACTOR, at=timezone.now())


@job("others.night", cron="35 4 * * *", lock="others.night")
def night() -> None:
    """Orders that end soon come up; cases that nothing is compared of yet are."""
    now = timezone.now()
    actions.raise_ending(by=SYSTEM_ACTOR, at=now)
    actions.index_all(by=SYSTEM_ACTOR, at=now)
