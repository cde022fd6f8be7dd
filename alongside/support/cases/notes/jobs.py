"""Jobs of notes: who has left reads nothing more; who had what open is forgotten."""

from uuid import UUID

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.core.models import Event
from alongside.support.cases.notes import actions


@job("notes.leave")
def leave(event: str, subject: str) -> None:
    """After `membership.ended`."""
    ended = Event.objects.get(pk=UUID(event)).details
    actions.leave(
        UUID(ended["user"]), organisation_id=ended["organisation"], by=SYSTEM_ACTOR, at=timezone.now()
    )  # fmt: skip


@job("notes.forget_presence", cron="41 * * * *", lock="notes.forget_presence")
def forget_presence() -> None:
    """Forgets who had which case open."""
    actions.forget_presence(by=SYSTEM_ACTOR, at=timezone.now())
