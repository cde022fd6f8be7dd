"""Which councils are drawn and what the drawing says: no database."""

import re

from hypothesis import given
from hypothesis import strategies as st

from alongside.foundation.local.atlas import rules
from alongside.foundation.local.atlas.rules import draw, shade, shapes

BIRMINGHAM, SOLIHULL = ("E08000025", "Birmingham"), ("E08000029", "Solihull")


def test_every_council_of_england_and_wales_has_an_outline_that_closes() -> None:
    assert len(shapes()) == 331
    for code, path in shapes().items():
        assert re.fullmatch(r"(M-?\d+ -?\d+l[-\d ]+z)+", path), code


def test_covered_councils_are_filled_and_named() -> None:
    drawing = draw([BIRMINGHAM, SOLIHULL], ["E08000029"])
    assert drawing is not None
    assert [(one.name, one.covered) for one in drawing.shapes] == [("Birmingham", False), ("Solihull", True)]
    assert (drawing.covered, drawing.whole) == (("Solihull",), False)


def test_no_council_named_means_all_of_them() -> None:
    drawing = draw([BIRMINGHAM, SOLIHULL], [])
    assert drawing is not None and drawing.whole


def test_what_is_drawn_fits_its_box() -> None:
    drawing = draw([BIRMINGHAM], [])
    assert drawing is not None
    left, top, width, height = drawing.box
    assert 150 < width < 400 and 150 < height < 400  # Birmingham is some 20 by 30 kilometres, here in tenths
    assert drawing.view_box == f"{left} {top} {width} {height}"
    assert drawing.stroke >= 1


def test_a_council_made_of_older_ones_is_drawn_by_theirs() -> None:
    new, old = ("E06000063", "Cumberland"), {"E07000026": "E06000063", "E07000028": "E06000063"}
    drawing = draw([new], [], old)
    assert drawing is not None
    assert drawing.shapes[0].path == shapes()["E07000026"] + shapes()["E07000028"]


def test_where_no_outline_is_known_nothing_is_drawn() -> None:
    assert draw([("E99999999", "Nowhere")], []) is None


def test_the_outlines_are_read_once() -> None:
    assert rules.shapes() is shapes()


def test_a_council_is_as_dark_as_its_number_is_high_and_holds_its_number() -> None:
    counts = {BIRMINGHAM[0]: 9, SOLIHULL[0]: 1}
    drawn = shade([BIRMINGHAM, SOLIHULL, ("E08000031", "Wolverhampton"), ("E99", "Nowhere")], counts)
    assert drawn is not None
    assert [(one.name, one.count, one.level) for one in drawn.patches] == [
        ("Birmingham", 9, 4), ("Solihull", 1, 1), ("Wolverhampton", 0, 0),
    ]  # fmt: skip
    left, top, width, height = drawn.box
    for one in drawn.patches:
        x, y = one.middle
        assert left < x < left + width and top < y < top + height
    assert drawn.view_box == f"{left} {top} {width} {height}"
    assert drawn.stroke >= 1 and drawn.letters > drawn.stroke


def test_where_nothing_helps_nothing_is_dark_and_where_nothing_is_known_nothing_is_drawn() -> None:
    drawn = shade([BIRMINGHAM], {})
    assert drawn is not None and [one.level for one in drawn.patches] == [0]
    assert shade([("E99", "Nowhere")], {}) is None
    old = {"E07000026": "E06000063", "E07000028": "E06000063"}
    made = shade([("E06000063", "Cumberland")], {"E06000063": 3}, old)
    assert made is not None and made.patches[0].level == 3


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=1, max_size=6))
def test_the_middle_of_any_outline_is_found(steps: list[tuple[int, int]]) -> None:
    path = f"M10 10l{' '.join(f'{x} {y}' for x, y in steps)}z"
    x, y = rules._middle(path)
    assert isinstance(x, int) and isinstance(y, int)
