"""What a call must say, and what the hub reads of it."""

import pytest

from alongside.support.callers import rules
from alongside.support.callers.tests.calling import SAID


def test_a_call_with_all_that_is_needed_has_no_fault() -> None:
    assert list(rules.faults(SAID)) == []


@pytest.mark.parametrize("field", ["phone_safe", "agreed"])
def test_a_way_that_was_not_asked_about_and_no_agreement_are_faults(field: str) -> None:
    assert [found for found, _ in rules.faults({**SAID, field: ""})] == [field]


def test_what_has_no_field_is_in_the_notes() -> None:
    words = rules.notes({**SAID, "danger": "yes", "phone_safe": "no"}, "Violence")
    assert "in danger now" in words and "call us again" in words and "Would like to talk." in words
    assert rules.notes({**SAID, "notes": ""}, "Violence") == "Telephoned the hub.\nWhat happened, as chosen: Violence"


def test_hours_are_kept_as_hours_and_words_as_words() -> None:
    hours = {"evening": "18:00-20:00", "morning": "09:00-12:00", "other": "Another time"}
    assert rules.times_of(["morning", "evening"], hours) == "09:00-12:00;18:00-20:00"
    assert rules.times_of(["morning", "other"], hours) == "09:00-12:00; Another time"
