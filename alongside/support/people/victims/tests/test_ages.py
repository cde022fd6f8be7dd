"""How old somebody is, by what is known of it."""

from datetime import date

import pytest

from alongside.support.people.victims.rules import is_under, told_age

DAY = date(2026, 9, 14)


@pytest.mark.parametrize(
    ("born", "said", "said_on", "age"),
    [
        (date(1990, 9, 14), None, None, 36),
        (date(1990, 9, 14), 20, DAY, 36),
        (None, 20, DAY, 20),
        (None, 20, date(2024, 9, 14), 22),
        (None, None, None, None),
    ],
)
def test_a_birth_date_tells_the_age_and_else_what_was_said(
    born: date | None, said: int | None, said_on: date | None, age: int | None
) -> None:
    assert told_age(born, said, said_on, DAY) == age


@pytest.mark.parametrize(
    ("age", "said_under", "young"),
    [(17, None, True), (18, None, False), (18, 18, False), (None, 18, True), (None, 16, True), (None, 21, False),
     (None, None, False)],
)  # fmt: skip
def test_somebody_is_under_18_by_their_age_or_because_that_much_was_said(
    age: int | None, said_under: int | None, young: bool
) -> None:
    assert is_under(18, age, said_under) is young
