"""Background work of transfers."""

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.support.cases.transfers import actions
from alongside.support.cases.transfers.models import Transfer


@job("transfers.settle")
def settle(*, event: str, subject: str) -> None:
    """After a transfer was accepted or declined. Safe to run again."""
    for transfer in Transfer.objects.filter(pk=subject):
        actions.settle(transfer, by=SYSTEM_ACTOR, at=timezone.now())


@job("transfers.tell")
def tell(*, event: str, subject: str) -> None:
    """After `transfer.offered`: whoever answers is told that something waits."""
    for transfer in Transfer.objects.filter(pk=subject):
        actions.tell(transfer, by=SYSTEM_ACTOR, at=timezone.now())
