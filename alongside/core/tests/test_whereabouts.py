"""Free text on paper carries no way to find or reach anybody."""

import pytest

from alongside.core.privacy.whereabouts import LEFT_OUT, printable, tells_place, tells_where


@pytest.mark.parametrize(
    "text",
    [
        "Stays at 12 Sample Road now",
        "Flat 3b, with her aunt",
        "Moved to ZZ1 4AA",
        "Moved to zz14aa",
        "Ring 07700 900123",
        "Ring +44 7700 900 123 after six",
        "Write to testina@sample.example",
        "at 4a, Upper Example Street",
    ],
)
def test_paper_carries_no_way_to_find_anybody(text: str) -> None:
    assert LEFT_OUT in printable(text) and tells_where(text)


@pytest.mark.parametrize("text", ["Go to the drop-in on 14 9 2026", "Ask for 2 appointments", "Feels 50% better"])
def test_paper_keeps_plain_words(text: str) -> None:
    assert printable(text) == text and not tells_where(text)


def test_a_place_is_told_from_a_way_to_call() -> None:
    assert tells_place("Flat 3b") and tells_place("at ZZ1 4AA") and tells_place("12 Sample Road")
    assert not tells_place("Ring 07700 900123 or write to testina@sample.example")
