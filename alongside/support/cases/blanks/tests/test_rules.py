"""When something counts as missing, and how complete records are."""

from datetime import date, timedelta

from alongside.support.cases.blanks import rules
from alongside.support.cases.blanks.rules import How, Wanted

ON = date(2026, 9, 14)


def wanted(*, after: int = 7, people: bool = True) -> Wanted:
    return Wanted("sex", "Sex", "Why", "sex@1", after, 92, people)


def test_a_new_case_is_not_asked_yet_and_a_business_has_no_age() -> None:
    assert not rules.due(wanted(), accepted_on=ON - timedelta(days=6), on=ON, person=True)
    assert rules.due(wanted(), accepted_on=ON - timedelta(days=7), on=ON, person=True)
    assert not rules.due(wanted(), accepted_on=ON - timedelta(days=99), on=ON, person=False)
    assert rules.due(wanted(people=False), accepted_on=ON - timedelta(days=99), on=ON, person=False)


def test_what_came_of_asking_counts_while_it_holds() -> None:
    assert rules.how(said=True, came="later", again_on=ON, on=ON) == How.SAID
    assert rules.how(said=False, came="", again_on=None, on=ON) == How.BLANK
    assert rules.how(said=False, came="not_said", again_on=None, on=ON) == How.ASKED
    assert rules.how(said=False, came="later", again_on=ON + timedelta(days=1), on=ON) == How.LATER
    assert rules.how(said=False, came="not_known", again_on=ON, on=ON) == How.BLANK


def test_a_code_that_says_nothing_is_not_an_answer() -> None:
    assert rules.is_said("female") and not rules.is_said("not_asked") and not rules.is_said("")


def test_what_is_our_own_work_can_only_be_left_for_later() -> None:
    assert rules.ways("scores") == ("later",)
    assert rules.ways("access_needs") == ("none", "not_known", "not_said", "later")
    assert "none" not in rules.ways("sex")


def test_not_known_is_asked_again_and_not_wanted_never_is() -> None:
    assert rules.again_on("not_known", on=ON, again=92, later=7) == ON + timedelta(days=92)
    assert rules.again_on("later", on=ON, again=92, later=7) == ON + timedelta(days=7)
    assert rules.again_on("not_said", on=ON, again=92, later=7) is None


def test_nothing_with_a_gap_is_complete() -> None:
    assert rules.share(199, 200) == 99 and rules.share(0, 0) is None
    states = {"a": How.SAID, "b": How.ASKED, "c": How.LATER, "d": How.BLANK}
    assert rules.tally(states) == (2, 4, 1)
