"""Cards stand beside a record in the order in which their makers are named, and say whose records they show."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db.models import Model
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR, Actor
from alongside.core.models import Denial
from alongside.core.pages import beside
from alongside.core.pages.beside import Card, Said, Tab

LOOKED_AT = uuid4()
TABLE = {
    "denial": (f"{__name__}.first", f"{__name__}.second"),
    "denial.tabs": (f"{__name__}.tabs",),
    "denial.frame": (f"{__name__}.frame",),
    "denial.events": (f"{__name__}.TOLD",),
}
TOLD = {"denial.made": Said(lambda details, titles: f"Denied: {titles('why')[details['why']]}", "moves")}


def first(record: Model, *, by: Actor, at: datetime) -> Iterable[Card]:
    yield Card("aside", "one.html", looks=(LOOKED_AT,), fields="documents")
    yield Card("top", "two.html")


def second(record: Model, *, by: Actor, at: datetime) -> Iterable[Card]:
    yield Card("aside", "three.html", {"words": str(record.pk)})


def tabs(record: Model, *, by: Actor) -> Iterable[Tab]:
    yield Tab("Risk", "risk", "casework:show")
    yield Tab("Money", "money", "casework:plan")


def frame(request: HttpRequest, record: Model, *, tab: str, context: Mapping[str, Any]) -> dict[str, Any]:
    return {"head": f"{tab} {context['shown']}"}


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
    assert asked("other") == {"top": [], "next": [], "main": [], "aside": []}


def test_tabs_of_other_domains_lead_to_pages_of_the_same_record(settings: Any) -> None:
    settings.BESIDE = f"{__name__}.TABLE"
    record = Denial()
    found = beside.tabs("denial", record, by=SYSTEM_ACTOR, current="money")
    assert [(tab["text"], tab["current"]) for tab in found] == [("Risk", False), ("Money", True)]
    assert all(str(record.pk) in tab["href"] for tab in found)
    assert beside.tabs("other", record, by=SYSTEM_ACTOR, current="money") == []


def test_a_page_of_a_record_begins_with_its_head(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.BESIDE = f"{__name__}.TABLE"
    made: list[Any] = []
    monkeypatch.setattr(beside, "render", lambda request, template, context: made.append((template, context)))
    beside.framed(RequestFactory().get("/"), "denial", Denial(), "a/page.html", tab="risk", shown="now")
    assert made == [("a/page.html", {"shown": "now", "head": "risk now"})]


def test_events_are_told_in_the_words_of_their_domain(settings: Any) -> None:
    settings.BESIDE = f"{__name__}.TABLE"
    said = beside.told("denial")["denial.made"]
    assert said.words({"why": "late"}, lambda book: {"late": f"{book} late"}) == "Denied: why late"
    assert beside.told("other") == {}
