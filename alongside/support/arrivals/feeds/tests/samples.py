"""Feed rows and a small rulebook for the tests. Everyone here is made up."""

import csv
import io
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

from alongside.support.arrivals.feeds.reading import read
from alongside.support.arrivals.feeds.rows import COLUMNS, FeedRow, validate
from alongside.support.arrivals.feeds.rules import Crime, Receipt, Rulebook, Tally, decide_all

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

RULEBOOK = Rulebook(
    crimes={
        "8N": Crime(),
        "105A": Crime(),
        "28E": Crime(),
        "30C": Crime(),
        "8Q": Crime(hidden=True),
        "19C": Crime(),
        "20B": Crime(hidden=True, child_protection=True),
        "92D": Crime(outside_service=True),
    },
    sexes=("female", "male", "f", "m"),
    ethnicity_codes=("W1", "A2", "NS"),
)

GOOD = {
    "source_ref": "WM/26/0000001",
    "reported_at": "2026-11-18T09:30",
    "occurred_from": "17/11/2026",
    "offence_code": "8N",
    "victim_kind": "person",
    "given_name": "Testina",
    "family_name": "Sampleford",
    "date_of_birth": "1988-02-03",
    "sex": "female",
    "ethnicity_code": "W1",
    "town": "Birmingham",
    "postcode": "B16 9HT",
    "phone": "07700 900123",
    "phone_safe": "yes",
    "email": "testina@mail.example",
    "email_safe": "no",
    "consent": "yes",
    "domestic_abuse": "no",
}


def sample(**changes: str) -> dict[str, str]:
    """The good row with changes; an empty value takes the cell out."""
    return {column: cell for column, cell in {**GOOD, **changes}.items() if cell}


def row(**changes: str) -> FeedRow:
    found = validate(sample(**changes))
    assert isinstance(found, FeedRow), found
    return found


def faults(**changes: str) -> list[str]:
    found = validate(sample(**changes))
    return [] if isinstance(found, FeedRow) else [fault.reason for fault in found]


def text(rows: list[dict[str, str]], columns: tuple[str, ...] = COLUMNS) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write(folder: Path, content: str | bytes, name: str = "feed.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def load(path: Path, known: dict[str, Collection[bytes]] | None = None) -> Receipt:
    """What a load would answer, without a database."""
    reading = read(path)
    tally = Tally(reading)
    for _, decision in decide_all(reading, {} if known is None else known, RULEBOOK, now=NOW):
        tally.add(decision)
    return tally.receipt()
