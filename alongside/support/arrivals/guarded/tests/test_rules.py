"""What is told to be of a restricted kind."""

from collections.abc import Mapping

import pytest

from alongside.support.arrivals.guarded.rules import Kinds, plain

KINDS = Kinds(
    crime_types=frozenset({"forced_marriage"}),
    markers=frozenset({"forced_marriage", "staff"}),
    offences={"66/97": "forced_marriage", "8N": "violence"},
    words=frozenset(map(plain, ("Forced marriage", "'Honour'-based abuse"))),
    marks=[("hate_strands", "colleague")],
)


def test_a_crime_type_or_a_marker_restricts() -> None:
    assert KINDS.holds("forced_marriage")
    assert KINDS.holds("violence", ["child", "staff"])
    assert not KINDS.holds("violence", ["child"])


@pytest.mark.parametrize(
    ("cells", "held"),
    [
        ({"offence_code": "66/97"}, True),
        ({"offence_code": "066/97", "given_name": "Testina"}, True),
        ({"offence_code": "8N"}, False),
        ({"offence_code": "8N", "notes": "No forced marriage is feared"}, False),
        ({"offence_code": "8N", "hate_strands": "race;colleague"}, True),
        ({"offence_code": "ZZ/1", "offence_description": "FORCED  MARRIAGE of a girl"}, True),
        ({"offence_code": "", "notes": "honour based abuse"}, True),
        ({"offence_code": "ZZ/1", "notes": "reinforced marriage"}, False),
        ({"row": "WM/26/1;2026-11-18;66/97;Testina"}, True),
        ({"row": "WM/26/1;2026-11-18;8N;Testina"}, False),
        ({}, False),
    ],
)
def test_a_row_of_a_feed_is_told_by_its_offence_or_else_by_all_that_it_says(
    cells: Mapping[str, str], held: bool
) -> None:
    assert KINDS.holds_cells(cells) is held
