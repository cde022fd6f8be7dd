"""Serves the pages with gunicorn's sync workers. Refuses while a lock is open or the key ring is missing."""

import socket
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from gunicorn.app.wsgiapp import WSGIApplication

from alongside.core.privacy import crypt, mark
from alongside.core.rows.checks import refuse_if_open
from alongside.core.rows.realms import Realm

KEYED = (Realm.HUB, Realm.PROVIDER, Realm.REFERRER, Realm.PUBLIC)
LOOPBACK = ("127.0.0.1", "::1", "localhost")


def words(host: str, port: int, workers: int) -> list[str]:
    """The server's words: sync workers, and no access log, since an address may hold an id."""
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return [
        "alongside", "alongside.config.wsgi:application", "--bind", bind, "--workers", str(workers),
        "--worker-class", "sync", "--timeout", "120", "--log-level", "warning",
    ]  # fmt: skip


def refuse_open_demo(host: str) -> None:
    """The demonstration signs anybody in: it is for this machine alone."""
    if settings.DEMO and host not in LOOPBACK:
        raise CommandError("The demonstration serves this machine alone: use 127.0.0.1.")


def refuse_taken(host: str, port: int, verb: str) -> None:
    """Says that somebody else has the port, before anything is made."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
        if trial.connect_ex((host, port)) == 0:
            raise CommandError(f"Port {port} is taken. Choose another: `alongside {verb} --port {port + 1}`.")


def refuse_other_ring() -> None:
    """Looks at the key ring as one of the realms served here; sign-in and commissioning read no keys."""
    served = [realm for realm in KEYED if realm in settings.REALMS_SERVED]
    if served:
        mark.refuse_if_wrong(served[0])


class Command(BaseCommand):
    """Refuses, or becomes the server."""

    help = "Serve the pages"
    requires_system_checks: Any = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2)

    def handle(self, *args: Any, host: str, port: int, workers: int, **options: Any) -> None:
        refuse_open_demo(host)
        refuse_taken(host, port, "serve")
        crypt.ring()
        refuse_if_open()
        refuse_other_ring()
        connection.close()
        sys.argv = words(host, port, workers)
        WSGIApplication("%(prog)s [OPTIONS]").run()
