"""Figures and measures as data."""

from typing import Any

from alongside.facts.measures.rules import Figure, Measure


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
