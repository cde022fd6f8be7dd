"""Cards beside a record on its own page, made by domains above the one whose page it is, which may not import them.

The table of settings.BESIDE says who is asked; each answers with cards for the reader, or with none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Model
from django.utils.module_loading import import_string

from alongside.core.access.actor import Actor


@dataclass(frozen=True)
class Card:
    """One card: where it stands (top, main or aside), its template with what that reads, and for the log of looks
    whose records it shows and which fields of them."""

    place: str
    template: str
    words: Mapping[str, Any] = field(default_factory=dict)
    looks: tuple[UUID, ...] = ()
    fields: str = ""


def lines(title: str, said: Sequence[str], *, link: tuple[str, str] | None = None, warn: bool = False) -> Card:
    """A card of a few lines in the middle of the page, with where to go for more: words and an address."""
    words = {"title": title, "lines": said, "link": link, "warn": warn}
    return Card("main", "core/card_lines.html", words)


def cards(kind: str, record: Model, *, by: Actor, at: datetime) -> dict[str, list[Card]]:
    """The cards beside a record, by where they stand, in the order of the table."""
    table: Mapping[str, tuple[str, ...]] = import_string(settings.BESIDE)
    found: dict[str, list[Card]] = {"top": [], "main": [], "aside": []}
    for path in table.get(kind, ()):
        for card in import_string(path)(record, by=by, at=at):
            found[card.place].append(card)
    return found


def shown(found: Mapping[str, Iterable[Card]]) -> list[UUID]:
    """Whose records the cards show: for the log of looks."""
    return [key for cards in found.values() for card in cards for key in card.looks]


def fields(found: Mapping[str, Iterable[Card]]) -> str:
    """What of those records the cards show: for the same log."""
    return " ".join(sorted({card.fields for cards in found.values() for card in cards if card.fields}))
