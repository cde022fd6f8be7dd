"""Cards stand beside a record in the order in which their makers are named, and say whose records they show."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Model
from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR, Actor
from alongside.core.models import Denial
from alongside.core.pages import beside
from alongside.core.pages.beside import Card

LOOKED_AT = uuid4()
TABLE = {"denial": (f"{__name__}.first", f"{__name__}.second")}


def first(record: Model, *, by: Actor, at: datetime) -> Iterable[Card]:
    yield Card("aside", "one.html", looks=(LOOKED_AT,), fields="documents")
    yield Card("top", "two.html")


def second(record: Model, *, by: Actor, at: datetime) -> Iterable[Card]:
    yield Card("aside", "three.html", {"words": str(record.pk)})


def asked(kind: str) -> dict[str, list[Card]]:
    return beside.cards(kind, Denial(), by=SYSTEM_ACTOR, at=timezone.now())


def test_cards_are_in_their_places_in_order(settings: Any) -> None:
    settings.BESIDE = f"{__name__}.TABLE"
    found = asked("denial")
    assert [card.template for card in found["aside"]] == ["one.html", "three.html"]
    assert [card.template for card in found["top"]] == ["two.html"]
    assert found["main"] == []
    looks: list[UUID] = beside.shown(found)
    assert looks == [LOOKED_AT] and beside.fields(found) == "documents"


def test_nobody_is_asked_about_what_is_not_in_the_table(settings: Any) -> None:
    settings.BESIDE = f"{__name__}.TABLE"
    assert asked("other") == {"top": [], "main": [], "aside": []}
