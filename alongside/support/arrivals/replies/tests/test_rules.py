"""Once, in time, after not too many tries; and no more than the victim agrees to."""

from datetime import UTC, datetime, timedelta

import pytest

from alongside.support.arrivals.replies import rules

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("opened", "tries", "later", "may"),
    [(False, 0, 1, True), (True, 0, 1, False), (False, 5, 1, False), (False, 0, 0, False)],
)
def test_a_page_opens_once_in_time(opened: bool, tries: int, later: int, may: bool) -> None:
    assert rules.may_open(opened=opened, tries=tries, opens_until=AT + timedelta(days=later), at=AT) is may


def test_it_is_read_again_for_a_while() -> None:
    assert rules.may_read(read_until=AT + timedelta(minutes=1), at=AT)
    assert not rules.may_read(read_until=AT, at=AT) and not rules.may_read(read_until=None, at=AT)


@pytest.mark.parametrize(
    ("standing", "shares", "said"),
    [("accepted", False, "received"), ("accepted", True, "accepted"), ("offered", True, "offered"),
     ("declined", True, "closed"), ("unsafe_to_contact", True, "closed"), ("contacted", False, "received")],
)  # fmt: skip
def test_what_may_go_back(standing: str, shares: bool, said: str) -> None:
    assert rules.word(standing, shares=shares) == said


def test_references_are_compared_however_they_are_typed() -> None:
    assert rules.plain(" wm/26-0000 001 ") == rules.plain("WM/26/0000001") == "wm260000001"


def test_one_mailbox_is_found_and_of_two_none() -> None:
    assert rules.mailbox_in("PC Sample, pc.sample@police.example") == "pc.sample@police.example"
    assert rules.mailbox_in("a@police.example, b@mail.example") == rules.mailbox_in("PC Sample") == ""
