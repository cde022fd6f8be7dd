"""Restores a backup into a new database, or drills a restore and proves the copy."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from alongside.config.house import backups


class Command(BaseCommand):
    """Restores, or with --drill proves that a restore would work."""

    help = "Restore a backup into a new database, or --drill"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", nargs="?", type=Path, help="the folder of one backup")
        parser.add_argument("--into", help="the name of the database to make")
        parser.add_argument("--drill", action="store_true", help="back up, restore beside, compare, drop the copy")

    def handle(self, *args: Any, source: Path | None, into: str | None, drill: bool, **options: Any) -> None:
        if not drill and not (source and into):
            raise CommandError("Give the backup's folder and --into NAME, or --drill.")
        try:
            proof = self._prove(source, into, drill=drill)
        except backups.BackupFailed as failure:
            raise CommandError(str(failure)) from failure
        same = f"{proof.tables} tables and {proof.rows} rows are the same"
        self.stdout.write(f"Proved: {same}, in {proof.seconds:.1f} s.")

    def _prove(self, source: Path | None, into: str | None, *, drill: bool) -> backups.Proof:
        if drill:
            return backups.drill(Path(settings.VAR) / "backups")
        return backups.restore(source or Path(), into or "")
