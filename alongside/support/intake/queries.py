"""Reads for intake: the word list, who serves a place, words of the rulebook, and a referrer's own referrals."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from importlib import resources
from uuid import UUID

from django.db.models import QuerySet

from alongside.core.access.actor import Actor
from alongside.core.pages.steps import Answers
from alongside.foundation.directory import queries as directory
from alongside.foundation.organisations import queries as organisations
from alongside.foundation.organisations.models import Council, Organisation
from alongside.foundation.rulebook import queries as rulebook
from alongside.foundation.rulebook.rules import RuleRow
from alongside.support.intake import rules
from alongside.support.referrals.models import Standing, Ticket
from alongside.support.referrals.rules import as_typed, tidy_reference
from alongside.support.victims import queries as victims

Choices = tuple[tuple[str, str], ...]


@lru_cache(maxsize=1)
def words() -> tuple[str, ...]:
    """The words that phrases are made of: plain, neutral, and no two alike."""
    return tuple((resources.files("alongside.support.intake") / "data" / "words.txt").read_text("utf-8").split())


def hub_of(council: str) -> Organisation | None:
    """The hub that serves a council's area, if one does here."""
    found = Council.objects.filter(pk=council).first()
    return organisations.hub_for_force(found.force_id) if found else None


def councils_served() -> Choices:
    """Codes and names of the councils that a hub here serves."""
    hubs = Organisation.objects.filter(kind=Organisation.Kind.HUB, until=None)
    found = Council.objects.current().filter(force__in=hubs.values("force")).order_by("name")
    return tuple(found.values_list("code", "name"))


def service_name(key: str) -> str:
    """The name of a service of the public directory; empty for what is none."""
    try:
        found = directory.public_service(UUID(key))
    except ValueError:
        return ""
    return found.name if found else ""


def council_name(code: str) -> str:
    return Council.objects.filter(pk=code).values_list("name", flat=True).first() or ""


def safe_times(on: date) -> Mapping[str, str]:
    """Hours of each safe time by code, or its words where it has none."""
    return {row.code: row.text("hours") or row.title for row in rulebook.current("safe_times", on)}


def time_choices(on: date) -> Choices:
    """The safe times that somebody can choose for being called; calling us is asked elsewhere."""
    return tuple(pair for pair in rulebook.choices("safe_times", on) if pair[0] != "i_will_call")


def visits_allowed(on: date) -> int | None:
    """How many visits one connection may start in an hour; None where the office withdrew the limit."""
    row = rulebook.find("limits", "visits_started", on)
    return row.number("number") if row else None


def happened(code: str, on: date) -> RuleRow:
    """What happened as it was chosen, with the crime type that it leads to."""
    return rulebook.rule("what_happened", code, on)


def word_for_victim(word: str, on: date) -> str:
    """What a victim reads of a status word."""
    row = rulebook.find("status_words", word, on)
    return row.text("victim_reads") if row else "We have your details."


def ticket() -> Ticket | None:
    """The one ticket that the request presents; row security shows no other."""
    return Ticket.objects.first()


def standings(rows: QuerySet[Standing], by: Actor, *, q: str = "", word: str = "") -> QuerySet[Standing]:
    """The referrals of the actor's own organisation, by our reference or its own, and by status word."""
    rows = rows.filter(organisation_id__in=by.orgs)
    if q:
        ours = tidy_reference(q)
        rows = rows.filter(reference=ours) if ours else rows.filter(source_ref__in=as_typed(q))
    return rows.filter(word=word) if word else rows


def through_adult(answers: Answers, on: date) -> bool:
    """Whether somebody of the age that was said is contacted only through an adult."""
    return not rules.for_business(answers) and victims.through_adult(rules.age(answers, on), on)


def words_in_use(on: date) -> Choices:
    """The status words that a referral can stand at."""
    shown = ("received", "contacted", "offered", "accepted", "declined", "not_reached", "unsafe_to_contact", "closed")
    titles = rulebook.titles("status_words", on)
    return tuple((code, titles.get(code, code)) for code in shown)
