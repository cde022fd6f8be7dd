"""Writes the outlines of councils for the atlas, as paths of SVG, from a TopoJSON file.

Usage: scripts/shapes.py LA2022_EW.topojson. The file's origin and licence are in docs/data-sources.md.
"""

import json
import math
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parents[1] / "alongside" / "foundation" / "atlas" / "data" / "shapes.json"
WEST, NORTH, MIDDLE = -6.5, 56.0, 52.5  # degrees: the corner from which it is drawn, and where it is true to width
TENTHS = 1113.2  # tenths of a kilometre in a degree of latitude


def place(longitude: float, latitude: float) -> tuple[int, int]:
    """Tenths of a kilometre east of the corner, and south of it."""
    east = (longitude - WEST) * TENTHS * math.cos(math.radians(MIDDLE))
    return round(east), round((NORTH - latitude) * TENTHS)


def arcs_of(topology: dict[str, Any]) -> list[list[tuple[int, int]]]:
    """Every arc as places; where the file is quantised, its steps are added up first."""
    scale, move = topology["transform"]["scale"], topology["transform"]["translate"]
    drawn = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for east, north in arc:
            x, y = x + east, y + north
            points.append(place(x * scale[0] + move[0], y * scale[1] + move[1]))
        drawn.append(points)
    return drawn


def rings(geometry: dict[str, Any]) -> Iterator[list[int]]:
    """The rings of a polygon or of several, as lists of arcs."""
    for polygon in [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]:
        yield from polygon


def path(geometry: dict[str, Any], arcs: list[list[tuple[int, int]]]) -> str:
    """The outline as a path, each ring closed, in steps from its first place; one too small to be seen left out."""
    parts = []
    for ring in rings(geometry):
        points: list[tuple[int, int]] = []
        for index in ring:
            points += arcs[index] if index >= 0 else list(reversed(arcs[~index]))
        steps = [(x - left, y - top) for (left, top), (x, y) in pairwise(points)]
        moved = [step for step in steps if step != (0, 0)]
        if len(moved) > 2:
            line = " ".join(f"{x} {y}" for x, y in moved)
            parts.append(f"M{points[0][0]} {points[0][1]}l{line.replace(' -', '-')}z")
    return "".join(parts)


def main(source: str) -> None:
    topology = json.loads(Path(source).read_text())
    arcs = arcs_of(topology)
    (layer,) = topology["objects"].values()
    found = {one["properties"]["areacd"]: path(one, arcs) for one in layer["geometries"]}
    TARGET.write_text(json.dumps(dict(sorted(found.items())), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
