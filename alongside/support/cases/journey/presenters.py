"""Words of the victim's own page, for whoever opens it and for those who work on the case."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.pages.beside import Card, Said, Tab
from alongside.core.pages.filters import date_words, datetime_words, time_words
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.cases.agenda.rules import Kind, Lane
from alongside.support.cases.casework.models import Case
from alongside.support.cases.journey import queries, rules
from alongside.support.cases.journey.models import Key, Page, Voice
from alongside.support.cases.outcomes.presenters import OwnLine, own_line

STANDING = {
    "WAITING": "You are on our list, and we have not forgotten you.",
    "OPEN": "We are in touch with you.",
    "CLOSED": "We have finished for now.",
}
WAYS = {"phone": "by phone", "video": "by video", "in_person": "in person", "text": "by text"}
MOVED = "moved to another day"


@dataclass(frozen=True)
class Shown:
    """A page as whoever opens it reads it. `title`: what a decoy is about."""

    standing: str
    title: str = ""
    words: str = ""
    dates: tuple[str, ...] = ()
    who: str = ""
    phone: str = ""
    hours: str = ""
    plan: tuple[tuple[str, tuple[str, ...]], ...] = ()
    moved: tuple[OwnLine, ...] = ()
    way: tuple[tuple[str, tuple[str, ...]], ...] = ()
    rights: tuple[tuple[str, str], ...] = ()
    list: tuple[str, ...] = ()


def shown(said: Mapping[str, Any], at: datetime) -> Shown:
    """What was written, in words, as of now."""
    if said.get("decoy"):
        dates = tuple(f"{_day(date.fromisoformat(one['on']))}: {one['words']}" for one in said["dates"])
        return Shown(said["standing"], said["title"], dates=dates, who=said["who"], list=tuple(said["list"]))
    people = said.get("people", {})
    name, phone, today = people.get("name", ""), people.get("phone", ""), london_date(at)
    return Shown(
        standing=STANDING.get(said.get("state", ""), STANDING["OPEN"]), words=said.get("words", ""),
        dates=tuple(_when(one) for one in rules.coming(said.get("dates", ()), at)),
        who=f"You can ask for {name}." if name else "", phone=phone, hours=people.get("hours", ""),
        plan=tuple((goal["goal"], tuple(_step(step) for step in goal["steps"])) for goal in said.get("plan", ())),
        moved=tuple(own_line(**one) for one in said.get("moved", ())),
        way=tuple((one["part"], tuple(_stage(stage, today) for stage in one["stages"])) for one in said.get("way", ())),
        rights=tuple((one["title"], one["words"]) for one in said.get("rights", ())),
    )  # fmt: skip


def _day(day: date | datetime) -> str:
    return f"{london_date(day):%A} {date_words(day)}"


def _when(one: Mapping[str, str]) -> str:
    at = datetime.fromisoformat(one["at"])
    way = WAYS.get(one["way"], "")
    return f"{_day(at)} at {time_words(at)}{f', {way}' if way else ''}"


def _step(step: Mapping[str, str]) -> str:
    by = f", by {date_words(date.fromisoformat(step['by']))}" if step["by"] else ""
    return f"{step['what']}{by}"


def _stage(stage: Mapping[str, str], today: date) -> str:
    """A step with its day. A set day that has passed is not said to be coming: what came of it is not known yet."""
    on = date.fromisoformat(stage["on"])
    coming = f"{'set' if on >= today else 'was set'} for {date_words(on)}"
    state = {"next": coming, "moved": MOVED}.get(stage["state"], date_words(on))
    return f"{stage['words']} ({state})"


# For those who work on the case.


def works(by: Actor) -> bool:
    return by.realm == Realm.PROVIDER and by.may(P.CASE_WORK)


def tabs(case: Case, *, by: Actor) -> tuple[Tab, ...]:
    return (Tab("Their own page", "journey", "journey:page"),) if works(by) else ()


SAID = {"words": "said something", "ask": "asked for something else", "contact": "changed what is safe",
        "stop": "asked us to stop"}  # fmt: skip


def _told(words: str, colour: str = "") -> Said:
    return Said(lambda details, titles: words, "contact", "journey:page", colour)


TOLD: Mapping[str, Said] = {
    "journey.set_up": _told("What their own page shows was chosen"),
    "journey.turned_on": _told("Their own page was turned on"),
    "journey.turned_off": _told("Their own page was turned off"),
    "journey.phrase_given": _told("New words for their own page were given"),
    "journey.ways_stopped": _told("A way to open their own page was stopped"),
    "journey.link_sent": _told("A link to their own page was asked for"),
    "journey.ended": _told("Their own page ended"),
    "journey.heeded": _told("That the other page was opened was thought about"),
    "journey.read": _told("What they said on their own page was read"),
    "journey.warned": _told("Somebody opened their other page: a sign of risk", "red"),
    "journey.told": Said(
        lambda details, titles: f"On their own page they {SAID.get(details.get('kind', ''), 'said something')}",
        "contact", "journey:page",
    ),
}  # fmt: skip
DUE: Mapping[str, Kind] = {
    "journey.said": Kind(
        lambda details, titles: f"On their own page they {SAID.get(details.get('kind', ''), 'said something')}",
        "journey:page", group="replies",
    ),
    "journey.decoy": Kind(
        lambda details, titles: "Somebody opened their other page: are they safe?", "journey:page", group="risk"
    ),
    "journey.complaint": Kind(
        lambda details, titles: "A complaint", "journey:voice", group="replies", of="about",
        lane=Lane.MANAGER, apart=True,
    ),
}  # fmt: skip


def beside_case(case: Case, *, by: Actor, at: datetime) -> Iterable[Card]:
    """Whether there is a page, when it was opened, and what waits to be read. Nothing of what was said."""
    if not works(by):
        return
    page = queries.page_of(case)
    closed = case.state == Case.State.CLOSED
    words = {
        "lines": _lines(page, closed=closed), "page": page, "new": queries.unread(case),
        "closed": closed, "may_ask": closed and not queries.not_asked(case, london_date(at)),
    }  # fmt: skip
    yield Card("main", "journey/parts/case.html", words)


def _lines(page: Page | None, *, closed: bool) -> list[str]:
    if page is None or page.state != Page.State.ON:
        return ["It ended with the case." if closed and page else "It is not turned on."]
    opened = f"Last opened on {datetime_words(page.opened_at)}." if page.opened_at else "Nobody has opened it yet."
    warned = f"The other page was opened on {datetime_words(page.decoy_opened_at)}." if page.warns else ""
    return [line for line in (f"Turned on since {date_words(page.turned_on_at)}.", opened, warned) if line]


BRIEF = {"people": "who is alongside", "dates": "what comes next", "plan": "their plan", "way": "where the case stands",
         "rights": "their rights"}  # fmt: skip


def parts_words(page: Page | None) -> str:
    """Which parts are shown, in a line."""
    said = ", ".join(BRIEF[part] for part in page.parts) if page else ""
    return f"Where things stand, {said}" if said else "Only where things stand"


@dataclass(frozen=True)
class Standing:
    """The ways that open a page now: words for each, and the kind that stops it."""

    kind: str
    words: str


def ways(keys: Mapping[str, Key]) -> list[Standing]:
    said = {
        Key.Kind.PHRASE: "Four words, given on {}", Key.Kind.DECOY: "Four words for the other page, given on {}",
        Key.Kind.LINK: "A link that opens once, asked for on {}",
    }  # fmt: skip
    return [
        Standing(kind, words.format(datetime_words(keys[kind].given_at))) for kind, words in said.items()
        if kind in keys
    ]  # fmt: skip


@dataclass(frozen=True)
class Row:
    """Something that came for whoever manages the service."""

    voice: Voice
    words: str
    state: str
    colour: str


def rows(voices: Sequence[Voice], at: datetime) -> list[Row]:
    return [Row(one, one.get_kind_display(), *_state(one, at)) for one in voices]


def _state(voice: Voice, at: datetime) -> tuple[str, str]:
    if voice.settled_at:
        return "Settled", "grey"
    late = voice.due_at is not None and voice.due_at < at
    return ("Late", "red") if late else ("New", "blue")
