"""Jobs on Procrastinate: after commit, at least once, in the worker's realm; parked after five failures.

Arguments are ids and codes alone. A job is thin, idempotent and calls one action. One that asks other people's servers
waits in a queue of its own, and holds neither a transaction nor a connection meanwhile.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.db import close_old_connections, connection, transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from alongside.core.memory import remembering
from alongside.core.pages import drafts, taken
from alongside.core.privacy import crypt
from alongside.core.rows import records
from alongside.core.rows.realms import Realm, inside

ATTEMPTS = 5
AFTER_ALL_ELSE = -1  # the priority of what is due once a day or less: nobody waits for it, and it may come at any hour
QUEUE, SLOW_QUEUE = "alongside", "outside"


@contextmanager
def brief() -> Iterator[None]:
    """A short transaction of a job that is `apart`; afterwards the connection is given back."""
    with remembering(), transaction.atomic(), inside(Realm.WORKER):
        yield
    if not connection.in_atomic_block:
        connection.close()


@contextmanager
def _still() -> Iterator[None]:
    """A transaction in which every statement sees the moment of the first."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _priority(cron: str | None) -> int:
    """What is due at one hour of the day runs after what somebody waits for: a machine that was off owes many."""
    return AFTER_ALL_ELSE if cron and cron.split()[1] != "*" else 0


def job(
    name: str, *, cron: str | None = None, lock: str | None = None, apart: bool = False, still: bool = False
) -> Callable[[Callable[..., None]], Any]:
    """Registers a job. `cron` makes it periodic (five fields, UTC): one whose time passed while no worker ran is run
    once, soon after one starts. `lock` lets one run at a time. `apart`: it waits for other people's servers, so that
    it opens each transaction itself with `brief` and keeps nobody else waiting. `still`: all that it reads is of one
    moment."""

    def register(work: Callable[..., None]) -> Any:
        @wraps(work)
        def run(**words: object) -> None:
            words.pop("timestamp", None)
            if not connection.in_atomic_block:
                close_old_connections()
            crypt.forget()
            if apart:
                work(**words)
                return
            begin = _still if still and not connection.in_atomic_block else transaction.atomic
            with remembering(), begin(), inside(Realm.WORKER):
                work(**words)

        retry = RetryStrategy(max_attempts=ATTEMPTS - 1, exponential_wait=3)
        waiting = lock if cron else None  # a periodic job waits once; an event's job is never refused
        queue = SLOW_QUEUE if apart else QUEUE
        task = app.task(
            name=name, queue=queue, retry=retry, lock=lock, queueing_lock=waiting, priority=_priority(cron)
        )(run)
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
    """Forgets drafts a week after they were last written, and what devices sent a while ago."""
    drafts.forget_past(timezone.now())
    taken.forget_past()
