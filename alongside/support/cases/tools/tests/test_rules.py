"""What an office may write of a tool, and what a new version does to what was answered before."""

from dataclasses import replace
from typing import Any

import pytest

from alongside.core.errors import RuleBroken
from alongside.support.cases.outcomes.rules import WHOLE, Question
from alongside.support.cases.outcomes.tests.test_rules import QUESTIONS, TOOL
from alongside.support.cases.tools import rules


def test_marks_change_with_words_scale_and_direction_of_an_outcome_and_with_nothing_else() -> None:
    assert rules.parted(TOOL, replace(TOOL, title="Other", step=2, version=9)) == ()
    worded = replace(TOOL, questions=(replace(QUESTIONS[0], words="I sleep well."), *QUESTIONS[1:]))
    assert rules.parted(TOOL, worded) == ("health", WHOLE)
    assert set(rules.parted(TOOL, replace(TOOL, higher=False))) == {"health", "safety", WHOLE}
    moved = replace(TOOL, questions=rules.moved(QUESTIONS, "h1", up=False))
    assert rules.parted(TOOL, moved) == ()
    assert rules.parted(TOOL, replace(TOOL, questions=(*QUESTIONS, Question("c1", "I cope.", "coping")))) == (WHOLE,)


def test_questions_move_within_their_tool() -> None:
    codes = [one.code for one in rules.moved(QUESTIONS, "s1", up=True)]
    assert codes == ["h1", "s1", "h2", "x1"]
    assert rules.moved(QUESTIONS, "h1", up=True) == QUESTIONS


def test_a_code_is_never_used_again() -> None:
    assert rules.next_code({"q1", "q7", "adult_1", "qx"}) == "q8"
    assert rules.next_code(()) == "q1"


@pytest.mark.parametrize(
    ("words", "outcome", "name"),
    [("", "", "words"), ("x" * 301, "", "words"), ("a | b", "", "words"), ("One", "wealth", "outcome")],
)
def test_a_question_that_cannot_be_asked_or_counted_is_refused(words: str, outcome: str, name: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        rules.check_question(Question("q1", words, outcome), ("health",))
    assert refused.value.field == name
    rules.check_question(Question("q1", "I sleep.", "health"), ("health",))


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"first_age": 20, "last_age": 10}, "first_age"),
        ({"scale": ((1, "Only"),)}, "scale"),
        ({"scale": tuple((point, "x") for point in range(12))}, "scale"),
        ({"scale": ((2, "Low"), (3, "High"))}, "scale"),
        ({"scale": ((1, "Low"), (3, "High"))}, "scale"),
        ({"scale": ((1, "Low"), (2, ""))}, "scale"),
        ({"step": 0}, "step"),
        ({"step": 5}, "step"),
        ({"deviation": 1.0}, "deviation"),
        ({"deviation": 0, "reliability": 0.9}, "deviation"),
        ({"deviation": 1.0, "reliability": 1.0}, "reliability"),
    ],
)
def test_a_tool_by_which_nobody_could_be_judged_is_refused(changed: dict[str, Any], name: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        rules.check_whole(replace(TOOL, **changed))
    assert refused.value.field == name


def test_a_tool_asks_something_and_not_too_much() -> None:
    rules.check_whole(replace(TOOL, deviation=1.0, reliability=0.9))
    for questions in ((), QUESTIONS * 11):
        with pytest.raises(RuleBroken, match="from 1 to 40"):
            rules.check_whole(replace(TOOL, questions=questions))
