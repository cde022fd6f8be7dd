"""Django's checks, then whether every lock of the database holds."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.check import Command as Check
from django.db import connection

from alongside.core.rows.checks import faults


class Command(Check):
    """Says whether every lock holds; fails when one does not."""

    requires_system_checks: Any = []

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if "core_event" not in connection.introspection.table_names():
            self.stdout.write("The database is empty: run `alongside migrate` first. Nothing to check yet.")
            return
        found = faults(login=False)
        if found:
            raise CommandError("A lock is open:\n- " + "\n- ".join(found))
        self.stdout.write("Every lock holds.")
