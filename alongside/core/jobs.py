"""Jobs on Procrastinate: after commit, at least once, in the worker's realm; parked after five failures.

Arguments are ids and codes alone. A job is thin, idempotent and calls one action.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import close_old_connections, connection, transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from alongside.core.memory import remembering
from alongside.core.pages import drafts
from alongside.core.privacy import crypt
from alongside.core.rows import records
from alongside.core.rows.realms import Realm, inside

ATTEMPTS = 5
QUEUE = "alongside"


def job(name: str, *, cron: str | None = None, lock: str | None = None) -> Callable[[Callable[..., None]], Any]:
    """Registers a job. `cron` makes it periodic (five fields, UTC); `lock` lets one run at a time."""

    def register(work: Callable[..., None]) -> Any:
        @wraps(work)
        def run(**words: object) -> None:
            words.pop("timestamp", None)
            if not connection.in_atomic_block:
                close_old_connections()
            crypt.forget()
            with remembering(), transaction.atomic(), inside(Realm.WORKER):
                work(**words)

        retry = RetryStrategy(max_attempts=ATTEMPTS - 1, exponential_wait=3)
        waiting = lock if cron else None  # a periodic job waits once; an event's job is never refused
        task = app.task(name=name, queue=QUEUE, retry=retry, lock=lock, queueing_lock=waiting)(run)
        if cron:
            app.periodic(cron=cron)(task)  # type: ignore[arg-type]
        return task

    return register


@job("core.expire_grants", cron="7 * * * *", lock="core.expire_grants")
def expire_grants() -> None:
    """Closes records to organisations whose grant has run out."""
    records.expire()


@job("core.forget_drafts", cron="23 3 * * *", lock="core.forget_drafts")
def forget_drafts() -> None:
    """Forgets drafts a week after they were last written."""
    drafts.forget_past(timezone.now())
