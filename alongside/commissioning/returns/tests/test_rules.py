"""Rules of returns: numbers as they are typed, what moved, what is missing, what changed, how far it is trusted."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from alongside.commissioning.returns import rules
from alongside.commissioning.returns.rules import Held
from alongside.commissioning.templates.rules import Check, Kind, Question, Section, Template
from alongside.core.errors import RuleBroken
from alongside.core.periods import Quarter

FIGURE = Question("q1", "s", Kind.FIGURE, "Supported", measure="victims_supported")


def figure(value: float | None, kind: str = "count", n: int = 20, coverage: float | None = 1.0) -> dict[str, Any]:
    return {"group": "", "label": "", "value": value, "n": n, "coverage": coverage, "kind": kind, "words": ""}


def held(now: float | None, before: float | None = None, kind: str = "count", **said: Any) -> Held:
    return Held(FIGURE, [figure(now, kind)], [] if before is None else [figure(before, kind)], said)


def other(kind: Kind, papers: int = 0, **said: Any) -> Held:
    return Held(Question("q2", "s", kind, "Words"), [], [], said, papers)


@pytest.mark.parametrize(("typed", "kept"), [
    ("1,204", "1204"), (" 12.5 ", "12.5"), ("0", "0"), ("85%", "85"), ("1000000", "1000000"), ("10", "10"),
])  # fmt: skip
def test_numbers_are_read_as_people_write_them(typed: str, kept: str) -> None:
    assert rules.read_number(typed) == kept


@pytest.mark.parametrize("typed", ["many", "-1", "NaN", "Infinity", "1e99", ""])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(RuleBroken):
        rules.read_number(typed)


def test_a_figure_counts_as_the_provider_says_where_it_says_so() -> None:
    assert held(9).told == 9
    assert held(9, value="11").told == 11
    assert held(0.5, kind="share", value="60").told == pytest.approx(0.6)
    assert (held(9).is_overridden, held(9, value="11").is_overridden) == (False, True)
    broken = Held(replace(FIGURE, by="service"), [figure(9)], [], {})
    assert (broken.made, broken.told, broken.is_answered) == (None, None, True)


def test_what_counts_as_answered() -> None:
    assert not Held(FIGURE, [], [], {}).is_answered
    assert Held(FIGURE, [], [], {"value": "3"}).is_answered
    assert not Held(FIGURE, [], [], {}, filled=True).is_answered
    broken = replace(FIGURE, by="crime_type")
    assert Held(broken, [], [], {}, filled=True).is_answered, "nobody, or too few to be told"
    assert not Held(broken, [], [], {}).is_answered
    assert other(Kind.FILE, papers=1).is_answered
    assert not other(Kind.FILE).is_answered
    assert other(Kind.POSTS, rows=[{"post": "A"}]).is_answered
    assert not other(Kind.TEXT, value="").is_answered


def test_only_numbers_are_reckoned_with() -> None:
    assert rules.number_of(held(9)) == Decimal(9)
    assert rules.number_of(held(None)) is None
    assert rules.number_of(other(Kind.MONEY, value="12.5")) == Decimal("12.5")
    assert rules.number_of(other(Kind.NUMBER)) is None
    assert rules.number_of(other(Kind.TEXT, value="12")) is None


def test_a_return_is_due_so_many_days_after_its_quarter() -> None:
    assert rules.due_on(Quarter(2026, 2), 28) == date(2026, 10, 28)
    assert rules.is_late(date(2026, 10, 28), date(2026, 10, 29), sent=False)
    assert not rules.is_late(date(2026, 10, 28), date(2026, 10, 28), sent=False)
    assert not rules.is_late(date(2026, 10, 28), date(2026, 10, 29), sent=True)


def test_how_far_a_figure_moved() -> None:
    assert rules.moved(held(12, 10)) == rules.Moved(12, 10, 0.2)
    assert rules.moved(held(12, 0)) == rules.Moved(12, 0, None)
    assert rules.moved(held(12)) is None
    assert rules.moved(held(None, 10)) is None
    assert rules.moved(Held(FIGURE, [figure(1)], [figure(None)], {})) is None


@pytest.mark.parametrize(("one", "explain", "must"), [
    (held(40, 30), 25, True), (held(37, 30), 25, False), (held(4, 1), 25, False), (held(5, 0), 25, True),
    (held(40, 30), 0, False), (held(40), 25, False), (held(0.9, 0.5, "share"), 25, True),
    (held(0.54, 0.5, "share"), 1, False),
])  # fmt: skip
def test_when_a_provider_says_why(one: Held, explain: int, must: bool) -> None:
    assert rules.must_explain(one, explain) is must


def test_everything_that_stops_a_return_is_said_at_once() -> None:
    questions = (
        FIGURE, Question("q2", "s", Kind.NUMBER, "New"), Question("q3", "s", Kind.STORY, "Story", optional=True),
        Question("q4", "s", Kind.TEXT, "Only then", when="q5:yes"), Question("q5", "s", Kind.YES_NO, "Yes?"),
        Question("q6", "s", Kind.FIGURE, "Not there"),
    )  # fmt: skip
    template = Template(
        "t", 1, "T", sections=(Section("s", "S"),), questions=questions,
        checks=(Check(("q2",), "<=", ("q1",), "Some of them."), Check(("q2",), ">=", ("5",), "Usual.", stops=False)),
    )  # fmt: skip
    answers = {
        "q1": held(9, value="11"), "q2": Held(questions[1], [], [], {"value": "12.5"}),
        "q3": Held(questions[2], [], [], {"value": "A story"}), "q4": Held(questions[3], [], [], {}),
        "q5": Held(questions[4], [], [], {}), "q6": Held(questions[5], [], [], {}),
    }  # fmt: skip
    found = {(one.question, one.stops): one.words for one in rules.problems(template, "small", answers)}
    assert "Say why" in found["q1", True]
    assert found["q2", True] == "Some of them. 12.5 and 11: 1.5 apart."
    assert "agreed" in found["q3", True]
    assert found["q5", True] == "Not answered yet."
    assert "next snapshot" in found["q6", True]
    assert ("q4", True) not in found, "nobody is asked what hangs on another answer"
    answers["q2"] = Held(questions[1], [], [], {"value": "2"})
    answers["q1"] = held(40, 10)
    found = {(one.question, one.stops): one.words for one in rules.problems(template, "small", answers)}
    assert found["q2", False].startswith("Usual. 2 and 5")
    assert "moved further" in found["q1", True]


@pytest.mark.parametrize(("kind", "said", "field"), [
    (Kind.TEXT, {"value": "one two three"}, "q2"), (Kind.CHOICE, {"value": "C"}, "q2"),
    (Kind.YES_NO, {"value": "A"}, "q2"), (Kind.POSTS, {"rows": [{}] * 41}, "q2"),
    (Kind.FIGURE, {"why": "a" * 601}, "q2_why"),
])  # fmt: skip
def test_what_is_not_an_answer_is_refused_beside_its_field(kind: Kind, said: dict[str, Any], field: str) -> None:
    asked = Question("q2", "s", kind, "Words", most=2, options=("A", "B"))
    with pytest.raises(RuleBroken) as broken:
        rules.check_said(asked, said)
    assert broken.value.field == field


def test_what_is_an_answer_is_taken() -> None:
    asked = Question("q2", "s", Kind.CHOICE, "Words", options=("A", "B"))
    rules.check_said(asked, {"value": "A"})
    rules.check_said(asked, {"value": ""})
    rules.check_said(replace(asked, kind=Kind.TEXT, most=0), {"value": "as long as one likes"})
    rules.check_said(replace(asked, kind=Kind.DATE), {"value": "2026-09-01"})


def test_what_changed_between_two_sendings() -> None:
    before: dict[str, dict[str, Any]] = {
        "q1": {"figures": [figure(9)], "said": {"value": "", "why": ""}, "papers": 0}, "q2": {"said": {}}
    }  # fmt: skip
    now: dict[str, dict[str, Any]] = {
        "q1": {"figures": [figure(9)], "said": {}, "papers": 0}, "q2": {"said": {"value": "3"}}, "q3": {"papers": 1}
    }  # fmt: skip
    assert [one.question for one in rules.changes(before, now)] == ["q2", "q3"]
    moved = {**before, "q1": {"figures": [figure(10)], "said": {}}}
    assert [one.question for one in rules.changes(before, moved)] == ["q1"]


def test_how_far_the_data_can_be_trusted() -> None:
    share = Held(FIGURE, [figure(0.5, "share", coverage=0.5)], [], {})
    found = rules.quality([held(9), held(9, value="11"), share, other(Kind.TEXT, value="x")])
    assert (found.figures, found.own, found.coverage) == (3, 1, 0.5)
    assert found.score == 33
    assert rules.quality([held(9)]).score == 100
    assert rules.quality([]).score is None


def test_what_is_unusual_is_told_from_four_quarters() -> None:
    assert rules.is_outlier(40, [10, 12, 11, 9])
    assert not rules.is_outlier(12, [10, 12, 11, 9])
    assert not rules.is_outlier(40, [10, 12, 11])
    assert not rules.is_outlier(0.54, [0.5, 0.5, 0.5, 0.5], scale=100)
    assert rules.is_outlier(0.7, [0.5, 0.5, 0.5, 0.5], scale=100)
