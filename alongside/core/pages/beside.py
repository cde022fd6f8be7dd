"""What domains add to the pages of a record that is not theirs: cards, tabs, pages under its head, words for its log.

They stand above the domain whose record it is, which may not import them. The table of settings.BESIDE names them:
`case` who makes cards, `case.tabs` who adds tabs, `case.frame` who makes the head, `case.events` words for events,
`case.reads` what will be asked for the cards, `case.closing` what is still open.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.module_loading import import_string

from alongside.core.access.actor import Actor

PLACES = ("top", "next", "main", "aside")


@dataclass(frozen=True)
class Card:
    """One card: where it stands (top, next, main or aside), its template with what that reads, and for the log of looks
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


Titles = Callable[[str], Mapping[str, str]]  # a book of rules → its codes and their titles


@dataclass(frozen=True)
class Moment:
    """A line of a timeline, for `ui.timeline`. `kind`: what it can be narrowed to."""

    title: str
    at: datetime
    by: str
    text: str = ""
    tag: Mapping[str, str] | None = None
    html: str = ""
    links: tuple[dict[str, str], ...] = ()
    written_at: datetime | None = None
    struck: dict[str, Any] | None = None
    kind: str = ""


@dataclass(frozen=True)
class Tab:
    """A page of a record: its words, its key and the name of its address, which takes the record's key. `often`: it is
    gone to every day; the others stand under *More*."""

    text: str
    key: str
    view: str
    often: bool = False


@dataclass(frozen=True)
class Said:
    """An event in words: made of its details (codes alone) and of the titles of the rulebook. `kind`: for filters.
    `view`: where to read more, an address that takes the record's key."""

    words: Callable[[Mapping[str, Any], Titles], str]
    kind: str
    view: str = ""
    colour: str = ""


def known(kind: str, record: Model, *asked: Any) -> list[Any]:
    """What domains above know of a record that its own domain asks about; what none knows is left out."""
    return [found for tell in _named(kind) if (found := tell(record, *asked)) is not None]


class Stops(StrEnum):
    """What a loose end stands in the way of."""

    NOTHING = ""
    PLANNED = "planned"  # an end that counts as planned
    WITHOUT_A_MANAGER = "manager"  # until a manager says why it is right all the same
    EVERYTHING = "everything"


@dataclass(frozen=True)
class LooseEnd:
    """Something that is still open on a record whose work is to end: in words, and where it is seen to. `view`: an
    address that takes the record's key."""

    words: str
    view: str
    stops: Stops = Stops.NOTHING


def loose_ends(kind: str, record: Model, *, by: Actor, at: datetime) -> tuple[LooseEnd, ...]:
    """What is still open on a record, said by the domains that own it, in the order of the table."""
    return tuple(one for make in _named(f"{kind}.closing") for one in make(record, by=by, at=at))


def _named(kind: str) -> Iterable[Any]:
    """What the table names under a kind, in its order."""
    table: Mapping[str, tuple[str, ...]] = import_string(settings.BESIDE)
    return (import_string(path) for path in table.get(kind, ()))


def cards(kind: str, record: Model | UUID | int, *, by: Actor, at: datetime) -> dict[str, list[Card]]:
    """The cards beside a record, or a page about somebody, by where they stand, in the order of the table."""
    found: dict[str, list[Card]] = {place: [] for place in PLACES}
    for make in _named(kind):
        for card in make(record, by=by, at=at):
            found[card.place].append(card)
    return found


def tabs(kind: str, record: Model, *, by: Actor, current: str) -> list[dict[str, Any]]:
    """The further tabs of a record's pages, for `ui.sub_nav`."""
    found: Iterable[Tab] = (tab for make in _named(f"{kind}.tabs") for tab in make(record, by=by))
    return [
        {"text": tab.text, "href": reverse(tab.view, args=[record.pk]), "current": tab.key == current,
         "more": not tab.often} for tab in found
    ]  # fmt: skip


def framed(
    request: HttpRequest, kind: str, record: Model, template: str, *, tab: str, **context: Any
) -> HttpResponse:  # fmt: skip
    """A page of a record under its own head, which its domain makes; the look is logged there."""
    for frame in _named(f"{kind}.frame"):
        context |= frame(request, record, tab=tab, context=context)
    return render(request, template, context)


def moments(of: str, record: Model, /, **asked: Any) -> Iterable[Moment]:
    """What domains keep in words of what happened to a record: each is asked for its latest."""
    return (moment for make in _named(f"{of}.moments") for moment in make(record, **asked))


def reads(of: str, record: Model, *, by: Actor, at: datetime) -> Iterable["QuerySet[Any]"]:
    """What the makers of a record's cards will ask, so that it is read in one (`rows.ahead`)."""
    return (found for make in _named(f"{of}.reads") for found in make(record, by=by, at=at))


def told(kind: str) -> Mapping[str, Said]:
    """Words for the events of a record, by the event's name."""
    return {name: said for table in _named(f"{kind}.events") for name, said in table.items()}


def shown(found: Mapping[str, Iterable[Card]]) -> list[UUID]:
    """Whose records the cards show: for the log of looks."""
    return [key for cards in found.values() for card in cards for key in card.looks]


def fields(found: Mapping[str, Iterable[Card]]) -> str:
    """What of those records the cards show: for the same log."""
    return " ".join(sorted({card.fields for cards in found.values() for card in cards if card.fields}))
