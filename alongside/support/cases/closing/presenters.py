"""Words of closing, on its own page and on those of a case."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.pages.beside import Card, LooseEnd, Said, Stops
from alongside.core.pages.filters import plural
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.cases.casework.models import Case, Need, Step
from alongside.support.cases.closing import queries
from alongside.support.cases.closing.queries import Standing

TOLD: Mapping[str, Said] = {
    "closing.answered_for": Said(
        lambda details, titles: f"A manager answered for closing it with {plural(details['matters'], 'matter')} open",
        "move",
    )
}
STOPPING = {
    Stops.NOTHING: {"word": "Look at it", "colour": "grey"},
    Stops.PLANNED: {"word": "Before a planned end", "colour": "yellow"},
    Stops.WITHOUT_A_MANAGER: {"word": "A manager decides", "colour": "red"},
    Stops.EVERYTHING: {"word": "First", "colour": "red"},
}


def works(by: Actor) -> bool:
    return by.realm == Realm.PROVIDER and by.may(P.CASE_WORK)


def closing(case: Case, *, by: Actor, at: datetime) -> Iterable[LooseEnd]:
    """Needs and steps of the plan: they stop an end that counts as planned."""
    if found := Need.objects.filter(case=case, state=Need.State.OPEN).count():
        words = f"{plural(found, 'need')} still being worked on: say of each whether it was met"
        yield LooseEnd(words, "casework:plan", Stops.PLANNED)
    if found := Step.objects.filter(case=case, done_at=None, need__state=Need.State.OPEN).count():
        yield LooseEnd(f"{plural(found, 'step')} of the plan not done", "casework:plan")


@dataclass(frozen=True)
class Line:
    """A line of the checklist."""

    words: str
    href: str
    tag: Mapping[str, str]


def checklist(case: Case, found: Iterable[LooseEnd]) -> list[Line]:
    """What is open, what stops it first."""
    order = [Stops.EVERYTHING, Stops.WITHOUT_A_MANAGER, Stops.PLANNED, Stops.NOTHING]
    ranked = sorted(found, key=lambda one: order.index(one.stops))
    return [Line(one.words, reverse(one.view, args=[case.pk]), STOPPING[one.stops]) for one in ranked]


def hints(rows: Sequence[RuleRow], found: Standing, today: date) -> dict[str, str]:
    """Under each reason: what it asks with care, what is written down of it, and whether enough was tried."""
    shown = {}
    for row in rows:
        wanted = queries.wanted(row)
        tried = f"The rule: {wanted.words}. So far: {found.tried.words(today)}." if wanted.tries else ""
        shown[row.code] = " ".join(part for part in (row.text("asks"), row.text("says"), tried) if part)
    return {code: words for code, words in shown.items() if words}


def beside_case(case: Case, *, by: Actor, at: datetime) -> Iterable[Card]:
    """On the first page of a case: that they were here before, and of a closed one how it ended."""
    if not works(by):
        return
    if before := queries.earlier(case, by):
        carry = queries.to_carry(case, by) if case.state != Case.State.CLOSED else ()
        told: dict[str, Any] = {"before": before, "times": plural(len(before), "time"), "carry": len(carry)}
        yield Card("main", "closing/parts/before.html", told, looks=tuple(one.pk for one in before))
    if case.state == Case.State.CLOSED and (found := queries.last(case)):
        signposts = queries.titles(queries.SIGNPOSTS, london_date(at))
        words: dict[str, Any] = {
            "ended": found, "signposts": [signposts.get(code, code) for code in found.ending.signposts],
            "knows_how": found.ending.get_knows_how_display() if found.ending.knows_how else "",
        }  # fmt: skip
        yield Card("main", "closing/parts/case.html", words)
