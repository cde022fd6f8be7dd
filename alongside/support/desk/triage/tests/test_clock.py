"""The clock that a row of the queue shows."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from alongside.support.arrivals.clocks.rules import ATTEMPT, OFFER, Stop
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.desk.triage import presenters

MONDAY = datetime(2026, 9, 14, 10, tzinfo=UTC)
END_OF_WEDNESDAY = datetime(2026, 9, 16, 22, 59, 59, 999999, tzinfo=UTC)
HOUR = timedelta(hours=1)


def words(**found: Any) -> Any:
    return SimpleNamespace(**{"stops": {}, "answers": {}} | found)


def referral(**changes: Any) -> Referral:
    given = {"state": "RECEIVED", "attempt_due_at": END_OF_WEDNESDAY, "offer_due_at": END_OF_WEDNESDAY}
    return Referral(pk=uuid4(), **given | changes)


def word(one: Referral, at: datetime, **found: Any) -> str:
    clock = presenters.clock(one, words(**found), at)
    assert clock
    return clock.word


@pytest.mark.parametrize(
    ("hours", "said"),
    [(0, "2 working days left"), (48, "Due today"), (72, "Late by 1 working day"), (120, "Late by 2 working days")],
)
def test_the_clock_speaks_in_working_days(hours: int, said: str) -> None:
    assert word(referral(), MONDAY + hours * HOUR) == said


def test_a_clock_over_a_weekend_says_when_it_is_due() -> None:
    saturday, friday = datetime(2026, 9, 19, 10, tzinfo=UTC), datetime(2026, 9, 18, 23, tzinfo=UTC)
    assert word(referral(attempt_due_at=saturday + timedelta(days=2)), saturday) == "Due next working day"
    assert word(referral(attempt_due_at=friday - HOUR), friday) == "Late"


def test_a_clock_that_stands_still_says_until_when_and_another_goes_on() -> None:
    one = referral()
    stop = Stop(date(2026, 9, 14), date(2026, 9, 21), frozenset({OFFER}))
    assert word(one, MONDAY, stops={one.pk: stop}) == "2 working days left"
    stop = Stop(date(2026, 9, 14), date(2026, 9, 21), frozenset({ATTEMPT}))
    assert word(one, MONDAY, stops={one.pk: stop}) == "Paused, runs again on 21 September 2026"


def test_what_is_offered_says_by_when_the_provider_answers() -> None:
    one = referral(state="OFFERED", first_attempt_at=MONDAY, first_offer_at=MONDAY)
    clock = presenters.clock(one, words(answers={one.pk: END_OF_WEDNESDAY}), MONDAY)
    assert clock and (clock.what, clock.by_when) == ("Answer to the offer", "due 16 September 2026")


@pytest.mark.parametrize(
    "changes", [{"state": "ACCEPTED"}, {"state": "IN_TRIAGE", "first_attempt_at": MONDAY, "first_offer_at": MONDAY}]
)
def test_where_nothing_is_due_there_is_no_clock(changes: dict[str, Any]) -> None:
    assert presenters.clock(referral(**changes), words(), MONDAY) is None


def test_after_the_first_attempt_the_offer_is_due() -> None:
    clock = presenters.clock(referral(state="IN_TRIAGE", first_attempt_at=MONDAY), words(), MONDAY)
    assert clock and clock.what == "First offer"
