"""Who may change what, when the next is due, and who had how many cases."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from alongside.support.cases.supervision import rules
from alongside.support.cases.supervision.rules import Held

ON = date(2026, 9, 14)
AT = datetime(2026, 9, 14, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def test_one_of_the_two_may_change_it_until_the_other_has_signed() -> None:
    worker, manager = uuid4(), uuid4()
    two = {"worker": worker, "manager": manager}
    assert not rules.changing_obstacle(by=worker, worker_signed=True, manager_signed=False, **two)
    assert not rules.changing_obstacle(by=manager, worker_signed=False, manager_signed=True, **two)
    assert rules.changing_obstacle(by=worker, worker_signed=False, manager_signed=True, **two) == rules.SIGNED
    assert rules.changing_obstacle(by=manager, worker_signed=True, manager_signed=False, **two) == rules.SIGNED
    assert rules.changing_obstacle(by=uuid4(), worker_signed=False, manager_signed=False, **two) == rules.NOT_YOURS


def test_the_next_is_due_on_the_day_agreed_else_by_the_rhythm() -> None:
    assert rules.next_due(last=ON, agreed=ON + 9 * DAY, begun=ON, every=42) == ON + 9 * DAY
    assert rules.next_due(last=ON, agreed=None, begun=ON - 99 * DAY, every=42) == ON + 42 * DAY
    assert rules.next_due(last=None, agreed=None, begun=ON, every=42) == ON + 42 * DAY


def test_only_the_time_in_which_somebody_was_supervised_is_expected_of() -> None:
    since = ON - 180 * DAY
    assert rules.expected(since - 99 * DAY, None, since=since, until=ON, every=42) == 4
    assert rules.expected(ON - 50 * DAY, None, since=since, until=ON, every=42) == 1
    assert rules.expected(since - 99 * DAY, since + 50 * DAY, since=since, until=ON, every=42) == 1
    assert rules.expected(since - 99 * DAY, since - 50 * DAY, since=since, until=ON, every=42) == 0


def test_months_end_before_this_one() -> None:
    assert rules.month_ends(date(2026, 3, 2), 3) == [date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 28)]


def test_a_case_counts_for_whoever_had_it_then() -> None:
    case = Held(AT - 9 * DAY, AT + DAY, [(AT - 8 * DAY, "a"), (AT - 2 * DAY, "b"), (AT - DAY, "")])
    moments = [AT - 10 * DAY, AT - 9 * DAY, AT - 3 * DAY, AT - 2 * DAY, AT, AT + DAY]
    assert [rules.who_had(case, at) for at in moments] == ["", "", "a", "b", "", ""]
    assert rules.sizes([case, case], moments) == {"a": [0, 0, 2, 0, 0, 0], "b": [0, 0, 0, 2, 0, 0]}
