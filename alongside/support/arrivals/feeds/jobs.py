"""Background work of feeds: loads what was uploaded, forgets kept rows whose time is over."""

import time

from django.utils import timezone

from alongside.core.jobs import job
from alongside.support.arrivals.feeds import actions, queries
from alongside.support.arrivals.feeds.models import Upload


@job(queries.TASK)
def take_in(*, event: str, subject: str) -> None:
    """Loads one uploaded file. Safe to run again."""
    upload = Upload.objects.filter(pk=subject).first()
    if upload:
        actions.take_in(upload, at=timezone.now())


@job("feeds.forget", cron="20 2 * * *", lock="feeds.forget")
def forget() -> None:
    """Every night: kept rows whose time is over, and files that nobody loaded."""
    actions.forget(at=timezone.now())
    actions.clear_spool(now=time.time())
