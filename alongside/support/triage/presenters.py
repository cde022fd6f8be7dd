"""Words and colours of the queue."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.foundation.accounts.permissions import Permission as P
from alongside.support.referrals import rules
from alongside.support.referrals.models import Referral
from alongside.support.referrals.presenters import CLOCK_COLOURS, STATES, Clock, Tag, news, tags
from alongside.support.triage.models import SavedView
from alongside.support.triage.queue import COUNT_UP_TO, Words

FIRST = (
    ("to_do", "To do"), ("mine", "Mine"), ("not_taken", "Not taken"), ("high_risk", "High risk"), ("late", "Late"),
    ("due_today", "Due today"), ("calls_due", "Calls due"), ("added", "New from victims"),
)  # fmt: skip
MORE = (
    ("returned", "Returned"), ("offered", "Waiting for an answer"), ("third_party", "From reporting centres"),
    ("accepted", "With a provider"), ("closed", "Closed"), ("all", "All"),
)  # fmt: skip
VIEWS = dict((*FIRST, *MORE))
HELD = "held"
FLAGS_SHOWN = 3


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


def clock(referral: Referral, at: datetime) -> Clock | None:
    """The clock that runs on a referral, or none."""
    running = rules.open_clock(
        referral.state, attempted=referral.first_attempt_at is not None,
        offered=referral.first_offer_at is not None, attempt_due=referral.attempt_due_at,
        offer_due=referral.offer_due_at,
    )  # fmt: skip
    if running is None:
        return None
    what, due = running
    state = clocks.state(due, at)
    return Clock(what, rules.clock_word(state, rules.days_to(due, at)), CLOCK_COLOURS[state], due)


def row(referral: Referral, words: Words, at: datetime) -> Row:
    """One line of the queue."""
    crime = words.crimes.get(referral.crime_type, referral.crime_type)
    found = (*news(words.news.get(referral.pk, "")), *tags(referral, words.markers))
    flags = tuple(tag for tag in found if tag["word"] != crime)  # which stands above them
    return Row(
        pk=referral.pk, reference=referral.reference, name=referral.victim.full_name,
        crime=crime, tags=flags[:FLAGS_SHOWN], more_tags=len(flags[FLAGS_SHOWN:]), state=STATES[referral.state],
        place=words.councils.get(referral.council, "Not known"), source=referral.get_source_display(),
        received=f"{clocks.london_date(referral.received_at):%-d %b %Y}", clock=clock(referral, at),
        call=words.calls.get(referral.pk, ""),
        contact=words.people.get(referral.worker) or words.duty, taken=referral.worker is not None,
        open=referral.state in rules.TO_DO,
    )  # fmt: skip


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

    held = Tab(HELD, "Held rows", count(counts.get(HELD)), reverse("feeds:held"), current=False)
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
