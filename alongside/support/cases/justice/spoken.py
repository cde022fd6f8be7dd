"""The journey through justice on the pages of others: its tab, its card, its words in the log and on the agenda."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.core.pages.beside import Card, LooseEnd, Said, Stops, Tab, Titles, lines
from alongside.core.pages.filters import date_words, plural
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.cases.agenda.rules import Kind
from alongside.support.cases.casework.models import Case
from alongside.support.cases.justice import lifecycle, queries, rules
from alongside.support.cases.justice.models import Turn
from alongside.support.cases.justice.presenters import OFF, day_words, low, title
from alongside.support.cases.justice.rules import Told


def tabs(case: Case, *, by: Actor) -> tuple[Tab, ...]:
    inside = by.realm == Realm.PROVIDER and by.may(P.CASE_WORK)
    return (Tab("Justice", "justice", "justice:show", often=True),) if inside else ()


def reported(case: Case, by: Actor) -> bool | None:
    """Whether it was reported since it came, as far as whoever reads may know."""
    return bool(queries.standing(case)) if by.realm == Realm.PROVIDER and by.may(P.CASE_WORK) else None


def beside_case(case: Case, *, by: Actor, at: datetime) -> Iterable[Card]:
    """On the first page of a case: the next day at court, what is owed and late, and where it stands."""
    found = queries.standing(case) if by.realm == Realm.PROVIDER and by.may(P.CASE_WORK) else ()
    said = list(_card_lines(found, at))
    if said:
        late = any(rules.told(one.due_at, one.told_on, at) == Told.OVERDUE for one in found)
        link = ("The journey through justice", reverse("justice:show", args=[case.pk]))
        yield lines("Police and courts", said, link=link, warn=late)


def _card_lines(found: Iterable[Turn], at: datetime) -> Iterable[str]:
    turns, today = list(found), clocks.london_date(at)
    ahead = [one for one in turns if one.state == lifecycle.LISTED and one.on >= today]
    if ahead:
        yield f"Next at court: {title(ahead[-1])}, {day_words(ahead[-1])}."
    if done := [one for one in turns if one.state == lifecycle.DONE]:
        yield f"Latest: {title(done[0])}, {date_words(done[0].on)}."
    if late := sum(rules.told(one.due_at, one.told_on, at) == Told.OVERDUE for one in turns):
        yield f"{plural(late, 'piece')} of news owed to them {'is' if late == 1 else 'are'} late."


def _kind(details: Mapping[str, Any], titles: Titles) -> str:
    code = details.get("kind", "")
    return titles(queries.TURNS).get(code, code)


def _body(details: Mapping[str, Any], titles: Titles, name: str) -> str:
    code = details.get(name, "")
    return titles("justice_bodies").get(code, code)


WENT = {rules.MOVED: "moved to another day", rules.OPEN: "put off, no new day yet", rules.OFF: OFF.lower()}
TOLD: Mapping[str, Said] = {
    "justice.started": Said(
        lambda details, titles: (
            f"Reported? {titles('justice_reported').get(details['reported'], details['reported'])}"
        ), "justice", "justice:show",
    ),
    "justice.turned": Said(
        lambda details, titles: f"{_kind(details, titles)}{': a day is set' if details['state'] == 'LISTED' else ''}",
        "justice", "justice:show", "blue",
    ),
    "justice.revised": Said(lambda details, titles: "Details of the case with police and courts changed", "justice",
                            "justice:show"),
    "justice.held": Said(lambda details, titles: f"{_kind(details, titles)}: took place", "justice", "justice:show"),
    "justice.postponed": Said(
        lambda details, titles: f"{_kind(details, titles)}: {WENT[details['went']]}", "justice", "justice:show"
    ),
    "justice.told": Said(
        lambda details, titles: f"They were told: {_kind(details, titles)}", "justice", "justice:show"
    ),
    "justice.chased": Said(
        lambda details, titles: (
            f"Asked {low(_body(details, titles, 'body'))} for news: {_kind(details, titles)}"
        ), "justice", "justice:show",
    ),
    "justice.reassessed": Said(
        lambda details, titles: (
            f"{titles('reassess_answers').get(details['answer'], details['answer'])}, after: {_kind(details, titles)}"
        ), "justice", "justice:show",
    ),
    "justice.struck_out": Said(
        lambda details, titles: f"Struck out: {_kind(details, titles)}", "justice", "justice:show"
    ),
}  # fmt: skip
DUE: Mapping[str, Kind] = {
    "justice.hearing": Kind(lambda details, titles: f"At court: {_kind(details, titles)}", "justice:show", "justice"),
    "justice.tell": Kind(
        lambda details, titles: (
            f"{_body(details, titles, 'owes')} should tell them: {_kind(details, titles)}"
        ), "justice:show", "justice",
    ),
    "justice.reassess": Kind(
        lambda details, titles: f"Ask about needs again: {_kind(details, titles)}",
        "justice:reassess", "reviews", "about",
    ),
    "justice.answer": Kind(
        lambda details, titles: "Last usual day to ask for a review of a decision", "justice:show", "justice"
    ),
}  # fmt: skip


def closing(case: Case, *, by: Actor, at: datetime) -> Iterable[LooseEnd]:
    """News that is owed stops a planned end; a day at court ahead is pointed out."""
    turns, today = queries.standing(case), clocks.london_date(at)
    if late := sum(rules.told(one.due_at, one.told_on, at) == Told.OVERDUE for one in turns):
        words = f"{plural(late, 'piece')} of news from the police or a court {'is' if late == 1 else 'are'} late"
        yield LooseEnd(words, "justice:show", Stops.PLANNED)
    if ahead := [one for one in turns if one.state == lifecycle.LISTED and one.on >= today]:
        yield LooseEnd(f"A day at court is ahead: {day_words(ahead[-1])}. Who goes with them?", "justice:show")
