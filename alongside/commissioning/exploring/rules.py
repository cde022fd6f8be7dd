"""Pure rules of exploring: what a process control chart expects and tells, and the classes of a map.

The rules of a control chart are the published ones of statistical process control (Shewhart's limits of three
standard deviations; the runs of the Western Electric handbook of 1956 and of Nelson, 1984), in our own words:
a point outside the limits; eight points in a row on one side of the average; six points in a row of which each is
higher, or each lower, than the one before; two of three points in a row beyond two thirds of the way to a limit.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import floor, log10, sqrt

FEWEST = 8  # points: with fewer the limits tell more of chance than of the work
IN_A_RUN, IN_A_TREND = 8, 6
LIMIT, NEAR = 3, 2  # standard deviations
OF_TWO = 1.128  # how far two neighbours lie apart on average, in standard deviations


@dataclass(frozen=True)
class Bounds:
    """Where one point is expected: around `centre`, between `low` and `high`; `sigma` is one standard deviation."""

    low: float
    centre: float
    high: float
    sigma: float


class Rule(StrEnum):
    """A rule of a control chart that points have broken."""

    OUTSIDE = "outside"
    RUN = "run"
    TREND = "trend"
    NEAR = "near"


RULES: dict[Rule, str] = {
    Rule.OUTSIDE: "A point outside the limits.",
    Rule.RUN: "Eight points or more in a row on one side of the average.",
    Rule.TREND: "Six points or more in a row, each higher than the one before, or each lower.",
    Rule.NEAR: "Two of three points in a row beyond two thirds of the way from the average to the same limit.",
}


@dataclass(frozen=True)
class Signal:
    """Points, by their place, that have broken a rule together; `up`: above the average, or rising."""

    rule: Rule
    points: tuple[int, ...]
    up: bool


def individuals(values: Sequence[float]) -> tuple[Bounds, ...]:
    """The limits of an XmR chart: three standard deviations, taken from how far neighbours lie apart.

    Numbers and days are never under nought. With fewer than eight values there are none.
    """
    if len(values) < FEWEST:
        return ()
    centre = sum(values) / len(values)
    sigma = sum(abs(after - before) for before, after in pairwise(values)) / (len(values) - 1) / OF_TWO
    return (Bounds(max(0.0, centre - LIMIT * sigma), centre, centre + LIMIT * sigma, sigma),) * len(values)


def proportions(parts: Sequence[int], wholes: Sequence[int]) -> tuple[Bounds, ...]:
    """The limits of a p-chart: the wider, the fewer a share is of. With fewer than eight shares there are none."""
    if len(wholes) < FEWEST:
        return ()
    centre = sum(parts) / sum(wholes)
    sigmas = [sqrt(centre * (1 - centre) / whole) for whole in wholes]
    return tuple(
        Bounds(max(0.0, centre - LIMIT * sigma), centre, min(1.0, centre + LIMIT * sigma), sigma) for sigma in sigmas
    )


def signals(values: Sequence[float], bounds: Sequence[Bounds]) -> tuple[Signal, ...]:
    """What the points of a control chart tell by its rules, in the order of the rules."""
    found = (_outside, _runs, _trends, _near)
    return tuple(signal for look in found for signal in look(values, bounds)) if bounds else ()


def _side(value: float, bound: Bounds, *, beyond: float = 0) -> int:
    """1 above and -1 below so many standard deviations from the average, else 0."""
    apart = value - bound.centre
    return 0 if abs(apart) <= beyond * bound.sigma else 1 if apart > 0 else -1


def _outside(values: Sequence[float], bounds: Sequence[Bounds]) -> Iterator[Signal]:
    for place, (value, bound) in enumerate(zip(values, bounds, strict=True)):
        if side := _side(value, bound, beyond=LIMIT):
            yield Signal(Rule.OUTSIDE, (place,), side > 0)


def _stretches(steps: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Of steps that are 1, -1 or 0 the longest stretches of one that is not 0: its first, the one after its last,
    and which."""
    start = 0
    for place in range(1, len(steps) + 1):
        if place == len(steps) or steps[place] != steps[start]:
            if steps[start]:
                yield start, place, steps[start]
            start = place


def _runs(values: Sequence[float], bounds: Sequence[Bounds]) -> Iterator[Signal]:
    sides = [_side(value, bound) for value, bound in zip(values, bounds, strict=True)]
    for first, after, side in _stretches(sides):
        if after - first >= IN_A_RUN:
            yield Signal(Rule.RUN, tuple(range(first, after)), side > 0)


def _trends(values: Sequence[float], bounds: Sequence[Bounds]) -> Iterator[Signal]:
    steps = [(after > before) - (after < before) for before, after in pairwise(values)]
    for first, after, step in _stretches(steps):
        if after - first + 1 >= IN_A_TREND:  # five steps join six points
            yield Signal(Rule.TREND, tuple(range(first, after + 1)), step > 0)


def _near(values: Sequence[float], bounds: Sequence[Bounds]) -> Iterator[Signal]:
    """Each window of three once; one whose points are all in the window before it, or outside already, adds nothing."""
    far = [_side(value, bound, beyond=NEAR) for value, bound in zip(values, bounds, strict=True)]
    told = {signal.points[0] for signal in _outside(values, bounds)}
    before: set[int] = set()
    for start in range(len(far) - 2):
        for side in (1, -1):
            points = {place for place in range(start, start + 3) if far[place] == side}
            if len(points) > 1 and not points <= before and not points <= told:
                yield Signal(Rule.NEAR, tuple(sorted(points)), side > 0)
                before = points


MOST_CLASSES = 5
_STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Classes:
    """Equal classes of a map, from `start` in steps; a value at an edge is in the higher one."""

    start: float
    step: float
    number: int

    def level(self, value: float) -> int:
        """From 1 for the lowest class."""
        return min(self.number, int((value - self.start) // self.step) + 1)

    def edges(self, level: int) -> tuple[float, float]:
        """Where a class begins, and where the next would."""
        return self.start + (level - 1) * self.step, self.start + level * self.step


def classes(values: Sequence[float]) -> Classes:
    """Up to five classes with round edges that hold every value; of counts, of days or of whole percents."""
    low, high = min(values), max(values)
    step = _step((high - low) / (MOST_CLASSES - 1))
    start = low // step * step
    return Classes(start, step, int((high - start) // step) + 1)


def _step(least: float) -> float:
    """The smallest round step of one or more that is no less."""
    if least <= 1:
        return 1
    size: float = 10 ** floor(log10(least))
    return next(size * step for step in _STEPS if size * step >= least)


def listed(words: Sequence[str]) -> str:
    """A, B and C."""
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def told(signal: Signal, name: Callable[[int], str]) -> str:
    """What a signal says in a sentence; `name` gives a point's own."""
    first, last, count = name(signal.points[0]), name(signal.points[-1]), len(signal.points)
    above = "above" if signal.up else "below"
    if signal.rule == Rule.OUTSIDE:
        return f"{first} lies {above} the {'upper' if signal.up else 'lower'} limit."
    if signal.rule == Rule.RUN:
        return f"{first} to {last}, {count} in a row, lie {above} the average."
    if signal.rule == Rule.TREND:
        return f"{first} to {last}, {count} in a row, only {'rise' if signal.up else 'fall'}."
    named = listed([name(point) for point in signal.points])
    return f"{named} lie close to the {'upper' if signal.up else 'lower'} limit: two of three in a row."
