"""`alongside folders look` and `alongside folders open NAME KEY`: the sources' folders, by hand."""

import sys
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from alongside.core import events
from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.privacy import crypt
from alongside.core.rows.realms import Realm, inside
from alongside.support.arrivals.deliveries import actions, folders


class Command(BaseCommand):
    """Looks into the folders now, or writes a sealed copy out for whoever must see why a file was refused."""

    help = "Look into the sources' folders, or open a sealed copy of what was taken"
    requires_system_checks: Any = []

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("look", help="take what lies still, as the worker does every minute")
        opened = verbs.add_parser("open", help="write out a sealed copy; that it was opened is logged")
        opened.add_argument("folder", help="the folder's name, which is the source's code")
        opened.add_argument("key", type=UUID, help="the copy's key, which is the name of its file")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        crypt.ring()
        if verb == "look":
            with transaction.atomic(), inside(Realm.WORKER):
                taken = actions.look_into_folders(at=timezone.now())
            self.stdout.write(f"{taken} taken")
            return
        self._open(options["folder"], options["key"])

    def _open(self, name: str, key: UUID) -> None:
        with transaction.atomic(), inside(Realm.WORKER):
            events.record("folder.copy_opened", key, by=SYSTEM_ACTOR, at=timezone.now(), folder=name)
        try:
            with folders.ours(settings.FOLDERS, name, folders.KEPT) as kept:
                for chunk in folders.unseal(kept, key):
                    sys.stdout.buffer.write(chunk)
        except (FileNotFoundError, folders.FolderGone, crypt.SealBroken) as error:
            raise CommandError("There is no such copy here that opens under the key ring.") from error
