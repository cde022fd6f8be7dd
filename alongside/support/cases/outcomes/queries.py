"""Reads of outcomes: a question set as it stands on a day, and the journey of one case through its assessments."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from alongside.core import clocks
from alongside.core.privacy import fields
from alongside.core.rows import ahead
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.outcomes import rules
from alongside.support.cases.outcomes.models import Assessment
from alongside.support.cases.outcomes.rules import Change, Question

POINTS = ("one", "two", "three", "four", "five")


@dataclass(frozen=True)
class QuestionSet:
    """The questions of a set with the words of its scale, from the lowest to the highest, and its version."""

    code: str
    version: int
    questions: tuple[Question, ...]
    scale: tuple[tuple[int, str], ...]


def question_set(code: str, on: date) -> QuestionSet:
    """A set of the rulebook as it stands on a day; without questions when there is none of this code."""
    rows = rulebook.question_set(code, on)
    scale = rulebook.find("answer_scales", code, on)
    if scale is None or not rows:
        return QuestionSet(code, 0, (), ())
    return QuestionSet(
        code=code,
        version=max(row.version for row in (*rows, scale)),
        questions=tuple(Question(row.code, row.title, row.text("outcome")) for row in rows),
        scale=tuple((point, scale.text(word)) for point, word in enumerate(POINTS, rules.LOWEST)),
    )


def outcomes(on: date) -> Mapping[str, str]:
    """The outcomes of the rulebook, by code, in their order."""
    return rulebook.titles("outcomes", on)


def improvement_step(on: date) -> float:
    """How many points count as improvement."""
    row = rulebook.find("limits", "improvement_step", on)
    return float(row.number("number")) if row else rules.STEP


@dataclass(frozen=True)
class Distance:
    """One outcome between two sittings, in points of the scale."""

    outcome: str
    words: str
    first: float | None
    latest: float | None
    distance: float | None
    change: Change


@dataclass(frozen=True)
class Journey:
    """A case's assessments in order; the first, the latest after it, and the distance between them."""

    sittings: tuple[Assessment, ...]
    distances: tuple[Distance, ...]

    @property
    def first(self) -> Assessment | None:
        return self.sittings[0] if self.sittings else None

    @property
    def latest(self) -> Assessment | None:
        return self.sittings[-1] if len(self.sittings) > 1 else None


@ahead.question
def sittings_of(case_id: UUID) -> "QuerySet[Assessment]":
    """How somebody was assessed, the first first."""
    return Assessment.objects.filter(case_id=case_id).order_by("assessed_at", "id")


def journey(case_id: UUID, *, on: date | None = None) -> Journey:
    """The journey of one case. `on` is the day of the rules; without it, the day of the latest assessment."""
    sittings = tuple(sittings_of(case_id))
    if not sittings:
        return Journey((), ())
    first, latest = sittings[0], sittings[-1] if len(sittings) > 1 else None
    day = on or clocks.london_date(sittings[-1].assessed_at)
    titles, step = outcomes(day), improvement_step(day)
    changes = rules.changes(first, latest, titles, step=step)
    return Journey(sittings, tuple(_distance(code, titles[code], first, latest, changes[code]) for code in titles))


def _distance(code: str, words: str, first: Assessment, latest: Assessment | None, change: Change) -> Distance:
    start, end = first.scores.get(code), latest.scores.get(code) if latest else None
    moved = None if change == Change.NOT_MEASURED else rules.distance(start, end)
    return Distance(code, words, start, end, moved, change)


def own_words(sitting: Assessment) -> str:
    """What the person said, in their own words."""
    return fields.read(sitting, "words")
