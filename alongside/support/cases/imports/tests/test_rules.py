"""Headings, words and days: what is in doubt is asked, never guessed."""

from datetime import date

import pytest

from alongside.support.cases.imports import rules
from alongside.support.cases.imports.checking import Known, Waits, check, joins, list_for, safety
from alongside.support.cases.imports.rules import Plan

TODAY = date(2026, 9, 14)
KNOWN = Known(
    {
        "service": {"1": "Sample Support", "2": "Other Support"}, "worker": {"w": "Testa Worker"},
        "crime_type": {"domestic_abuse": "Domestic abuse", "other": "Other crime"},
        "needs": {"health": "Health", "money": "Finance and benefits"},
        "waiting_list": {"a": "A", "b": "B", "c": "C", "d": "D"},
    },
    {"a": Waits("1", True), "b": Waits("2", True), "c": Waits("2", True), "d": Waits("2", False)},
)  # fmt: skip
ROW = {
    "given_name": "Testina",
    "service": "Sample support",
    "crime_type": "Domestic abuse",
    "accepted_on": "01/03/2026",
}
PLAN = Plan(tuple(ROW))


@pytest.mark.parametrize(
    ("text", "way", "day"),
    [
        ("2026-03-01", "dmy", date(2026, 3, 1)), ("2026-03-01 14:30", "dmy", date(2026, 3, 1)),
        ("01/03/2026", "dmy", date(2026, 3, 1)), ("1.3.2026", "dmy", date(2026, 3, 1)),
        ("1st March 2026", "dmy", date(2026, 3, 1)), ("01-Mar-2026", "dmy", date(2026, 3, 1)),
        ("1 Foo 2026", "dmy", None), ("01/03/26", "dmy", None), ("01/03/26", "dmy2", date(2026, 3, 1)),
        ("03/13/2026", "dmy", None), ("03/13/2026", "mdy", date(2026, 3, 13)),
        ("46082", "dmy", None), ("46082", "serial", date(2026, 3, 1)), ("99999999", "serial", None),
        ("31/02/2026", "dmy", None), ("soon", "dmy", None), ("01/01/1850", "dmy", None),
    ],
)  # fmt: skip
def test_a_day_is_read_in_the_way_that_was_said_and_in_no_other(text: str, way: str, day: date | None) -> None:
    assert rules.day_of(text, way) == day


def test_a_column_of_days_is_asked_about_only_where_it_is_in_doubt() -> None:
    assert rules.doubtful_ways(["01/03/2026", "2026-03-01", "", "never"]) == {}
    assert rules.doubtful_ways(["03/13/2026", "01/03/2026"]) == {"dmy": 1, "dmy2": 1, "mdy": 2, "serial": 1}
    assert rules.doubtful_ways(["46082", "#REF!"]) == {"serial": 1}


def test_columns_are_known_by_heading_by_what_was_said_before_and_by_what_stands_in_them() -> None:
    headings = ["Our Ref.", "Client", "Forename", "Who", "Contact", "Things", "", "Ref"]
    samples = [[], [], [], ["Testa Worker"] * 3, ["07700 900101"] * 3, ["a@b.example"] * 3, ["x", "y", "z"], ["1"]]
    found = rules.guess(headings, samples, KNOWN.titles, {"things": "note"})
    assert found == ["own_reference", "", "given_name", "worker", "phone", "note", "", ""]
    assert rules.guess([""], [["a@b.example"] * 3], {}, {}) == ["email"]
    assert rules.guess(["?"], [["a@b.example"] * 2], {}, {"": "nonsense"}) == [""]


def test_the_row_of_the_headings_is_the_one_that_names_most() -> None:
    rows = [(1, ("Caseload 2026", "", "")), (3, ("Ref", "Forename", "DOB")), (4, ("1", "Testina", "x"))]
    assert rules.heading_row(rows) == 3
    assert rules.heading_row([]) == 1


def test_answers_are_read_as_people_write_them() -> None:
    found = [rules.answer_of(text) for text in ("Y", "NO", "n/k", "", "?", "ask sister")]
    assert found == ["yes", "no", "unknown", "unknown", "unknown", None]


def test_what_is_mended_by_hand_is_read_with_the_day_first() -> None:
    assert rules.plain_day("birth_date", "1/2/1980") == "1980-02-01"
    assert (rules.plain_day("birth_date", "soon"), rules.plain_day("note", "1/2/1980")) == ("soon", "1/2/1980")


def test_how_long_a_file_lies_here_and_can_be_undone() -> None:
    assert rules.may_undo(date(2026, 9, 1), date(2026, 9, 15), 14)
    assert not rules.may_undo(date(2026, 9, 1), date(2026, 9, 16), 14)


def faults(cells: dict[str, str], plan: Plan = PLAN, mended: dict[str, str] | None = None) -> dict[str, str]:
    return dict(check({**ROW, **cells}, mended or {}, plan, KNOWN, TODAY).faults)


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({}, {}),
        ({"accepted_on": ""}, {"accepted_on": "needed"}),
        ({"accepted_on": "01/03/2027"}, {"accepted_on": "future"}),
        ({"accepted_on": "01/03/1926"}, {"accepted_on": "too_old"}),
        ({"accepted_on": "soon"}, {"accepted_on": "no_date"}),
        ({"service": ""}, {"service": "needed"}),
        ({"service": "Elsewhere"}, {"service": "unknown_word"}),
        ({"given_name": ""}, {"given_name": "nobody"}),
        ({"given_name": "", "own_reference": "1"}, {}),
        ({"given_name": "x" * 101}, {"given_name": "too_long"}),
        ({"note": "#REF!"}, {"note": "broken"}),
        ({"phone": "12", "email": "no"}, {"phone": "no_phone", "email": "no_email"}),
        ({"safe_call": "ask"}, {"safe_call": "unknown_word"}),
        ({"started_on": "01/01/2026"}, {"started_on": "before_accepted"}),
        ({"needs": "Health; Hope"}, {"needs": "unknown_word"}),
        ({"next_on": "01/01/2027"}, {}),
        ({"waiting_since": "02/03/2026", "waiting_list": "b"}, {"waiting_list": "other_list"}),
        ({"service": "Other Support", "waiting_since": "02/03/2026"}, {"waiting_list": "which_list"}),
        ({"service": "Other Support", "waiting_since": "02/03/2026", "waiting_list": "d"},
         {"waiting_list": "list_closed"}),
        ({"service": "Other Support", "waiting_since": "02/03/2026", "waiting_list": "c"}, {}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_cell_by_cell(cells: dict[str, str], found: dict[str, str]) -> None:
    assert faults(cells) == found


def test_words_mean_what_somebody_said_for_the_file_or_for_the_row() -> None:
    plan = Plan(
        PLAN.columns, {"service": "1"}, {"crime_type": {"da": "domestic_abuse", "x": "gone"}, "worker": {"j": ""}}
    )
    assert faults({"service": "", "crime_type": "DA", "worker": "J"}, plan) == {}
    assert faults({"crime_type": "X"}, plan) == {"crime_type": "needed"}
    assert faults({"service": "Elsewhere"}, plan, {"service": "2", "needs": "health money"}) == {}


def test_a_whole_name_is_taken_apart_as_it_is_written() -> None:
    def named(whole: str) -> tuple[str, str]:
        said = check({"full_name": whole}, {}, PLAN, KNOWN, TODAY)
        return said.text("given_name"), said.text("family_name")

    assert named("Sample, Testina") == ("Testina", "Sample")
    assert named("Testina de Sample") == ("Testina de", "Sample")
    assert named("Testina") == ("Testina", "")


def test_nobody_is_born_in_a_year_that_has_not_come() -> None:
    plan = Plan((), {}, {}, {"birth_date": "dmy2"})
    assert check({"birth_date": "14/02/84"}, {}, plan, KNOWN, TODAY).day("birth_date") == date(1984, 2, 14)


def test_whoever_has_started_since_waits_no_more() -> None:
    waits = check({**ROW, "waiting_since": "02/03/2026"}, {}, PLAN, KNOWN, TODAY)
    begun = check({**ROW, "waiting_since": "02/03/2026", "started_on": "03/03/2026"}, {}, PLAN, KNOWN, TODAY)
    assert (joins(waits), list_for(waits, KNOWN), list_for(begun, KNOWN)) == (True, "a", "")


def test_unknown_safety_of_an_unknown_crime_is_kept_as_no() -> None:
    said = check({**ROW, "crime_type": "Other crime"}, {}, PLAN, KNOWN, TODAY)
    assert (safety(said, "safe_call"), safety(check(ROW, {}, PLAN, KNOWN, TODAY), "safe_call")) == ("no", "unknown")
