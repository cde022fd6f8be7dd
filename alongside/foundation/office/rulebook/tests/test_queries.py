"""Reads of the rulebook."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.foundation.office.rulebook import actions, queries
from alongside.foundation.office.rulebook.models import Edition, Rule

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 2)
NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)


def test_current_comes_in_the_order_of_the_book() -> None:
    assert [row.code for row in queries.current("outcomes", TODAY)] == [
        "health",
        "coping",
        "safety",
        "informed",
    ]
    assert queries.choices("outcomes", TODAY)[2] == ("safety", "Feeling safe")
    assert queries.titles("outcomes", TODAY)["safety"] == "Feeling safe"


def test_a_rule_that_is_not_in_force_is_absent() -> None:
    assert queries.find("outcomes", "safety", date(2020, 1, 1)) is None
    with pytest.raises(LookupError, match="no wealth"):
        queries.rule("outcomes", "wealth", TODAY)
    with pytest.raises(LookupError, match="no version 7"):
        queries.version("outcomes", "safety", 7)


def test_a_book_is_read_once_and_then_only_the_stamp() -> None:
    queries.current("needs", TODAY)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        queries.current("needs", TODAY)
        queries.rule("clocks", "first_offer", TODAY)
    assert len(asked) == 2
    assert all("rulebook_edition" in one["sql"] for one in asked)


def test_without_an_edition_there_are_no_rules() -> None:
    Rule.objects.all().delete()
    Edition.objects.all().delete()
    assert queries.current("outcomes", TODAY) == ()


def test_an_offence_is_found_in_any_spelling() -> None:
    found = queries.offence("008n", TODAY)
    assert found is not None
    assert (found.key, found.description, found.crime_type) == ("8N", "Assault with injury", "violence")
    assert (found.group, found.subgroup) == ("Violence against the person", "Violence with injury")
    assert queries.offence("00806", TODAY) == queries.offence("8/6", TODAY) is not None
    assert queries.offence("nonsense!", TODAY) is None


def test_the_office_may_place_an_offence_differently_from_a_day_on() -> None:
    body = {"crime_type": "robbery"}
    for code in ("35", "999Z"):
        actions.add("offence_overrides", code, by=SYSTEM_ACTOR, at=NOW, title="x", body=body, source="y", since=TODAY)
    before, after = queries.offence("35", date(2026, 1, 1)), queries.offence("35", TODAY)
    assert before is not None
    assert before.crime_type == "other"
    assert after is not None
    assert after.crime_type == "robbery"
    assert queries.offence("999Z", TODAY) is None


def test_crime_types_and_bands_follow_the_books() -> None:
    assert queries.service_crime_type("violence", TODAY, domestic_abuse=True) == "domestic_abuse"
    assert queries.service_crime_type("sexual_violence", TODAY, domestic_abuse=True) == "sexual_violence"
    assert queries.age_band(17, TODAY) == "13_to_17"
