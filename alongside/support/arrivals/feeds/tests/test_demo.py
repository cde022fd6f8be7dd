"""The imperfect files of the demo: made the same each time, and what each of them comes to."""

import runpy
from pathlib import Path

import pytest

from alongside.support.arrivals.feeds.reading import FeedRefused, read
from alongside.support.arrivals.feeds.rules import Crime, Rulebook, Tally, decide_all
from alongside.support.arrivals.feeds.tests.samples import NOW

DEMO = Path(__file__).resolve().parents[5] / "demo"
EVERYDAY = ("8N", "105A", "8L", "28E", "34B", "45", "58A", "39", "30C", "19C")
CHILD = Crime(hidden=True, child_protection=True)
RULEBOOK = Rulebook(
    crimes={
        **dict.fromkeys(EVERYDAY, Crime()),
        "20B": CHILD,
        "11A": CHILD,
        "92E": Crime(outside_service=True),
    },
    sexes=("female", "male"),
    ethnicity_codes=("W1", "A1", "A2", "B1", "M1", "NS"),
)


def test_the_committed_files_are_what_the_script_makes(tmp_path: Path) -> None:
    runpy.run_path(str(DEMO / "make_feeds.py"))["make"](tmp_path)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made == {path.name: path.read_bytes() for path in (DEMO / "feeds").iterdir()}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("05_missing_column.csv", "columns_missing"),
        ("06_wrong_header.csv", "no_header"),
        ("07_empty.csv", "empty_file"),
        ("10_vertical_bars.csv", "wrong_delimiter"),
    ],
)
def test_a_file_that_is_no_feed_is_refused(name: str, code: str) -> None:
    with pytest.raises(FeedRefused, match=code):
        read(DEMO / "feeds" / name)


THREE_DAYS = {
    "changed": 4,
    "child_protection": 2,
    "crime_type_outside_service": 1,
    "no_consent": 2,
    "no_safe_contact": 14,
}


@pytest.mark.parametrize(
    ("name", "charset", "sent", "accepted", "duplicate", "held", "rejected"),
    [
        ("01_clean_utf8.csv", "utf-8", 120, 120, 0, {}, 0),
        ("02_utf8_with_bom.csv", "utf-8-bom", 40, 40, 0, {}, 0),
        ("03_windows_1252.csv", "windows-1252", 60, 60, 0, {}, 0),
        ("04_dates.csv", "utf-8", 40, 28, 0, {}, 12),
        ("08_three_days.csv", "utf-8", 118, 90, 5, THREE_DAYS, 0),
        ("09_broken_rows.csv", "utf-8", 30, 22, 0, {}, 8),
    ],
)
def test_each_feed_comes_to_what_it_should(
    name: str, charset: str, sent: int, accepted: int, duplicate: int, held: dict[str, int], rejected: int
) -> None:
    reading = read(DEMO / "feeds" / name)
    tally = Tally(reading)
    for _, decision in decide_all(reading, {}, RULEBOOK, now=NOW):
        tally.add(decision)
    receipt = tally.receipt()
    assert (receipt.charset, receipt.sent, receipt.accepted) == (charset, sent, accepted)
    assert (receipt.duplicate, receipt.held) == (duplicate, held)
    assert sum(receipt.rejected.values()) == rejected


def test_the_receipt_has_the_agreed_shape() -> None:
    reading = read(DEMO / "feeds" / "01_clean_utf8.csv")
    receipt = Tally(reading).receipt().as_json()
    assert list(receipt) == [
        "file", "sha256", "charset", "sent", "accepted", "duplicate", "held", "rejected", "warnings",
    ]  # fmt: skip
    assert len(str(receipt["sha256"])) == 64
