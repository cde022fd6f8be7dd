"""Where somebody stands on a waiting list and why: sums without a database."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alongside.core.errors import RuleBroken
from alongside.support.cases.waiting import rules
from alongside.support.cases.waiting.rules import Waiter, Weights

TODAY = date(2026, 11, 22)
EVEN = Weights(1, need=2, risk=5, week=1)
people = st.lists(
    st.builds(
        Waiter, key=st.uuids(), points=st.integers(0, 5), high_risk=st.booleans(),
        joined_on=st.dates(date(2025, 1, 1), TODAY), state=st.sampled_from(["WAITING", "PAUSED", "OFFERED"]),
    ), max_size=30, unique_by=lambda one: one.key,
)  # fmt: skip


def waiter(
    weeks: float = 0, points: int = 1, high_risk: bool = False, state: str = "WAITING", key: UUID | None = None
) -> Waiter:
    return Waiter(key or uuid4(), points, high_risk, TODAY - timedelta(days=round(weeks * 7)), state)


def test_need_risk_and_time_add_up_and_each_part_is_shown() -> None:
    stand = rules.stand(waiter(weeks=10, points=3, high_risk=True), EVEN, TODAY)
    assert [rules.points(part) for part in (stand.need, stand.risk, stand.time, stand.total)] == ["6", "5", "10", "21"]


def test_a_week_counts_by_its_days() -> None:
    assert rules.points(rules.stand(waiter(weeks=0.5), EVEN, TODAY).time) == "0.6"


def test_somebody_whose_day_has_not_come_yet_has_waited_for_nothing() -> None:
    assert rules.stand(waiter(weeks=-3), EVEN, TODAY).time == 0


def test_of_two_with_the_same_sum_whoever_joined_first_is_first() -> None:
    late, early = waiter(weeks=1, points=2), waiter(weeks=3, points=1)
    found = rules.stands([late, early], Weights(1, need=2, risk=0, week=1), TODAY)
    assert [one.waiter for one in found] == [early, late] and found[0].total == found[1].total


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(people)
def test_positions_run_from_one_and_nobody_who_is_as_needy_and_waited_longer_is_behind(found: list[Waiter]) -> None:
    order = rules.stands(found, EVEN, TODAY)
    assert [one.position for one in order] == list(range(1, len(found) + 1))
    for ahead, behind in pairwise(order):
        same = (ahead.waiter.points, ahead.waiter.high_risk) == (behind.waiter.points, behind.waiter.high_risk)
        assert not same or ahead.waiter.joined_on <= behind.waiter.joined_on


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(people, st.integers(0, 400))
def test_nobody_overtakes_another_by_waiting_alone(found: list[Waiter], days: int) -> None:
    """All grow by the same each day, so that an order changes only when something about a person does."""
    now, then = (rules.stands(found, EVEN, TODAY + timedelta(days=ahead)) for ahead in (0, days))
    assert [one.waiter for one in now] == [one.waiter for one in then]


def test_the_rule_is_said_in_words() -> None:
    said = rules.rule_words(EVEN, {"urgent": 3, "steady": 1})
    assert said == (
        "Each week of waiting counts 1 point.",
        "Need counts up to 6 points, by how much they need the place now.",
        "Being at high risk counts 5 points.",
        "Whoever has most points is first; of two with the same, whoever joined first.",
    )
    said = rules.rule_words(Weights(1, 0, 0, 1), {})
    assert "Need and risk count nothing." in said


def test_the_effect_of_another_rule_is_known_before_it_counts() -> None:
    one, two, three = waiter(weeks=9), waiter(weeks=6, high_risk=True), waiter(weeks=1)
    before = rules.stands([one, two, three], Weights(1, 0, 0, 1), TODAY)
    after = rules.stands([one, two, three], Weights(2, 0, 20, 1), TODAY)
    found = rules.effect(before, after)
    assert (found.up, found.down, found.same) == (1, 1, 1)
    assert [(shift.key, shift.by) for shift in found.most] == [(one.key, -1), (two.key, 1)]


def test_those_who_are_paused_or_have_an_offer_are_not_passed_over() -> None:
    ahead = [waiter(9), waiter(8, state="PAUSED"), waiter(7, state="OFFERED"), waiter(1)]
    order = rules.stands(ahead, EVEN, TODAY)
    assert rules.before_them(order, ahead[3].key) == 1
    assert rules.before_them(order, uuid4()) == 2


def test_nobody_is_passed_over_without_a_reason() -> None:
    rules.check_turn(0, "", {"wishes": ""})
    rules.check_turn(2, "wishes", {"wishes": ""})
    for count, words in ((1, "There is 1 person before them"), (2, "There are 2 people before them")):
        with pytest.raises(RuleBroken, match=words):
            rules.check_turn(count, "", {"wishes": ""})


def test_the_day_is_kept_given_or_today() -> None:
    accepted = TODAY - timedelta(days=30)
    joined = {"accepted": accepted, "today": TODAY}
    assert rules.joined_on(None, kept=None, **joined) == TODAY
    assert rules.joined_on(accepted, kept=None, **joined) == accepted
    assert rules.joined_on(TODAY, kept=date(2025, 1, 1), **joined) == date(2025, 1, 1)
    for day, words in (
        (TODAY + timedelta(days=1), "not come yet"),
        (accepted - timedelta(days=1), "before you accepted"),
    ):
        with pytest.raises(RuleBroken, match=words):
            rules.joined_on(day, kept=None, **joined)


def test_a_pause_ends_after_today_and_before_long() -> None:
    rules.check_pause(TODAY + timedelta(days=1), today=TODAY, longest=10)
    for days, words in ((0, "after today"), (11, "within 10 days")):
        with pytest.raises(RuleBroken, match=words):
            rules.check_pause(TODAY + timedelta(days=days), today=TODAY, longest=10)


def test_a_place_begins_in_the_future_and_within_a_year() -> None:
    at = datetime(2026, 11, 22, 12, tzinfo=UTC)
    rules.check_start(at + timedelta(days=1), at=at)
    for days, words in ((0, "in the future"), (400, "within a year")):
        with pytest.raises(RuleBroken, match=words):
            rules.check_start(at + timedelta(days=days), at=at)


def test_an_older_contact_written_down_late_brings_nothing_forward() -> None:
    assert rules.after_contact(TODAY, TODAY - timedelta(weeks=9), 4) == TODAY
    assert rules.after_contact(TODAY, TODAY, 4) == TODAY + timedelta(weeks=4)


def test_several_declines_call_for_a_talk_where_the_list_says_how_many() -> None:
    assert rules.calls_for_talk(2, 2) and not rules.calls_for_talk(1, 2) and not rules.calls_for_talk(9, 0)


def test_a_limit_is_passed_and_none_never_is() -> None:
    assert rules.over_limit(31, 30) and not rules.over_limit(30, 30) and not rules.over_limit(99, None)
