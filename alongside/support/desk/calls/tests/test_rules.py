"""Which step comes next, when a call ends at once, and what it amounts to."""

import pytest

from alongside.support.desk.assessment.rules import Texts
from alongside.support.desk.calls import rules
from alongside.support.desk.calls.rules import Script, Step

WHO, SAFE, TOLD, OUT = (Step(*words) for words in (
    ("who", "Who", "Hello", "", "speaking"), ("safe_now", "Safe", "Can you talk?", "", "safe"),
    ("told", "Told", "What happened?", "", ""), ("way_out", "Out", "Wrong number", "", "out"),
))  # fmt: skip
SCRIPT = Script((WHO, SAFE, TOLD), OUT)


def test_a_step_asks_its_question_or_takes_notes() -> None:
    assert (WHO.fields, TOLD.fields) == (("speaking",), ("note_told",))
    assert OUT.fields == ("next_day", "next_hours")
    assert Step("x", "", "", "", "needs").fields == ("needs", "note_x")
    assert Step("x", "", "", "", "no such thing").fields == ("note_x",)


def test_steps_follow_each_other() -> None:
    assert [SCRIPT.after(step) for step in (WHO, SAFE, TOLD, OUT)] == ["safe_now", "told", "", ""]
    assert [SCRIPT.before(step, {}) for step in (WHO, SAFE, TOLD, OUT)] == ["who", "who", "safe_now", "who"]
    assert SCRIPT.before(OUT, {"speaking": "them"}) == "safe_now"
    assert Script((TOLD,), OUT).before(OUT, {"speaking": "them"}) == "told", "where the office withdrew that step"
    assert SCRIPT.find("way_out") == OUT and SCRIPT.find("nowhere") is None


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ({"speaking": "else"}, "someone_else"), ({"speaking": "none"}, "no_answer"),
        ({"speaking": "them", "safe": "no"}, "not_safe"),
        ({"speaking": "them", "safe": "no", "next_day": "2026-09-15"}, "call_back"),
    ],
)  # fmt: skip
def test_a_call_that_ends_at_once_amounts_to_one_thing(said: dict[str, str], outcome: str) -> None:
    assert rules.ends(said) and rules.outcome(said) == outcome


def test_a_call_goes_on_while_it_is_safe() -> None:
    assert not rules.ends({"speaking": "them", "safe": "yes"}) and not rules.ends({})
    assert not rules.ends({"speaking": "them", "safe": "no"}, "speaking"), "it is asked again"


def test_the_first_questions_must_be_answered() -> None:
    assert rules.missing(SCRIPT.steps, {}) == "who"
    assert rules.missing(SCRIPT.steps, {"speaking": "them"}) == "safe_now"
    assert rules.missing(SCRIPT.steps, {"speaking": "them", "safe": "yes"}) == ""


def test_notes_are_told_step_by_step_and_no_longer_than_a_note() -> None:
    assert rules.notes(SCRIPT.steps, {"note_told": " In their words ", "note_who": " "}) == "Told: In their words"
    assert len(rules.notes(SCRIPT.steps, {"note_told": "x" * 5000})) == rules.NOTE


def test_an_assessment_begins_with_what_they_said_and_no_more() -> None:
    said = {"needs": ["money"], "language": "", "interpreter": "yes", "access": ["step_free"], "danger": "no"}
    assert rules.begin_assessment({}, {}, said) == {
        "level_money": "some", "interpreter": "yes", "access": ["step_free"], "danger": "no",
    }  # fmt: skip
    assert rules.begin_assessment({"language": "en"}, {}, {}) == {"language": "en"}


def test_what_was_typed_or_found_before_is_never_overwritten() -> None:
    said = {"needs": ["money", "health", "social"], "language": "pl", "interpreter": "yes", "access": ["quiet"],
            "danger": "no"}  # fmt: skip
    typed: Texts = {
        "level_money": "urgent", "level_health": "none", "level_social": "not_asked", "language": "ur",
        "interpreter": "no", "access": "step_free", "danger": "dealt_with", "why": "Words",
    }  # fmt: skip
    assert rules.begin_assessment(typed, {"language": "en", "interpreter": "unknown"}, said) == {
        **typed, "level_social": "some", "access": ["step_free", "quiet"],
    }  # fmt: skip
    as_record: Texts = {"language": "en", "interpreter": "unknown"}
    now = rules.begin_assessment(as_record, as_record, {"language": "pl", "interpreter": "yes"})
    assert now == {"language": "pl", "interpreter": "yes"}
