"""Questions one a page: what comes next, what may be opened, where Back goes."""

from alongside.core.pages.steps import Answers, Steps, always


def hurt(answers: Answers) -> bool:
    return answers.get("now", {}).get("hurt") == "yes"


STEPS = Steps((("now", always), ("where", hurt), ("who", always)), "check")


def test_answers_decide_which_questions_are_asked() -> None:
    assert STEPS.path({}) == ("now", "who")
    assert STEPS.path({"now": {"hurt": "yes"}}) == ("now", "where", "who")


def test_the_next_question_is_the_first_without_an_answer_and_the_last_page_checks_them() -> None:
    assert STEPS.upcoming({}) == "now"
    assert STEPS.upcoming({"now": {"hurt": "yes"}, "who": {}}) == "where"
    assert STEPS.upcoming({"now": {}, "who": {}}) == "check"


def test_a_question_opens_once_those_before_it_are_answered() -> None:
    assert STEPS.may_open("now", {})
    assert not STEPS.may_open("who", {})
    assert STEPS.may_open("who", {"now": {}})
    assert not STEPS.may_open("where", {"now": {}})


def test_back_goes_to_the_question_before_and_from_the_last_page_to_the_last_question() -> None:
    assert STEPS.before("now", {}) == ""
    assert STEPS.before("who", {"now": {"hurt": "yes"}}) == "where"
    assert STEPS.before("check", {}) == "who"
