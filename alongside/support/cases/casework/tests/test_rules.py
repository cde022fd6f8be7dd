"""The pure rules of casework."""

from datetime import date, timedelta

import pytest

from alongside.core.ids import uuid7
from alongside.support.cases.casework import rules

ME, OTHER = uuid7(), uuid7()
TODAY = date(2026, 9, 14)


@pytest.mark.parametrize(
    ("manager", "chosen", "holder", "may"),
    [
        (True, OTHER, None, True),
        (True, None, OTHER, True),
        (False, ME, None, True),
        (False, ME, ME, True),
        (False, ME, OTHER, False),
        (False, OTHER, None, False),
        (False, None, ME, False),
    ],
)
def test_a_manager_gives_to_anybody_and_a_caseworker_takes_what_nobody_has(
    manager: bool, chosen: object, holder: object, may: bool
) -> None:
    said = rules.may_assign(may_assign_others=manager, chooser=ME, chosen=chosen, holder=holder)  # type: ignore[arg-type]
    assert said == may


def test_the_last_day_of_cover_counts_and_the_next_does_not() -> None:
    assert rules.cover_is_on(TODAY, TODAY)
    assert not rules.cover_is_on(TODAY, TODAY + timedelta(days=1))
    assert not rules.cover_is_on(None, TODAY)


@pytest.mark.parametrize(
    ("cover", "days", "field"),
    [(ME, 3, "worker"), (OTHER, -1, "until"), (OTHER, 93, "until"), (OTHER, 0, None), (OTHER, 92, None)],
)
def test_cover_is_by_somebody_else_from_today_for_three_months_at_most(
    cover: object, days: int, field: str | None
) -> None:
    until = TODAY + timedelta(days=days)
    found = rules.cover_obstacle(holder=ME, cover=cover, until=until, today=TODAY)  # type: ignore[arg-type]
    assert (found.field if found else None) == field


def closing(**changes: object) -> list[str | None]:
    known = {"planned": True, "open_needs": 0, "ever_measured": True, "last_measured": True, "unmeasured_why": ""}
    return [found.field for found in rules.closing_obstacles(**{**known, **changes})]  # type: ignore[arg-type]


def test_a_case_closes_with_a_last_assessment() -> None:
    assert closing() == []


def test_a_person_who_was_reached_does_not_end_as_not_reached() -> None:
    assert closing(unreached_though_reached=True) == ["reason"]


def test_without_a_last_assessment_a_coded_reason_is_asked_for() -> None:
    assert closing(last_measured=False) == ["unmeasured_why"]
    assert closing(last_measured=False, ever_measured=False) == ["unmeasured_why"]
    assert closing(last_measured=False, unmeasured_why="not_wanted") == []


def test_a_planned_close_asks_what_became_of_each_need_and_another_does_not() -> None:
    assert closing(open_needs=1) == ["reason"]
    assert closing(open_needs=2) == ["reason"]
    assert closing(open_needs=2, planned=False) == []


def test_the_first_assessment_is_offered_first() -> None:
    assert rules.question_set_for(17) == "young_person"
    assert rules.question_set_for(18) == "adult"
    assert rules.question_set_for(None) == "adult"


def test_a_tool_is_chosen_by_the_most_that_they_can_be_and_else_as_for_an_adult() -> None:
    assert [rules.age_to_ask(15), rules.age_to_ask(None, 18), rules.age_to_ask(None)] == [15, 17, 18]


def test_a_step_is_late_after_its_day_until_it_is_done() -> None:
    assert rules.late(TODAY - timedelta(days=1), TODAY, done=False)
    assert not rules.late(TODAY, TODAY, done=False)
    assert not rules.late(TODAY - timedelta(days=1), TODAY, done=True)
    assert not rules.late(None, TODAY, done=False)


@pytest.mark.parametrize(
    ("age", "said_under", "code"),
    [(17, None, "young_person"), (None, 18, "young_person"), (18, None, "adult"), (None, None, "adult")],
)
def test_who_is_said_to_be_a_child_is_asked_as_one(age: int | None, said_under: int | None, code: str) -> None:
    assert rules.question_set_for(age, said_under) == code
