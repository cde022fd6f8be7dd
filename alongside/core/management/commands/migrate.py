"""Django's own migrate, then the cache table, every lock, and what the domains ship (`AFTER_MIGRATE`)."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.commands.migrate import Command as Migrate
from django.utils.module_loading import import_string

from alongside.core.rows.sync import sync
from alongside.core.server import alone, refuse_if_unready


class Command(Migrate):
    """Brings the database and its locks up to date."""

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_if_unready()
        with alone():
            self._bring_up(*args, **options)

    def _bring_up(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if options.get("plan") or options.get("check_unapplied"):
            return
        call_command("createcachetable", verbosity=0)
        done = sync()
        if options["verbosity"]:
            self.stdout.write(f"Locks written: {done} statements.")
        for load in settings.AFTER_MIGRATE:
            import_string(load)()
