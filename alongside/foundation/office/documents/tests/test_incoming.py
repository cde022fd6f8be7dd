"""Documents that come are known by how they begin, and refused where they hold anything that runs."""

import pytest

from alongside.core.errors import RuleBroken
from alongside.foundation.office.documents import rules

PDF = b"%PDF-1.7\n1 0 obj"


@pytest.mark.parametrize(
    ("content", "kind"),
    [(PDF, "pdf"), (b"\x89PNG\r\n\x1a\nrest", "png"), (b"\xff\xd8\xff\xe0rest", "jpg"),
     ("Seen on Monday\r\nby Zoë".encode(), "txt")],
)  # fmt: skip
def test_what_is_accepted_is_known_by_how_it_begins(content: bytes, kind: str) -> None:
    assert rules.accepted(content) == kind


def test_sizes_are_said_as_people_say_them() -> None:
    assert rules.size_words(2_400_000) == "2.4 MB" and rules.size_words(120) == "1 kB"


@pytest.mark.parametrize("content", [b"MZ\x90\x00", b"\xfe\xff\x00", b"   ", b"", b"a\x07b"])
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(RuleBroken, match="Choose a PDF"):
        rules.accepted(content)


@pytest.mark.parametrize("mark", rules.RUNS)
def test_a_pdf_that_runs_something_is_refused(mark: bytes) -> None:
    with pytest.raises(RuleBroken, match="This PDF holds"):
        rules.accepted(PDF + mark)


def test_a_document_that_is_too_large_is_refused() -> None:
    with pytest.raises(RuleBroken, match=r"2\.5 MB or less"):
        rules.accepted(PDF + b" " * rules.MOST_BYTES)


def test_a_document_that_may_hold_macros_is_refused_with_what_to_do() -> None:
    with pytest.raises(RuleBroken, match="Save it as a PDF"):
        rules.accepted(b"PK\x03\x04")
