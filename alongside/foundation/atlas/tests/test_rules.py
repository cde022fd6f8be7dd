"""Which councils are drawn and what the drawing says: no database."""

import re

from alongside.foundation.atlas import rules
from alongside.foundation.atlas.rules import draw, shapes

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
