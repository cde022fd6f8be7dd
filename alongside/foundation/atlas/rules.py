"""Pure rules of the atlas: which councils are drawn, which of them are covered, and what the drawing says in words."""

import json
import re
from collections.abc import Collection, Iterable, Mapping
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
    older: dict[str, list[str]] = {}
    for old, new in replaced.items():
        older.setdefault(new, []).append(old)
    drawn = []
    for code, name in councils:
        path = "".join(shapes().get(one, "") for one in (code, *sorted(older.get(code, ()))))
        if path:
            drawn.append(Shape(name, path, not covered or code in covered))
    if not drawn:
        return None
    there = tuple(one.name for one in drawn if one.covered)
    return Drawing(tuple(drawn), _box("".join(one.path for one in drawn)), len(there) == len(drawn), there)


def _box(path: str) -> tuple[int, int, int, int]:
    """Left, top, width and height of a path, with a little room around."""
    across, down = [], []
    for left, top, steps in _RING.findall(path):
        x, y = int(left), int(top)
        numbers = [int(one) for one in _NUMBER.findall(steps)]
        across.append(x)
        down.append(y)
        for east, south in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + east, y + south
            across.append(x)
            down.append(y)
    width, height = max(across) - min(across), max(down) - min(down)
    room = max(width, height) // 50 + 1
    return (min(across) - room, min(down) - room, width + 2 * room, height + 2 * room)
