"""When each step is due, how it stands in words, and what waits for a person."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alongside.core import clocks
from alongside.support.stalled import rules
from alongside.support.stalled.rules import Onward, Row

ROWS = (Row("call_back", "call_back", 2, 17), Row("chase", "chase", 1, 9), Row("escalate", "escalate", 1, 17),
        Row("odd", "sing", 0, 1))  # fmt: skip
DUE = clocks.due(datetime(2026, 9, 14, 10, 0, tzinfo=UTC), 2)  # the end of Wednesday
THURSDAY = datetime(2026, 9, 17, 9, 0, tzinfo=clocks.LONDON)
HOUR = timedelta(hours=1)


def test_steps_come_in_the_order_of_their_days_and_hours_on_working_days() -> None:
    planned = rules.plan(DUE, ROWS, {})
    assert [(one.code, f"{one.at:%a %H}") for one in planned] == [
        ("chase", "Thu 09"), ("escalate", "Thu 17"), ("call_back", "Fri 17")
    ]  # fmt: skip
    late = rules.plan(clocks.due(datetime(2026, 9, 16, 10, 0, tzinfo=UTC), 2), ROWS, {})
    assert [f"{one.at:%a}" for one in late] == ["Mon", "Mon", "Tue"]


def test_one_step_is_due_at_a_time_and_none_before_its_hour() -> None:
    planned = rules.plan(DUE, ROWS, {})
    assert rules.step_due(planned, THURSDAY - timedelta(seconds=1)) is None
    assert (found := rules.step_due(planned, THURSDAY + 100 * HOUR)) and found.code == "chase"
    done = rules.plan(DUE, ROWS, {row.code: THURSDAY for row in ROWS})
    assert rules.step_due(done, THURSDAY + 100 * HOUR) is None


def test_a_step_that_was_late_leaves_the_next_its_distance() -> None:
    standstill = THURSDAY + 100 * HOUR
    planned = rules.plan(DUE, ROWS, {"chase": standstill})
    assert planned[1].at == standstill + 8 * HOUR
    assert rules.step_due(planned, standstill + HOUR) is None
    in_time = rules.plan(DUE, ROWS, {"chase": THURSDAY})
    assert f"{in_time[1].at:%a %H}" == "Thu 17"


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.sampled_from(rules.DOES), st.integers(0, 5), st.integers(0, 23)), max_size=5),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),
)
def test_steps_never_go_back_in_time(rows: list[tuple[str, int, int]], due: datetime) -> None:
    laid = [Row(str(number), *row) for number, row in enumerate(rows)]
    moments = [one.at for one in rules.plan(due.replace(tzinfo=UTC), laid, {})]
    assert moments == sorted(moments)


@pytest.mark.parametrize(
    ("taken", "now", "said"),
    [
        ((), THURSDAY - HOUR, "The provider is asked again today at 09:00"),
        ((), THURSDAY, "The provider is asked again within the hour"),
        (("chase",), THURSDAY, "Asked again once; the hub manager is told today at 17:00"),
        (("chase", "escalate"), THURSDAY,
         "Asked again once and the hub manager was told; it is called back tomorrow at 17:00"),
        (("chase",), THURSDAY - 48 * HOUR, "Asked again once; the hub manager is told on 17 September 2026 at 17:00"),
        (("chase", "escalate", "call_back"), THURSDAY, "Asked again once and the hub manager was told"),
    ],
)  # fmt: skip
def test_how_it_stands_is_said_as_a_person_would(taken: tuple[str, ...], now: datetime, said: str) -> None:
    assert rules.words(rules.plan(DUE, ROWS, dict.fromkeys(taken, THURSDAY)), now) == said


def test_where_no_step_is_laid_down_that_is_said() -> None:
    assert rules.words((), THURSDAY) == "No step is laid down"
    twice = (Row("a", "chase", 1, 9), Row("b", "chase", 1, 10), Row("c", "chase", 1, 11))
    assert rules.words(rules.plan(DUE, twice, {"a": THURSDAY, "b": THURSDAY}), THURSDAY).startswith(
        "Asked again twice;"
    )
    thrice = rules.plan(DUE, twice, dict.fromkeys("abc", THURSDAY))
    assert rules.words(thrice, THURSDAY) == "Asked again 3 times"


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
