"""Work of the rulebook that no person starts."""

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.foundation.office.rulebook import actions


def load() -> None:
    """The books that ship with the product, after a migration."""
    actions.load_books(by=SYSTEM_ACTOR, at=timezone.now())
