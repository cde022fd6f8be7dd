"""The queue itself, event by event: people join, give up or start in the list's own order, and free a place again.

No step in time: a version that looked once a day was quicker and wrong by up to 45 %. The next event is always the next
place that frees, so that one heap of places and one of people who wait is all there is.
"""

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import heapify, heappop, heappush, heapreplace
from itertools import accumulate
from math import inf, log
from operator import add
from random import Random

GRAINS, REST, BYTE = 4_096, 4, 256  # equally likely times (twelve bits of sixteen), and points (eight bits)
SPARE = 5  # standard deviations of room for more arrivals than expected


@dataclass(frozen=True)
class People:
    """Whoever comes to a list, in the order in which they join: when, how soon their turn comes (least first), how
    long they are helped, and until when they wait. Times in weeks from now."""

    joins: Sequence[float]
    turns: Sequence[float]
    lengths: Sequence[float]
    patience: Sequence[float]


def starts(people: People, free: Sequence[float]) -> list[float]:
    """When each of them starts; infinity for whoever gave up first. `free`: when each place is free."""
    joins, lengths, until, count = [*people.joins, inf], people.lengths, people.patience, len(people.joins)
    places, found = list(free), [inf] * count
    waiting: list[tuple[float, int]] = []
    heapify(places)
    turns = list(zip(people.turns, range(count), strict=True))
    at, soon = 0, joins[0]
    while True:
        now = places[0]
        while soon <= now:
            heappush(waiting, turns[at])
            at += 1
            soon = joins[at]
        while waiting:
            who = heappop(waiting)[1]
            if until[who] > now:
                break
        else:
            if at == count:
                return found
            who, now = at, soon  # a place stood free: whoever comes next has it at once
            at += 1
            soon = joins[at]
        found[who] = now
        heapreplace(places, now + lengths[who])


@dataclass(frozen=True)
class Flow:
    """What a list is assumed to do. `joins` a week; `length` in weeks on average, drawn from `lengths` (their shape,
    each over their mean) or else as for any memoryless end; `patience` in weeks on average, infinite where nobody gives
    up; `points` of need and risk, one drawn for each person; `week`: the points of a week of waiting."""

    joins: float
    length: float
    patience: float
    points: tuple[float, ...] = (0.0,)
    week: float = 1.0
    lengths: tuple[float, ...] = ()


@dataclass(frozen=True)
class Now:
    """How a list stands: weeks that each who waits has waited, with their points; and for each place, weeks since it
    was taken, or None where it is free."""

    waiting: tuple[tuple[float, float], ...] = ()
    places: tuple[float | None, ...] = ()


@lru_cache(maxsize=64)
def _times(mean: float, shape: tuple[float, ...] = ()) -> list[float]:
    """A table of equally likely times: of a shape, or of an end that has no memory. Drawing from
    it takes a third of the time of a logarithm; more grains would be slower again, for memory."""
    if shape:
        return [shape[one * len(shape) // GRAINS] * mean for one in range(GRAINS)]
    return [-log(1 - (one + 0.5) / GRAINS) * mean for one in range(GRAINS)]


@lru_cache(maxsize=64)
def _mixed(points: tuple[float, ...]) -> list[float]:
    """A table of equally likely points, for a draw of eight bits."""
    return [points[one * len(points) // BYTE] for one in range(BYTE)]


def _drawn(table: list[float], count: int, random: Random) -> list[float]:
    grains = array("H")
    grains.frombytes(random.randbytes(2 * count))
    return [table[grain >> REST] for grain in grains]


def draw(flow: Flow, now: Now, weeks: float, random: Random) -> People:
    """Everybody who waits now, and whoever joins in so many weeks."""
    count = int(weeks * flow.joins + SPARE * (weeks * flow.joins) ** 0.5) + SPARE
    coming = list(accumulate(_drawn(_times(1 / flow.joins), count, random))) if flow.joins > 0 else []
    del coming[bisect_right(coming, weeks) :]
    here = sorted((-waited, point) for waited, point in now.waiting)
    joins = [join for join, _ in here] + coming
    points = [point for _, point in here]
    points += map(_mixed(flow.points).__getitem__, random.randbytes(len(coming)))
    week = flow.week
    turns = [week * join - point for join, point in zip(joins, points, strict=True)]
    lengths = _drawn(_times(flow.length, flow.lengths), len(joins), random)
    return People(joins, turns, lengths, _patience(flow, joins, len(here), random))


def _patience(flow: Flow, joins: list[float], here: int, random: Random) -> list[float]:
    """Until when each waits. Whoever has waited already waits on as if they had just come."""
    if flow.patience == inf:
        return [inf] * len(joins)
    ready = _drawn(_times(flow.patience), len(joins), random)
    return ready[:here] + list(map(add, joins[here:], ready[here:]))


def frees(flow: Flow, now: Now, random: Random) -> list[float]:
    """When each place is free: now, or when whoever has it has had what is left of their time."""
    return [0.0 if since is None else _left(flow, since, random) for since in now.places]


def _left(flow: Flow, since: float, random: Random) -> float:
    """What is left of somebody's time, of the times that are longer than what they have had."""
    longer = [part * flow.length - since for part in flow.lengths if part * flow.length > since]
    if longer:
        return longer[int(random.random() * len(longer))]
    return -log(1 - random.random()) * flow.length


def with_one_more(people: People, *, turn: float, length: float, at: float = 0.0) -> tuple[People, int]:
    """The same with one who joins now and does not give up; and which of them that is."""
    place = bisect_right(people.joins, at)

    def insert(values: Sequence[float], value: float) -> list[float]:
        return [*values[:place], value, *values[place:]]

    more = People(
        insert(people.joins, at), insert(people.turns, turn), insert(people.lengths, length),
        insert(people.patience, inf),
    )  # fmt: skip
    return more, place


def waiting_at(people: People, began: Sequence[float], moments: Sequence[float]) -> list[int]:
    """How many wait at each of these moments."""
    joined = sorted(people.joins)
    gone = sorted(min(start, until) for start, until in zip(began, people.patience, strict=True))
    return [bisect_right(joined, moment) - bisect_right(gone, moment) for moment in moments]
