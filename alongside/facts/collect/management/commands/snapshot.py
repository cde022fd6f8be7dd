"""`alongside snapshot`: writes a snapshot now, as of now or of an earlier moment."""

import json
from datetime import datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.clocks import LONDON
from alongside.core.errors import RuleBroken
from alongside.core.rows.realms import Realm, inside
from alongside.facts.collect import actions
from alongside.facts.collect.models import Snapshot


class Command(BaseCommand):
    """Writes a snapshot and says how many rows each file holds."""

    help = "Write a snapshot"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-at", help="a day, whose end is meant, or a moment; now if left out")
        parser.add_argument("--json", action="store_true", help="print the manifest as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        at = timezone.now()
        as_at = min(moment(options["as_at"]), at) if options["as_at"] else at
        tell = (lambda words: None) if options["json"] else self.stdout.write
        try:
            snapshot = self._write(at, as_at, tell)
        except RuleBroken as broken:
            raise CommandError(broken.message) from broken
        said = json.dumps(snapshot.manifest, indent=1) if options["json"] else f"Snapshot {snapshot.code} written."
        self.stdout.write(said)

    def _write(self, at: datetime, as_at: datetime, tell: actions.Tell) -> Snapshot:
        """In one repeatable read: every table shows the same moment."""
        nested = connection.in_atomic_block
        with transaction.atomic():
            if not nested:
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            with inside(Realm.WORKER):
                return actions.write_snapshot(by=SYSTEM_ACTOR, at=at, as_at=as_at, tell=tell)


def moment(text: str) -> datetime:
    """A day's end in London, or a moment, in London where it names no zone."""
    try:
        found, day = parse_datetime(text) if len(text) > len("2026-09-14") else None, parse_date(text[:10])
    except ValueError:
        found, day = None, None
    if day is None:
        raise CommandError(f"“{text}” is not a day or a moment. Write it like 2026-09-30 or 2026-09-30T17:00.")
    found = found or datetime.combine(day, time.max)
    return found if found.tzinfo else found.replace(tzinfo=LONDON)
