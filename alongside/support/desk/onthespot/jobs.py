"""Background work of events: opening what phones sent, and destroying keys that nothing needs any more."""

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.support.desk.onthespot import actions
from alongside.support.desk.onthespot.models import Entry


@job("onthespot.open")
def open_(*, event: str, subject: str) -> None:
    """Safe to run again: what is opened is opened."""
    entry = Entry.objects.filter(pk=subject).first()
    if entry is not None:
        actions.open_(entry, by=SYSTEM_ACTOR, at=timezone.now())


@job("onthespot.forget_keys", cron="45 3 * * *", lock="onthespot.forget_keys")
def forget_keys() -> None:
    actions.forget_keys(by=SYSTEM_ACTOR, at=timezone.now())
