"""Writes a backup of the database with a manifest of every table's rows and hash."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from alongside.config.house.backups import BackupFailed, backup


class Command(BaseCommand):
    """Writes a backup."""

    help = "Write a backup of the database"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=Path(settings.VAR) / "backups")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            made = backup(folder)
        except BackupFailed as failure:
            raise CommandError(str(failure)) from failure
        self.stdout.write(f"Backup {made.name} written. Keep the key ring elsewhere: without it nothing sealed opens.")
