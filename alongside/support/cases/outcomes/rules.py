"""How answers become a score for each outcome, and two scores a change: one rule for pages and figures alike.

Each question is answered on the scale of its set, 1 to 5, higher being better, or not at all. The score of an outcome
is the mean of its questions, and there is none unless every one of them was answered: half an answer is not compared
with a whole one. The first sitting is compared with the latest of the same set. A rise of `step` points or more is
*improved*, a fall of as much is *worse*, anything between is the *same*, and a score that is missing on either side
makes the outcome *not measured*, which is no kind of change.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

LOWEST, HIGHEST = 1, 5
STEP = 1.0  # where the rulebook's limit `improvement_step` is not at hand


class Change(StrEnum):
    IMPROVED = "improved"
    SAME = "same"
    WORSE = "worse"
    NOT_MEASURED = "not_measured"


@dataclass(frozen=True)
class Question:
    """One question of a set: its code, the words as they are read, and the outcome that it speaks for."""

    code: str
    words: str
    outcome: str


class Sitting(Protocol):
    """What a comparison needs of an assessment."""

    @property
    def question_set(self) -> str: ...

    @property
    def scores(self) -> Mapping[str, float | None]: ...


def strangers(questions: Iterable[Question], answers: Mapping[str, int | None]) -> tuple[str, ...]:
    """The codes of answers that cannot be kept: to a question outside the set, or off the scale."""
    known = {question.code for question in questions}
    return tuple(code for code, answer in answers.items() if code not in known or not _on_scale(answer))


def _on_scale(answer: int | None) -> bool:
    return answer is None or LOWEST <= answer <= HIGHEST


def measured(answers: Mapping[str, int | None]) -> bool:
    """Whether anything at all was answered."""
    return any(answer is not None for answer in answers.values())


def scores(questions: Sequence[Question], answers: Mapping[str, int | None]) -> dict[str, float | None]:
    """The score of every outcome of the set, in points of the scale to two places; None where it was not measured."""
    of: dict[str, list[int | None]] = {}
    for question in questions:
        of.setdefault(question.outcome, []).append(answers.get(question.code))
    return {outcome: _mean(given) for outcome, given in of.items()}


def _mean(given: list[int | None]) -> float | None:
    whole = [answer for answer in given if answer is not None]
    return round(sum(whole) / len(whole), 2) if len(whole) == len(given) else None


def distance(first: float | None, last: float | None) -> float | None:
    """Points from the first score to the last, to two places; None when either is missing."""
    return None if first is None or last is None else round(last - first, 2)


def compare(first: float | None, last: float | None, *, step: float = STEP) -> Change:
    """What became of one outcome, by its first score and its last."""
    moved = distance(first, last)
    if moved is None:
        return Change.NOT_MEASURED
    if moved >= step:
        return Change.IMPROVED
    return Change.WORSE if moved <= -step else Change.SAME


def changes(
    first: Sitting | None, last: Sitting | None, outcomes: Iterable[str], *, step: float = STEP
) -> dict[str, Change]:
    """What became of each outcome between two sittings; not measured without two sittings of one question set."""
    if first is None or last is None or first.question_set != last.question_set:
        return dict.fromkeys(outcomes, Change.NOT_MEASURED)
    return {outcome: compare(first.scores.get(outcome), last.scores.get(outcome), step=step) for outcome in outcomes}
