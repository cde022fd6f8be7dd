"""Writes docs/generated from the code, or with --check says which are stale."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from alongside.config.house.generated import DOCUMENTS, FOLDER, stale


class Command(BaseCommand):
    """Writes docs/generated."""

    help = "Write docs/generated, or check it with --check"
    requires_system_checks: Any = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail when a document is stale")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            if found := stale():
                raise CommandError(f"Stale: {', '.join(found)}. Run `make docs` and commit what changed.")
            self.stdout.write("Generated documents are fresh.")
            return
        FOLDER.mkdir(parents=True, exist_ok=True)
        for name, write in DOCUMENTS.items():
            (FOLDER / name).write_text(write(), encoding="utf-8")
        self.stdout.write(f"Wrote {len(DOCUMENTS)} documents.")
