"""Background work of community groups: the key of what was deleted goes too, so that no backup opens it."""

from uuid import UUID

from alongside.core.jobs import job
from alongside.core.models import Event
from alongside.foundation.local.community import actions


@job("community.shred")
def shred(*, event: str, subject: str) -> None:
    """After `group.person_taken_off` and `group.contact_taken_back`. Safe to run again."""
    actions.shred(UUID(subject))


@job("community.shred_all")
def shred_all(*, event: str, subject: str) -> None:
    """After `group.erased`. Safe to run again."""
    for key in Event.objects.get(pk=event).details["keys"]:
        actions.shred(UUID(key))
