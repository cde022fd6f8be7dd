"""How answers become a score for each outcome, and two scores a change: one rule for pages and figures alike.

Each question is answered on the scale of its tool, or not at all. The score of an outcome is the mean of its questions,
and there is none unless every one of them was answered: half an answer is not compared with a whole one. The first
sitting of a tool is compared with the latest of the same tool, follow-ups left out, and only where both asked the same
questions of that outcome on the same scale. A move to the better by the tool's own step or more is *improved*, one to
the worse by as much is *worse*, anything between is the *same*. A score that is missing on either side makes the
outcome *not measured*, which is no kind of change; an outcome of which no tool asked that was used is *not applicable*.
Where several tools ask of one outcome, the one counts that was used first and measured it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from math import sqrt
from typing import Any, Protocol

STEP = 1.0  # where neither the tool nor the rulebook's limit `improvement_step` is at hand
SURE = 1.96  # of a normal distribution, 95 in 100 lie within so many standard deviations
FOLLOW_UP = "follow_up"


# A tool: one row of the rulebook, whose questions and points of the scale are lines.

WHOLE = "_whole"  # all questions of a tool together, also those that speak for none of the outcomes
BAR = "|"
OLDEST = 120


@dataclass(frozen=True)
class Question:
    """One question of a tool: its code, the words as they are read, and the outcome that it speaks for, if any."""

    code: str
    words: str
    outcome: str = ""

    @property
    def parts(self) -> tuple[str, ...]:
        """What its answer counts towards."""
        return (self.outcome, WHOLE) if self.outcome else (WHOLE,)

    def line(self) -> str:
        return f" {BAR} ".join((self.code, self.words, self.outcome)).rstrip(f" {BAR}")


@dataclass(frozen=True)
class Tool:
    """A tool as one version of it has it. `scale`: its points with their words, the lowest first; `services`: codes of
    those that use it, none for all; `deviation` and `reliability`: of its scores, where somebody has measured them."""

    code: str
    version: int
    title: str
    questions: tuple[Question, ...]
    scale: tuple[tuple[int, str], ...]
    whose: str = ""
    first_age: int = 0
    last_age: int = OLDEST
    higher: bool = True
    step: float = STEP
    services: tuple[str, ...] = ()
    deviation: float | None = None
    reliability: float | None = None
    intro: str = ""
    since: date | None = field(default=None, compare=False)

    @property
    def ref(self) -> str:
        return f"{self.code}@{self.version}"

    @property
    def points(self) -> tuple[int, ...]:
        return tuple(point for point, _ in self.scale)

    @property
    def labels(self) -> tuple[tuple[int, str], ...]:
        """The points as they are chosen from: in words where every one has its own, else by their number."""
        if all(words for _, words in self.scale):
            return self.scale
        return tuple((point, f"{point}: {words}" if words else str(point)) for point, words in self.scale)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The outcomes that it speaks for, in the order of its questions."""
        return tuple(dict.fromkeys(one.outcome for one in self.questions if one.outcome))

    def question(self, code: str) -> Question | None:
        return next((one for one in self.questions if one.code == code), None)

    def fits(self, age: int | None, service: str) -> bool:
        """Whether it is for somebody of this age at this service; of whom nobody knows the age, any may be."""
        aged = age is None or self.first_age <= age <= self.last_age
        return aged and (not self.services or service in self.services)

    def marks(self) -> dict[str, str]:
        """For each part a mark of its questions and their scale: the same where two versions ask the same of it."""
        parts = dict.fromkeys(part for one in self.questions for part in one.parts)
        return {part: self._mark(part) for part in parts}

    def _mark(self, part: str) -> str:
        asked = sorted((one.code, one.words) for one in self.questions if part in one.parts)
        whole = json.dumps([self.higher, self.scale, asked])
        return hashlib.sha256(whole.encode()).hexdigest()[:16]

    def reliable(self, moved: float) -> "Reliable | None":
        """Whether points moved on the tool as a whole are more than its own wavering; None where nobody measured it."""
        if self.deviation is None or self.reliability is None:
            return None
        return reliable_change(moved, deviation=self.deviation, reliability=self.reliability)

    def body(self) -> dict[str, Any]:
        """As the rulebook keeps it."""
        return {
            "whose": self.whose, "first_age": self.first_age, "last_age": self.last_age, "intro": self.intro,
            "scale": "\n".join(f"{point} {BAR} {words}".rstrip(f" {BAR}") for point, words in self.scale),
            "higher": self.higher, "step": f"{self.step:g}", "services": "\n".join(self.services),
            "deviation": _figure(self.deviation), "reliability": _figure(self.reliability),
            "questions": "\n".join(one.line() for one in self.questions),
        }  # fmt: skip


def _figure(number: float | None) -> str:
    return "" if number is None else f"{number:g}"


def read_tool(
    code: str, version: int, title: str, body: Mapping[str, Any], *, since: date | None = None
) -> Tool:  # fmt: skip
    """A tool from its row of the rulebook."""
    values = {
        **body,
        "questions": tuple(Question(*parts[:3]) for parts in _lines(body["questions"])),
        "scale": tuple((int(parts[0]), "".join(parts[1:2])) for parts in _lines(body["scale"])),
        "services": tuple(body["services"].split()),
        "step": float(body["step"]),
        "deviation": float(body["deviation"]) if body["deviation"] else None,
        "reliability": float(body["reliability"]) if body["reliability"] else None,
    }
    return Tool(code=code, version=version, title=title, since=since, **values)


def _lines(text: str) -> list[list[str]]:
    return [[part.strip() for part in line.split(BAR)] for line in text.splitlines() if line.strip()]


# What answers come to.


class Change(StrEnum):
    IMPROVED = "improved"
    SAME = "same"
    WORSE = "worse"
    NOT_MEASURED = "not_measured"
    NOT_APPLICABLE = "not_applicable"


UNSAID = (Change.NOT_MEASURED, Change.NOT_APPLICABLE)  # no kind of change


class Why(StrEnum):
    """Why there is no change to tell."""

    NOBODY_ASKED = "Nothing has been asked yet."
    LEFT_OUT = "No tool that was used asks about it."
    ONCE = "It was asked once, so there is nothing to hold it against."
    OTHER_QUESTIONS = "Its questions or their scale were others the second time, so the two are not held together."
    UNANSWERED_FIRST = "The first time not every one of its questions was answered."
    UNANSWERED_LATEST = "The latest time not every one of its questions was answered."


class Sitting(Protocol):
    """What a comparison needs of an assessment. `asked`: by outcome, a mark of its questions and their scale."""

    @property
    def question_set(self) -> str: ...

    @property
    def set_version(self) -> int: ...

    @property
    def stage(self) -> str: ...

    @property
    def scores(self) -> Mapping[str, float | None]: ...

    @property
    def asked(self) -> Mapping[str, str]: ...

    @property
    def step(self) -> float | None: ...

    @property
    def higher(self) -> bool: ...


def stages(*, used: bool, closed: bool) -> tuple[str, ...]:
    """Of which stages the next assessment with a tool may be, the likeliest first."""
    if closed:
        return (FOLLOW_UP,)
    return ("review", "last", FOLLOW_UP) if used else ("first",)


def strangers(
    questions: Iterable[Question], points: Iterable[int], answers: Mapping[str, int | None]
) -> tuple[str, ...]:  # fmt: skip
    """The codes of answers that cannot be kept: to a question outside the tool, or off its scale."""
    known, scale = {question.code for question in questions}, {None, *points}
    return tuple(code for code, answer in answers.items() if code not in known or answer not in scale)


def measured(answers: Mapping[str, int | None]) -> bool:
    """Whether anything at all was answered."""
    return any(answer is not None for answer in answers.values())


def scores(questions: Sequence[Question], answers: Mapping[str, int | None]) -> dict[str, float | None]:
    """The score of every outcome of the tool and of the tool as a whole, in points of its scale to two places; None
    where it was not measured."""
    of: dict[str, list[int | None]] = {}
    for question in questions:
        for part in question.parts:
            of.setdefault(part, []).append(answers.get(question.code))
    return {part: _mean(given) for part, given in of.items()}


def _mean(given: list[int | None]) -> float | None:
    whole = [answer for answer in given if answer is not None]
    return round(sum(whole) / len(whole), 2) if len(whole) == len(given) else None


def distance(first: float | None, last: float | None) -> float | None:
    """Points from the first score to the last, to two places; None when either is missing."""
    return None if first is None or last is None else round(last - first, 2)


def compare(first: float | None, last: float | None, *, step: float = STEP, higher: bool = True) -> Change:
    """What became of one outcome, by its first score and its last. `higher`: whether more points are better."""
    moved = distance(first, last)
    if moved is None:
        return Change.NOT_MEASURED
    better = moved if higher else -moved
    if better >= step:
        return Change.IMPROVED
    return Change.WORSE if better <= -step else Change.SAME


@dataclass(frozen=True)
class Judged:
    """What became of one part between two sittings of a tool, or why nobody can say."""

    change: Change
    first: Sitting | None = None
    latest: Sitting | None = None
    why: str = ""


def same_questions(first: Sitting, latest: Sitting, part: str) -> bool:
    """Whether a part was asked in the same words on the same scale. What was kept before marks were is told apart by
    the version alone."""
    was, now = first.asked.get(part), latest.asked.get(part)
    return was == now if was and now else first.set_version == latest.set_version


def between(first: Sitting, latest: Sitting, part: str, *, step: float = STEP) -> Judged:
    """One part of a tool from one sitting to a later one. `step`: where the sitting does not hold its tool's own."""
    why = ""
    if not same_questions(first, latest, part):
        why = Why.OTHER_QUESTIONS
    elif first.scores.get(part) is None:
        why = Why.UNANSWERED_FIRST
    elif latest.scores.get(part) is None:
        why = Why.UNANSWERED_LATEST
    if why:
        return Judged(Change.NOT_MEASURED, first, latest, why)
    by = step if latest.step is None else latest.step
    return Judged(
        compare(first.scores[part], latest.scores[part], step=by, higher=latest.higher), first, latest
    )  # fmt: skip


def by_tool(sittings: Iterable[Sitting]) -> dict[str, list[Sitting]]:
    """The sittings of each tool in their order, the tool that was used first standing first; follow-ups left out."""
    found: dict[str, list[Sitting]] = {}
    for sitting in sittings:
        if sitting.stage != FOLLOW_UP:
            found.setdefault(sitting.question_set, []).append(sitting)
    return found


def of_tool(sat: Sequence[Sitting], part: str, *, step: float = STEP) -> Judged:
    """One part of a tool from the first of its sittings to the latest."""
    if len(sat) == 1:
        return Judged(Change.NOT_MEASURED, sat[0], None, Why.ONCE)
    return between(sat[0], sat[-1], part, step=step)


def judge(sittings: Sequence[Sitting], outcome: str, *, step: float = STEP) -> Judged:
    """What became of one outcome over all sittings of a case, in their order."""
    used = by_tool(sittings)
    if not used:
        return Judged(Change.NOT_MEASURED, why=Why.NOBODY_ASKED)
    asking = [sat for sat in used.values() if any(outcome in one.scores for one in sat)]
    if not asking:
        return Judged(Change.NOT_APPLICABLE, why=Why.LEFT_OUT)
    found = [of_tool(sat, outcome, step=step) for sat in asking]
    return next((one for one in found if one.change != Change.NOT_MEASURED), found[0])


@dataclass(frozen=True)
class Reliable:
    """Whether a change is more than the tool's own wavering. `needed`: from how many points on it is."""

    index: float
    needed: float

    @property
    def is_reliable(self) -> bool:
        return abs(self.index) > SURE


def reliable_change(moved: float, *, deviation: float, reliability: float) -> Reliable:
    """The reliable change index: the points moved over the standard error of a difference of two scores.

    Jacobson, N. S. and Truax, P. (1991), Journal of Consulting and Clinical Psychology 59(1), 12-19: the standard error
    of one score is s·√(1 - r), that of a difference √2 times as much; beyond ±1.96 a change is not chance, 95 in 100.
    `deviation`: of the first scores, in points; `reliability`: of the tool, above 0 and below 1.
    """
    error = deviation * sqrt(1 - reliability) * sqrt(2)
    return Reliable(round(moved / error, 2), round(SURE * error, 2))
