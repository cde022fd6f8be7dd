"""What somebody who keeps every table can work out by taking one from another, before the next one leaves.

A published number is known within bounds: rounded, it is one of five or seven; hidden, anything; else itself. A
breakdown by one thing is whole, so its groups together are the total, and a group that is absent is nought. From that
follow bounds of each group, and of how much each has changed between two snapshots. Where such bounds hold a small
number and are narrower than the office's width, the breakdown that gives them away is named, so that it stays.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import inf

from alongside.core.figures import SMALLEST_SHOWN, STEP
from alongside.facts.measures.disclosure import Method
from alongside.facts.measures.suppression import WIDTH, Bounds, candidates

Group = frozenset[tuple[str, str]]
WHOLE: Group = frozenset()
Numbers = Mapping[Group, Bounds]


@dataclass(frozen=True)
class Cell:
    """One number of a published table: of which measure (`name@version`), which part of it, of whom, as it is shown.

    `shown` is None where it is hidden. `group` names a code for each thing that it is broken down by.
    """

    measure: str
    part: str
    quarter: str
    snapshot: str
    group: Group
    shown: int | None
    method: Method

    @property
    def what(self) -> tuple[str, str, str]:
        return self.measure, self.part, self.quarter


@dataclass(frozen=True, order=True)
class Breakdown:
    """A measure in a quarter by some things at once: what leaves or stays as one. By nothing, it is all of it."""

    measure: str
    quarter: str
    by: tuple[str, ...] = ()


def heard(shown: int | None, method: Method) -> Bounds:
    """The least and the most that a number can be which is shown so."""
    if shown is None:
        return 0, inf
    if method == Method.SUPPRESSION or shown == 0:
        return shown, shown
    if shown == STEP:
        return 1, SMALLEST_SHOWN - 1
    return max(SMALLEST_SHOWN, shown - STEP // 2), shown + STEP // 2


def is_telling(bounds: Bounds, width: int = WIDTH) -> bool:
    """Whether bounds tell a small number nearer than an office lets anybody know it. Nought is no secret."""
    least, most = bounds
    return most >= 1 and least < SMALLEST_SHOWN and candidates(bounds) < width


def telling(new: Iterable[Cell], old: Iterable[Cell], width: int = WIDTH) -> set[Breakdown]:
    """The breakdowns of new cells that tell a small number, by themselves or beside everything that left before."""
    fresh, gone = _gathered(new), _gathered(old)
    found: set[Breakdown] = set()
    for what, tables in fresh.items():
        before = gone.get(what, {})
        for snapshot, numbers in tables.items():
            beside = {**before.get(snapshot, {}), **_both(numbers, before.get(snapshot, {}))}
            told = {*_alone(beside, width), *_inside(numbers, numbers, width)}
            for other, earlier in before.items():
                told |= {*_inside(numbers, earlier, width), *_inside(earlier, numbers, width)}
                told |= set(_between(earlier, beside, width) if other != snapshot else ())
            found |= {Breakdown(what[0], what[2], _in_new(by, numbers)) for by in told}
    return found


def _in_new(by: tuple[str, ...], numbers: Numbers) -> tuple[str, ...]:
    """What a breakdown that tells is in the new table: itself, or the new total that gives an old one away."""
    return by if any(_by(group) == by for group in numbers) else ()


def _gathered(cells: Iterable[Cell]) -> dict[tuple[str, str, str], dict[str, dict[Group, Bounds]]]:
    """Bounds by what is counted, snapshot and group; of a number that left twice, what both together tell."""
    found: dict[tuple[str, str, str], dict[str, dict[Group, Bounds]]] = {}
    for cell in cells:
        numbers = found.setdefault(cell.what, {}).setdefault(cell.snapshot, {})
        bounds = heard(cell.shown, cell.method)
        numbers[cell.group] = _meet(bounds, numbers.get(cell.group, bounds))
    return found


def _meet(one: Bounds, other: Bounds) -> Bounds:
    return max(one[0], other[0]), min(one[1], other[1])


def _both(numbers: Numbers, others: Numbers) -> dict[Group, Bounds]:
    return {group: _meet(bounds, others.get(group, bounds)) for group, bounds in numbers.items()}


def _by(group: Group) -> tuple[str, ...]:
    return tuple(sorted(name for name, _ in group))


def _whole_breakdowns(numbers: Numbers) -> dict[str, list[Group]]:
    """The groups of each breakdown by one thing: they are complete, and are the total together."""
    found: dict[str, list[Group]] = {}
    for group in numbers:
        if len(group) == 1:
            found.setdefault(_by(group)[0], []).append(group)
    return found


def narrowed(total: Bounds, parts: Sequence[Bounds]) -> tuple[Bounds, list[Bounds]] | None:
    """What a total and its parts can be, given that they add up; None where they cannot."""
    total = _meet(total, (sum(least for least, _ in parts), sum(most for _, most in parts)))
    others = zip(_others([least for least, _ in parts]), _others([most for _, most in parts]), strict=True)
    found = [
        _meet(each, (total[0] - most, total[1] - least)) for each, (least, most) in zip(parts, others, strict=True)
    ]
    fits = all(least <= most for least, most in (total, *found))
    return (total, found) if fits else None


def _others(values: Sequence[float]) -> list[float]:
    """Of each value the sum of all others."""
    finite, endless = sum(each for each in values if each < inf), sum(each == inf for each in values)
    return [inf if endless > (each == inf) else finite - (each if each < inf else 0) for each in values]


def _alone(numbers: Numbers, width: int) -> Iterator[tuple[str, ...]]:
    """Breakdowns by one thing whose groups are told too nearly by their total; where none are, by their total as other
    breakdowns narrow it. A breakdown that does not add up, as of people whom two providers help, tells nothing so.
    """
    breakdowns, total = _whole_breakdowns(numbers), numbers.get(WHOLE, (0, inf))
    sizes = {name: [numbers[each] for each in groups] for name, groups in breakdowns.items()}
    found = [name for name, parts in sizes.items() if _tells(total, parts, width)]
    if not found:
        for parts in sizes.values():
            total = worked[0] if (worked := narrowed(total, parts)) else total
        found = [name for name, parts in sizes.items() if _tells(total, parts, width)]
    yield from ((name,) for name in found)


def _tells(total: Bounds, parts: Sequence[Bounds], width: int) -> bool:
    """Whether adding up tells a part more nearly than it is shown, and too nearly."""
    worked = narrowed(total, parts)
    return worked is not None and any(
        now != was and is_telling(now, width) for now, was in zip(worked[1], parts, strict=True)
    )


def _between(earlier: Numbers, later: Numbers, width: int) -> Iterator[tuple[str, ...]]:
    """Breakdowns that tell how few came or went between two snapshots, cell by cell or by adding up."""
    moved = dict(_moves(earlier, later))
    for group, (less, more) in moved.items():
        if is_telling((max(0, less), more) if more >= 0 else (-more, -less), width):
            yield _by(group)
    if all(more >= 0 for _, more in moved.values()):  # nothing was taken back, as far as anybody can tell
        yield from _alone({group: (max(0, less), more) for group, (less, more) in moved.items()}, width)


def _moves(earlier: Numbers, later: Numbers) -> Iterator[tuple[Group, Bounds]]:
    """By how much each number has changed; what is absent from a breakdown that is there was nought."""
    told = _whole_breakdowns(earlier).keys() & _whole_breakdowns(later).keys()
    for group in {*earlier, *later}:
        if (group in earlier and group in later) or (len(group) == 1 and _by(group)[0] in told):
            was, now = earlier.get(group, (0, 0)), later.get(group, (0, 0))
            yield group, (now[0] - was[1], now[1] - was[0])


def _inside(inner: Numbers, outer: Numbers, width: int) -> Iterator[tuple[str, ...]]:
    """Crossings that tell, beside a wider group, how few are in the one and not in the other."""
    for group, (least, most) in inner.items():
        for size in range(len(group)) if len(group) > 1 else ():
            for wider in map(frozenset, combinations(group, size)):
                low, high = outer.get(wider, (0, inf))
                if high - least >= 0 and is_telling((max(0, low - most), high - least), width):
                    yield _by(group)
