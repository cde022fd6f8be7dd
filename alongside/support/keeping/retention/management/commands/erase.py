"""Erases what is past its time, as every night does; or with --dry-run says what that would be."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.clocks import london_date
from alongside.core.rows.realms import Realm, inside
from alongside.support.keeping.retention import actions, queries


class Command(BaseCommand):
    """Counts by class; never who."""

    help = "Erase what is past its time, or count it with --dry-run"
    requires_system_checks: Any = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="change nothing; say how many of each class")
        parser.add_argument("--at-most", type=int, help="so many records, whatever the rulebook's limit for a night is")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, dry_run: bool, at_most: int | None, **options: Any) -> None:
        with transaction.atomic(), inside(Realm.WORKER):
            found = self._reckon() if dry_run else self._erase(at_most)
        if options["json"]:
            self.stdout.write(json.dumps(found))
            return
        for what, counts in found.items():
            said = (
                ", ".join(f"{code} {count}" for code, count in counts.items()) if isinstance(counts, dict) else counts
            )
            self.stdout.write(f"{what.replace('_', ' ')}: {said or 'none'}")

    def _reckon(self) -> dict[str, Any]:
        return queries.reckon(london_date(timezone.now())).as_json()

    def _erase(self, at_most: int | None) -> dict[str, Any]:
        night = actions.erase_night(by=SYSTEM_ACTOR, at=timezone.now(), at_most=at_most)
        return {"erased": night.erased, "waiting": night.waiting, "within_30_days": night.soon, "kept": night.kept}
