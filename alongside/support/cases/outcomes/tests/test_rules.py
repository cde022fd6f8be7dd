"""The one rule of outcomes: scores, distance and change."""

from dataclasses import dataclass, field

import pytest

from alongside.support.cases.outcomes import rules
from alongside.support.cases.outcomes.rules import Change, Question

QUESTIONS = (
    Question("h1", "I sleep.", "health"),
    Question("h2", "I eat.", "health"),
    Question("s1", "I feel safe.", "safety"),
)


@dataclass
class Sat:
    question_set: str
    scores: dict[str, float | None] = field(default_factory=dict)


def test_a_score_is_the_mean_of_the_questions_of_its_outcome() -> None:
    assert rules.scores(QUESTIONS, {"h1": 2, "h2": 5, "s1": 4}) == {"health": 3.5, "safety": 4.0}


def test_an_outcome_with_a_question_left_out_has_no_score() -> None:
    assert rules.scores(QUESTIONS, {"h1": 2, "h2": None, "s1": 4}) == {"health": None, "safety": 4.0}
    assert rules.scores(QUESTIONS, {}) == {"health": None, "safety": None}


@pytest.mark.parametrize(
    ("first", "last", "change"),
    [
        (2.0, 3.0, Change.IMPROVED),
        (2.0, 2.5, Change.SAME),
        (3.0, 3.0, Change.SAME),
        (3.0, 2.5, Change.SAME),
        (3.0, 2.0, Change.WORSE),
        (None, 3.0, Change.NOT_MEASURED),
        (3.0, None, Change.NOT_MEASURED),
        (None, None, Change.NOT_MEASURED),
    ],
)
def test_two_scores_make_one_change(first: float | None, last: float | None, change: Change) -> None:
    assert rules.compare(first, last) == change


def test_a_rise_of_exactly_the_step_is_improvement_whatever_the_fractions() -> None:
    assert rules.compare(1.67, 2.67) == Change.IMPROVED
    assert rules.compare(1.33, 2.33) == Change.IMPROVED


def test_the_step_can_be_changed() -> None:
    assert rules.compare(2.0, 2.5, step=0.5) == Change.IMPROVED
    assert rules.compare(2.5, 2.0, step=0.5) == Change.WORSE


def test_no_change_is_not_the_same_as_not_measured() -> None:
    assert rules.compare(3.0, 3.0) != rules.compare(None, 3.0)
    assert rules.distance(3.0, 3.0) == 0
    assert rules.distance(None, 3.0) is None


def test_sittings_are_compared_outcome_by_outcome() -> None:
    first, last = Sat("adult", {"health": 2.0, "safety": 4.0}), Sat("adult", {"health": 4.0, "safety": None})
    assert rules.changes(first, last, ("health", "safety", "coping")) == {
        "health": Change.IMPROVED, "safety": Change.NOT_MEASURED, "coping": Change.NOT_MEASURED,
    }  # fmt: skip


def test_a_single_sitting_measures_nothing() -> None:
    assert rules.changes(Sat("adult", {"health": 2.0}), None, ("health",)) == {"health": Change.NOT_MEASURED}
    assert rules.changes(None, Sat("adult", {"health": 2.0}), ("health",)) == {"health": Change.NOT_MEASURED}


def test_sittings_of_different_sets_are_not_compared() -> None:
    first, last = Sat("adult", {"health": 2.0}), Sat("young_person", {"health": 4.0})
    assert rules.changes(first, last, ("health",)) == {"health": Change.NOT_MEASURED}


def test_answers_off_the_scale_or_outside_the_set_are_strangers() -> None:
    assert rules.strangers(QUESTIONS, {"h1": 0, "h2": 6, "s1": 1, "x9": 3}) == ("h1", "h2", "x9")
    assert rules.strangers(QUESTIONS, {"h1": None, "h2": 1, "s1": 5}) == ()


def test_an_empty_sitting_measures_nothing() -> None:
    assert not rules.measured({"h1": None})
    assert rules.measured({"h1": None, "h2": 1})
