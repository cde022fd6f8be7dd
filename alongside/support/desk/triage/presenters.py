"""Words and colours of the queue."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.core.pages.filters import date_words, plural
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.arrivals.callbacks.models import CallBack
from alongside.support.arrivals.clocks.rules import ANSWER, ATTEMPT, OFFER, Line, by_when, said
from alongside.support.arrivals.referrals import rules
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.referrals.presenters import STATES, Tag, news, tags
from alongside.support.desk.triage.models import Batch, SavedView
from alongside.support.desk.triage.queries import Done, Load, Wall
from alongside.support.desk.triage.queue import COUNT_UP_TO, Words

FIRST = (
    ("to_do", "To do"), ("mine", "Mine"), ("not_taken", "Not taken"), ("high_risk", "High risk"), ("late", "Late"),
    ("due_today", "Due today"), ("calls_due", "Calls due"), ("added", "New from victims"),
)  # fmt: skip
MORE = (
    ("call_backs", "Asked us to call"), ("cover", "Of people away"), ("returned", "Returned"),
    ("offered", "Waiting for an answer"), ("paused", "Paused"), ("third_party", "From reporting centres"),
    ("accepted", "With a provider"), ("closed", "Closed"), ("all", "All"),
)  # fmt: skip
VIEWS = dict((*FIRST, *MORE))
HELD = "held"
FLAGS_SHOWN = 3
WHAT = {ATTEMPT: "First contact", OFFER: "First offer", ANSWER: "Answer to the offer"}


@dataclass(frozen=True)
class Clock:
    """What is due, in words and a colour, and by when."""

    what: str
    word: str
    colour: str
    by_when: str


@dataclass(frozen=True)
class Row:
    """One referral in the queue."""

    pk: UUID
    reference: str
    name: str
    crime: str
    tags: tuple[Tag, ...]
    more_tags: int
    state: Tag
    place: str
    source: str
    received: str
    clock: Clock | None
    call: str
    contact: str
    taken: bool
    open: bool
    tick: str


def clock(referral: Referral, words: Words, at: datetime) -> Clock | None:
    """The clock that a row shows: that it stands still, that a provider is to answer, or what is due next."""
    stop, answer = words.stops.get(referral.pk), words.answers.get(referral.pk)
    line = Line(ANSWER, answer) if answer else _next(referral)
    if line is None:
        return None
    shown = Line(line.code, line.due, stop=stop if stop and line.code in stop.clocks else None)
    word, colour = said(shown, at)
    return Clock(WHAT[line.code], word, colour, by_when(line))


def _next(referral: Referral) -> Line | None:
    if referral.state not in rules.TO_DO or (referral.first_attempt_at and referral.first_offer_at):
        return None
    tried = referral.first_attempt_at is not None
    return Line(OFFER, referral.offer_due_at) if tried else Line(ATTEMPT, referral.attempt_due_at)


def row(referral: Referral, words: Words, at: datetime) -> Row:
    """One line of the queue."""
    crime = words.crimes.get(referral.crime_type, referral.crime_type)
    asked = _asked(words.call_backs.get(referral.pk), at)
    found = (*news(words.news.get(referral.pk, "")), *asked, *tags(referral, words.markers))
    flags = tuple(tag for tag in found if tag["word"] != crime)  # which stands above them
    return Row(
        pk=referral.pk, reference=referral.reference, name=referral.victim.full_name,
        crime=crime, tags=flags[:FLAGS_SHOWN], more_tags=len(flags[FLAGS_SHOWN:]), state=STATES[referral.state],
        place=words.councils.get(referral.council, "Not known"), source=referral.get_source_display(),
        received=f"{clocks.london_date(referral.received_at):%-d %b %Y}", clock=clock(referral, words, at),
        call=words.calls.get(referral.pk, ""),
        contact=words.people.get(referral.worker) or words.duty, taken=referral.worker is not None,
        open=referral.state in rules.TO_DO,
        tick=f"{referral.pk}:{referral.worker or ''}" if referral.state in rules.WITH_HUB else "",
    )  # fmt: skip


def _asked(call: CallBack | None, at: datetime) -> tuple[Tag, ...]:
    """That somebody asked to be called; a call that was missed, or is late by its clock, stands out."""
    if call is None:
        return ()
    if call.missed:
        return ({"word": f"Missed {plural(call.missed, 'time')}: asked us to call", "colour": "red"},)
    late = call.due_at < at
    return ({"word": "Late: asked us to call" if late else "Asked us to call", "colour": "red" if late else "blue"},)


@dataclass(frozen=True)
class Tab:
    """One view with how many are in it, in words; empty where it is not counted."""

    code: str
    words: str
    count: str
    href: str
    current: bool


@dataclass(frozen=True)
class Tabs:
    """The views in the order of the page: those of every day, one's own and the hub's, and the others."""

    first: tuple[Tab, ...]
    saved: tuple[Tab, ...]
    more: tuple[Tab, ...]

    @property
    def current(self) -> str:
        """The name of the view that is open, where it is folded away."""
        return next((tab.words for tab in self.more if tab.current), "")


def tabs(counts: Mapping[str, int], current: str, saved: Iterable[SavedView], link: Callable[[str], str]) -> Tabs:
    """The views with how many are in each. `link`: the address of a view's page."""

    def made(pairs: Iterable[tuple[str, str]]) -> tuple[Tab, ...]:
        return tuple(
            Tab(code, words, count(counts.get(code)), link(code), code == current) for code, words in pairs
        )  # fmt: skip

    held = Tab(HELD, "Held rows", count(counts.get(HELD)), reverse("mending:held"), current=False)
    return Tabs(made(FIRST), made((str(one.pk), one.name) for one in saved), (*made(MORE), held))


def count(number: int | None) -> str:
    """How many, in words: up to a limit, and empty where nobody counted."""
    if number is None:
        return ""
    return f"{COUNT_UP_TO:,}+" if number > COUNT_UP_TO else f"{number:,}"


def saved(views: Iterable[SavedView], by: Actor) -> list[dict[str, Any]]:
    """Saved views in words, with what this person may do with each."""
    return [
        {
            "pk": one.pk, "name": one.name, "shared": one.shared, "base": VIEWS.get(one.view, one.view),
            "filters": len(one.filters), "mine": one.owner_id == by.user_id,
            "may": one.owner_id == by.user_id or (one.shared and by.may(P.QUEUE_SHARE)),
        }
        for one in views
    ]  # fmt: skip


REFUSED = {
    "meanwhile": "had been taken by somebody else meanwhile", "already": "had been done already",
    "left": "is no longer with the hub", "gone": "is no longer open to you",
    "not_open": "was not given: the record is not open to them. Choose somebody else",
}  # fmt: skip


def load_words(load: Load) -> str:
    """What a colleague has in hand, and whether they are here."""
    words = f"{load.open} open, {load.high_risk} high risk, {plural(load.calls, 'call')} due today"
    if load.away is None:
        return words
    cover = f", {load.cover} covers" if load.cover else ""
    return f"Away until {date_words(load.away.until)}{cover}. {words}"


def colleagues(loads: Iterable[Load], by: Actor) -> list[tuple[str, str]]:
    """Whom referrals can be given to: oneself first; nobody who is away."""
    here = sorted((one for one in loads if one.away is None), key=lambda one: one.user_id != by.user_id)
    return [(str(one.user_id), f"{one.name} (you)" if one.user_id == by.user_id else one.name) for one in here]


def loads(found: Iterable[Load]) -> dict[str, Any]:
    """What each colleague has in hand, as hints of the choice; and who is away and cannot be chosen."""
    found = list(found)
    away = [{"name": one.name, "words": load_words(one)} for one in found if one.away]
    return {"hints": {str(one.user_id): load_words(one) for one in found}, "away": away}


def ticked(rows: Iterable[Referral], found: Iterable[Load]) -> list[dict[str, Any]]:
    """The referrals that were ticked, with whose each is now."""
    names: dict[UUID | None, str] = {one.user_id: one.name for one in found}
    return [
        {
            "reference": row.reference, "name": row.victim.full_name, "high_risk": row.high_risk,
            "tick": f"{row.pk}:{row.worker or ''}",
            "whose": names.get(row.worker, "A colleague") if row.worker else "Nobody’s yet",
        }
        for row in rows
    ]  # fmt: skip


def batch_words(batch: Batch, name: str) -> str:
    """What was done, in one line: 12 allocated to Sam, 1 had been taken by somebody else meanwhile."""
    why = Counter(row["why"] for row in batch.refused)
    number = len(batch.before)
    done = f"{number} allocated to {name}" if batch.worker else f"{number} put back in the pool"
    return ", ".join((done, *(f"{count} {REFUSED[code]}" for code, count in why.items())))


def done(found: Done | None, by: Actor) -> dict[str, Any] | None:
    """The banner of one's last allocation, while it can be taken back."""
    if found is None:
        return None
    to = "you" if found.batch.worker == by.user_id else found.to
    return {
        "pk": found.batch.pk, "words": batch_words(found.batch, to), "until": found.undo_until,
        "some": bool(found.batch.before),
        "refused": [{"reference": reference, "why": REFUSED[code]} for reference, code in found.refused],
    }  # fmt: skip


def undone_words(put: int, left: int) -> str:
    """What came of taking an allocation back."""
    stays = f" {left} stayed as they are: somebody has gone on with them meanwhile." if left else ""
    return f"Taken back: {plural(put, 'referral')} as before.{stays}"


def wall(found: Wall, at: datetime) -> dict[str, Any]:
    """The wallboard in words: what presses first, each with whether it presses."""
    cells = (
        ("High risk, not taken", "high_risk", True), ("Late", "late", True),
        ("Waiting, not taken", "waiting", False), ("Due today", "due_today", False),
        ("Calls due this hour", "calls_now", False), ("Calls missed", "calls_missed", True),
        ("New from victims", "added", False), ("Held rows", "held", False),
        ("Files missing", "missing", True),
    )  # fmt: skip
    return {
        "cells": [{"words": words, "count": count(found.counts[code]), "press": press and found.counts[code] > 0}
                  for words, code, press in cells],
        "oldest": waits(found.oldest, at), "on_duty": found.on_duty or "Nobody", "away": found.away, "at": at,
    }  # fmt: skip


def waits(since: datetime | None, at: datetime) -> str:
    """How long the oldest has waited, as a person in a room would say it."""
    if since is None:
        return "Nobody waits"
    hours = int((at - since).total_seconds() // 3600)
    days = clocks.working_days_between(since, at)
    return plural(days, "working day") if days else plural(hours, "hour") if hours else "Less than an hour"
