"""Background work of registrations: one email to whoever wants to hear, and what was sent is erased."""

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.foundation.local.registrations import actions
from alongside.foundation.local.registrations.models import Registration


@job("registrations.settle")
def settle(*, event: str, subject: str) -> None:
    """After `registration.decided`. Safe to run again."""
    for registration in Registration.objects.filter(pk=subject):
        actions.settle(registration, by=SYSTEM_ACTOR, at=timezone.now())
