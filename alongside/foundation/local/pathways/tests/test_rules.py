"""How the lines of a pathway are read, what is refused, and what may be handed on."""

from typing import Any

import pytest

from alongside.core.errors import RuleBroken
from alongside.foundation.local.pathways.rules import BOOK, LISTS, Line, check, lines, safe_text
from alongside.foundation.office.rulebook import queries as rulebook

BODY: dict[str, Any] = {
    "crime_types": ["fgm"],
    "first": "Listen.",
    "tools": "",
    "call": "",
    "duties": "Report | An Act",
}


def test_a_line_has_what_it_says_and_what_is_beside_it() -> None:
    assert lines("Listen.\n\n  Report it | Sample Act s.1 (check) \n") == (
        Line("Listen."),
        Line("Report it", "Sample Act s.1", unchecked=True),
    )


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ({"crime_types": []}, "at least one crime"),
        ({"duties": "Report it."}, "where each duty comes from"),
        ({"first": "| nothing before the bar"}, "in each line"),
        ({"tools": "x" * 601}, "600 letters"),
    ],
)
def test_words_that_cannot_be_shown_are_refused(words: dict[str, Any], fault: str) -> None:
    with pytest.raises(RuleBroken, match=fault):
        check(BODY | words)


def test_what_ships_keeps_to_the_rules_and_covers_the_crimes_that_professionals_ask_about() -> None:
    rows = rulebook.books()[BOOK].rows
    for row in rows:
        check(row.body)
        assert all(len(row.body[name]) <= 2000 for name in LISTS), row.code
    covered = {code for row in rows for code in row.body["crime_types"]}
    assert {
        "domestic_abuse", "sexual_violence", "stalking", "honour_based_abuse", "forced_marriage", "fgm",
        "modern_slavery", "hate_crime", "child_sexual_abuse", "child_criminal_exploitation", "fraud_cyber",
        "homicide_bereaved", "fatal_road_collision",
    } <= covered  # fmt: skip


def test_words_to_hand_on_name_no_service_where_a_name_could_tell() -> None:
    said = {"name": "Sample Refuge Line", "phone": "01632 960001", "hours": "Weekdays 9 to 5", "cost": "Free"}
    text = safe_text(**said, what_happens="A worker listens.")
    assert "Refuge" not in text.plain and "worker" not in text.plain
    assert text.plain.startswith(
        "Somebody to talk to, if you would like to: 01632 960001 (Weekdays 9 to 5). It is free."
    )
    assert text.named == (
        "Sample Refuge Line: 01632 960001 (Weekdays 9 to 5). It is free. When you get in touch: A worker listens."
    )
    bare = safe_text(**{**said, "hours": "", "cost": "£5"}, what_happens="")
    assert bare.named == "Sample Refuge Line: 01632 960001."
    assert safe_text(**{**said, "phone": ""}, what_happens="").plain == ""
