"""What may be asked for, who may approve it, and how a ledger adds up."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

import pytest

from alongside.support.cases.practical import rules
from alongside.support.cases.practical.rules import Most

DAY = date(2026, 9, 14)
ME, OTHER = uuid4(), uuid4()


@dataclass(frozen=True)
class Line:
    kind: str
    pence: int
    spends: str = ""
    on: date = DAY


@pytest.mark.parametrize(
    ("pence", "most", "of_kind", "of_fund", "words"),
    [(100, Most(300, 500, None, None), 0, 0, ""), (0, Most(300, 500, None, None), 0, 0, "Enter a sum above"),
     (301, Most(300, 500, None, None), 0, 0, "one request of this kind is £3.00"),
     (201, Most(300, 500, 200, None), 0, 0, "£2.00"),
     (200, Most(300, 500, None, None), 301, 0, "of this kind is £5.00"),
     (200, Most(300, 500, None, 400), 0, 201, "from this fund is £4.00, and £2.01"),
     (200, Most(300, 500, None, 400), 300, 200, "")],
)  # fmt: skip
def test_the_strictest_limit_counts(pence: int, most: Most, of_kind: int, of_fund: int, words: str) -> None:
    found = rules.asking_obstacle(pence, most, of_kind=of_kind, of_fund=of_fund)
    assert words in found if words else found == ""


def test_a_sort_code_or_an_account_number_is_seen() -> None:
    texts = ("Pay 12-34-56", "Pay 12 34 56", "Account 12345678", "Two locks at £45.50 each", "Order 1234567890")
    assert [rules.holds_bank_details(text) for text in texts] == [True, True, True, False, False]


def test_a_second_approval_is_needed_above_its_limit_and_where_there_is_one() -> None:
    assert [rules.needs_second(*at) for at in ((100, None), (100, 100), (101, 100))] == [False, False, True]


@pytest.mark.parametrize(
    ("who", "asked", "first", "named", "words"),
    [(ME, OTHER, None, (), ""), (ME, ME, None, (), rules.OWN), (None, None, None, (), rules.OWN),
     (ME, OTHER, ME, (), rules.TWICE), (ME, OTHER, None, (OTHER,), rules.NOT_NAMED), (ME, OTHER, None, (ME,), "")],
)  # fmt: skip
def test_nobody_approves_their_own_or_twice(
    who: UUID | None, asked: UUID | None, first: UUID | None, named: tuple[UUID, ...], words: str
) -> None:
    assert rules.approving_obstacle(who, asked_by=asked, first_by=first, approvers=named) == words


def test_no_more_is_paid_than_approved_and_no_more_comes_back_than_was_paid() -> None:
    assert rules.paying_obstacle(100, 100) == rules.returning_obstacle(60, paid=100, returned=40) == ""
    assert "above £0.00" in rules.paying_obstacle(0, 100) and "£1.00 was approved" in rules.paying_obstacle(101, 100)
    assert "above £0.00" in rules.returning_obstacle(0, paid=100, returned=0)
    assert "No more than £0.60" in rules.returning_obstacle(61, paid=100, returned=40)


def test_money_moves_on_a_day_that_has_come_and_not_before_it_was_approved() -> None:
    assert rules.day_obstacle(DAY, today=DAY, since=DAY) == ""
    assert "today or earlier" in rules.day_obstacle(date(2026, 9, 15), today=DAY, since=DAY)
    assert "before it was approved" in rules.day_obstacle(date(2026, 9, 13), today=DAY, since=DAY)


def test_books_tell_what_is_promised_from_what_has_left_the_bank() -> None:
    lines = [Line("put_in", 1000), Line("promised", -300), Line("promised", -200), Line("written_back", 200),
             Line("paid", -150), Line("returned", 20), Line("taken_out", -70)]  # fmt: skip
    books = rules.books(lines, lines[:1])
    assert (books.left, books.promised, books.in_bank, books.not_shown) == (500, 300, 800, -200)


def test_a_year_adds_up_to_what_is_left() -> None:
    lines = [
        Line("put_in", 1000, on=date(2026, 3, 1)), Line("promised", -300, "food", date(2026, 3, 30)),
        Line("written_back", 300, "food", date(2026, 4, 2)), Line("paid", -280, "food", date(2026, 4, 2)),
        Line("put_in", 500, on=date(2026, 6, 1)), Line("promised", -100, "locks", date(2027, 3, 31)),
        Line("returned", 30, "food", date(2026, 7, 1)), Line("paid", -999, "travel", date(2027, 4, 1)),
    ]  # fmt: skip
    year = rules.year(lines, date(2026, 4, 1), date(2027, 4, 1))
    assert (year.began, year.put_in, year.paid, year.promised, year.left) == (1000, 500, 250, 100, 1150)
    assert [(one.kind, one.paid, one.promised) for one in year.kinds] == [("food", 250, 0), ("locks", 0, 100)]
    assert year.began + year.put_in == year.paid + year.promised + year.left
    before = rules.year(lines, date(2025, 4, 1), date(2026, 4, 1))
    assert (before.began, before.put_in, before.paid, before.promised, before.left) == (0, 1000, 0, 300, 700)
