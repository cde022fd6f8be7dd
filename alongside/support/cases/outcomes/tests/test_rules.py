"""The one rule of outcomes: tools, scores, distance, change, and whether a change is more than chance."""

from dataclasses import dataclass, field, replace

import pytest

from alongside.support.cases.outcomes import rules
from alongside.support.cases.outcomes.rules import WHOLE, Change, Question, Tool, Why

QUESTIONS = (
    Question("h1", "I sleep.", "health"),
    Question("h2", "I eat.", "health"),
    Question("s1", "I feel safe.", "safety"),
    Question("x1", "I have people whom I trust."),
)
SCALE = ((1, "Not at all"), (2, ""), (3, ""), (4, ""), (5, "Completely"))
TOOL = Tool("own", 1, "Our own", QUESTIONS, SCALE)


@dataclass
class Sat:
    question_set: str
    scores: dict[str, float | None] = field(default_factory=dict)
    stage: str = "review"
    set_version: int = 1
    asked: dict[str, str] = field(default_factory=dict)
    step: float | None = None
    higher: bool = True


def test_a_score_is_the_mean_of_the_questions_of_its_outcome() -> None:
    answers = {"h1": 2, "h2": 5, "s1": 4, "x1": 1}
    assert rules.scores(QUESTIONS, answers) == {"health": 3.5, "safety": 4.0, WHOLE: 3.0}


def test_an_outcome_with_a_question_left_out_has_no_score_nor_has_the_whole() -> None:
    left = rules.scores(QUESTIONS, {"h1": 2, "h2": None, "s1": 4, "x1": 1})
    assert left == {"health": None, "safety": 4.0, WHOLE: None}
    assert rules.scores(QUESTIONS, {}) == {"health": None, "safety": None, WHOLE: None}


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


def test_a_tool_is_judged_by_its_own_step_and_by_which_end_is_better() -> None:
    assert rules.compare(2.0, 2.5, step=0.5) == Change.IMPROVED
    assert rules.compare(2.5, 2.0, step=0.5) == Change.WORSE
    assert rules.compare(9, 4, step=2, higher=False) == Change.IMPROVED
    assert rules.compare(4, 6, step=2, higher=False) == Change.WORSE


def test_no_change_is_not_the_same_as_not_measured() -> None:
    assert rules.compare(3.0, 3.0) != rules.compare(None, 3.0)
    assert rules.distance(3.0, 3.0) == 0
    assert rules.distance(None, 3.0) is None


def test_the_first_sitting_of_a_tool_is_held_against_its_latest() -> None:
    sat = [Sat("a", {"health": 2.0}), Sat("a", {"health": 5.0}), Sat("a", {"health": 4.0})]
    found = rules.judge(sat, "health")
    assert (found.change, found.first, found.latest) == (Change.IMPROVED, sat[0], sat[2])
    assert rules.judge(sat, "health", step=3).change == Change.SAME
    sat[2].step = 3.0
    assert rules.judge(sat, "health", step=1).change == Change.SAME, "the tool's own step goes before the office's"


@pytest.mark.parametrize(
    ("sat", "change", "why"),
    [
        ([], Change.NOT_MEASURED, Why.NOBODY_ASKED),
        ([Sat("a", {"health": 2.0}, stage="follow_up")], Change.NOT_MEASURED, Why.NOBODY_ASKED),
        ([Sat("a", {"safety": 2.0})], Change.NOT_APPLICABLE, Why.LEFT_OUT),
        ([Sat("a", {"health": 2.0})], Change.NOT_MEASURED, Why.ONCE),
        ([Sat("a", {"health": 2.0}), Sat("b", {"health": 3.0})], Change.NOT_MEASURED, Why.ONCE),
        ([Sat("a", {"health": None}), Sat("a", {"health": 3.0})], Change.NOT_MEASURED, Why.UNANSWERED_FIRST),
        ([Sat("a", {"health": 3.0}), Sat("a", {"health": None})], Change.NOT_MEASURED, Why.UNANSWERED_LATEST),
        ([Sat("a", {"health": 3.0}), Sat("a", {"health": 4.0}, stage="follow_up")], Change.NOT_MEASURED, Why.ONCE),
    ],
)
def test_what_nobody_can_say_has_its_reason(sat: list[Sat], change: Change, why: Why) -> None:
    found = rules.judge(sat, "health")
    assert (found.change, found.why) == (change, why)


def test_other_questions_or_another_scale_are_not_held_together() -> None:
    first, last = Sat("a", {"health": 2.0}, asked={"health": "m1"}), Sat("a", {"health": 4.0}, asked={"health": "m2"})
    assert rules.judge([first, last], "health").why == Why.OTHER_QUESTIONS
    last.asked, last.set_version = {"health": "m1"}, 2
    assert rules.judge([first, last], "health").change == Change.IMPROVED, "another version that asks the same of it"
    last.asked = {}
    assert rules.judge([first, last], "health").why == Why.OTHER_QUESTIONS, "kept without marks: the version decides"
    last.set_version = 1
    assert rules.judge([first, last], "health").change == Change.IMPROVED


def test_of_several_tools_the_one_counts_that_came_first_and_measured_it() -> None:
    sat = [
        Sat("a", {"health": 2.0}), Sat("b", {"health": 2.0}), Sat("c", {"health": 5.0}),
        Sat("c", {"health": 1.0}), Sat("b", {"health": 5.0}),
    ]  # fmt: skip
    assert rules.judge(sat, "health").change == Change.IMPROVED


def test_a_tool_comes_back_from_the_rulebook_as_it_went() -> None:
    tool = replace(
        TOOL, whose="Ours", step=0.5, services=("one", "two"), deviation=1.2, reliability=0.85, higher=False,
        intro="Read it.",
    )  # fmt: skip
    assert rules.read_tool("own", 1, "Our own", tool.body()) == tool
    assert rules.read_tool("own", 1, "Our own", TOOL.body()) == TOOL
    assert tool.ref == "own@1"
    assert tool.outcomes == ("health", "safety")
    assert (tool.question("s1"), tool.question("s9")) == (QUESTIONS[2], None)


def test_points_are_chosen_in_words_where_each_has_its_own() -> None:
    assert TOOL.labels[:2] == ((1, "1: Not at all"), (2, "2"))
    worded = replace(TOOL, scale=((0, "No"), (1, "Yes")))
    assert worded.labels == ((0, "No"), (1, "Yes"))


def test_a_tool_is_for_some_ages_and_some_services() -> None:
    young = replace(TOOL, last_age=17, services=("one",))
    assert young.fits(17, "one")
    assert young.fits(None, "one")
    assert not young.fits(18, "one")
    assert not young.fits(17, "two")
    assert TOOL.fits(99, "two")


def test_reliable_change_is_that_of_jacobson_and_truax() -> None:
    # Their own example: s = 10, r = .80, from 47.5 to 32.5: S_diff = 6.32, index = -2.37.
    found = rules.reliable_change(32.5 - 47.5, deviation=10, reliability=0.8)
    assert (found.index, found.needed, found.is_reliable) == (-2.37, 12.4, True)
    assert not rules.reliable_change(12, deviation=10, reliability=0.8).is_reliable
    assert TOOL.reliable(2) is None
    whole = replace(TOOL, deviation=1.0, reliability=0.8).reliable(1.5)
    assert whole is not None
    assert whole.is_reliable


def test_answers_off_the_scale_or_outside_the_tool_are_strangers() -> None:
    assert rules.strangers(QUESTIONS, TOOL.points, {"h1": 0, "h2": 6, "s1": 1, "x9": 3}) == ("h1", "h2", "x9")
    assert rules.strangers(QUESTIONS, TOOL.points, {"h1": None, "h2": 1, "s1": 5}) == ()


def test_an_empty_sitting_measures_nothing() -> None:
    assert not rules.measured({"h1": None})
    assert rules.measured({"h1": None, "h2": 1})


def test_the_first_sitting_comes_first_and_after_the_end_there_is_a_follow_up() -> None:
    assert rules.stages(used=False, closed=False) == ("first",)
    assert rules.stages(used=True, closed=False) == ("review", "last", "follow_up")
    assert rules.stages(used=True, closed=True) == ("follow_up",)
