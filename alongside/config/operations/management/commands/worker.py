"""Runs the jobs, logged in as the worker. A periodic job is started by whichever worker sees it due."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from procrastinate.contrib.django import app

from alongside.core.jobs import QUEUE
from alongside.core.privacy import crypt


def run(*, wait: bool = True, concurrency: int = 1) -> None:
    """Runs jobs until told to stop, or until none is left.

    The queue is watched over its own connection; a job defers others over Django's, in the job's transaction.
    """
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    app.with_connector(connector).run_worker(
        queues=[QUEUE, "builtin"], wait=wait, concurrency=concurrency, delete_jobs="successful",
        fetch_job_polling_interval=2.0, shutdown_graceful_timeout=30.0,
    )  # fmt: skip


class Command(BaseCommand):
    """Runs until told to stop."""

    help = "Run the jobs"
    requires_system_checks: Any = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="stop when no job is left")
        parser.add_argument("--concurrency", type=int, default=1)

    def handle(self, *args: Any, once: bool, concurrency: int, **options: Any) -> None:
        crypt.ring()
        run(wait=not once, concurrency=concurrency)
