"""The queue behind “how long will I wait?”: our event heap beside SimPy, client by client, and beside the textbook.

Run `python -m benchmarks.waiting`. Ten services of one to seven people who join in a week, three years, a thousand runs
each, with points of need, lengths and giving up. SimPy plays fewer runs of the same people, compared by rate; each of
them has to start at the same moment in both. Then the mean wait of M/M/c beside Erlang C. No database is needed.
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from math import factorial, inf
from random import Random
from typing import Any

import simpy

from alongside.support.cases.forecasts import simulation
from alongside.support.cases.forecasts.simulation import Flow, Now, People

SERVICES, WEEKS, RUNS = 10, 156, 1_000
ORACLE_RUNS = 20  # of each service, in SimPy
MIX = (0.0, 0.0, 3.0, 3.0, 6.0, 10.0)
TEXTBOOK = ((1, 0.7, 1.0), (3, 0.6, 4.0), (8, 0.65, 8.0))  # places, people in a week, weeks each
TEXTBOOK_PEOPLE = 4_000_000


def service(number: int) -> tuple[Flow, list[float]]:
    """A service and its places: from one to seven people who join in a week, about as many as it can help."""
    joins, length = 1.0 + number * 6 / (SERVICES - 1), 10.0 + number
    places = max(1, round(joins * length * 0.93))
    return Flow(joins, length, 60.0, MIX, 1.0), [0.0] * places


def drawn(number: int, run: int) -> tuple[People, list[float]]:
    flow, free = service(number)
    return simulation.draw(flow, Now(), WEEKS, Random(number * RUNS + run)), free


def played(runs: int) -> tuple[float, float, int]:
    """Seconds by the clock and of the processor, drawing included, and how many people."""
    began, busy, people = time.perf_counter(), time.process_time(), 0
    for number in range(SERVICES):
        for run in range(runs):
            found, free = drawn(number, run)
            simulation.starts(found, free)
            people += len(found.joins)
    return time.perf_counter() - began, time.process_time() - busy, people


def in_simpy(people: People, places: int) -> list[float]:
    """The same people in SimPy: a resource with priorities, whose users give up when their time is over."""
    world = simpy.Environment()
    desk, found = simpy.PriorityResource(world, capacity=places), [inf] * len(people.joins)

    def client(number: int) -> Iterator[Any]:
        yield world.timeout(people.joins[number])
        with desk.request(priority=people.turns[number]) as turn:  # type: ignore[arg-type]
            yield turn | world.timeout(people.patience[number] - world.now)
            if turn.triggered:
                found[number] = world.now
                yield world.timeout(people.lengths[number])

    for number in range(len(people.joins)):
        world.process(client(number))
    world.run()
    return found


@dataclass(frozen=True)
class Beside:
    """Processor seconds over the same people: drawing them, playing them here, playing them in SimPy; how many, and how
    many of them start at another moment there."""

    drawing: float
    ours: float
    simpy: float
    people: int
    different: int


def beside_simpy(runs: int) -> Beside:
    """One after the other over the same people, so that neither empties the processor's memory for the other."""
    one = time.process_time()
    sets = [drawn(number, run) for number in range(SERVICES) for run in range(runs)]
    two = time.process_time()
    mine = [simulation.starts(found, free) for found, free in sets]
    three = time.process_time()
    theirs = [in_simpy(found, len(free)) for found, free in sets]
    four = time.process_time()
    pairs = [pair for ours, other in zip(mine, theirs, strict=True) for pair in zip(ours, other, strict=True)]
    different = sum(ours != other for ours, other in pairs)
    return Beside(two - one, three - two, four - three, len(pairs), different)


def erlang_c(servers: int, load: float) -> float:
    """The chance of having to wait in M/M/c."""
    top = load**servers / factorial(servers) * servers / (servers - load)
    return top / (sum(load**k / factorial(k) for k in range(servers)) + top)


def beside_textbook(servers: int, joins: float, length: float, people: int) -> tuple[float, float]:
    """The mean wait as played and as reckoned."""
    waits, count, pieces = 0.0, 0, 20
    for piece in range(pieces):
        flow = Flow(joins, length, inf)
        found = simulation.draw(flow, Now(), people / pieces / joins, Random(piece))
        began = simulation.starts(found, [0.0] * servers)
        waits += sum(start - join for start, join in zip(began, found.joins, strict=True))
        count += len(began)
    return waits / count, erlang_c(servers, joins * length) / (servers / length - joins)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--oracle-runs", type=int, default=ORACLE_RUNS)
    parser.add_argument("--textbook-people", type=int, default=TEXTBOOK_PEOPLE)
    asked = parser.parse_args()
    drawn(SERVICES - 1, 0)
    seconds, busy, people = played(asked.runs)
    print(f"{SERVICES} services, {WEEKS} weeks, {asked.runs} runs: {seconds:.1f} s by the clock, {busy:.1f} s of the "
          f"processor, {people:,} people, {busy / people * 1e6:.2f} µs each")  # fmt: skip
    said = beside_simpy(asked.oracle_runs)
    whole = (said.drawing + said.simpy) / (said.drawing + said.ours)
    print(f"{said.people:,} of the same people: drawn in {said.drawing:.3f} s, played here in {said.ours:.3f} s, in "
          f"SimPy in {said.simpy:.3f} s: {said.simpy / said.ours:.1f} times, with drawing {whole:.1f} times; "
          f"{said.different} start at another moment")  # fmt: skip
    for servers, joins, length in TEXTBOOK:
        found, expected = beside_textbook(servers, joins, length, asked.textbook_people)
        print(f"M/M/{servers}, {joins} a week of {length} weeks: {found:.4f} weeks, Erlang C {expected:.4f}: "
              f"{100 * (found / expected - 1):+.2f} %")  # fmt: skip


if __name__ == "__main__":
    main()
