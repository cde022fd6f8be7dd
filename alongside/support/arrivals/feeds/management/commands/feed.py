"""`alongside feed load FILE [--source CODE] [--feed CODE] [--json]`: one delivery, whole or not at all, its receipt."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.privacy import crypt
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.office.organisations.models import Organisation
from alongside.support.arrivals.feeds import actions, queries
from alongside.support.arrivals.feeds.reading import FeedRefused


class Command(BaseCommand):
    """Loads a police feed file."""

    help = "Load a police feed file"
    requires_system_checks: Any = []

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        load = verbs.add_parser("load", help="load one file and print its receipt")
        load.add_argument("file", type=Path)
        load.add_argument("--source", help="code of the force that sent it; needed where there are several")
        load.add_argument("--feed", default="", help="code of one of its feeds, where it has more than its first")
        load.add_argument("--json", action="store_true", help="print the receipt as JSON")

    def handle(self, *args: Any, file: Path, source: str | None, feed: str = "", **options: Any) -> None:
        crypt.ring()
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        try:
            with transaction.atomic(), inside(Realm.WORKER):
                delivery = actions.load(file, source=_source(source), feed=feed, by=SYSTEM_ACTOR, at=timezone.now())
                receipt = queries.receipt(delivery)
        except FeedRefused as refused:
            self._refuse(file, refused, as_json=options["json"])
            return
        self.stdout.write(json.dumps(receipt) if options["json"] else _in_words(receipt))

    def _refuse(self, file: Path, refused: FeedRefused, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"file": file.name, "refused": refused.reason_code, "words": refused.words}))
        raise CommandError(f"{file.name} is refused, and nothing has changed. {refused.words}")


def _source(code: str | None) -> Organisation:
    forces = Organisation.objects.filter(kind=Organisation.Kind.FORCE, until=None).order_by("code")
    found = list(forces.filter(code=code) if code else forces[:2])
    if len(found) != 1:
        known = ", ".join(forces.values_list("code", flat=True)) or "none yet"
        raise CommandError(f"Say which force sent it: --source CODE. Forces: {known}.")
    return found[0]


def _in_words(receipt: dict[str, Any]) -> str:
    lines = [f"{receipt['file']} ({receipt['charset']}, sha256 {receipt['sha256']})"]
    lines += [f"  read as    {receipt['source']}, version {receipt['version']}"] if receipt["version"] else []
    lines += [f"  sent       {receipt['sent']}"]
    lines += [f"  {name:10} {receipt[name]}" for name in ("accepted", "duplicate")]
    for name in ("held", "rejected", "warnings"):
        lines += [f"  {name:10} {count}  {reason}" for reason, count in receipt[name].items()]
    return "\n".join(lines)
