"""Reads of gaps: how each case stands against what it should say, in as many statements for one case as for all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.blanks import rules
from alongside.support.cases.blanks.models import Asked
from alongside.support.cases.blanks.rules import How, Wanted
from alongside.support.cases.casework.models import NOT_CLOSED, Case
from alongside.support.cases.casework.queries import held_by
from alongside.support.cases.outcomes.models import Assessment
from alongside.support.cases.plans.models import Sitting
from alongside.support.people.victims.models import Agreement, Victim

BOOK = "data_gaps"
READ = ("id", "victim_id", "reference", "worker", "accepted_at", "high_risk", "victim__kind", "victim__birth_date",
        "victim__age_said", "victim__said_under", "victim__sex", "victim__ethnicity", "victim__language",
        "victim__interpreter", "access_needs_said", "victim__title", "victim__given_name", "victim__family_name",
        "victim__business_name")  # fmt: skip
CODED = ("sex", "ethnicity", "language", "interpreter")


@dataclass(frozen=True)
class Standing:
    """One case and how each thing stands that it should say."""

    case: Any
    states: Mapping[str, How]

    @property
    def blank(self) -> tuple[str, ...]:
        return tuple(code for code, state in self.states.items() if state == How.BLANK)


@dataclass(frozen=True)
class Blank:
    """One gap: of which case, and what."""

    case_id: UUID
    code: str


def wanted(on: date) -> dict[str, Wanted]:
    """What a case should say, by code, in the order of the book."""
    return {
        row.code: Wanted(row.code, row.title, row.text("why"), row.ref, row.number("after"), row.number("again"),
                         row.flag("people"))
        for row in rulebook.current(BOOK, on)
    }  # fmt: skip


def mine(rows: QuerySet[Case], worker: UUID | None, organisation: int, on: date) -> QuerySet[Case]:
    """The cases that somebody has or covers and that are not closed. `rows`: those that the reader sees."""
    return rows.filter(held_by(worker, on), NOT_CLOSED, provider_id=organisation)


def current(rows: QuerySet[Case], organisation: int) -> QuerySet[Case]:
    """All cases of an organisation that are not closed."""
    return rows.filter(NOT_CLOSED, provider_id=organisation)


def standings(rows: QuerySet[Case], on: date) -> tuple[Standing, ...]:
    """How each of these cases stands, the first accepted first: five statements, however many they are."""
    asked_for = wanted(on)
    known = _known(rows)
    found = rows.annotate(access_needs_said=~Q(victim__access_needs=b"")).order_by("accepted_at", "id")
    return tuple(_standing(case, asked_for, known, on) for case in found.values_list(*READ, named=True))


@dataclass(frozen=True)
class _Known:
    """What other tables say of cases."""

    agreed: set[UUID]
    scored: set[UUID]
    measured: Mapping[UUID, set[str]]
    asked: Mapping[tuple[UUID, str], tuple[str, date | None]]


def _known(rows: QuerySet[Case]) -> _Known:
    people, cases = rows.order_by().values("victim_id"), rows.order_by().values("pk")
    agreed = Agreement.objects.filter(victim_id__in=people, about=Agreement.About.SUPPORT)
    measured: dict[UUID, set[str]] = {}
    for case, stage in Assessment.objects.filter(case_id__in=cases).values_list("case_id", "stage"):
        measured.setdefault(case, set()).add(stage)
    asked = Asked.objects.filter(case__in=cases).values_list("case_id", "code", "came", "again_on")
    return _Known(
        agreed=set(agreed.values_list("victim_id", flat=True)),
        scored=set(Sitting.objects.filter(case__in=cases).values_list("case_id", flat=True)),
        measured=measured, asked={(case, code): (came, again) for case, code, came, again in asked},
    )  # fmt: skip


def _standing(case: Any, asked_for: Mapping[str, Wanted], known: _Known, on: date) -> Standing:
    person, accepted_on = case.victim__kind != Victim.Kind.BUSINESS, london_date(case.accepted_at)
    states = {}
    for code, row in asked_for.items():
        if rules.due(row, accepted_on=accepted_on, on=on, person=person):
            came, again = known.asked.get((case.id, code), ("", None))
            states[code] = rules.how(said=_said(case, code, known), came=came, again_on=again, on=on)
    return Standing(case, states)


def _said(case: Any, code: str, known: _Known) -> bool:
    """Whether a case says this. What the book asks for and nobody here knows of counts as said."""
    if code in CODED:
        return rules.is_said(getattr(case, f"victim__{code}"))
    stages = known.measured.get(case.id, set())
    ages = (case.victim__birth_date, case.victim__age_said, case.victim__said_under)
    return {
        "birth_date": any(value is not None for value in ages), "access_needs": case.access_needs_said,
        "agreement": case.victim_id in known.agreed, "scores": case.id in known.scored, "outcome": bool(stages),
        "review": bool(stages - {Assessment.Stage.FIRST}),
    }.get(code, True)  # fmt: skip


def blanks(found: Iterable[Standing]) -> tuple[Blank, ...]:
    """Every gap, all of one case together."""
    return tuple(Blank(one.case.id, code) for one in found for code in one.blank)


def left_for(by: Actor, on: date) -> int:
    """How many gaps are left on somebody's own cases."""
    return len(blanks(standings(mine(Case.objects.visible_to(by), by.user_id, by.organisation_id or 0, on), on)))


def open_of(case: Case, code: str, on: date) -> bool:
    """Whether this case has this gap now, or left it for later."""
    found = standings(Case.objects.filter(pk=case.pk), on)
    return bool(found) and found[0].states.get(code) in (How.BLANK, How.LATER)


@dataclass(frozen=True)
class Share:
    """How complete the cases of somebody are, or one thing across all: answered, asked for, gaps; in how many cases."""

    key: Any
    done: int
    of: int
    blank: int
    cases: int

    @property
    def percent(self) -> int | None:
        return rules.share(self.done, self.of)


def by_worker(found: Iterable[Standing]) -> tuple[Share, ...]:
    held: dict[UUID | None, list[Standing]] = {}
    for one in found:
        held.setdefault(one.case.worker, []).append(one)
    return tuple(_share(key, [rules.tally(one.states) for one in own], len(own)) for key, own in held.items())


def by_code(found: Iterable[Standing], codes: Iterable[str]) -> tuple[Share, ...]:
    listed = list(found)
    shares = []
    for code in codes:
        own = [rules.tally({code: one.states[code]}) for one in listed if code in one.states]
        shares.append(_share(code, own, len(own)))
    return tuple(shares)


def total(found: Iterable[Standing]) -> Share:
    """All of them together."""
    own = [rules.tally(one.states) for one in found]
    return _share(None, own, len(own))


def _share(key: Any, tallies: list[tuple[int, int, int]], cases: int) -> Share:
    done, of, blank = (sum(part) for part in zip(*tallies, strict=True)) if tallies else (0, 0, 0)
    return Share(key, done, of, blank, cases)


def later_days(on: date) -> int:
    """For how many days something that was left for later stays so."""
    return rulebook.rule("limits", "gap_later", on).number("number")
