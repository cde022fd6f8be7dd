"""What may go along with a transfer, and what is asked first."""

import pytest

from alongside.core.errors import RuleBroken
from alongside.support.cases.transfers import rules
from alongside.support.cases.transfers.rules import Content, Wanted

FOUND = Content(
    plan=(Wanted("money", "Pay the rent", ("Ring the bank",)),),
    lines={"plan": ("Money",), "risk": ("High",), "justice": (), "notes": ("One", "Two", "Three")},
)  # fmt: skip


def test_only_what_is_chosen_goes_along_and_notes_one_by_one() -> None:
    found = rules.chosen(FOUND, ["risk", "justice", "nothing"], [2, 0, 9, -1, 0], " Words ")
    assert found == Content("Words", (), {"risk": ("High",), "notes": ("One", "Three")})
    assert rules.chosen(FOUND, ["plan"], [], "Words").plan == FOUND.plan
    assert rules.chosen(FOUND, [], [], "Words") == Content("Words")


def test_notes_are_never_a_piece_that_goes_whole() -> None:
    assert "notes" not in rules.PIECES
    assert "notes" not in rules.chosen(FOUND, ["risk"], [], "Words").lines


@pytest.mark.parametrize(
    ("summary", "receiver", "words"),
    [("Words", None, "another organisation"), ("Words", 1, "another organisation"), (" ", 2, "should know first"),
     ("a" * 4001, 2, "Keep it to 4000")],
)  # fmt: skip
def test_check_asks_for_another_service_and_for_words(summary: str, receiver: int | None, words: str) -> None:
    with pytest.raises(RuleBroken, match=words):
        rules.check(summary=summary, receiver=receiver, sender=1)
    rules.check(summary="Words", receiver=2, sender=1)
