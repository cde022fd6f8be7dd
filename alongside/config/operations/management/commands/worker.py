"""Runs the jobs, logged in as the worker. A periodic job is started by whichever worker sees it due."""

import asyncio
from typing import Any

import structlog
from asgiref.sync import sync_to_async
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, close_old_connections, connections
from procrastinate.contrib.django import app

from alongside.core.jobs import QUEUE, SLOW_QUEUE
from alongside.core.privacy import crypt, mark
from alongside.core.queue import SILENT, revive
from alongside.core.rows.realms import Realm

log = structlog.get_logger("alongside.worker")


def run(*, wait: bool = True, concurrency: int = 1) -> None:
    """Runs jobs until told to stop, or until none is left."""
    asyncio.run(_run(wait, concurrency))


async def _run(wait: bool, concurrency: int) -> None:
    """The queue is watched over its own connection; a job defers others over Django's, in its transaction."""
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    await sync_to_async(revive)()
    fresh = asyncio.create_task(_keep_fresh())
    try:
        async with app.with_connector(connector).open_async() as watching:
            await _both(watching, wait, concurrency)
    finally:
        fresh.cancel()
        await sync_to_async(connections.close_all)()


async def _both(watching: Any, wait: bool, concurrency: int) -> None:
    """The queue, and beside it the one of jobs that wait for other people's servers: neither waits for the other.

    A sign to stop is heard by the first, which then stops the second; what that was reading is begun anew later.
    """
    how: dict[str, Any] = {
        "wait": wait, "delete_jobs": "successful", "fetch_job_polling_interval": 2.0,
        "shutdown_graceful_timeout": 30.0, "stalled_worker_timeout": SILENT,
    }  # fmt: skip
    slow = asyncio.create_task(
        watching.run_worker_async(queues=[SLOW_QUEUE], concurrency=1, install_signal_handlers=False, **how)
    )
    try:
        await watching.run_worker_async(queues=[QUEUE, "builtin"], concurrency=concurrency, **how)
    finally:
        if wait:
            slow.cancel()
        await asyncio.gather(slow, return_exceptions=True)


async def _keep_fresh() -> None:
    """Drops the connection that defers periodic jobs when the database has gone away and come back; and puts back
    what another worker left when it was killed.
    """
    while True:
        await asyncio.sleep(30)
        await sync_to_async(_look_after)()


def _look_after() -> None:
    close_old_connections()
    try:
        revive()
    except Error:
        log.warning("worker.database_away")


class Command(BaseCommand):
    """Runs until told to stop."""

    help = "Run the jobs"
    requires_system_checks: Any = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="stop when no job is left")
        parser.add_argument("--concurrency", type=int, default=1)

    def handle(self, *args: Any, once: bool, concurrency: int, **options: Any) -> None:
        crypt.ring()
        mark.refuse_if_wrong(Realm.WORKER)
        run(wait=not once, concurrency=concurrency)
