"""When each step is due, how it stands in words, and what waits for a person."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alongside.core import clocks
from alongside.support.arrivals.stalled import rules
from alongside.support.arrivals.stalled.rules import Onward, Row

ROWS = (Row("call_back", "call_back", 2, 17), Row("chase", "chase", 1, 9), Row("escalate", "escalate", 1, 17),
        Row("odd", "sing", 0, 1))  # fmt: skip
DUE = clocks.due(datetime(2026, 9, 14, 10, 0, tzinfo=UTC), 2)  # the end of Wednesday
THURSDAY = datetime(2026, 9, 17, 9, 0, tzinfo=clocks.LONDON)
HOUR = timedelta(hours=1)
MONDAY = datetime(2026, 9, 21, 13, 0, tzinfo=clocks.LONDON)
OFFICE = clocks.OfficeHours(9, 17)


def test_steps_come_in_the_order_of_their_days_and_hours_on_working_days() -> None:
    planned = rules.plan(DUE, ROWS, {}, OFFICE)
    assert [(one.code, f"{one.at:%a %H}") for one in planned] == [
        ("chase", "Thu 09"), ("escalate", "Thu 17"), ("call_back", "Fri 17")
    ]  # fmt: skip
    late = rules.plan(clocks.due(datetime(2026, 9, 16, 10, 0, tzinfo=UTC), 2), ROWS, {}, OFFICE)
    assert [f"{one.at:%a}" for one in late] == ["Mon", "Mon", "Tue"]


def test_one_step_is_due_at_a_time_and_none_before_its_hour() -> None:
    planned = rules.plan(DUE, ROWS, {}, OFFICE)
    assert rules.step_due(planned, THURSDAY - timedelta(seconds=1), OFFICE) is None
    assert (found := rules.step_due(planned, MONDAY, OFFICE)) and found.code == "chase"
    done = rules.plan(DUE, ROWS, {row.code: THURSDAY for row in ROWS}, OFFICE)
    assert rules.step_due(done, MONDAY, OFFICE) is None


@pytest.mark.parametrize("closed", ["2026-09-19T12:00", "2026-09-20T09:00", "2026-12-25T10:00", "2026-09-18T18:00",
                                    "2026-09-18T08:59"])  # fmt: skip
def test_no_step_is_taken_at_a_weekend_on_a_bank_holiday_or_at_night(closed: str) -> None:
    now = datetime.fromisoformat(closed).replace(tzinfo=clocks.LONDON)
    assert rules.step_due(rules.plan(DUE, ROWS, {}, OFFICE), now, OFFICE) is None


def test_hours_of_the_office_are_counted_where_a_step_says_so() -> None:
    rows = (Row("chase", "chase", 0, 0, 4), Row("call_back", "call_back", 0, 0, 12), Row("late", "escalate", 1, 22))
    planned = rules.plan(DUE, rows, {}, OFFICE)
    assert [(one.code, f"{one.at:%a %H:%M}") for one in planned] == [
        ("chase", "Thu 13:00"), ("late", "Fri 09:00"), ("call_back", "Fri 13:00")
    ]  # fmt: skip


def test_a_step_that_was_late_leaves_the_next_its_distance() -> None:
    planned = rules.plan(DUE, ROWS, {"chase": MONDAY}, OFFICE)
    assert planned[1].at == MONDAY + 24 * HOUR, "8 hours of the office, which was open for 4 more"
    assert rules.step_due(planned, MONDAY + HOUR, OFFICE) is None
    friday = rules.plan(DUE, ROWS, {"chase": MONDAY - 72 * HOUR}, OFFICE)
    assert f"{friday[1].at:%a %H}" == "Mon 13", "a weekend does not count"
    in_time = rules.plan(DUE, ROWS, {"chase": THURSDAY}, OFFICE)
    assert f"{in_time[1].at:%a %H}" == "Thu 17"


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.sampled_from(rules.DOES), st.integers(0, 5), st.integers(0, 23)), max_size=5),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),
)
def test_steps_never_go_back_in_time(rows: list[tuple[str, int, int]], due: datetime) -> None:
    laid = [Row(str(number), *row) for number, row in enumerate(rows)]
    moments = [one.at for one in rules.plan(due.replace(tzinfo=UTC), laid, {}, OFFICE)]
    assert moments == sorted(moments)


@pytest.mark.parametrize(
    ("taken", "now", "said"),
    [
        ((), THURSDAY - HOUR, "The provider is asked again today at 9am"),
        ((), THURSDAY, "The provider is asked again within the hour"),
        ((), MONDAY - 24 * HOUR, "The provider is asked again tomorrow at 9am"),
        (("chase",), THURSDAY, "Asked again once; the hub manager is told today at 5pm"),
        (("chase", "escalate"), THURSDAY,
         "Asked again once and the hub manager was told; it is called back tomorrow at 5pm"),
        (("chase",), THURSDAY - 48 * HOUR, "Asked again once; the hub manager is told on 17 September 2026 at 5pm"),
        (("chase", "escalate", "call_back"), THURSDAY, "Asked again once and the hub manager was told"),
    ],
)  # fmt: skip
def test_how_it_stands_is_said_as_a_person_would(taken: tuple[str, ...], now: datetime, said: str) -> None:
    assert rules.words(rules.plan(DUE, ROWS, dict.fromkeys(taken, THURSDAY), OFFICE), now, OFFICE) == said


def test_where_no_step_is_laid_down_that_is_said() -> None:
    assert rules.words((), THURSDAY, OFFICE) == "No step is laid down"
    twice = (Row("a", "chase", 1, 9), Row("b", "chase", 1, 10), Row("c", "chase", 1, 11))
    assert rules.words(rules.plan(DUE, twice, {"a": THURSDAY, "b": THURSDAY}, OFFICE), THURSDAY, OFFICE).startswith(
        "Asked again twice;"
    )
    thrice = rules.plan(DUE, twice, dict.fromkeys("abc", THURSDAY), OFFICE)
    assert rules.words(thrice, THURSDAY, OFFICE) == "Asked again 3 times"


FREE = Onward(by_book=True, restricted=False, high_risk=False, alone=False, another=True, held="")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ""), ({"by_book": False}, "by_book"), ({"restricted": True, "alone": True}, "restricted"),
        ({"high_risk": True}, "high_risk"), ({"high_risk": True, "alone": True}, ""), ({"another": False}, "no_other"),
        ({"held": "not_asked"}, "not_asked"),
    ],
)  # fmt: skip
def test_what_waits_for_a_person_before_it_goes_on(change: dict[str, object], expected: str) -> None:
    assert rules.why_not_on(replace(FREE, **change)) == expected  # type: ignore[arg-type]
