"""Dates, room, initials, and what of a register has changed."""

from datetime import date
from uuid import uuid4

import pytest

from alongside.core.errors import RuleBroken
from alongside.support.cases.groups import rules
from alongside.support.cases.groups.rules import Marked


def test_a_group_ends_after_it_begins() -> None:
    rules.check_dates(date(2026, 9, 1), None)
    rules.check_dates(date(2026, 9, 1), date(2026, 9, 1))
    with pytest.raises(RuleBroken, match="before the first"):
        rules.check_dates(date(2026, 9, 2), date(2026, 9, 1))


def test_a_group_has_room_for_those_who_are_in_it() -> None:
    rules.check_room(2, 2)
    for places, taken in ((1, 2), (0, 0)):
        with pytest.raises(RuleBroken, match="has room"):
            rules.check_room(places, taken)
    rules.check_free(2, 1)
    with pytest.raises(RuleBroken, match="Every place is taken"):
        rules.check_free(2, 2)


@pytest.mark.parametrize(("name", "said"), [("Testina Sampleford", "T.S."), ("", "–"), ("élan o’test", "É.O.")])
def test_initials_are_enough_for_those_who_were_there(name: str, said: str) -> None:
    assert rules.initials(name) == said


def test_only_what_is_new_or_other_is_written() -> None:
    one, two, three = uuid4(), uuid4(), uuid4()
    held = {one: Marked("came"), two: Marked("absent")}
    given = {one: Marked("came"), two: Marked("came"), three: Marked("came", "Left early")}
    assert rules.changed(given, held) == {two: Marked("came"), three: Marked("came", "Left early")}


@pytest.mark.parametrize(("count", "said"), [(0, ""), (1, "One place is taken."), (3, "3 places are taken.")])
def test_who_is_hidden_is_a_number_alone(count: int, said: str) -> None:
    assert rules.hidden_words(count) == said
