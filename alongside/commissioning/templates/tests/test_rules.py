"""Rules of return templates: read and written back unchanged, asked by size and by answer, checked, compared."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from alongside.commissioning.templates import differing, rules
from alongside.commissioning.templates.rules import Check, Kind, Question, Section, Template
from alongside.core.errors import RuleBroken

MEASURES = {"cases_opened": ("service", "crime_type"), "cases_closed": ("service",)}
WHOLE = Template(
    "own1", 2, "Ours", about="What it is for", statement="I looked.",
    sections=(Section("s1", "People", "Words."), Section("s2", "Money")),
    questions=(
        Question("q1", "s1", Kind.FIGURE, "Opened", measure="cases_opened"),
        Question("q2", "s1", Kind.FIGURE, "Opened, by crime", measure="cases_opened", by="crime_type",
                 sizes=("large",)),
        Question("q3", "s1", Kind.YES_NO, "Any change?", hint="Of staff."),
        Question("q4", "s1", Kind.TEXT, "Which?", most=100, when="q3:yes", optional=True),
        Question("q5", "s2", Kind.CHOICE, "And then?", options=("More", "Less")),
        Question("q6", "s2", Kind.NUMBER, "How many?"),
        Question("q7", "s2", Kind.MONEY, "How much?"),
    ),
    checks=(Check(("q6",), "<=", ("q1", "5"), "Some of them."), Check(("q7",), "=", ("q6",), "Equal.", stops=False)),
)  # fmt: skip


def test_what_is_written_down_is_read_back_the_same() -> None:
    assert rules.read_template("own1", 2, "Ours", WHOLE.body()) == WHOLE
    bare = Template("own1", 1, "Bare")
    assert rules.read_template("own1", 1, "Bare", bare.body()) == bare


def test_small_awards_are_asked_less_and_a_question_hangs_on_an_answer() -> None:
    assert [one.code for one in rules.asked(WHOLE, "small")] == ["q1", "q3", "q4", "q5", "q6", "q7"]
    assert "q2" in [one.code for one in rules.asked(WHOLE, "large")]
    assert "q4" not in [one.code for one in rules.asked(WHOLE, "small", {"q3": "no"})]
    assert "q4" in [one.code for one in rules.asked(WHOLE, "small", {"q3": "yes"})]


def test_checks_say_both_sides_and_how_far_they_part() -> None:
    numbers: dict[str, Decimal | None] = {"q1": Decimal(3), "q6": Decimal(10), "q7": Decimal(10)}
    (found,) = rules.failed(WHOLE, numbers)
    assert (found.left, found.right, found.apart) == (Decimal(10), Decimal(8), Decimal(2))
    assert rules.failed(WHOLE, {**numbers, "q6": Decimal(8), "q7": Decimal(8)}) == ()
    assert rules.failed(WHOLE, {"q6": Decimal(10), "q7": None}) == (), "what is not answered is not checked"


@pytest.mark.parametrize(("changed", "match"), [
    ({"words": ""}, "Write the question"),
    ({"words": "a" * 301}, "Write the question"),
    ({"words": "a | b"}, "without the signs"),
    ({"hint": "a\nb"}, "without the signs"),
    ({"section": "s9"}, "section"),
    ({"kind": Kind.FIGURE, "measure": "nothing"}, "measure"),
    ({"kind": Kind.FIGURE, "measure": "cases_closed", "by": "crime_type"}, "cannot be broken down"),
    ({"kind": Kind.CHOICE, "options": ("One",)}, "from 2 to"),
    ({"kind": Kind.CHOICE, "options": ("One / two", "Three")}, "without the signs"),
    ({"when": "q9:yes"}, "fixed answers"),
    ({"when": "q6:1"}, "fixed answers"),
    ({"when": "q3:perhaps"}, "one of the answers"),
    ({"when": "q5:More"}, "before it"),
])  # fmt: skip
def test_a_question_that_cannot_be_asked_is_refused(changed: dict[str, Any], match: str) -> None:
    question = replace(Question("q4", "s1", Kind.YES_NO, "Which?"), **changed)
    with pytest.raises(RuleBroken, match=match):
        rules.check_question(question, measures=MEASURES, template=WHOLE)


def test_what_can_be_asked_is_taken() -> None:
    for one in WHOLE.questions:
        rules.check_question(one, measures=MEASURES, template=WHOLE)
    fresh = Question("q8", "s1", Kind.TEXT, "Why?", most=50, when="q5:Less")
    rules.check_question(fresh, measures=MEASURES, template=WHOLE)


@pytest.mark.parametrize(("formula", "words", "match"), [
    ("q6", "Words", "Write it like"),
    ("q6 <= q2", "Words", "whole table"),
    ("q6 = q3", "Words", "not a number"),
    ("1 = 2", "Words", "at least one"),
    ("q6 = q7", "", "Say in words"),
])  # fmt: skip
def test_a_check_that_cannot_be_reckoned_is_refused(formula: str, words: str, match: str) -> None:
    with pytest.raises(RuleBroken, match=match):
        rules.check_check(rules.read_check(formula, words, stops=True), WHOLE)


@pytest.mark.parametrize(("changed", "match"), [
    ({"title": ""}, "Name"), ({"due": 0}, "due"), ({"explain": 2000}, "1000"), ({"statement": " "}, "puts their name"),
    ({"questions": ()}, "at least one"),
    ({"questions": WHOLE.questions[3:]}, "hangs on a question"),
    ({"checks": (Check(("q9",), "=", ("q6",), "x"),)}, "not a number"),
])  # fmt: skip
def test_a_template_that_cannot_be_asked_is_refused(changed: dict[str, Any], match: str) -> None:
    with pytest.raises(RuleBroken, match=match):
        rules.check_whole(replace(WHOLE, **changed))


def test_a_whole_template_is_taken() -> None:
    rules.check_whole(WHOLE)
    rules.check_section(Section("s1", "People"))
    with pytest.raises(RuleBroken, match="Name the section"):
        rules.check_section(Section("s1", ""))


def test_a_code_is_never_used_twice() -> None:
    assert rules.next_code(["q1", "q7", "s9", "qx"]) == "q8"
    assert rules.next_code([], "s") == "s1"


def test_a_question_moves_within_its_section_and_stops_at_its_ends() -> None:
    def within(section: str, code: str, *, up: bool) -> list[str]:
        one = WHOLE.question(code)
        assert one
        moved = rules.moved(WHOLE.questions, one, up=up, within=lambda each: each.section == section)
        return [each.code for each in moved]

    assert within("s1", "q2", up=True)[:3] == ["q2", "q1", "q3"]
    assert within("s1", "q4", up=False) == [one.code for one in WHOLE.questions]
    assert within("s2", "q5", up=False)[4:6] == ["q6", "q5"]


def test_what_is_taken_out_takes_its_checks_with_it() -> None:
    left = rules.without_question(WHOLE, "q1")
    assert left.question("q1") is None
    assert [one.formula for one in left.checks] == ["q7 = q6"]


def test_versions_are_told_apart() -> None:
    q1, q2, *rest = WHOLE.questions
    now = replace(
        WHOLE, title="New", due=14, sections=(Section("s1", "Folk"), Section("s2", "Money")), checks=WHOLE.checks[1:],
        questions=(q2, replace(q1, words="Begun"), *rest[1:], replace(rest[0], code="q9")),
    )  # fmt: skip
    told = {one.what: (one.before, one.now) for one in differing.differences(WHOLE, now)}
    assert told["Name"] == ("Ours", "New")
    assert told["Days until it is due"] == ("28", "14")
    assert told["Sections"] == ("People, Money", "Folk, Money")
    assert told["Question changed"] == ("Opened", "Begun")
    assert told["Question added"] == ("", "Any change?")
    assert told["Question taken out"] == ("Any change?", "")
    assert told["Order"][1].startswith("The questions stand")
    assert told["Check taken out"][0].startswith("q6 <= q1 + 5")
    back = {one.what for one in differing.differences(now, WHOLE)}
    assert "Check added" in back
    same = replace(WHOLE, sections=(Section("s1", "People"), Section("s2", "Money")),
                   questions=(replace(q1, optional=True), *WHOLE.questions[1:]))  # fmt: skip
    told = {one.what: (one.before, one.now) for one in differing.differences(WHOLE, same)}
    assert told["Sections"][1] == "Other words at the head of a section"
    assert told["Question changed"] == ("Opened", "Asked in another way")
