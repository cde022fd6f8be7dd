"""What the shipped rulebook restricts."""

from datetime import date

import pytest

from alongside.support.arrivals.guarded.queries import kinds

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 20)


@pytest.mark.parametrize("code", ["honour_based_abuse", "forced_marriage", "fgm"])
def test_a_crime_that_always_carries_a_restricted_marker_is_held(code: str) -> None:
    assert kinds(ON).holds(code)


@pytest.mark.parametrize(
    "marker",
    ["honour_based", "forced_marriage", "fgm", "staff", "high_profile", "perpetrator_police", "perpetrator_service"],
)
def test_every_restricted_marker_is_held(marker: str) -> None:
    assert kinds(ON).holds("violence", [marker])


def test_an_ordinary_crime_is_not() -> None:
    assert not kinds(ON).holds("violence", ["child", "hate_race"])
    assert not kinds(ON).holds_cells({"offence_code": "8N", "hate_strands": "race", "notes": "Her marriage ended"})


@pytest.mark.parametrize(
    "said", ["Breach a forced marriage protection order", "FGM", "'Honour'-based abuse", "Female genital mutilation"]
)
def test_the_words_for_such_a_crime_are_known_where_its_code_is_not(said: str) -> None:
    assert kinds(ON).holds_cells({"offence_code": "not one", "offence_description": said})
