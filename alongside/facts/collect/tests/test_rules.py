"""Pure rules of a snapshot."""

from datetime import UTC, date, datetime
from uuid import UUID

import duckdb

from alongside.core.clocks import due, london_date
from alongside.core.ids import uuid7
from alongside.facts.collect import rules
from alongside.facts.collect.extract import FOLDER
from alongside.facts.collect.parquet import Press

ONE, TWO, THREE, FOUR = (UUID(int=number) for number in (1, 2, 3, 4))


def test_a_code_says_the_moment_in_london_and_tells_two_apart() -> None:
    code = rules.code_of(UUID(int=0xABC123), datetime(2026, 7, 1, 23, 30, tzinfo=UTC))
    assert code == "20260702-0030-abc123"


def test_records_judged_to_be_one_person_share_one_stand_in() -> None:
    found = rules.people([(TWO, THREE), (THREE, ONE)])
    assert found == {ONE: ONE, TWO: ONE, THREE: ONE}
    assert FOUR not in found
    assert rules.people([(ONE, TWO), (TWO, ONE)]) == {ONE: ONE, TWO: ONE}


def test_the_calendar_agrees_with_the_clock_on_every_day_of_a_year() -> None:
    """In time by the calendar's numbers is in time by `due`, at Easter, at Christmas and at weekends."""
    numbers = dict(rules.calendar(date(2026, 12, 31)))
    days = [day for day in numbers if day.year == 2026]
    for start in days[:-10]:
        last = london_date(due(start, 2))
        for end in days[days.index(start) : days.index(start) + 10]:
            assert (max(0, numbers[end] - numbers[start]) <= 2) == (end <= last), (start, end)


def test_a_pseudonym_depends_on_the_key_and_on_the_kind() -> None:
    record = uuid7()
    made = {rules.pseudonym(key, kind, record) for key in (b"a" * 32, b"b" * 32) for kind in ("case", "person")}
    assert len(made) == 4
    assert all(0 <= pseudonym < 2**60 for pseudonym in made)


def test_the_engine_makes_the_same_pseudonyms_as_the_rule(tmp_path: object) -> None:
    key, record = bytes(range(32)), uuid7()
    connection = duckdb.connect(":memory:")
    Press(folder=tmp_path, key=key, labels={}, step=1.0).teach(connection)  # type: ignore[arg-type]
    sql = "SELECT pseudonym(outer_pad, inner_pad, 'person', $id) FROM pads"
    found = connection.execute(sql, {"id": str(record)}).fetchall()
    assert found == [(rules.pseudonym(key, "person", record),)]


def test_no_statement_reads_what_was_written_of_anybody() -> None:
    """Notes and counselling notes are words: nothing of them, not even how many there are, is counted."""
    statements = " ".join(path.read_text("utf-8") for path in FOLDER.glob("*.sql"))
    assert "casework_case" in statements
    assert not [table for table in ("casework_note", "notes_", "core_draft") if table in statements]
