"""Pure rules of a snapshot."""

from datetime import UTC, date, datetime
from uuid import UUID

from alongside.core.clocks import due, london_date
from alongside.core.ids import uuid7
from alongside.facts.collect import rules
from alongside.facts.collect.extract import FOLDER

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


def test_an_id_of_another_kind_or_of_a_neighbour_has_nothing_in_common(tmp_path: object) -> None:
    """A pseudonym is a block of a cipher: ids that differ in one bit have pseudonyms that share no more than chance."""
    key, record = bytes(range(32)), uuid7()
    neighbour = UUID(int=record.int ^ 1)
    apart = rules.pseudonym(key, "person", record) ^ rules.pseudonym(key, "person", neighbour)
    assert 10 < apart.bit_count() < 50


def test_rows_stand_while_no_list_lost_a_code() -> None:
    before = {"source": ["a", "b"], "area": ["x"]}
    assert rules.may_stand(before, {"source": ["a", "b", "c"], "area": ["x"]}, strange=0)
    assert not rules.may_stand(before, {"source": ["a", "b", "c"], "area": ["x"]}, strange=1)
    assert rules.may_stand(before, before, strange=1)
    assert not rules.may_stand(before, {"source": ["a"], "area": ["x"]}, strange=0)


def test_no_statement_reads_what_was_written_of_anybody() -> None:
    """Notes and counselling notes are words: nothing of them, not even how many there are, is counted."""
    statements = " ".join(path.read_text("utf-8") for path in FOLDER.glob("*.sql"))
    assert "casework_case" in statements
    assert not [table for table in ("casework_note", "notes_", "core_draft") if table in statements]
