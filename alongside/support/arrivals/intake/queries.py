"""Reads for intake: the word list, who serves a place, words of the rulebook, and a referrer's own referrals."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from importlib import resources
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.core.pages.steps import Answers
from alongside.foundation.local.directory import queries as directory
from alongside.foundation.office.messages.rules import windows
from alongside.foundation.office.organisations import queries as organisations
from alongside.foundation.office.organisations.models import Council, Organisation
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.arrivals.intake import rules
from alongside.support.arrivals.referrals.models import Standing, Ticket
from alongside.support.arrivals.referrals.rules import as_typed, tidy_reference
from alongside.support.people.victims import queries as victims

Choices = tuple[tuple[str, str], ...]


@lru_cache(maxsize=1)
def words() -> tuple[str, ...]:
    """The words that phrases are made of: plain, neutral, and no two alike."""
    return tuple(
        (resources.files("alongside.support.arrivals.intake") / "data" / "words.txt").read_text("utf-8").split()
    )


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


@dataclass(frozen=True)
class Shut:
    """A service that takes nobody new any more: its name, and who helps instead where that is said."""

    name: str
    instead: str


def shut(name: str, key: str) -> Shut | None:
    """What to say where the service that was chosen closed meanwhile; None while it takes people, or none was."""
    if not (name and key):
        return None
    found = directory.public_service(UUID(key))
    if found and found.state != found.State.CLOSED:
        return None
    return Shut(name, found.moves_to.name if found and found.moves_to else "")


def service_note(name: str, key: str) -> str:
    """What the hub reads of the service that was chosen; empty where none was."""
    closed = shut(name, key)
    instead = f"; {closed.instead} helps its people" if closed and closed.instead else ""
    return f"{name} (closed to new people since{instead})" if closed else name


def rights(on: date) -> tuple[RuleRow, ...]:
    """The Code's rights in plain words."""
    return rulebook.current("code_rights", on)


def council_name(code: str) -> str:
    return Council.objects.filter(pk=code).values_list("name", flat=True).first() or ""


def safe_times(on: date) -> Mapping[str, str]:
    """Hours of each safe time by code, or its words where it has none."""
    return {row.code: row.text("hours") or row.title for row in rulebook.current("safe_times", on)}


def time_choices(on: date) -> Choices:
    """The safe times that somebody can choose for being called; calling us is asked elsewhere."""
    return tuple(pair for pair in rulebook.choices("safe_times", on) if pair[0] != "i_will_call")


ANY = "any"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
NOT_ON = tuple((str(number), f"Not on a {day}") for number, day in enumerate(WEEKDAYS))


def call_days(on: date) -> Choices:
    """The days on which somebody can ask us to call: working days from today, as many as the rulebook allows."""
    ahead = rulebook.rule("limits", "call_back_ahead", on).number("number")
    days = dict.fromkeys(clocks.working_day_after(on, number) for number in range(ahead))
    named = ((day.isoformat(), f"{'Today, ' if day == on else ''}{day:%A} {day.day} {day:%B}") for day in days)
    return ((ANY, "Any day"), *named)


def call_times(on: date) -> Mapping[str, RuleRow]:
    """The hours in which people are there to call, by code: one stretch each, by the 24 hour clock."""
    rows = rulebook.current("call_times", on)
    return {row.code: row for row in rows if [opens < closes for opens, closes in windows(row.text("hours"))] == [True]}


def call_hours(on: date) -> Choices:
    """What can be chosen of them."""
    return ((ANY, "Any time that is safe"), *((code, row.title) for code, row in call_times(on).items()))


def call_asked(said: Mapping[str, Any], on: date) -> dict[str, Any]:
    """When somebody asked to be called, as an event may carry it: a day, hours and weekdays, each empty for any."""
    chosen = call_times(on).get(said["hours"])
    return {
        "day": "" if said["day"] == ANY else said["day"], "hours": chosen.text("hours") if chosen else "",
        "never": [int(number) for number in said["never"]],
    }  # fmt: skip


def call_words(said: Mapping[str, Any], on: date) -> str:
    """The same for a reader: Monday 30 March, from 1 to 3 in the afternoon."""
    day, hours = dict(call_days(on)).get(said["day"], ""), dict(call_hours(on)).get(said["hours"], "")
    never = [dict(NOT_ON)[number] for number in said["never"]]
    words = [part for part in (day, hours, *never) if part]
    return ", ".join([*words[:1], *(part[:1].lower() + part[1:] for part in words[1:])])


def call_fault(said: Mapping[str, Any], at: datetime) -> tuple[str, str]:
    """Why we cannot call then: a field and words; both empty where we can."""
    asked, on = call_asked(said, clocks.london_date(at)), clocks.london_date(at)
    if len(asked["never"]) == len(WEEKDAYS):
        return "never", "Leave at least one day on which we may call"
    if asked["day"] and date.fromisoformat(asked["day"]).weekday() in asked["never"]:
        return "never", "You chose this day above. Choose another day, or leave this day out here"
    ends = asked["hours"].partition("-")[2]
    if asked["day"] == on.isoformat() and ends:
        notice = timedelta(minutes=rulebook.rule("limits", "call_back_notice", on).number("number"))
        if datetime.combine(on, time.fromisoformat(ends), tzinfo=clocks.LONDON) < at + notice:
            return "hours", "It is too late to call at this time today. Choose later hours or another day"
    return "", ""


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
