"""Pure rules of the atlas: which councils are drawn, which of them are covered, and what the drawing says in words."""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SHAPES = Path(__file__).parent / "data" / "shapes.json"
_NUMBER = re.compile(r"-?\d+")
_RING = re.compile(r"M(-?\d+) (-?\d+)l([^z]*)z")


@cache
def shapes() -> Mapping[str, str]:
    """The outline of each council of 2022 by its code: a path of SVG in tenths of a kilometre east and south."""
    found: dict[str, str] = json.loads(SHAPES.read_text())
    return found


@dataclass(frozen=True)
class Shape:
    """A council as it is drawn."""

    name: str
    path: str
    covered: bool


@dataclass(frozen=True)
class Drawing:
    """Councils of a police area and which of them are covered. `box`: left, top, width, height of what is drawn."""

    shapes: tuple[Shape, ...]
    box: tuple[int, int, int, int]
    whole: bool
    covered: tuple[str, ...]

    @property
    def view_box(self) -> str:
        return " ".join(map(str, self.box))

    @property
    def stroke(self) -> int:
        """How wide lines are, so that they look alike whatever the size of the area."""
        return max(1, max(self.box[2:]) // 250)


def draw(
    councils: Iterable[tuple[str, str]], covered: Collection[str], replaced: Mapping[str, str] = {}
) -> Drawing | None:
    """The councils (code, name) with those that are covered; none covered by name means all. A council that came
    from older ones (`replaced`: old code to new) is drawn by their outlines. None where there is nothing to draw."""
    drawn = []
    for code, name in councils:
        if path := _outline(code, replaced):
            drawn.append(Shape(name, path, not covered or code in covered))
    if not drawn:
        return None
    there = tuple(one.name for one in drawn if one.covered)
    return Drawing(tuple(drawn), _box("".join(one.path for one in drawn)), len(there) == len(drawn), there)


def _rings(path: str) -> Iterator[list[tuple[int, int]]]:
    """The points of each closed line of a path."""
    for left, top, steps in _RING.findall(path):
        x, y = int(left), int(top)
        points = [(x, y)]
        numbers = [int(one) for one in _NUMBER.findall(steps)]
        for east, south in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + east, y + south
            points.append((x, y))
        yield points


def _box(path: str) -> tuple[int, int, int, int]:
    """Left, top, width and height of a path, with a little room around."""
    points = [point for ring in _rings(path) for point in ring]
    across, down = [x for x, _ in points], [y for _, y in points]
    width, height = max(across) - min(across), max(down) - min(down)
    room = max(width, height) // 50 + 1
    return (min(across) - room, min(down) - room, width + 2 * room, height + 2 * room)


LEVELS = 4


@dataclass(frozen=True)
class Patch:
    """A council with a number: how dark it is drawn, and where its number stands."""

    code: str
    name: str
    path: str
    count: int
    level: int
    middle: tuple[int, int]


@dataclass(frozen=True)
class Shaded:
    """Councils of a police area, each as dark as its number is high."""

    patches: tuple[Patch, ...]
    box: tuple[int, int, int, int]

    @property
    def view_box(self) -> str:
        return " ".join(map(str, self.box))

    @property
    def stroke(self) -> int:
        return max(1, max(self.box[2:]) // 250)

    @property
    def letters(self) -> int:
        """How high a number is written, so that it reads alike whatever the size of the area."""
        return max(self.box[2:]) // 22


def shade(
    councils: Iterable[tuple[str, str]], counts: Mapping[str, int], replaced: Mapping[str, str] = {}
) -> Shaded | None:
    """The councils (code, name) by a number each; a council that came from older ones is drawn by theirs. None where
    there is nothing to draw."""
    outlines = [(code, name, _outline(code, replaced)) for code, name in councils]
    drawn = [(code, name, path) for code, name, path in outlines if path]
    if not drawn:
        return None
    most = max(counts.get(code, 0) for code, _, _ in drawn)
    patches = [
        Patch(code, name, path, counts.get(code, 0), _level(counts.get(code, 0), most), _middle(path))
        for code, name, path in drawn
    ]
    return Shaded(tuple(patches), _box("".join(path for _, _, path in drawn)))


def _level(count: int, most: int) -> int:
    """0 for none, else 1 to 4 by the share of the highest number; few are never as dark as many."""
    return -(-count * LEVELS // max(most, LEVELS))


def _outline(code: str, replaced: Mapping[str, str]) -> str:
    older = sorted(old for old, new in replaced.items() if new == code)
    return "".join(shapes().get(one, "") for one in (code, *older))


def _middle(path: str) -> tuple[int, int]:
    """The centre of gravity of the largest part of an outline."""
    return max((_gravity(points) for points in _rings(path)), key=lambda found: found[0])[1]


def _gravity(points: list[tuple[int, int]]) -> tuple[float, tuple[int, int]]:
    """The area of a ring and its centre."""
    area = across = down = 0
    for (x, y), (u, v) in zip(points, [*points[1:], points[0]], strict=True):
        cross = x * v - u * y
        area, across, down = area + cross, across + (x + u) * cross, down + (y + v) * cross
    return abs(area) / 2, (round(across / (3 * area)), round(down / (3 * area))) if area else points[0]
