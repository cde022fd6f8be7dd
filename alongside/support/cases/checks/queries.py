"""Reads of case-file checks: every case of an organisation in eight statements, however many there are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from alongside.core.clocks import london_date
from alongside.core.models import Event
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.casework.models import NOT_CLOSED, Case
from alongside.support.cases.casework.queries import held_by
from alongside.support.cases.checks import rules
from alongside.support.cases.checks.rules import Check, Known
from alongside.support.cases.notes.models import Note
from alongside.support.cases.plans.models import Review
from alongside.support.cases.plans.models import Sitting as Scores
from alongside.support.cases.risk.models import Sitting as Risk
from alongside.support.cases.safety.models import Entry
from alongside.support.people.victims.models import Agreement

BOOK, CLOSED = "case_checks", "closed_bare"
READ = ("id", "victim_id", "reference", "worker", "accepted_at", "closed_at", "high_risk", "crime_type",
        "last_contact_at", "unmeasured_why", "victim__kind", "victim__title", "victim__given_name",
        "victim__family_name", "victim__business_name")  # fmt: skip


@dataclass(frozen=True)
class Hit:
    """A case that falls short of a check, and by how many days."""

    case: Any
    check: Check
    days: int


@dataclass(frozen=True)
class Held:
    """What holding cases against the checks came to: where they fall short, and of how many each was asked."""

    hits: tuple[Hit, ...]
    asked: Mapping[str, int]
    cases: int

    @property
    def by_check(self) -> dict[str, int]:
        return _counted(hit.check.code for hit in self.hits)

    @property
    def by_worker(self) -> dict[UUID | None, int]:
        return _counted(hit.case.worker for hit in self.hits)


def _counted(found: Iterable[Any]) -> dict[Any, int]:
    counts: dict[Any, int] = {}
    for one in found:
        counts[one] = counts.get(one, 0) + 1
    return counts


def checks(on: date) -> dict[str, Check]:
    """The checks of a day, in the order of the book."""
    return {
        row.code: Check(row.code, row.title, row.number("days"), row.flag("high_risk"), frozenset(row.codes("crimes")))
        for row in rulebook.current(BOOK, on)
    }  # fmt: skip


def of_worker(rows: QuerySet[Case], worker: UUID | None, organisation: int, on: date) -> QuerySet[Case]:
    return of_organisation(rows, organisation, on).filter(held_by(worker, on))


def of_organisation(rows: QuerySet[Case], organisation: int, on: date) -> QuerySet[Case]:
    """The cases of an organisation that are not closed, and those closed so lately that their end is asked about."""
    row = checks(on).get(CLOSED)
    lately = Q(closed_at__date__gte=on - timedelta(days=row.days)) if row else Q(pk=None)
    return rows.filter(NOT_CLOSED | lately, provider_id=organisation)


def held(rows: QuerySet[Case], on: date) -> Held:
    """These cases against every check, those that fall short the longest first."""
    asked_for, hits, asked = checks(on), [], dict[str, int]()
    cases = _known(rows)
    for case, known in cases:
        for check in asked_for.values():
            if rules.asked(check, known, on):
                asked[check.code] = asked.get(check.code, 0) + 1
                days = rules.short(check, known, on)
                hits += [Hit(case, check, days)] if days is not None else []
    hits.sort(key=lambda hit: (-hit.days, hit.case.reference))
    return Held(tuple(hits), asked, len(cases))


def _known(rows: QuerySet[Case]) -> list[tuple[Any, Known]]:
    """What the checks look at, of all these cases together."""
    keys = rows.order_by().values("pk")
    people = rows.order_by().values("victim_id")
    given = Agreement.objects.filter(victim__in=people, about=Agreement.About.SUPPORT, given=True)
    agreed = _days(given, "victim_id", "recorded_at")
    risks = _days(Risk.objects.filter(case__in=keys, state=Risk.State.DONE), "case_id", "done_at")
    noted = _noted(keys)
    reviews = Review.objects.filter(case__in=keys).order_by("case_id", "-reviewed_at", "-id").distinct("case_id")
    due = dict(reviews.values_list("case_id", "due_on"))
    scored = set(Scores.objects.filter(case__in=keys).values_list("case_id", flat=True).distinct())
    pieces = Entry.objects.filter(case__in=keys, superseded_at=None, gone=False)
    planned = set(pieces.values_list("case_id", flat=True).distinct())
    return [
        (case, Known(
            closed_on=_day(case.closed_at), accepted_on=london_date(case.accepted_at), high_risk=case.high_risk,
            crime_type=case.crime_type, contact_on=_day(case.last_contact_at), unmeasured=bool(case.unmeasured_why),
            risk_on=risks.get(case.id), agreed_on=agreed.get(case.victim_id), review_due_on=due.get(case.id),
            scored=case.id in scored, planned=case.id in planned, noted_on=noted.get(case.id),
        ))
        for case in rows.order_by("accepted_at", "id").values_list(*READ, named=True)
    ]  # fmt: skip


def _noted(keys: QuerySet[Any]) -> dict[UUID, date]:
    """When something was last noted. Of counselling notes only that there was one, as the log has it."""
    plain = _days(Note.objects.filter(case__in=keys), "case_id", "written_at")
    kept_apart = _days(Event.objects.filter(subject__in=keys, name="case.counselled"), "subject", "at")
    return {key: max(day for day in (plain.get(key), kept_apart.get(key)) if day) for key in {*plain, *kept_apart}}


def _days(rows: QuerySet[Any], key: str, moment: str) -> dict[UUID, date]:
    """The latest day by key, from one statement."""
    found = rows.order_by().values_list(key).annotate(latest=Max(moment))
    return {one: london_date(at) for one, at in found}


def _day(at: Any) -> date | None:
    return london_date(at) if at else None


def narrowed(found: Held, *, check: str, worker: str) -> tuple[Hit, ...]:
    """What filters leave."""
    return tuple(
        hit for hit in found.hits if check in ("", hit.check.code) and worker in ("", str(hit.case.worker or "nobody"))
    )  # fmt: skip
