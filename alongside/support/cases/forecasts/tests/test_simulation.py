"""The queue itself: client by client as SimPy plays it, and as the textbook reckons it."""

from math import factorial, inf
from random import Random
from typing import Any

import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.support.cases.forecasts import simulation
from alongside.support.cases.forecasts.simulation import Flow, Now, People

RUNS, PEOPLE = 8, 150_000
MIX = (0.0, 0.0, 4.0, 8.0, 14.0)


def oracle(people: People, places: int) -> list[float]:
    """The same people in SimPy: a resource with priorities, whose users give up when their time is over."""
    world = simpy.Environment()
    desk, found = simpy.PriorityResource(world, capacity=places), [inf] * len(people.joins)

    def client(number: int) -> Any:
        yield world.timeout(people.joins[number])
        with desk.request(priority=people.turns[number]) as turn:  # type: ignore[arg-type]  # a pair, in order
            if people.patience[number] == inf:
                yield turn
            else:
                gives_up = world.timeout(people.patience[number] - world.now)
                yield turn | gives_up
            if turn.triggered:
                found[number] = world.now
                yield world.timeout(people.lengths[number])

    for number in range(len(people.joins)):
        world.process(client(number))
    world.run()
    return found


def erlang_c(servers: int, load: float) -> float:
    """The chance of having to wait in M/M/c (Erlang C)."""
    top = load**servers / factorial(servers) * servers / (servers - load)
    return top / (sum(load**k / factorial(k) for k in range(servers)) + top)


def mean_wait(servers: int, joins: float, length: float, *, seed: int, people: int) -> float:
    """The mean wait of many people who come to an empty list, played once."""
    drawn = simulation.draw(Flow(joins, length, inf), Now(), people / joins, Random(seed))
    began = simulation.starts(drawn, [0.0] * servers)
    return sum(start - join for start, join in zip(began, drawn.joins, strict=True)) / len(began)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 10_000), st.integers(1, 12), st.floats(0.3, 4), st.floats(0.5, 30), st.sampled_from([inf, 6.0, 40.0])
)
def test_each_client_starts_when_simpy_says(
    seed: int, places: int, joins: float, length: float, patience: float
) -> None:
    flow = Flow(joins, length, patience, MIX, 1.0)
    people = simulation.draw(flow, Now(), 60, Random(seed))
    assert simulation.starts(people, [0.0] * places) == pytest.approx(oracle(people, places), rel=1e-12, abs=1e-9)


@pytest.mark.parametrize(("servers", "joins", "length"), [(1, 0.5, 1.0), (3, 0.5, 3.0), (6, 0.5, 6.0)])
def test_the_mean_wait_is_within_two_percent_of_the_textbook(servers: int, joins: float, length: float) -> None:
    load = joins * length
    expected = erlang_c(servers, load) / (servers / length - joins)
    found = sum(mean_wait(servers, joins, length, seed=seed, people=PEOPLE) for seed in range(RUNS)) / RUNS
    assert found == pytest.approx(expected, rel=0.02)


def test_the_same_seed_plays_the_same() -> None:
    flow, now = Flow(2, 12, 40, MIX), Now(((3.0, 4.0), (9.0, 0.0)), (None, 5.0, 30.0))
    one, two = (simulation.draw(flow, now, 52, Random(7)) for _ in range(2))
    assert one == two and simulation.frees(flow, now, Random(7)) == simulation.frees(flow, now, Random(7))
    assert simulation.draw(flow, now, 52, Random(8)) != one


def test_whoever_has_more_points_is_helped_first_and_waiting_makes_up_for_them() -> None:
    people = People([0.0, 1.0, 2.0, 3.0], [0.0, 1.0 - 5, 2.0, 3.0 - 0.5], [10.0] * 4, [inf] * 4)
    assert simulation.starts(people, [5.0]) == [15.0, 5.0, 25.0, 35.0]


def test_whoever_gives_up_takes_no_place() -> None:
    people = People([0.0, 1.0, 2.0], [0.0, 1.0, 2.0], [10.0] * 3, [inf, 9.0, 30.0])
    assert simulation.starts(people, [0.0]) == [0.0, inf, 10.0]


def test_nobody_comes_and_nobody_starts() -> None:
    people = simulation.draw(Flow(0, 10, inf), Now(), 52, Random(1))
    assert simulation.starts(people, [0.0]) == []


def test_whoever_waits_now_is_before_those_who_come_later() -> None:
    now = Now(((2.0, 0.0), (30.0, 0.0)), (4.0,))
    people = simulation.draw(Flow(1, 10, inf), now, 20, Random(3))
    began = simulation.starts(people, simulation.frees(Flow(1, 10, inf), now, Random(3)))
    assert people.joins[:2] == [-30.0, -2.0] and began[0] < began[1] < min(began[2:])


def test_what_is_left_is_of_times_longer_than_what_was_had() -> None:
    flow = Flow(1, 10, inf, lengths=(0.5, 1.0, 1.5))
    assert simulation.frees(flow, Now(places=(None, 12.0)), Random(1)) == [0.0, 3.0]
    assert simulation.frees(flow, Now(places=(40.0,)), Random(1))[0] > 0, "longer than anybody before: no end is known"
    assert set(simulation.draw(flow, Now(), 30, Random(1)).lengths) <= {5.0, 10.0, 15.0}


def test_one_more_joins_now_and_waits_for_as_long_as_it_takes() -> None:
    people = People([-3.0, 0.5], [-3.0, 0.5], [4.0, 4.0], [1.0, 9.0])
    more, which = simulation.with_one_more(people, turn=0.0, length=2.0)
    assert which == 1 and more.joins == [-3.0, 0.0, 0.5] and more.patience == [1.0, inf, 9.0]
    assert simulation.starts(more, [2.0]) == [inf, 2.0, 4.0]


def test_how_many_wait_is_counted_at_any_moment() -> None:
    people = People([0.0, 1.0, 2.0], [0.0, 1.0, 2.0], [10.0] * 3, [inf, 9.0, 30.0])
    began = simulation.starts(people, [0.0])
    assert simulation.waiting_at(people, began, [0.5, 2.5, 9.5, 11.0]) == [0, 2, 1, 0]
