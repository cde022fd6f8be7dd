"""Case-file checks in words: on their own page, on My day and on Team."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.pages.beside import Card, lines
from alongside.core.pages.filters import date_words, plural
from alongside.support.cases.casework.models import Case
from alongside.support.cases.checks import queries
from alongside.support.cases.checks.queries import Held, Hit
from alongside.support.people.victims.models import Victim

# Where each is mended: an address that takes the key of the case, or of its victim.
MENDED: Mapping[str, tuple[str, str, str]] = {
    "risk": ("Go through the risks", "risk:history", "id"),
    "contact": ("Record a contact", "casework:record_contact", "id"),
    "notes": ("Add a note", "notes:add_note", "id"),
    "agreement": ("Record an agreement", "victims:agree", "victim_id"),
    "agreement_old": ("Ask again", "victims:agree", "victim_id"),
    "plan_review": ("Look over the plan", "plans:look_over", "id"),
    "safety_plan": ("Write a safety plan", "safety:plan", "id"),
    "needs": ("Score the needs", "plans:score", "id"),
    "closed_bare": ("Read how it ended", "casework:outcomes", "id"),
}
SIZE = 50


@dataclass(frozen=True)
class Line:
    """A case that falls short of a check, with where that is mended."""

    hit: Hit
    name: str
    worker: str
    what_to_do: str
    href: str
    days: str


def listed(hits: Iterable[Hit], names: Mapping[UUID, str]) -> list[Line]:
    return [_line(hit, names) for hit in hits]


def _line(hit: Hit, names: Mapping[UUID, str]) -> Line:
    case = hit.case
    words, view, key = MENDED.get(hit.check.code, ("Open the case", "casework:show", "id"))
    return Line(
        hit, Victim.name_of(case.victim__kind, case.victim__business_name, case.victim__title, case.victim__given_name,
                            case.victim__family_name),
        worker_words(case.worker, names), words, reverse(view, args=[getattr(case, key)]), plural(hit.days, "day"),
    )  # fmt: skip


def worker_words(worker: UUID | None, names: Mapping[UUID, str]) -> str:
    return names.get(worker, "A former colleague") if worker else "Nobody yet"


def by_check(found: Held, titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Every check with in how many of how many cases it found something, the most first."""
    counts = found.by_check
    rows = [{"code": code, "title": title, "n": counts.get(code, 0), "of": found.asked.get(code, 0)}
            for code, title in titles.items()]  # fmt: skip
    return sorted(rows, key=lambda row: -int(str(row["n"])))


def by_worker(found: Held, names: Mapping[UUID, str]) -> list[dict[str, Any]]:
    rows = [{"key": key or "nobody", "name": worker_words(key, names), "n": n} for key, n in found.by_worker.items()]
    return sorted(rows, key=lambda row: -int(str(row["n"])))


def page(hits: Sequence[Hit], after: str) -> tuple[Sequence[Hit], str, str]:
    """One page of what was found: its lines, and from where the pages before and after begin (empty: none)."""
    start = int(after) if after.isascii() and after.isdigit() and len(after) < 7 else 0
    before = str(max(start - SIZE, 0)) if start else ""
    return hits[start : start + SIZE], before, str(start + SIZE) if len(hits) > start + SIZE else ""


def rows_of_file(hits: Iterable[Hit], names: Mapping[UUID, str], at: datetime) -> list[dict[str, Any]]:
    return [
        {"check": hit.check.title, "worker": worker_words(hit.case.worker, names), "reference": hit.case.reference,
         "high_risk": "Yes" if hit.case.high_risk else "No", "days": hit.days, "as_at": date_words(at)}
        for hit in hits
    ]  # fmt: skip


def _card(found: Held, title: str) -> Iterable[Card]:
    if found.hits:
        cases = len({hit.case.id for hit in found.hits})
        said = f"{plural(len(found.hits), 'finding')}, on {cases} of {plural(found.cases, 'case')}."
        yield lines(title, [said], link=("See which, and mend them", reverse("checks:show")))


def beside_day(worker: UUID, *, by: Actor, at: datetime) -> Iterable[Card]:
    """How many checks found something on one's own cases; a manager reads a colleague's on the list."""
    on = london_date(at)
    rows = queries.of_worker(Case.objects.visible_to(by), worker, by.organisation_id or 0, on)
    return _card(queries.held(rows, on), "Case-file checks") if worker == by.user_id else ()


def beside_team(organisation: int, *, by: Actor, at: datetime) -> Iterable[Card]:
    on = london_date(at)
    return _card(
        queries.held(queries.of_organisation(Case.objects.visible_to(by), organisation, on), on), "Case-file checks"
    )
