"""Figures in words and as data. What may not be shown says so in words."""

from typing import Any

from alongside.core.pages.filters import number, percent
from alongside.facts.measures.rules import Figure, Kind, Measure

WITHHELD = "Not shown"
TOO_FEW = "Too few"


def value_words(figure: Figure) -> str:
    """The figure as it is read: 1,204, 47%, 3 days, or why there is none."""
    if figure.withheld:
        return WITHHELD
    if figure.value is None:
        return TOO_FEW if figure.n else "None yet"
    if figure.kind == Kind.SHARE:
        return percent(figure.value)
    return f"{number(figure.value)}{' days' if figure.kind == Kind.DAYS and figure.value != 1 else ''}"


def figure_as_json(figure: Figure) -> dict[str, Any]:
    """A figure with everything that it carries."""
    raw = {name: value for name, value in vars(figure).items() if value not in (None, {})}
    return {
        **raw,
        "group": dict(figure.group),
        "parts": dict(figure.parts),
        "as_at": figure.as_at.isoformat(),
    }


def measure_as_json(measure: Measure) -> dict[str, Any]:
    return {**vars(measure), "parts": dict(measure.parts), "fixed": dict(measure.fixed)}
