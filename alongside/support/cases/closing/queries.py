"""Reads of closing: what a reason asks for, what was tried, what is open, and how it ended before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.pages import beside
from alongside.core.pages.beside import LooseEnd
from alongside.core.privacy import crypt, fields
from alongside.core.rows import ahead
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.cases.casework import queries as casework
from alongside.support.cases.casework.models import Case, Contact, Need
from alongside.support.cases.casework.queries import Wanted as Goal
from alongside.support.cases.casework.rules import TRANSFERRED
from alongside.support.cases.closing import rules
from alongside.support.cases.closing.models import Ending
from alongside.support.cases.closing.rules import Tried, Wanted
from alongside.support.cases.plans import queries as plans

REASONS, SIGNPOSTS, UNMEASURED = "closure_reasons", "closing_signposts", "unmeasured_reasons"


def reasons(on: date) -> tuple[RuleRow, ...]:
    """The reasons for which a provider closes a case, with what each asks for."""
    mine = casework.closure_reasons(on)
    return tuple(row for row in rulebook.current(REASONS, on) if row.code in mine)


def wanted(row: RuleRow) -> Wanted:
    return Wanted(*(int(row.number(name)) for name in ("tries", "tries_ways", "tries_days")))


def tried(case: Case) -> Tried:
    """What was tried since they were last reached, or since the case was accepted."""
    found = Contact.objects.filter(case=case, reached=False).order_by("happened_at")
    if case.last_contact_at:
        found = found.filter(happened_at__gt=case.last_contact_at)
    return Tried(tuple((london_date(at), way) for at, way in found.values_list("happened_at", "channel")))


@dataclass(frozen=True)
class Standing:
    """How a case stands where it is to end."""

    loose: tuple[LooseEnd, ...]
    tried: Tried
    measured: bool
    scored: bool


def standing(case: Case, *, by: Actor, at: datetime) -> Standing:
    return Standing(
        loose=beside.loose_ends("case", case, by=by, at=at), tried=tried(case),
        measured=casework.last_measured(case), scored=plans.scored_at_the_end(case),
    )  # fmt: skip


def answerable(row: RuleRow, found: Standing, today: date) -> tuple[str, ...]:
    """What a manager answers for where the case ends for this reason now."""
    short = rules.too_little(found.tried, wanted(row), today)
    return rules.for_a_manager(found.loose, short, silent=row.flag("silent"))


@dataclass(frozen=True)
class Ended:
    """How a case ended, opened."""

    ending: Ending
    said: str
    own_words: str
    despite: str


def last(case: Case) -> Ended | None:
    found = Ending.objects.filter(case=case).order_by("-ended_at", "-id").first()
    if found is None:
        return None
    crypt.load_keys([case.victim_id])
    return Ended(found, *(fields.read(found, name) for name in ("said", "own_words", "despite")))


@ahead.question
def _before(case: Case, by: Actor) -> QuerySet[Case]:
    held = Case.objects.visible_to(by).filter(victim_id=case.victim_id, provider_id=case.provider_id)
    before: QuerySet[Case] = held.filter(accepted_at__lt=case.accepted_at).exclude(pk=case.pk)
    return before.select_related("service").order_by("-accepted_at", "-id")


def earlier(case: Case, by: Actor) -> tuple[Case, ...]:
    """The cases in which this provider supported the same person before, as far as the reader may see them."""
    return tuple(_before(case, by))


def reads(case: Case, *, by: Actor, at: datetime) -> Iterable[QuerySet[Any]]:
    """What the page of a case asks of this domain: to be read in one with more (`rows.ahead`)."""
    return (_before(case, by),)


def to_carry(case: Case, by: Actor) -> tuple[Goal, ...]:
    """Needs of the case before this one that were not met then and are not in the plan now."""
    last = next(iter(earlier(case, by)), None)
    have = set(Need.objects.filter(case=case).values_list("code", flat=True))
    left = casework.plan(last) if last else ()
    return tuple(one for one in left if one.need.state != Need.State.MET and one.need.code not in have)


def unmeasured(on: date) -> tuple[tuple[str, str], ...]:
    """Why a worker may say that nothing was measured at the end; what a transfer says is its own."""
    return tuple(one for one in rulebook.choices(UNMEASURED, on) if one[0] != TRANSFERRED)


def titles(book: str, on: date) -> Mapping[str, str]:
    return rulebook.titles(book, on)
