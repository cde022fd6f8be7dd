"""Background work of deliveries: loads what was sent, forgets what is over."""

from django.utils import timezone

from alongside.core.jobs import job
from alongside.support.arrivals.deliveries import actions, queries
from alongside.support.arrivals.deliveries.models import Batch


@job(queries.TASK)
def take_in(*, event: str, subject: str) -> None:
    """Loads one batch. Safe to run again."""
    batch = Batch.objects.filter(pk=subject).first()
    if batch:
        actions.take_in(batch, at=timezone.now())


@job("deliveries.forget", cron="37 * * * *", lock="deliveries.forget")
def forget() -> None:
    """Every hour: calls, tokens, keys and sealed copies whose time is over."""
    actions.forget(at=timezone.now())
    actions.forget_copies(at=timezone.now())


@job("deliveries.look", cron="* * * * *", lock="deliveries.look")
def look() -> None:
    """Every minute: files that lie in the sources' folders."""
    actions.look_into_folders(at=timezone.now())
