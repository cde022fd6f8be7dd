"""What an assessment may be, what changed, and who counts as targeted again."""

from dataclasses import replace
from datetime import date

import pytest

from alongside.core.errors import RuleBroken
from alongside.support.desk.assessment import rules
from alongside.support.desk.assessment.rules import Children, Facts, Found, Incident, targeted
from alongside.support.desk.assessment.tests.found import FOUND

DAY = date(2026, 9, 14)
TITLES = {"step_free": "Step-free place", "interpreter": "Interpreter"}


def incident(day: int, month: int = 9, crime: str = "burglary", **more: bool) -> Incident:
    return Incident(date(2026, month, day), crime, exact=more.get("exact", True), own=more.get("own", False))


def again(*incidents: Incident) -> rules.Targeted:
    return targeted(incidents, months=12, persistent=3, days=3)


def test_what_was_asked_about_and_what_they_want_help_with_are_two_things() -> None:
    assert FOUND.asked == {"health": "lot", "money": "urgent", "social": "none"}
    assert FOUND.needs == ("health", "money")
    assert FOUND.said["needs"] == {"money": "I cannot pay the rent at 12 Sample Road"}


def test_an_assessment_of_nothing_is_refused_and_one_that_finds_no_need_is_not() -> None:
    with pytest.raises(RuleBroken, match="at least one need"):
        rules.check(Found(levels={"health": "not_asked"}))
    rules.check(Found(levels={"health": "none"}))


def test_words_without_how_much_are_refused_at_the_need() -> None:
    with pytest.raises(RuleBroken, match="how much") as broken:
        rules.check(Found(levels={"health": "none", "money": "not_asked"}, words={"money": "No money", "health": "x"}))
    assert broken.value.field == "level_money"


def test_children_who_were_written_about_are_there() -> None:
    with pytest.raises(RuleBroken, match="children in the home") as broken:
        rules.check(replace(FOUND, children=Children("no", ages="3")))
    assert broken.value.field == "children"


def test_enhanced_rights_need_a_reason() -> None:
    with pytest.raises(RuleBroken, match="Say why Enhanced Rights apply") as broken:
        rules.check(replace(FOUND, why="  "))
    assert broken.value.field == "why"
    rules.check(replace(FOUND, why="", entitlements=()))


def test_access_needs_are_codes_where_the_record_says_so_and_words_otherwise() -> None:
    assert rules.split_access("Step-free place; large print; ", TITLES) == (("step_free",), "large print")
    assert rules.join_access(("step_free",), " large print ", TITLES) == "Step-free place; large print"
    assert rules.join_access((), "", TITLES) == ""


def test_a_fact_that_is_another_now_is_named_and_the_order_of_a_list_is_not_a_change() -> None:
    before = Facts(markers=("b", "a")).kept
    assert rules.changed(before, Facts(markers=("a", "b"))) == ()
    assert rules.changed(before, Facts(under_18=True, markers=("a",), targeted="repeat")) == (
        "under_18", "markers", "targeted",
    )  # fmt: skip
    assert rules.changed({}, Facts(under_18=True)) == ()


def test_one_crime_is_no_repeat_and_nor_is_a_list_without_this_one() -> None:
    assert again(incident(1, own=True)).word == ""
    assert again(incident(1), incident(2)).word == ""


def test_a_second_crime_makes_a_repeat_victim_and_a_third_a_persistently_targeted_one() -> None:
    assert again(incident(1, own=True), incident(9)).word == "repeat"
    found = again(incident(1, own=True), incident(9), incident(1, 3, "harassment"))
    assert found.word == "persistent"
    assert [one.on for one in found.crimes] == [date(2026, 3, 1), date(2026, 9, 1), date(2026, 9, 9)]


def test_a_crime_longer_ago_than_the_window_does_not_count() -> None:
    long_ago = Incident(date(2025, 8, 31), "burglary", exact=True)
    assert again(incident(1, own=True), long_ago).word == ""
    assert again(incident(1, own=True), replace(long_ago, on=date(2025, 9, 1))).word == "repeat"


def test_one_crime_that_came_by_two_ways_counts_once() -> None:
    assert again(incident(1, own=True), incident(1)).word == ""
    assert again(incident(1, own=True), incident(3, exact=False)).word == ""
    assert again(incident(1, own=True), incident(5, exact=False)).word == "repeat"
    assert again(incident(1, own=True), incident(2)).word == "repeat"
    assert again(incident(1, own=True), incident(1, crime="fraud_cyber")).word == "repeat"


@pytest.mark.parametrize(
    ("day", "months", "was"),
    [(date(2026, 9, 14), 12, date(2025, 9, 14)), (date(2026, 3, 31), 1, date(2026, 2, 28)),
     (date(2026, 1, 15), 1, date(2025, 12, 15)), (date(2026, 12, 31), 13, date(2025, 11, 30))],
)  # fmt: skip
def test_months_before_a_day(day: date, months: int, was: date) -> None:
    assert rules.months_before(day, months) == was


def test_why_somebody_counts_as_targeted_is_said_in_words() -> None:
    found = again(incident(1, own=True), incident(9))
    assert rules.targeted_words(found, 12, "Burglary") == "A victim again: 2 crimes within 12 months (Burglary)"
    found = again(incident(1, own=True), incident(9), incident(11))
    assert rules.targeted_words(found, 12, "x").startswith("Persistently targeted: 3 crimes")


def test_what_a_call_names_is_told_apart_by_kind() -> None:
    said = {"needs": ["money"], "access": ["quiet", "step_free"], "language": "pl", "interpreter": ""}
    assert rules.named(said) == (
        ("need", "money"), ("access", "quiet"), ("access", "step_free"), ("language", "pl"),
    )  # fmt: skip
    assert rules.named({"needs": "money"}) == (("need", "money"),) and rules.named({}) == ()


def test_putting_in_what_they_named_changes_its_own_box_alone() -> None:
    boxes = {"level_money": "lot", "level_health": "none", "access": "quiet", "language": "en", "why": "Words"}
    assert rules.put_in(boxes, ("need", "money")) == boxes
    assert rules.put_in(boxes, ("need", "health")) == boxes | {"level_health": "some"}
    assert rules.put_in(boxes, ("access", "step_free")) == boxes | {"access": ["quiet", "step_free"]}
    assert rules.put_in(boxes, ("language", "pl")) == boxes | {"language": "pl"}
    assert rules.holds(boxes, ("access", "quiet")) and not rules.holds({}, ("access", "quiet"))


def test_what_a_form_starts_from_is_held_as_a_draft_holds_it() -> None:
    begun = {"high_risk": True, "why": "", "children_count": None, "others": ["x"], "language": "en"}
    assert rules.as_texts(begun) == {"high_risk": "True", "others": ["x"], "language": "en"}
