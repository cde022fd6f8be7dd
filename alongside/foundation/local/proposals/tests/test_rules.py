"""What is different, what is missing and which day can be: no database."""

from datetime import date, timedelta

import pytest

from alongside.foundation.local.directory.actions import DETAILS
from alongside.foundation.local.proposals import rules

TODAY = date(2026, 11, 22)


def test_every_detail_of_a_service_stands_in_one_section() -> None:
    named = [name for section in rules.SECTIONS for name in section.names]
    assert sorted(named) == sorted(DETAILS)


def test_what_is_paid_is_for_the_hub_to_say() -> None:
    assert rules.may_change("award", hub=True)
    assert not rules.may_change("award", hub=False)
    assert rules.may_change("phone", hub=False)


def test_only_what_differs_is_a_change() -> None:
    assert rules.different({"name": "A", "phone": ""}, {"name": "A", "phone": "1", "web": "x"}) == {
        "phone": "1",
        "web": "x",
    }


def test_a_service_needs_a_name_what_it_does_and_a_way_to_it() -> None:
    assert rules.missing({"name": "A", "summary": "B"}) == ()
    assert rules.missing({}) == ("Give it a name", "Say what it does")
    asked = rules.missing({"name": "A", "summary": "B", "takes_referrals": False})
    assert asked == ("Say how to reach it: a phone number, an email address or a website",)
    assert rules.missing({"name": "A", "summary": "B", "takes_referrals": False, "email": "a@sample.example"}) == ()


@pytest.mark.parametrize(("days", "words"), [(None, ""), (0, ""), (30, ""), (-1, "today or a day"), (800, "two years")])
def test_a_change_begins_today_or_within_two_years(days: int | None, words: str) -> None:
    fault = rules.day_fault(None if days is None else TODAY + timedelta(days=days), TODAY)
    assert fault.startswith(words) if not words else words in fault
