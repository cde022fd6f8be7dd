"""How far somebody has come, in words, lines and stars: for the pages and papers of those who support them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import cos, pi, sin

from alongside.support.cases.outcomes.models import Assessment
from alongside.support.cases.outcomes.queries import Distance, Journey, Used, alike
from alongside.support.cases.outcomes.rules import FOLLOW_UP, WHOLE, Change, Tool

CHANGES: Mapping[str, tuple[str, str]] = {
    Change.IMPROVED: ("Improved", "green"),
    Change.SAME: ("No change", "blue"),
    Change.WORSE: ("Worse", "red"),
    Change.NOT_MEASURED: ("Not measured", "grey"),
    Change.NOT_APPLICABLE: ("Not applicable", "grey"),
}
WIDTH, HEIGHT, EDGE = 240, 72, 10


@dataclass(frozen=True)
class Line:
    """One outcome from its first score to its latest: words, colour, and the points of its drawing. `note`: why nobody
    can say, what a follow-up said, or whether the change is more than chance."""

    words: str
    first: float | None
    latest: float | None
    distance: str
    tag: dict[str, str]
    points: tuple[tuple[float, float], ...]
    note: str = ""

    @property
    def path(self) -> str:
        return " ".join(f"{x},{y}" for x, y in self.points)


# For the person themselves: the same, in words that say how they are and nothing of what is measured.

OWN_WORDS: Mapping[str, str] = {
    Change.IMPROVED: "Better than at first", Change.SAME: "About as at first", Change.WORSE: "Harder than at first",
}  # fmt: skip


@dataclass(frozen=True)
class OwnLine:
    """One outcome as its own person reads it: in words, with a line of which further up is better."""

    title: str
    words: str
    scores: tuple[float, ...]
    points: tuple[tuple[float, float], ...]
    ends: tuple[int, int]

    @property
    def path(self) -> str:
        return " ".join(f"{x},{y}" for x, y in self.points)


def own_line(title: str, change: str, scores: Sequence[float], ends: Sequence[int]) -> OwnLine:
    worse, better = ends
    step = (WIDTH - 2 * EDGE) / max(len(scores) - 1, 1)
    tall = (HEIGHT - 2 * EDGE) / (better - worse)
    points = tuple(
        (round(EDGE + place * step, 1), round(HEIGHT - EDGE - (one - worse) * tall, 1))
        for place, one in enumerate(scores)
    )
    return OwnLine(title, OWN_WORDS.get(change, ""), tuple(scores), points, (worse, better))


# A star: one arm a question, from the lowest point at its middle to the highest at its tip.

MIDDLE, ARM, FEWEST_ARMS = 120, 92, 3


@dataclass(frozen=True)
class Arm:
    """One question: its number at the tip, its words, and what was answered first and latest."""

    number: int
    words: str
    tip: tuple[float, float]
    label: tuple[float, float]
    first: int | None
    latest: int | None


@dataclass(frozen=True)
class Star:
    """The first sitting and the latest with a tool, as two shapes over its arms."""

    arms: tuple[Arm, ...]
    rings: tuple[float, ...]
    first: str
    latest: str
    dots: tuple[tuple[float, float], ...]
    twice: bool


def star(tool: Tool, sittings: Sequence[Assessment]) -> Star | None:
    """The star of a tool; None where it has too few arms to make one. The first is left out where it asked others."""
    if len(tool.questions) < FEWEST_ARMS:
        return None
    counted = [one for one in sittings if one.stage != FOLLOW_UP] or list(sittings)
    first, latest = counted[0], counted[-1]
    twice = first is not latest and first.asked.get(WHOLE) == latest.asked.get(WHOLE)
    was, now = first.answers if twice else {}, latest.answers
    places = range(len(tool.questions))
    arms = tuple(
        Arm(place + 1, one.words, _at(place, tool, 1.0), _at(place, tool, 1.16), was.get(one.code), now.get(one.code))
        for place, one in zip(places, tool.questions, strict=True)
    )
    dots = tuple(_at(arm.number - 1, tool, _share(arm.latest, tool)) for arm in arms if arm.latest is not None)
    rings = tuple(round(ARM * share, 1) for share in (0.25, 0.5, 0.75, 1.0))
    return Star(arms, rings, _shape([arm.first for arm in arms], tool), _shape([arm.latest for arm in arms], tool),
                dots, twice)  # fmt: skip


def _share(point: int, tool: Tool) -> float:
    """How far out a point lies. The lowest stands a little off the middle, so that it can be seen."""
    low, high = tool.points[0], tool.points[-1]
    share = (point - low) / (high - low)
    return 0.08 + 0.92 * (share if tool.higher else 1 - share)


def _at(place: int, tool: Tool, share: float) -> tuple[float, float]:
    turn = 2 * pi * place / len(tool.questions)
    return round(MIDDLE + ARM * share * sin(turn), 1), round(MIDDLE - ARM * share * cos(turn), 1)


def _shape(points: Sequence[int | None], tool: Tool) -> str:
    """The outline through every answer; none where one is missing, since a gap would look like a low answer."""
    given = [point for point in points if point is not None]
    if len(given) < len(points):
        return ""
    return " ".join(f"{x},{y}" for x, y in (_at(place, tool, _share(one, tool)) for place, one in enumerate(given)))


@dataclass(frozen=True)
class ToolShown:
    """A tool that was used: its rule in words, its parts, and a star where it has three questions or more."""

    tool: Tool
    rule: str
    lines: tuple[Line, ...]
    star: Star | None


@dataclass(frozen=True)
class JourneyShown:
    lines: tuple[Line, ...]
    sittings: tuple[Assessment, ...]
    enough: bool
    tools: tuple[ToolShown, ...] = ()

    @property
    def names(self) -> dict[str, str]:
        """The title of each tool by its code."""
        return {one.tool.code: one.tool.title for one in self.tools}


def journey(found: Journey) -> JourneyShown:
    """First against latest for each outcome and each tool, with the sittings newest first."""
    scales = {one.tool.code: one.tool for one in found.used}
    lines = tuple(_line(one, found.sittings, scales.get(one.tool)) for one in found.distances)
    tools = tuple(_tool(one) for one in found.used)
    return JourneyShown(lines, tuple(reversed(found.sittings)), found.latest is not None, tools)


def _line(one: Distance, sittings: Iterable[Assessment], tool: Tool | None) -> Line:
    word, colour = CHANGES[one.change]
    scores = [sitting.scores.get(one.outcome) for sitting in alike(_counted(sittings), one.tool, one.outcome)]
    moved = "" if one.distance is None else f"{one.distance:+g}".replace("-", "−").replace("+0", "0")
    points = _points(scores, tool.points) if tool else ()
    return Line(one.words, one.first, one.latest, moved, {"word": word, "colour": colour}, points, _note(one))


def _counted(sittings: Iterable[Assessment]) -> list[Assessment]:
    """Follow-ups are told in words: a line ends where its figures do."""
    return [one for one in sittings if one.stage != FOLLOW_UP]


def _note(one: Distance) -> str:
    said = [one.why] if one.why else []
    if one.reliable:
        chance = "more than" if one.reliable.is_reliable else "no more than"
        said.append(
            f"This is {chance} the tool wavers by itself: reliable from {one.reliable.needed:g} points on "
            f"(index {one.reliable.index:g})."
        )
    if one.later:
        said.append(f"At follow-up, against the first: {CHANGES[one.later][0].lower()}.")
    return " ".join(said)


def _tool(used: Used) -> ToolShown:
    parts = [_line(one, used.sittings, used.tool) for one in (*used.distances, used.whole)]
    whole = replace(parts[-1], words="All its questions together")
    return ToolShown(used.tool, rule_of(used.tool), (*parts[:-1], whole), star(used.tool, used.sittings))


def rule_of(tool: Tool) -> str:
    """The rule of a tool in words, as it stands beside what came of it."""
    better = "up" if tool.higher else "down"
    return (
        f"On a scale of {tool.points[0]} to {tool.points[-1]}. A mean answer that went {better} by {tool.step:g} or "
        "more from the first sitting to the latest is improved; by as much the other way, worse; between the two, no "
        "change. It is measured where every question was answered both times, in the same words."
    )


def _points(scores: list[float | None], scale: tuple[int, ...]) -> tuple[tuple[float, float], ...]:
    """Where each measured score stands in the drawing; a sitting without a score leaves a gap in time."""
    step = (WIDTH - 2 * EDGE) / max(len(scores) - 1, 1)
    tall = (HEIGHT - 2 * EDGE) / (scale[-1] - scale[0])
    return tuple(
        (round(EDGE + place * step, 1), round(HEIGHT - EDGE - (score - scale[0]) * tall, 1))
        for place, score in enumerate(scores) if score is not None
    )  # fmt: skip
