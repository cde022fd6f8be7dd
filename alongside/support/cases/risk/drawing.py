"""How the risk of a case moved, drawn as lines with their figures, and two sittings side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

from alongside.core.pages.filters import date_words
from alongside.support.cases.risk import queries, rules
from alongside.support.cases.risk.models import Sitting
from alongside.support.cases.risk.presenters import ANSWER_COLOURS, FORMER, WHY_SHORT, Tag, level_tag, tally
from alongside.support.cases.risk.rules import Compared

WIDTH, HEIGHT, LEFT, RIGHT, TOP, STEP = 720, 190, 136, 24, 28, 56


@dataclass(frozen=True)
class Dot:
    """A sitting on the line: where it stands, and whether its questions are others than those before it."""

    x: int
    y: int
    words: str
    changed: bool


@dataclass(frozen=True)
class Line:
    """How the risk of one kind moved: its drawing, and the same in rows, the latest first."""

    kind: str
    title: str
    dots: tuple[Dot, ...]
    path: str
    rows: tuple["Row", ...]
    choices: tuple[tuple[str, str], ...]
    spoken: str


@dataclass(frozen=True)
class Row:
    """A sitting in the table under a line."""

    pk: UUID
    on: str
    set: str
    changed: bool
    tally: str
    tag: Tag
    why: str
    by: str


def lines(
    found: Sequence[Sitting], *, kinds: Mapping[str, str], levels: Mapping[str, str], names: Mapping[UUID, str]
) -> list[Line]:  # fmt: skip
    """One line for each kind that was asked of, that of the latest sitting first."""
    order = dict.fromkeys(one.kind for one in reversed(found))
    return [
        _line(kinds.get(kind, kind), [one for one in found if one.kind == kind], levels, names) for kind in order
    ]  # fmt: skip


def _line(
    title: str, found: Sequence[Sitting], levels: Mapping[str, str], names: Mapping[UUID, str]
) -> Line:  # fmt: skip
    changed = [False, *(_changed(*pair) for pair in pairwise(found))]
    dots = tuple(_dot(one, found, levels, new) for one, new in zip(found, changed, strict=True))
    rows = tuple(_row(one, levels, names, new) for one, new in zip(found, changed, strict=True))
    choices = tuple((str(one.pk), f"{row.on}: {row.tag['word']}") for one, row in zip(found, rows, strict=True))
    first, last = rows[0], rows[-1]
    spoken = f"from {first.tag['word'].lower()} on {first.on} to {last.tag['word'].lower()} on {last.on}"
    path = f"M{dots[0].x} {dots[0].y}" + "".join(f"H{dot.x}V{dot.y}" for dot in dots[1:])
    return Line(found[0].kind, title, dots, path, rows[::-1], choices, spoken)


def _changed(before: Sitting, now: Sitting) -> bool:
    return (before.set_code, before.set_version) != (now.set_code, now.set_version)


def _dot(one: Sitting, found: Sequence[Sitting], levels: Mapping[str, str], changed: bool) -> Dot:
    first, last, at = found[0].done_at, found[-1].done_at, one.done_at
    assert first is not None and last is not None and at is not None
    span = (last - first).total_seconds()
    x = LEFT + round((WIDTH - LEFT - RIGHT) * ((at - first).total_seconds() / span if span else 0.5))
    y = TOP + STEP * (len(rules.LEVELS) - 1 - rules.rank(one.level))
    return Dot(x, y, f"{date_words(at)}: {levels.get(one.level, one.level)}", changed)


def _row(one: Sitting, levels: Mapping[str, str], names: Mapping[UUID, str], changed: bool) -> Row:
    whole = queries.as_asked(one)
    return Row(
        pk=one.pk, on=date_words(one.done_at), set=f"{whole.title}, version {one.set_version}", changed=changed,
        tally=f"{tally(one.answers, whole)}. Score {one.score}", tag=level_tag(one.level, levels),
        why=", ".join(WHY_SHORT[code].lower() if place else WHY_SHORT[code] for place, code in enumerate(one.why)),
        by=names.get(one.done_by, FORMER) if one.done_by else FORMER,
    )  # fmt: skip


def scale(levels: Mapping[str, str]) -> list[tuple[int, str]]:
    """Where each level stands on the drawing."""
    return [(TOP + STEP * place, levels.get(code, code)) for place, code in enumerate(reversed(rules.LEVELS))]


@dataclass(frozen=True)
class Pair:
    """Two sittings side by side."""

    rows: tuple[dict[str, Any], ...]
    same: bool
    summary: tuple[dict[str, Any], ...]
    warning: str


def pair(before: Sitting, now: Sitting, levels: Mapping[str, str]) -> Pair:
    """Answer by answer. Numbers are held against each other only where both were made under the same questions."""
    asked, asks = queries.as_asked(before), queries.as_asked(now)
    found = rules.compare(asked, before.answers, asks, now.answers)
    same = not _changed(before, now)
    sides = [(one, whole) for one, whole in ((before, asked), (now, asks))]
    heads = ("Earlier", "Later")
    summary = tuple(
        {"key": f"{head}, {date_words(one.done_at)}",
         "value": f"{levels.get(one.level, one.level)}. {tally(one.answers, whole)}. Score {one.score}, under "
                  f"“{whole.title}”, version {one.set_version}."}
        for head, (one, whole) in zip(heads, sides, strict=True)
    )  # fmt: skip
    warning = "" if same else (
        "The two were asked under different questions, so their scores must not be held against each other. The levels "
        "and the answers below can be: each question that is not in both says so."
    )  # fmt: skip
    return Pair(tuple(map(_compared, found)), same, summary, warning)


def _compared(one: Compared) -> dict[str, Any]:
    words = one.now.words if one.now else one.before.words if one.before else ""
    earlier = one.before.words if one.reworded and one.before else ""
    return {"words": words, "earlier": earlier, "before": _side(one.before), "now": _side(one.now),
            "changed": one.changed, "absent": one.before is None or one.now is None}  # fmt: skip


def _side(side: rules.Side | None) -> Tag:
    if side is None:
        return {"word": "Not among the questions", "colour": "grey"}
    return {"word": rules.ANSWERS[side.answer], "colour": ANSWER_COLOURS[side.answer]}
