"""Words and colours of the queue."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from alongside.core import clocks
from alongside.support.referrals import rules
from alongside.support.referrals.models import Referral
from alongside.support.referrals.presenters import CLOCK_COLOURS, STATES, Clock, Tag, news, tags
from alongside.support.triage.queue import Words

VIEWS = (
    ("to_do", "To do"), ("high_risk", "High risk"), ("added", "New from victims"), ("calls_due", "Calls due"),
    ("late", "Late"), ("not_taken", "Not taken"), ("mine", "Mine"), ("returned", "Returned"),
    ("offered", "Waiting for an answer"),
    ("accepted", "With a provider"), ("closed", "Closed"), ("all", "All"),
)  # fmt: skip
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


def tabs(counts: Mapping[str, int], current: str, limit: int, links: Mapping[str, str]) -> list[dict[str, Any]]:
    """The saved views with how many are in each."""
    return [
        {"text": f"{words} ({_count(counts[code], limit)})", "href": links[code], "current": code == current}
        for code, words in VIEWS
    ]  # fmt: skip


def _count(number: int, limit: int) -> str:
    return f"{limit:,}+" if number > limit else f"{number:,}"
