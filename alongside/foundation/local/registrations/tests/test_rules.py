"""Rules of registrations, without a database."""

from datetime import UTC, datetime

import pytest

from alongside.foundation.local.community.rules import About, Asked
from alongside.foundation.local.registrations import rules
from alongside.foundation.local.registrations.rules import Sent

ASKED = Asked("Testina", phone="07700 900 452")


@pytest.mark.parametrize("a_home", [rules.YES, rules.NOT_SURE, ""])
def test_what_may_be_a_home_stays_with_the_person(a_home: str) -> None:
    sent = Sent(About("Soup"), ASKED, (), "14 Placeholder Street", "B1 1BB", a_home)
    assert (sent.public.meets_at, sent.public.postcode) == ("", "")
    assert sent.person.address == "14 Placeholder Street, B1 1BB"


def test_a_place_that_is_nobodys_home_is_the_groups() -> None:
    sent = Sent(About("Soup"), ASKED, (), "Sample Hall", "B1 1BB", rules.NO)
    assert (sent.public.meets_at, sent.public.postcode, sent.person.address) == ("Sample Hall", "B1 1BB", "")


def test_whoever_gives_an_address_says_whether_it_is_a_home() -> None:
    assert rules.place_fault("14 Placeholder Street", "") and not rules.place_fault("", "")
    assert not rules.place_fault("Sample Hall", rules.NOT_SURE)


def test_what_was_sent_otherwise_is_different_and_what_was_left_empty_is_not() -> None:
    ours = About("Corner Boxing", what="Boxing", reaches=("men", "young"), councils=("A",), safeguarding="yes")
    theirs = About("Corner Boxing Club", reaches=("young", "women"), councils=("A",))
    assert [one.name for one in rules.differences(ours, theirs)] == ["name", "reaches"]
    kept = rules.merged(ours, theirs, ("reaches", "what"))
    assert (kept.name, kept.what, kept.reaches) == ("Corner Boxing", "Boxing", ("men", "young", "women"))
    assert rules.merged(ours, theirs, ("name",)).name == "Corner Boxing Club"


def test_a_window_is_an_hour() -> None:
    first, second = datetime(2026, 9, 14, 10, 59, tzinfo=UTC), datetime(2026, 9, 14, 11, 0, tzinfo=UTC)
    assert rules.window(second) == rules.window(first) + 1
