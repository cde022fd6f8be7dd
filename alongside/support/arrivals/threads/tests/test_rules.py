"""What the hub's words may give away."""

import pytest

from alongside.support.arrivals.threads import rules

NAMES = ("Testina", "Sample-Förd", "")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Did you agree a time with them?", ()),
        ("Is TESTINA still at work?", ("their name",)),
        ("Ms Sample Ford asked", ("their name",)),
        ("Call 07700 900123", ("a way to find or reach somebody",)),
        ("She is at 12 Example Road", ("a way to find or reach somebody",)),
        ("She is in a refuge", ("where they are or who helps them",)),
        ("Testina at ZZ1 4AA", ("their name", "a way to find or reach somebody")),
    ],
)  # fmt: skip
def test_names_numbers_and_places_are_warned_of(words: str, told: tuple[str, ...]) -> None:
    assert rules.gives_away(words, NAMES) == told


def test_a_name_of_two_letters_is_too_common_a_word_to_warn_of() -> None:
    assert rules.gives_away("So we go on", ("Jo", "So")) == ()
