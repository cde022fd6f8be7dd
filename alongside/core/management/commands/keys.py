"""The key ring: make one, rotate it, re-seal every person's key under the current master."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from alongside.core.models import PersonKey
from alongside.core.privacy import crypt


class Command(BaseCommand):
    """new: a ring where there is none. rotate: a fresh master key. reseal: every person key under it."""

    help = "Make or rotate the key ring"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["new", "rotate", "reseal"])

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        if settings.KEY_RING:
            raise CommandError("The key ring comes from ALONGSIDE_KEY_RING: change it where that is kept.")
        path = Path(settings.KEY_RING_FILE)
        {"new": self._new, "rotate": self._rotate, "reseal": self._reseal}[what](path)

    def _new(self, path: Path) -> None:
        if path.exists():
            raise CommandError("There is a key ring already; `keys rotate` adds a key to it.")
        write_ring(path, crypt.new_ring())
        self.stdout.write(f"Key ring written to {path.name}. Copy it somewhere safe: without it nothing opens.")

    def _rotate(self, path: Path) -> None:
        write_ring(path, crypt.new_ring(crypt.ring()))
        crypt.ring.cache_clear()
        self.stdout.write("A fresh key is current. Run `alongside keys reseal`, then copy the ring somewhere safe.")

    def _reseal(self, path: Path) -> None:
        self.stdout.write(f"{reseal()} person keys sealed under the current key.")


def write_ring(path: Path, text: str) -> None:
    """Writes the ring so that its owner alone can read it, in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.touch(mode=0o600)
    new.write_text(text)
    new.replace(path)


def reseal() -> int:
    """Seals every person's key under the current master. Returns how many were changed."""
    stale = PersonKey.objects.exclude(master=crypt.ring().current)
    changed = 0
    for row in stale.iterator(chunk_size=2000):
        key = crypt.unwrap(row.person_id, row.master, bytes(row.wrapped))
        with transaction.atomic():
            row.master, row.wrapped = crypt.wrap(row.person_id, key)
            row.save(update_fields=["master", "wrapped"])
        changed += 1
    return changed
