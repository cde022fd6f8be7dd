"""What a book may be, offence codes, crime types and age bands."""

import itertools
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.core.privacy.register import register
from alongside.foundation.office.rulebook import queries
from alongside.foundation.office.rulebook.rules import (
    RuleRow,
    age_band,
    freeze,
    offence_key,
    parse_book,
    service_crime_type,
)

BOOK = """
title: Colours
about: What paint there is.
since: 2021-04-01
source: Shop
fields:
  bright: {label: Bright, kind: yes_no, default: false}
  tin: {label: Tin, kind: text}
rows:
  - {code: red, title: Red, tin: round, bright: true, source: Law}
  - {code: grey, title: Grey, tin: square, since: 2022-01-01}
"""


def row(code: str = "x", **body: Any) -> RuleRow:
    return RuleRow("b", code, 1, code, freeze(body), "s", date(2021, 4, 1), None, 0, "shipped")


def test_a_book_is_read_with_its_defaults() -> None:
    red, grey = parse_book("colours", BOOK).rows
    assert (dict(red.body), red.source, red.since) == ({"bright": True, "tin": "round"}, "Law", None)
    assert (dict(grey.body), grey.source, grey.since) == (
        {"bright": False, "tin": "square"},
        "Shop",
        date(2022, 1, 1),
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("tin: square, ", ""),
        ("tin: square", "tin: square, lid: none"),
        ("tin: square", "tin: 4"),
        ("bright: true", "bright: 1"),
        ("tin: square", 'tin: ""'),
        ("code: grey", "code: dark grey"),
        ("code: grey", "code: red"),
    ],
)
def test_a_book_that_is_wrong_is_refused(old: str, new: str) -> None:
    with pytest.raises(ValueError, match=r"Colours|colours"):
        parse_book("colours", BOOK.replace(old, new))


def test_a_book_says_which_rows_the_product_asks_for() -> None:
    assert parse_book("colours", BOOK).needed == frozenset()
    assert parse_book("colours", f"needed: all\n{BOOK}").needed == {"red", "grey"}
    assert parse_book("colours", f"needed: [grey]\n{BOOK}").needed == {"grey"}
    with pytest.raises(ValueError, match="Colours: it needs blue"):
        parse_book("colours", f"needed: [blue]\n{BOOK}")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("8N", "8N"),
        ("008n", "8N"),
        (" 8 N ", "8N"),
        ("8/6", "8/6"),
        ("008/06", "8/6"),
        ("00806", "8/6"),
        ("105A", "105A"),
        ("4.10", "4.10"),
        ("004.1", "4.1"),
        ("46", "46"),
        ("046", "46"),
        ("802", "802"),
        ("AF", "AF"),
        ("FFA UK", "FFAUK"),
    ],
)
def test_one_offence_has_one_spelling(text: str, key: str) -> None:
    assert offence_key(text) == key


@pytest.mark.parametrize("text", ["", "8NN", "1234", "123456", "8/", "/6", "8//6", "46.0.1", "=8N", "8-6", "٨", "A1"])
def test_what_cannot_be_an_offence_code_has_none(text: str) -> None:
    assert offence_key(text) == ""


@given(st.text(alphabet="0123456789ABNafk./ ", max_size=9))
def test_a_key_is_its_own_key(text: str) -> None:
    assert offence_key(offence_key(text)) == offence_key(text)


@given(st.sampled_from(sorted(queries._shipped_offences())), st.integers(0, 3))
def test_leading_zeros_and_small_letters_change_nothing(key: str, zeros: int) -> None:
    padded = "0" * zeros + key if key[0].isdigit() and ("/" in key or not key.isdigit()) else key
    assert offence_key(padded.lower()) == key


@pytest.mark.parametrize(
    ("said", "crime"),
    [
        ({}, "violence"),
        ({"domestic_abuse": True}, "domestic_abuse"),
        ({"domestic_abuse": True, "hate": True}, "domestic_abuse"),
        ({"hate": True}, "hate_crime"),
        ({"business": True}, "business_crime"),
        ({"business": True, "hate": True}, "hate_crime"),
        ({"business": True, "domestic_abuse": True}, "business_crime"),
    ],
)
def test_a_crime_type_that_gives_way_becomes_what_the_report_says(said: Mapping[str, bool], crime: str) -> None:
    flags = {"business": False, "domestic_abuse": False, "hate": False, **said}
    assert service_crime_type(row("violence", gives_way=True), **flags) == crime
    assert service_crime_type(row("sexual_violence", gives_way=False), **flags) == "sexual_violence"


@pytest.mark.parametrize(
    ("age", "band"), [(0, "young"), (17, "young"), (18, "old"), (None, "not_known"), (200, "not_known")]
)
def test_an_age_falls_into_one_band(age: int | None, band: str) -> None:
    assert age_band([row("young", first=0, last=17), row("old", first=18, last=130)], age) == band


def test_a_row_says_under_which_version_something_was_made() -> None:
    one = row("x", number=3, open=True, words="a", markers=["b"])
    assert one.ref == "x@1"
    assert (one.number("number"), one.flag("open"), one.text("words"), one.codes("markers")) == (
        3,
        True,
        "a",
        ("b",),
    )
    with pytest.raises(TypeError):
        one.body["number"] = 4  # type: ignore[index]


class TestShipped:
    """The books that ship agree with each other."""

    def rows(self, book: str) -> dict[str, Mapping[str, Any]]:
        return {one.code: one.body for one in queries.books()[book].rows}

    def test_every_code_of_another_book_exists(self) -> None:
        for book in queries.books().values():
            for field in book.fields:
                known = self.rows(field.of) if field.of else {}
                named = {code for one in book.rows for code in field.codes(one.body[field.name])}
                assert named <= known.keys(), (book.code, field.name)

    def test_every_row_has_a_source(self) -> None:
        assert all(one.source for book in queries.books().values() for one in book.rows)

    def test_hidden_crimes_are_those_whose_crime_types_are_hidden(self) -> None:
        listed = {code for one in self.rows("hidden_crimes").values() for code in one["crime_types"]}
        assert listed == {code for code, body in self.rows("crime_types").items() if body["hidden"]}

    def test_every_offence_leads_to_a_crime_type(self) -> None:
        offences = queries._shipped_offences()
        assert {one.crime_type for one in offences.values()} <= self.rows("crime_types").keys()
        assert "" not in offences
        assert len(offences) > 3_200

    def test_every_retention_that_a_model_names_has_its_time(self) -> None:
        named = {filing.retention for filing in register()} - {"as_subject"}
        assert named <= self.rows("retention").keys()

    def test_age_bands_leave_no_gap(self) -> None:
        bands = [(one["first"], one["last"]) for one in self.rows("age_bands").values()]
        assert all(high + 1 == low for (_, high), (low, _) in itertools.pairwise(bands))

    def test_police_codes_and_census_groups_agree_both_ways(self) -> None:
        groups, older = self.rows("ethnic_groups"), {"O1"}
        for code, body in self.rows("ethnicity_codes").items():
            assert groups[body["ethnic_group"]]["police_code"] == code or code in older
