"""Background work of community groups: the key of whoever was taken off goes too, so that no backup opens."""

from uuid import UUID

from alongside.core.jobs import job
from alongside.foundation.community import actions


@job("community.shred")
def shred(*, event: str, subject: str) -> None:
    """After `group.person_taken_off`. Safe to run again."""
    actions.shred(UUID(subject))
