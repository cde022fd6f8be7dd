"""Rules of a plan: what has changed, when it is looked at again, and what may stand on a paper that may be found."""

from datetime import date
from typing import Any

import pytest

from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.cases.plans import rules
from alongside.support.cases.plans.rules import Change, Guarded

NEEDS = ("health", "money")
GUARDED = Guarded(("Testina", "O'Sample"), ("Sample Support",), {"police": "the officers"})


def row(code: str, days: int, *, high: bool = False, crimes: tuple[str, ...] = (), service: str = "") -> RuleRow:
    body = {"days": days, "high_risk": high, "crimes": list(crimes), "service": service}
    return RuleRow("plan_reviews", code, 1, code, body, "Test", date(2021, 4, 1), None, 0, "shipped")


@pytest.mark.parametrize(
    ("answers", "strange"),
    [({"health": 1, "money": 5}, ()), ({"health": "not_applicable"}, ()), ({"health": 0}, ("health",)),
     ({"health": 6}, ("health",)), ({"health": "three"}, ("health",)), ({"pets": 3}, ("pets",))],
)  # fmt: skip
def test_an_answer_is_of_a_need_and_on_the_scale(answers: rules.Answers, strange: tuple[str, ...]) -> None:
    assert rules.strangers(NEEDS, answers) == strange


def test_the_first_score_comes_first_and_once() -> None:
    assert rules.stage_obstacle("first", ()) == rules.stage_obstacle("review", ("first",)) == ""
    assert "not been scored yet" in rules.stage_obstacle("end", ())
    assert "scored already" in rules.stage_obstacle("first", ("first",))


@pytest.mark.parametrize(
    ("course", "what", "words"),
    [((2, None, 4), (Change.BETTER, 2), "Better by 2 steps"), ((3, 2), (Change.WORSE, 1), "Worse by 1 step"),
     ((3, 5, 3), (Change.SAME, 0), "The same as at first"), ((None, 4), (Change.ONCE, 0), "Scored once"),
     ((None,), (Change.NEVER, 0), "Not scored")],
)  # fmt: skip
def test_a_change_is_from_the_first_score_to_the_latest(
    course: tuple[int | None, ...], what: tuple[Change, int], words: str
) -> None:
    assert rules.change(course) == what
    assert rules.change_words(*what) == words


def test_a_need_that_was_not_scored_has_no_step() -> None:
    assert rules.course("health", [{"health": 2}, {"health": "not_applicable"}, {}]) == (2, None, None)


def test_the_first_row_that_fits_says_when_a_plan_is_looked_at_again() -> None:
    rows = [row("theirs", 7, service="isva"), row("high", 28, high=True), row("hate", 42, crimes=("hate_crime",)),
            row("standard", 84)]  # fmt: skip

    def found(**of: Any) -> str:
        asked: dict[str, Any] = {"high_risk": False, "crime_type": "burglary", "service": "advice"}
        return rules.review_rule(rows, **asked | of).code

    assert [found(), found(high_risk=True), found(crime_type="hate_crime"), found(service="isva")] == [
        "standard", "high", "hate", "theirs",
    ]  # fmt: skip
    assert rules.next_review(rows[1], date(2026, 9, 14)) == date(2026, 10, 12)


@pytest.mark.parametrize(
    ("text", "fault"),
    [("Sleep through the night", ""), ("Ring 07700 900123", rules.WHERE), ("Move to 12 Sample Road", rules.WHERE),
     ("Go to [left out] on Monday", rules.HOLE), ("Ask testina's sister", ""), ("Ask Testina", rules.NAME),
     ("ask o'sample", rules.NAME), ("Come to sample support", rules.SERVICE),
     ("Ring the police", "“police” gives away what the plan is about. You could say: the officers."),
     ("Policing my time", "")],
)  # fmt: skip
def test_a_line_that_would_tell_is_refused(text: str, fault: str) -> None:
    assert "".join(rules.line_faults(text, GUARDED)[:1]) == fault


def test_a_capital_letter_in_a_sentence_may_be_a_name() -> None:
    assert rules.maybe_names(["See Mo on Monday. Rest well.", "Ring Acme at Easter, I'm sure", "Ask Mo"]) == (
        "Mo", "Acme",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "hidden", "shared"),
    [("yes", False, True), ("no", True, False), ("not_known", False, False), ("not_known", True, True)],
)
def test_not_known_counts_as_shared_after_a_hidden_crime(answer: str, hidden: bool, shared: bool) -> None:
    assert rules.shares(answer, hidden=hidden) is shared


@pytest.mark.parametrize(
    ("paper", "shared", "place", "safe", "obstacle"),
    [(True, True, False, "other", rules.SHARED_HOME), (True, True, True, "kept_here", ""),
     (True, False, False, "lives_apart", ""), (False, True, False, "nothing_left", ""),
     (True, False, False, "nothing_left", rules.LEFT_NOTHING), (False, True, False, "lives_apart", rules.CONTRADICTS)],
)  # fmt: skip
def test_paper_in_a_shared_home_needs_a_safe_place(
    paper: bool, shared: bool, place: bool, safe: str, obstacle: str
) -> None:
    assert rules.giving_obstacle(paper=paper, shared=shared, place=place, safe=safe) == obstacle
