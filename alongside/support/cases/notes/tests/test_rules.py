"""What may be changed of a note, by whom and until when; what is taken out of pasted words."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from alongside.core.clocks import LONDON
from alongside.support.cases.notes import rules

WRITTEN = datetime(2026, 10, 24, 18, 0, tzinfo=LONDON)  # the clocks go back that night
ME = uuid4()


@pytest.mark.parametrize(
    ("by", "hours", "expected"),
    [(ME, 23, None), (ME, 24, None), (ME, 25, rules.TOO_LATE), (uuid4(), 1, rules.NOT_YOURS)],
)
def test_a_note_is_changed_by_its_writer_within_the_hours(by: UUID, hours: int, expected: str | None) -> None:
    found = rules.changing_obstacle(
        written_by=ME, by=by, written_at=WRITTEN, at=WRITTEN + timedelta(hours=hours), hours=24
    )  # fmt: skip
    assert found == expected


def test_a_note_that_nobody_here_wrote_is_nobodys_to_change() -> None:
    assert (
        rules.changing_obstacle(written_by=None, by=None, written_at=WRITTEN, at=WRITTEN, hours=24) == rules.NOT_YOURS
    )


def test_pasted_words_lose_what_nobody_sees_and_keep_their_lines() -> None:
    assert rules.tidy("\ufeff One\x0btwo\r\nthree\x0c\u200bfour\xa0five\x00 ") == "One\ntwo\nthree\nfour five"


def test_a_long_note_is_parted_between_words() -> None:
    assert rules.begins("short") == ("short", "")
    long = "word " * 400
    begins, rest = rules.begins(long)
    assert begins + rest == long and begins.endswith(" ") and len(begins) <= rules.SHOWN_WHOLE
    assert rules.begins("x" * 2000) == ("x" * rules.SHOWN_WHOLE, "x" * 500)


def test_only_an_address_is_pointed_out() -> None:
    assert rules.hint("Flat 3, 12 Sample Road") == rules.PLACE
    assert rules.hint("Will ring on Monday") == ""


def test_the_first_writer_opens_the_cabinet_and_others_are_named() -> None:
    assert rules.may_keep(None, ME) and rules.may_keep([ME], ME) and not rules.may_keep([uuid4()], ME)
    assert rules.may_name([], by=ME, manager=True) and not rules.may_name([uuid4()], by=ME, manager=False)
