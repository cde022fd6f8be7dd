"""What is proposed for a force's columns, and which first row is no header."""

import pytest

from alongside.support.arrivals.sources.rules import likeness, plain, propose, propose_code, why_no_header


def test_columns_of_the_same_or_a_known_other_name_are_proposed() -> None:
    header = ["Crime Reference", "Victim Surname", "FORENAME", "d.o.b.", "Post-Code", "Beat", ""]
    assert propose(header) == {
        "source_ref": "Crime Reference", "family_name": "Victim Surname", "given_name": "FORENAME",
        "date_of_birth": "d.o.b.", "postcode": "Post-Code",
    }  # fmt: skip
    short = propose(["URN", "First", "Last", "M/F"])
    assert short == {"source_ref": "URN", "given_name": "First", "family_name": "Last", "sex": "M/F"}


def test_each_of_their_columns_is_proposed_once() -> None:
    found = propose(["Address 1", "Address 2", "Telephone", "Mobile"])
    assert (found["address_line_1"], found["address_line_2"], found["phone"]) == ("Address 1", "Address 2", "Mobile")
    assert len(set(found.values())) == len(found)


def test_what_was_chosen_before_goes_before_what_is_alike() -> None:
    assert propose(["Ref", "URN"], {"source_ref": "ref", "notes": "Gone"}) == {"source_ref": "Ref"}


def test_a_name_spelt_a_little_otherwise_is_proposed_and_a_different_one_is_not() -> None:
    assert likeness("postcode", "Postcodes") > 0.82 > likeness("postcode", "Beat")
    assert plain("DA_Flag") == "da flag"


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (["a;b;c;d"], "separated by commas"),
        (["WM/26/00001", "Testina", "Sampleford", "F"], "not a header"),
        (["Ref", "Name", "testina@mail.example", "F"], "not a header"),
        (["Ref", "Name", "x" * 61, "F"], "not a header"),
        (["Ref", "Name", "Sex", "ref"], "same name"),
    ],
)
def test_a_first_row_that_is_no_header_is_refused(cells: list[str], words: str) -> None:
    assert words in (why_no_header(cells) or "")


def test_a_header_is_none_of_these() -> None:
    assert why_no_header(["Ref", "Name", "Sex (16+1)", "", "", "Address 1"]) is None


def test_only_what_a_code_can_hardly_mean_otherwise_is_proposed() -> None:
    assert (propose_code("answers", "Y"), propose_code("victim_kind", "b")) == ("yes", "business")
    assert (propose_code("answers", "1"), propose_code("ethnicity_code", "WB")) == ("", "")
