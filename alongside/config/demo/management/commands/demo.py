"""Makes the demonstration from nothing and serves it on this machine alone."""

import os
import signal
import socket
import subprocess
import sys
import time
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string

from alongside.config.demo import personas
from alongside.config.operations.management.commands.serve import refuse_open_demo, refuse_taken
from alongside.config.running import leave_note
from alongside.core.management.commands.keys import write_ring
from alongside.core.privacy import crypt
from alongside.core.server import alone
from alongside.foundation.office.organisations.actions import load_postcodes
from alongside.foundation.office.organisations.models import Council, Postcode
from alongside.support.arrivals.referrals.models import Referral

WORLD = "alongside.config.demo.world"


class Command(BaseCommand):
    """Key ring, tables, areas, rules, postcodes, a synthetic year; then the worker and the pages."""

    help = "Make the demonstration, then serve it on this machine alone"
    requires_system_checks: Any = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--scale", type=float, default=1)
        parser.add_argument("--make-only", action="store_true", help="make it and stop")

    def handle(self, *args: Any, host: str, port: int, scale: float, make_only: bool, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This command is for the demonstration: run `make demo`.")
        refuse_open_demo(host)
        if not make_only:
            refuse_taken(host, port, "demo")
        with alone():
            self._make(scale)
        connection.close()
        if not make_only:
            self._serve(host, port)

    def _make(self, scale: float) -> None:
        if not settings.KEY_RING and not Path(settings.KEY_RING_FILE).exists():
            self.stdout.write("Making a key ring")
            write_ring(Path(settings.KEY_RING_FILE), crypt.new_ring())
        self.stdout.write("Making the tables and their locks")
        call_command("migrate", verbosity=0)
        personas.ensure()
        self._postcodes()
        self._world(scale)
        call_command("collectstatic", interactive=False, verbosity=0)

    def _postcodes(self) -> None:
        councils = Council.objects.filter(force_id=personas.AREA).values_list("code", flat=True)
        if not Postcode.objects.filter(council__in=list(councils)).exists():
            self.stdout.write("Reading the area's postcodes")
            load_postcodes(list(councils))

    def _world(self, scale: float) -> None:
        if Referral.objects.exists():
            return
        if find_spec(WORLD) is None:
            self.stdout.write("There is no synthetic year to make yet: personas only")
            return
        self.stdout.write("Making a synthetic year (a minute or so)")
        import_string(f"{WORLD}.build")(scale=scale)
        self.stdout.write("Writing its first snapshot")
        call_command("snapshot", stdout=StringIO())
        self.stdout.write("Opening its quarterly returns")
        import_string(f"{WORLD}.returning.answer_all")(at=timezone.now())

    def _serve(self, host: str, port: int) -> None:
        """The worker and the server as children, each with its own login; both end with this process."""
        alongside = [sys.executable, "-m", "alongside.config.cli"]
        here = {"ALONGSIDE_URL": f"http://{host}:{port}"}  # of the links in mail that both send
        worker = subprocess.Popen([*alongside, "worker"], env=here | _login("worker"))
        server = subprocess.Popen([*alongside, "serve", "--host", host, "--port", str(port)], env=here | _login("app"))
        note = leave_note(settings.VAR)
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            if _answers(server, host, port):
                found = f"Open http://{host}:{port}/demo/ to choose who to be. Ctrl+C stops."
                self.stdout.write(self.style.SUCCESS(found))
            if server.wait():
                raise CommandError("The server stopped; what it said is above.")
        except KeyboardInterrupt:
            self.stdout.write("Stopping")
        finally:
            note.unlink(missing_ok=True)
            _end(server, worker)


def _answers(server: "subprocess.Popen[bytes]", host: str, port: int) -> bool:
    """Waits until the server takes connections, or has stopped."""
    while server.poll() is None:
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return True
    return False


def _login(name: str) -> dict[str, str]:
    return {**os.environ, "ALONGSIDE_LOGIN": name, "ALONGSIDE_DEMO": "1"}


def _end(*children: "subprocess.Popen[bytes]") -> None:
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(timeout=15)
        except subprocess.TimeoutExpired:
            child.kill()
