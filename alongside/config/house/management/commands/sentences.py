"""Writes the sentences of the public pages, for whoever translates them, or with --check says which files are stale."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from alongside.config.house.sentences import documents, stale


class Command(BaseCommand):
    """Writes the template of the catalogues, and brings each catalogue up to it."""

    help = "Write the catalogues of the public pages' sentences, or check them with --check"
    requires_system_checks: Any = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail when a file is stale")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            if found := stale():
                raise CommandError(f"Stale: {', '.join(found)}. Run `alongside sentences` and commit what changed.")
            self.stdout.write("Catalogues are fresh.")
            return
        files = documents()
        for path, text in files.items():
            path.write_text(text, encoding="utf-8")
        self.stdout.write(f"Wrote {len(files)} files.")
