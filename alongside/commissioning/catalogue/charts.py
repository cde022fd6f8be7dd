"""The line of a measure over its quarters, as SVG by Altair, with a break where its definition changed."""

from collections.abc import Sequence

import altair
import vl_convert

from alongside.commissioning.catalogue.queries import Point
from alongside.commissioning.quarters.charts import DARK, INK, LOOK, ensure_still
from alongside.facts.measures.rules import Kind

WIDTH, HEIGHT = 560, 200
FORMATS = {Kind.COUNT: ",d", Kind.SHARE: ".0%", Kind.DAYS: ",d"}


def history(points: Sequence[Point]) -> str:
    """The SVG: a line for each version, its interval behind it, and a rule where the definition changed."""
    kind = points[-1].measure.kind if points else Kind.COUNT
    rows = [
        {"quarter": str(each.quarter), "value": each.figure.value, "low": each.figure.low, "high": each.figure.high,
         "version": str(each.measure.version), "running": each.running}
        for each in points
    ]  # fmt: skip
    order = [str(each.quarter) for each in points]
    x = altair.X("quarter:O", sort=order, title=None, axis=altair.Axis(labelAngle=0), scale=altair.Scale(domain=order))
    axis = altair.Axis(format=FORMATS[kind], tickMinStep=0.01 if kind == Kind.SHARE else 1)
    scale = altair.Scale(domain=[0, 1]) if kind == Kind.SHARE else altair.Scale(zero=True)
    y = altair.Y("value:Q", title=None, axis=axis, scale=scale)
    base = altair.Chart(altair.Data(values=rows)).encode(x=x)
    layers = [
        base.mark_rule(color=DARK, opacity=0.35, strokeWidth=5).encode(y=altair.Y("low:Q", title=None), y2="high:Q"),
        base.mark_line(color=DARK, strokeWidth=2.5).transform_filter("!datum.running").encode(y=y, detail="version:N"),
        base.mark_circle(color=DARK, size=70, opacity=1).transform_filter("!datum.running").encode(y=y),
        # A quarter that still runs is no whole one: a ring, and no line leads to it.
        base.mark_point(color=DARK, size=70, strokeWidth=2).transform_filter("datum.running").encode(y=y),
    ]
    if breaks := [{"quarter": str(each.quarter)} for each in points if each.broken]:
        rule = altair.Chart(altair.Data(values=breaks)).mark_rule(color=INK, strokeDash=[5, 4], xOffset=-18)
        layers.append(rule.encode(x=x))
    chart = altair.layer(*layers).properties(width=WIDTH, height=HEIGHT)
    drawn: str = vl_convert.vegalite_to_svg({**chart.to_dict(), "config": LOOK})
    return ensure_still(drawn)
