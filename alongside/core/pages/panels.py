"""What domains above add to the page of a record of a domain below: a table in the settings says who is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from alongside.core.access.actor import Actor


@dataclass(frozen=True)
class Panel:
    """A few lines under a heading, and where to go for more: words and an address."""

    title: str
    lines: Sequence[str]
    link: tuple[str, str] | None = None
    warn: bool = False


def panels_of(page: str, record: Any, by: Actor, at: datetime) -> list[Panel]:
    """The panels of a record's page, in the order of the table. Who has nothing to say gives None."""
    asked = [import_string(path) for path in import_string(settings.PANELS).get(page, ())]
    return [panel for ask in asked if (panel := ask(record, by=by, at=at))]
