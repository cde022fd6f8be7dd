"""Sets read and written, levels reckoned, judgement that only raises, rises, and two sittings side by side."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.core.errors import RuleBroken
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.risk import rules
from alongside.support.cases.risk.rules import Area, Item, RiskSet

ITEMS = (
    Item("one", "Were you hurt?"),
    Item("two", "Worse?", 2, False, "Ask since when"),
    Item("three", "Gun?", 1, True),
)
SET = RiskSet("sample", 3, "Sample", "domestic_abuse", ITEMS, medium_from=2, high_from=3)


def shipped() -> dict[str, RiskSet]:
    book = rulebook.books()["risk_sets"]
    return {row.code: rules.read_set(row.code, 1, row.title, row.body) for row in book.rows}


def test_every_shipped_set_can_be_published_and_reads_the_same_again() -> None:
    for code, whole in shipped().items():
        rules.check_set(whole)
        for item in whole.items:
            rules.check_item(item)
        assert len({item.code for item in whole.items}) == len(whole.items), code
        assert rules.read_set(code, 1, whole.title, whole.body()) == whole


@pytest.mark.parametrize("code", ["domestic_abuse", "domestic_abuse_young", "domestic_abuse_older"])
def test_domestic_abuse_asks_24_questions_of_which_14_are_high(code: str) -> None:
    whole = shipped()[code]
    assert (len(whole.items), whole.high_from, sum(item.weight for item in whole.items)) == (24, 14, 24)


def test_the_sets_of_domestic_abuse_follow_each_other_by_age_without_a_gap() -> None:
    sets = [one for one in shipped().values() if one.kind == "domestic_abuse"]
    for age in range(rules.OLDEST + 1):
        assert len([one for one in sets if one.fits(age)]) == 1, age
    assert all(one.fits(None) for one in sets)


def test_an_area_counts_otherwise() -> None:
    whole = replace(SET, areas=(Area("E08000025", 1, 2, 6),))
    assert rules.read_set("sample", 3, "Sample", whole.body()) == whole
    here = whole.here("E08000025")
    assert (here.high_from, here.medium_from, here.incidents_from, here.window_months) == (1, 1, 2, 6)
    assert whole.here("E08000031") is whole
    assert rules.reckon(here, {"one": "yes"}).level == "high"


@pytest.mark.parametrize(
    ("item", "field"),
    [(Item("q", ""), "words"), (Item("q", "x" * 301), "words"), (Item("q", "a | b"), "words"),
     (Item("q", "a", hint="b\nc"), "hint"), (Item("q", "a", weight=11), "weight")],
)  # fmt: skip
def test_a_question_that_cannot_be_asked_is_refused(item: Item, field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        rules.check_item(item)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"items": ()}, None), ({"first_age": 20, "last_age": 10}, "first_age"), ({"medium_from": 0}, "medium_from"),
     ({"medium_from": 4}, "medium_from"), ({"window_months": 61}, "window_months"), ({"high_from": 5}, "high_from"),
     ({"areas": (Area("E08000025", 5, 0, 6),)}, None), ({"areas": (Area("E08000025", 3, 0, 0),)}, None)],
)  # fmt: skip
def test_a_set_under_which_somebody_would_be_misjudged_is_refused(
    changes: dict[str, object], field: str | None
) -> None:
    with pytest.raises(RuleBroken) as refused:
        rules.check_set(replace(SET, **changes))  # type: ignore[arg-type]
    assert (refused.value.field or None) == field


def test_a_new_question_never_takes_a_code_that_was_used() -> None:
    assert rules.next_code([]) == "q1"
    assert rules.next_code(["hurt", "q1", "q7", "quiet"]) == "q8"


def test_questions_move_up_and_down_and_no_further_than_the_ends() -> None:
    def codes(code: str, up: bool) -> str:
        return " ".join(item.code for item in rules.moved(ITEMS, code, up=up))

    assert (codes("two", True), codes("two", False)) == ("two one three", "one three two")
    assert (codes("one", True), codes("three", False)) == ("one two three", "one two three")


def test_differences_say_what_was_added_changed_moved_and_taken_out() -> None:
    assert rules.differences(SET, SET) == ()
    now = replace(
        SET, high_from=4, areas=(Area("E08000025", 3, 0, 6),),
        items=(ITEMS[2], replace(ITEMS[0], words="Are you hurt?"), Item("q1", "New?")),
    )  # fmt: skip
    found = [(one.what, one.before, one.now) for one in rules.differences(SET, now)]
    assert found == [
        ("High from", "3", "4"), ("Question changed", "Were you hurt?", "Are you hurt?"),
        ("Question added", "", "New?"),
        ("Question taken out", "Worse? (counts 2) Ask since when", ""),
        ("Order", "", "The questions stand in another order"),
        ("Areas that count otherwise", "None", "E08000025 | 3 | 0 | 6"),
    ]  # fmt: skip
    gone = rules.differences(SET, replace(SET, items=ITEMS[:2]))
    assert [(one.what, one.before) for one in gone] == [("Question taken out", "Gun? (critical)")]


@pytest.mark.parametrize(
    ("answers", "level", "why"),
    [({}, "standard", ("score",)), ({"one": "yes"}, "standard", ("score",)), ({"two": "yes"}, "medium", ("score",)),
     ({"one": "yes", "two": "yes"}, "high", ("score",)), ({"three": "yes"}, "high", ("critical",)),
     ({"one": "yes", "two": "yes", "three": "yes"}, "high", ("score", "critical")),
     ({"one": "not_known", "two": "not_asked", "three": "no"}, "standard", ("score",))],
)  # fmt: skip
def test_the_level_follows_from_the_answers(answers: dict[str, str], level: str, why: tuple[str, ...]) -> None:
    found = rules.reckon(SET, answers)
    assert (found.level, found.why) == (level, why)


def test_many_incidents_or_sittings_in_the_window_are_high_by_themselves() -> None:
    whole = replace(SET, incidents_from=3, sittings_from=4)
    for incidents, sittings, why in ((2, 3, ("score",)), (3, 1, ("incidents",)), (None, 4, ("sittings",))):
        found = rules.reckon(whole, {}, incidents=incidents, sittings=sittings)
        assert found.why == why
        assert found.level == ("standard" if why == ("score",) else "high")


@given(st.sampled_from(rules.LEVELS), st.sampled_from(rules.LEVELS))
def test_judgement_raises_and_never_lowers(reckoned: str, chosen: str) -> None:
    if rules.rank(chosen) < rules.rank(reckoned):
        with pytest.raises(RuleBroken, match="never lowers"):
            rules.judged(reckoned, chosen)
    else:
        assert rules.judged(reckoned, chosen) == (reckoned != chosen)


def test_a_level_that_is_none_is_refused() -> None:
    with pytest.raises(RuleBroken, match="Choose the level"):
        rules.judged("standard", "grave")


@given(st.sets(st.sampled_from(["one", "two", "three"])), st.sampled_from(["one", "two", "three"]))
def test_a_further_yes_never_lowers_the_level(said: set[str], more: str) -> None:
    less, with_it = (dict.fromkeys(codes, "yes") for codes in (said, said | {more}))
    assert rules.rank(rules.reckon(SET, less).level) <= rules.rank(rules.reckon(SET, with_it).level)


def test_answers_outside_the_set_are_strangers() -> None:
    assert not rules.strangers(SET, {"one": "yes"})
    assert rules.strangers(SET, {"four": "yes"})
    assert rules.strangers(SET, {"one": "perhaps"})
    assert not rules.asked_anything({"one": "not_asked"})
    assert rules.asked_anything({"one": "not_known"})


@pytest.mark.parametrize(
    ("before", "now", "rose"),
    [("", "high", True), ("", "medium", False), ("standard", "medium", True), ("high", "high", False),
     ("high", "standard", False), ("medium", "high", True)],
)  # fmt: skip
def test_a_rise_is_a_higher_level_than_before(before: str, now: str, rose: bool) -> None:
    assert rules.rose(before, now) is rose


@pytest.mark.parametrize(
    ("before", "now", "flag", "flagged"),
    [("", "standard", True, True), ("", "high", False, True), ("high", "medium", True, False),
     ("medium", "standard", False, False), ("medium", "standard", True, True)],
)  # fmt: skip
def test_what_the_hub_said_stands_until_a_sitting_that_was_high_gives_way(
    before: str, now: str, flag: bool, flagged: bool
) -> None:
    assert rules.flagged(before, now, flag=flag) is flagged


def test_the_highest_of_all_kinds_counts() -> None:
    assert rules.highest([]) == ""
    assert rules.highest(["medium", "high", "standard"]) == "high"


@pytest.mark.parametrize(
    ("day", "months", "start"),
    [(date(2026, 9, 14), 12, date(2025, 9, 14)), (date(2026, 3, 31), 1, date(2026, 2, 28)),
     (date(2026, 1, 15), 1, date(2025, 12, 15)), (date(2024, 2, 29), 12, date(2023, 2, 28)),
     (date(2026, 12, 31), 12, date(2025, 12, 31))],
)  # fmt: skip
def test_a_window_begins_on_the_same_day_of_the_month(day: date, months: int, start: date) -> None:
    assert rules.window_start(day, months) == start


def test_two_sittings_are_held_side_by_side_question_by_question() -> None:
    later = replace(SET, version=4, items=(ITEMS[0], replace(ITEMS[2], words="Any weapon?"), Item("q1", "New?")))
    found = {
        one.code: one for one in rules.compare(SET, {"one": "yes", "two": "yes"}, later, {"one": "yes", "three": "no"})
    }
    assert list(found) == ["one", "three", "q1", "two"]
    assert not found["one"].changed and not found["one"].reworded
    assert found["three"].reworded and found["three"].changed
    assert found["q1"].before is None and found["q1"].changed and not found["q1"].reworded
    assert found["two"].now is None and found["two"].before == rules.Side("Worse?", "yes")
