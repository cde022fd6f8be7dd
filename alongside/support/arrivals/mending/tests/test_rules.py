"""What a mend changes, and when a row's time is over soon."""

from datetime import UTC, datetime, timedelta

from alongside.support.arrivals.mending.rules import changes, is_near, tidy

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_cells_are_read_as_the_feed_reads_them() -> None:
    assert tidy({"notes": " a\r\nb ", "title": " ", "row": "x;y"}) == {"notes": "a\nb"}


def test_a_change_is_a_cell_that_differs_filled_or_emptied() -> None:
    found = changes({"a": "1", "b": "2", "row": "x"}, {"a": "1", "b": "3", "c": "4"})
    assert [tuple(one) for one in found] == [("b", "2", "3"), ("c", "", "4")]
    assert [tuple(one) for one in changes({"a": "1"}, {})] == [("a", "1", "")]


def test_a_row_is_near_its_end_before_it_and_after_it() -> None:
    assert is_near(AT + timedelta(days=21), at=AT, days=21) and is_near(AT - timedelta(days=99), at=AT, days=21)
    assert not is_near(AT + timedelta(days=22), at=AT, days=21)
