"""The key ring: make one, rotate it, re-seal every key under the current master, retire the masters before it."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Model, QuerySet

from alongside.core.privacy import crypt
from alongside.core.rows.declared import ours


class Command(BaseCommand):
    """new: a ring where there is none. rotate: a fresh master. reseal: every key under it. retire: drop the others."""

    help = "Make or rotate the key ring"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["new", "rotate", "reseal", "retire"])

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        if settings.KEY_RING and what != "reseal":
            raise CommandError("The key ring comes from ALONGSIDE_KEY_RING: change it where that is kept.")
        path = Path(settings.KEY_RING_FILE)
        {"new": self._new, "rotate": self._rotate, "reseal": self._reseal, "retire": self._retire}[what](path)

    def _new(self, path: Path) -> None:
        if path.exists():
            raise CommandError("There is a key ring already; `keys rotate` adds a key to it.")
        write_ring(path, crypt.new_ring())
        self.stdout.write(f"Key ring written to {path.name}. Copy it somewhere safe: without it nothing opens.")

    def _rotate(self, path: Path) -> None:
        write_ring(path, crypt.new_ring(crypt.ring()))
        crypt.ring.cache_clear()
        self.stdout.write(
            "A fresh key is current. Copy the ring somewhere safe, restart `serve` and `worker` so that they hold it, "
            "then run `alongside keys reseal`."
        )

    def _reseal(self, path: Path) -> None:
        self.stdout.write(f"{reseal()} keys sealed under the current one.")

    def _retire(self, path: Path) -> None:
        held = crypt.ring()
        if waiting := stale():
            raise CommandError(
                f"{waiting} keys are still sealed under an earlier one: run `alongside keys reseal` first."
            )
        write_ring(path, crypt.ring_text(held.current, {held.current: held.keys[held.current]}, held.index))
        crypt.ring.cache_clear()
        self.stdout.write(
            f"{len(held.keys) - 1} earlier keys are off the ring. Keep a copy of the ring as it was, apart, for "
            "as long as there are backups from before: they open with it alone."
        )


def write_ring(path: Path, text: str) -> None:
    """Writes the ring so that its owner alone can read it, in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.touch(mode=0o600)
    new.write_text(text)
    new.replace(path)


def wrapping() -> list[tuple[type[Model], str]]:
    """The models that keep a key sealed by a master, with its column; `master` says by which."""
    return [(model, str(vars(model)["wrapped_key"])) for model in ours() if "wrapped_key" in vars(model)]


def _stale(model: type[Model], column: str) -> "QuerySet[Any]":
    """Rows whose key is under an earlier master; one that was destroyed is under none."""
    return model._default_manager.exclude(master=crypt.ring().current).exclude(**{column: b""})


def stale() -> int:
    """How many keys are not under the current master."""
    return sum(_stale(*kept).count() for kept in wrapping())


def reseal() -> int:
    """Seals every key under the current master. Returns how many were changed; safe to stop and run again."""
    return sum(_reseal_rows(*kept) for kept in wrapping())


def _reseal_rows(model: type[Model], column: str) -> int:
    """Changes a row only where it is still as it was read: one erased meanwhile stays erased."""
    changed = 0
    for row in _stale(model, column).iterator(chunk_size=2000):
        was, sealed = row.master, bytes(getattr(row, column))
        master, fresh = crypt.wrap(row.pk, crypt.unwrap(row.pk, was, sealed))
        same = model._default_manager.filter(pk=row.pk, master=was, **{column: sealed})
        changed += same.update(master=master, **{column: fresh})
    return changed
