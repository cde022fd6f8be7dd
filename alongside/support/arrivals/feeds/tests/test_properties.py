"""What holds for every file, tried with files that nobody would write by hand."""

import codecs
import contextlib
import random
import tempfile
from collections.abc import Collection
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alongside.support.arrivals.feeds.reading import FeedRefused, read
from alongside.support.arrivals.feeds.rows import COLUMNS
from alongside.support.arrivals.feeds.rules import decide_all
from alongside.support.arrivals.feeds.tests.samples import GOOD, NOW, RULEBOOK, load, sample, text, write

HEADER = (",".join(COLUMNS) + "\n").encode()
CELLS = st.one_of(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12),
    st.sampled_from(
        ["", "yes", "no", "unknown", "=1+1", "31/02/2026", "2026-03-31", "business", "8Q", "20B", "92D",
         "race;x", "+44 7700 900123", "D02 X285", "B16 9HT", "09:00-10:00", "\ufffd", "two\nlines",
         'a "quoted" word', "x" * 5000]
    ),
)  # fmt: skip
ROWS = st.builds(
    lambda reference, cells: {**GOOD, "source_ref": reference, **cells},
    st.sampled_from(["R1", "R2", "R3", "R4", ""]),
    st.dictionaries(st.sampled_from(COLUMNS[1:]), CELLS, max_size=3),
)
MANY = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def survives(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder), content)
        with contextlib.suppress(FeedRefused):
            assert load(path).sent == len(list(read(path)))


@MANY
@given(st.binary(max_size=2000))
def test_random_bytes_are_read_or_refused_and_nothing_else(content: bytes) -> None:
    survives(content)


@MANY
@given(st.binary(max_size=2000))
def test_random_bytes_under_a_good_header_are_read_or_refused_and_nothing_else(content: bytes) -> None:
    survives(HEADER + content)


@MANY
@given(st.lists(st.text(alphabet='",\n\r;x', max_size=60), max_size=20))
def test_any_pile_of_quotes_and_commas_is_accounted_for(lines: list[str]) -> None:
    survives(HEADER + "\n".join(lines).encode())


@MANY
@given(st.lists(ROWS, max_size=12))
def test_every_row_ends_somewhere_and_a_second_load_changes_nothing(
    rows: list[dict[str, str]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder), text(rows))
        known: dict[str, Collection[bytes]] = {}
        first = load(path, known)
        assert first.sent == len(rows)
        before = dict(known)
        second = load(path, known)
        assert (second.accepted, dict(second.held)) == (0, {})
        assert second.rejected == first.rejected
        assert known == before


@MANY
@given(st.lists(ROWS, max_size=12, unique_by=lambda one: one["source_ref"]), st.randoms())
def test_neither_order_nor_byte_order_mark_matters(rows: list[dict[str, str]], order: random.Random) -> None:
    shuffled = order.sample(rows, len(rows))
    assert decisions(codecs.BOM_UTF8 + text(shuffled).encode()) == decisions(text(rows).encode())


def decisions(content: bytes) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        reading = read(write(Path(folder), content))
        return {line.raw.get("source_ref", ""): made for line, made in decide_all(reading, {}, RULEBOOK, now=NOW)}


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp1252"])
def test_the_charset_does_not_change_a_decision(codec: str) -> None:
    rows = [sample(source_ref=f"R{number}", given_name="Zoë", notes="“café” – naïve") for number in range(3)]
    assert decisions(text(rows).encode(codec)) == decisions(text(rows).encode())
