"""Ages, and what a form of people around a case may hold."""

from datetime import date

import pytest

from alongside.core.errors import RuleBroken
from alongside.support.cases.related import rules

TODAY = date(2026, 9, 14)


def test_somebody_is_grown_up_on_their_eighteenth_birthday() -> None:
    assert rules.grown_up_on(date(2008, 9, 14)) == TODAY
    assert rules.grown_up_on(date(2008, 2, 29)) == date(2026, 3, 1)


def test_ages_are_said_as_they_are_known() -> None:
    assert rules.age_words(date(2020, 9, 15), None, None, TODAY) == "5 years old, born 15 September 2020"
    assert rules.age_words(date(2026, 12, 1), None, None, TODAY) == "Expected 1 December 2026"
    assert rules.age_words(None, 4, date(2026, 1, 2), TODAY) == "4 years old, said 2 January 2026"
    assert rules.age_words(None, None, None, TODAY) == "Age not known"


@pytest.mark.parametrize(
    ("born", "age", "unborn"),
    [(date(2026, 12, 1), None, False), (date(1820, 1, 1), None, False), (date(2020, 1, 1), 12, False)],
)
def test_ages_that_cannot_be_are_refused(born: date, age: int | None, unborn: bool) -> None:
    with pytest.raises(RuleBroken):
        rules.check_age(born, age, today=TODAY, unborn=unborn)


def test_ages_that_can_be_are_kept() -> None:
    rules.check_age(date(2026, 12, 1), None, today=TODAY, unborn=True)
    rules.check_age(date(2020, 1, 1), 6, today=TODAY, unborn=False)
    rules.check_age(None, None, today=TODAY, unborn=False)


@pytest.mark.parametrize(
    ("said", "field"),
    [({"name": ""}, "name"), ({"phone": "07"}, "phone"), ({"email": "no"}, "email"),
     ({"told_on": date(2026, 9, 15)}, "told_on")],
)  # fmt: skip
def test_a_professional_is_somebody_and_can_be_reached(said: dict[str, str], field: str) -> None:
    whole = {"name": "Ana", "organisation": "", "phone": "", "email": "", "told_on": TODAY, "today": TODAY}
    rules.check_professional(**whole)  # type: ignore[arg-type]  # values of several types in one table of a test
    with pytest.raises(RuleBroken) as broken:
        rules.check_professional(**{**whole, **said})  # type: ignore[arg-type]  # the same
    assert broken.value.field == field


def test_codes_are_those_of_the_list() -> None:
    rules.check_code("lives", "elsewhere", ["elsewhere"])
    with pytest.raises(RuleBroken):
        rules.check_code("lives", "mars", ["elsewhere"])
