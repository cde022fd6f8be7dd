"""The drawings of exploring: lines, bars, small multiples, control charts by Altair; maps by the atlas; SVG and PNG."""

from collections.abc import Sequence
from html import escape
from typing import Any

import altair
import vl_convert

from alongside.commissioning.exploring import queries, rules
from alongside.commissioning.exploring.choices import Chart, Compare
from alongside.commissioning.exploring.queries import Findings, Series, Spot, Stretch
from alongside.commissioning.quarters.charts import DARK, INK, LIGHT, LOOK, ensure_still
from alongside.core.pages.filters import datetime_words, number, percent
from alongside.facts.measures.rules import Kind

WIDTH, HEIGHT, ROW = 820, 300, 26
MOST_LINES, MOST_BARS, MOST_PANELS = 6, 20, 12
ACROSS, PANEL = 3, 230
FORMATS = {Kind.COUNT: ",d", Kind.SHARE: ".0%", Kind.DAYS: ",d"}
# Told apart by people who see few colours, and by their shapes and dashes where there is no colour at all.
COLOURS = (DARK, "#c2570c", "#4f46a5", "#8a6d00", "#a3195b", "#5c6770")
STACK = ("#08403c", "#2f7d76", "#69a8a2", "#a9ccc8", "#7a4b12", "#c98a3d", "#ecc894", "#8b949b")
SHADES = ("#e3f0ee", "#b3d5d1", "#76aea8", "#38807a", "#0a4a45")
MARKED, GREY = "#c2570c", "#5c6770"
SCALE = 2  # of a PNG, for paper


def drawable(found: Findings) -> tuple[Series, ...]:
    """The series that are drawn, the largest: the table has them all. Of a stacked bar no part is left away."""
    most = {Chart.LINE: MOST_LINES, Chart.BARS: MOST_BARS, Chart.PANELS: MOST_PANELS}
    return found.series[: most.get(found.choice.chart)]


def svg(found: Findings, *, title: str = "", notes: Sequence[str] = ()) -> str:
    """A drawing that does nothing; with a title and notes in it where it is to stand alone."""
    if found.choice.chart == Chart.MAP:
        return ensure_still(_map(found, title, notes))
    chart = _SHAPES[found.choice.chart](found, drawable(found))
    if title:
        words = altair.TitleParams(title, subtitle=list(notes), anchor="start", offset=14, fontSize=16)
        chart = chart.properties(title=words)
    return ensure_still(vl_convert.vegalite_to_svg({**chart.to_dict(), "config": {**LOOK, "background": "white"}}))


def png(drawn: str) -> bytes:
    """A drawing as a picture of points."""
    made: bytes = vl_convert.svg_to_png(drawn, scale=SCALE)
    return made


def notes(found: Findings, protection: str) -> list[str]:
    """What a drawing that stands alone says of itself."""
    named = list(dict.fromkeys(spot.measure.key for each in found.series for spot in each.spots))
    made_of = f"{', '.join(named)} / {found.manifest.code}"
    return [f"{protection} As at {datetime_words(found.manifest.as_at)}.", made_of]


def _kind(found: Findings) -> Kind:
    return found.choice.measures[0].kind


def _y(kind: Kind, name: str = "value", **more: Any) -> Any:
    axis = altair.Axis(format=FORMATS[kind], tickMinStep=0.01 if kind == Kind.SHARE else 1)
    scale = altair.Scale(domain=[0, 1]) if kind == Kind.SHARE else altair.Scale(zero=True)
    return altair.Y(f"{name}:Q", title=None, axis=axis, scale=more.pop("scale", scale), **more)


def _x(found: Findings, *, short: bool = False) -> Any:
    order = [str(each) for each in found.choice.quarters]
    told = "slice(datum.label, 2)" if short else "datum.label"
    axis = altair.Axis(labelAngle=0, labelOverlap=True, labelExpr=told)
    return altair.X("quarter:O", sort=order, title=None, axis=axis, scale=altair.Scale(domain=order))


def _points(series: Sequence[Series], beside: str) -> list[dict[str, object]]:
    found = []
    for each in series:
        for spot in each.spots:
            point = {"series": each.words, "quarter": str(spot.quarter), "running": spot.running}
            part = f"{each.words}/{spot.measure.version}"
            found.append({**point, "value": queries.value(spot, len(each.group)), "part": part, "which": "Now"})
            if beside:
                found.append({**point, "value": _beside(spot), "part": f"{part}/before", "which": beside})
    return found


def _beside(spot: Spot) -> float | None:
    return spot.before.value if spot.before else None


BESIDE = {Compare.PREVIOUS: "The quarter before", Compare.YEAR: "A year before"}


def _line_layers(found: Findings, series: Sequence[Series], x: Any, y: Any, colour: Any) -> Any:
    """Lines with their points; a quarter that still runs is a ring, to which no line leads."""
    beside = BESIDE.get(found.choice.compare, "")
    base = altair.Chart(altair.Data(values=_points(series, beside))).encode(x=x, y=y, **colour)
    now = "datum.which == 'Now'"
    layers = [
        base.mark_line(strokeWidth=1.5, strokeDash=[4, 3], opacity=0.75)
        .transform_filter(f"!({now}) && !datum.running").encode(detail="part:N"),
        base.mark_line(strokeWidth=2.5).transform_filter(f"{now} && !datum.running").encode(detail="part:N"),
        base.mark_point(size=60, filled=True, opacity=1).transform_filter(f"{now} && !datum.running"),
        base.mark_point(size=60, strokeWidth=2, fill="white").transform_filter(f"{now} && datum.running"),
    ]  # fmt: skip
    return altair.layer(*layers)


def _line(found: Findings, series: Sequence[Series]) -> Any:
    order = [each.words for each in series]
    legend = altair.Legend(title=None, columns=2, labelLimit=300) if len(order) > 1 else None
    scale = altair.Scale(domain=order, range=list(COLOURS[: len(order)]))
    colour = {"color": altair.Color("series:N", scale=scale, legend=legend),
              "shape": altair.Shape("series:N", scale=altair.Scale(domain=order), legend=legend)}  # fmt: skip
    drawn = _line_layers(found, series, _x(found), _y(_kind(found)), colour)
    for each in found.whole if _kind(found) != Kind.COUNT else ():
        rows = [{"quarter": str(spot.quarter), "value": spot.figure.value} for spot in each.spots if spot.figure]
        whole = altair.Chart(altair.Data(values=rows)).mark_line(color=GREY, strokeDash=[2, 3], strokeWidth=2)
        drawn += whole.encode(x=_x(found), y=_y(_kind(found)))
    return (drawn + _breaks(found)).properties(width=WIDTH, height=HEIGHT)


def _breaks(found: Findings) -> Any:
    """A rule before each quarter in which a definition changed."""
    rows = [{"quarter": str(quarter)} for _, quarter in found.breaks]
    rule = altair.Chart(altair.Data(values=rows)).mark_rule(color=INK, strokeDash=[5, 4], xOffset=-18)
    return rule.encode(x=_x(found))


def _panels(found: Findings, series: Sequence[Series]) -> Any:
    """A small drawing for each series; of one measure they have one scale, so that they can be compared."""
    kind, one = _kind(found), len(found.choice.measures) == 1
    small = []
    for each in series:
        same = one and kind != Kind.SHARE
        y = _y(kind, scale=altair.Scale(domain=[0, _top(series)])) if same else _y(each.measure.kind)
        drawn = _line_layers(found, [each], _x(found, short=True), y, {"color": altair.value(DARK)})
        title = altair.TitleParams(_folded(each.words), anchor="start", fontSize=13, fontWeight="bold")
        small.append(drawn.properties(width=PANEL, height=PANEL // 2, title=title))
    return altair.concat(*small, columns=ACROSS, spacing=24)


def _folded(words: str, most: int = 32) -> list[str]:
    """Words on lines of a panel's width, three at most."""
    lines = [""]
    for word in words.split():
        if lines[-1] and len(lines[-1]) + len(word) >= most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines[:3]


def _top(series: Sequence[Series]) -> float:
    values = [queries.value(spot, len(each.group)) or 0 for each in series for spot in each.spots]
    return max([1, *values])


def _bars(found: Findings, series: Sequence[Series]) -> Any:
    """Bars of groups in one quarter; of two things at once the second by its colour; beside them what is compared."""
    crossed, kind = len(found.choice.by) > 1, _kind(found)
    beside = BESIDE.get(found.choice.compare, "") if not crossed else ""
    now = str(found.choice.last)
    rows: list[dict[str, object]] = []
    for each in series:
        named = _pair(found, each) if crossed else (each.words, now)
        rows.append({"group": named[0], "which": named[1], "value": queries.value(each.last, len(each.group))})
        rows += [{"group": each.words, "which": beside, "value": _beside(each.last)}] if beside else []
    groups, kinds = (list(dict.fromkeys(str(row[name]) for row in rows)) for name in ("group", "which"))
    shades = list(STACK) if crossed else [DARK, LIGHT]
    legend = altair.Legend(title=None, columns=3) if len(kinds) > 1 else None
    chart = (
        altair.Chart(altair.Data(values=rows)).mark_bar()
        .encode(
            y=altair.Y("group:N", sort=groups, title=None), yOffset=altair.YOffset("which:N", sort=kinds),
            x=_across(kind), color=altair.Color("which:N", scale=_scale(kinds, shades), legend=legend, sort=kinds),
        )
    )  # fmt: skip
    drawn = chart.properties(width=WIDTH - 220, height=max(2, len(groups)) * max(ROW, 14 * len(kinds)))
    return drawn + _whole(found) if found.whole and kind != Kind.COUNT else drawn


def _whole(found: Findings) -> Any:
    """The whole as a rule across the bars."""
    figures = [each.last.figure for each in found.whole if each.spots]
    rows = [{"value": figure.value} for figure in figures if figure and figure.value is not None]
    rule = altair.Chart(altair.Data(values=rows)).mark_rule(color=INK, strokeDash=[5, 4], strokeWidth=2)
    return rule.encode(x=_across(_kind(found)))


def _scale(domain: Sequence[str], shades: Sequence[str]) -> Any:
    return altair.Scale(domain=list(domain), range=[shades[place % len(shades)] for place in range(len(domain))])


def _across(kind: Kind, **more: Any) -> Any:
    scale = altair.Scale(domain=[0, 1]) if kind == Kind.SHARE else altair.Scale(zero=True)
    axis = altair.Axis(format=FORMATS[kind], tickMinStep=0.01 if kind == Kind.SHARE else 1, labelOverlap=True)
    return altair.X("value:Q", title=None, axis=axis, scale=scale, **more)


def _pair(found: Findings, series: Series) -> tuple[str, str]:
    first, second = (found.manifest.words(name, code) for name, code in series.group)
    return first, second


def _stacked(found: Findings, series: Sequence[Series]) -> Any:
    """Parts of a whole on one bar; of two things a bar for each of the first."""
    crossed = len(found.choice.by) > 1
    rows = []
    for each in series:
        bar, part = _pair(found, each) if crossed else (str(each.last.quarter), each.words)
        rows.append({"group": bar, "which": part, "value": queries.value(each.last, len(each.group)) or 0})
    bars, parts = (list(dict.fromkeys(str(row[name]) for row in rows)) for name in ("group", "which"))
    legend = altair.Legend(title=None, columns=2)
    colour = altair.Color("which:N", scale=_scale(parts, STACK), sort=parts, legend=legend)
    return (
        altair.Chart(altair.Data(values=rows)).mark_bar(stroke="white", strokeWidth=1)
        .encode(
            y=altair.Y("group:N", sort=bars, title=None), x=_across(_kind(found)), color=colour,
            order=altair.Order("rank:Q"),
        )
        .transform_calculate(rank=f"indexof({parts!r}, datum.which)")
        .properties(width=WIDTH - 180, height=max(2, len(bars)) * ROW * 1.4)
    )  # fmt: skip


def _control(found: Findings, series: Sequence[Series]) -> Any:
    """A control chart: the points, the average and the limits of each stretch; what breaks a rule is a square."""
    kind = _kind(found)
    width = len(found.choice.by)
    rows = [row for place, stretch in enumerate(found.control) for row in _expected(place, stretch, width)]
    base = altair.Chart(altair.Data(values=rows)).encode(x=_x(found))
    values = [float(str(row[name])) for row in rows for name in ("value", "high") if row[name] is not None]
    top = max([0.05 if kind == Kind.SHARE else 1, *values]) * 1.08
    scale = altair.Scale(domain=[0, min(1, top) if kind == Kind.SHARE else top])
    lines = [
        base.mark_line(color=GREY, strokeDash=dash, interpolate="step", strokeWidth=1.6)
        .encode(y=_y(kind, name, scale=scale), detail="stretch:N")
        for name, dash in (("low", [5, 4]), ("high", [5, 4]), ("centre", [1, 0]))
    ]  # fmt: skip
    y = _y(kind, scale=scale)
    points = [
        base.mark_line(color=DARK, strokeWidth=2.2).encode(y=y, detail="stretch:N"),
        base.mark_circle(color=DARK, size=70, opacity=1).transform_filter("!datum.marked").encode(y=y),
        base.mark_square(color=MARKED, size=150, opacity=1).transform_filter("datum.marked").encode(y=y),
    ]
    running = [{"quarter": str(spot.quarter), "value": spot.figure.value} for each in series[:1]
               for spot in each.spots if spot.running and spot.figure]  # fmt: skip
    ring = altair.Chart(altair.Data(values=running)).mark_point(color=DARK, size=70, strokeWidth=2)
    ring = ring.encode(x=_x(found), y=y)
    return altair.layer(*lines, *points, ring, _breaks(found)).properties(width=WIDTH, height=HEIGHT)


def _expected(place: int, stretch: Stretch, width: int) -> list[dict[str, object]]:
    marked = {point for signal in stretch.signals for point in signal.points}
    empty = [None] * len(stretch.spots)
    return [
        {"quarter": str(spot.quarter), "value": queries.value(spot, width), "stretch": place, "marked": at in marked,
         "low": bound and bound.low, "centre": bound and bound.centre, "high": bound and bound.high}
        for at, (spot, bound) in enumerate(zip(stretch.spots, stretch.bounds or empty, strict=True))
    ]  # fmt: skip


_SHAPES = {
    Chart.LINE: _line, Chart.PANELS: _panels, Chart.BARS: _bars, Chart.STACKED: _stacked, Chart.CONTROL: _control,
}  # fmt: skip


def placed(found: Findings) -> dict[str, float]:
    """The number of each council that has one, shares in percent."""
    times = 100 if _kind(found) == Kind.SHARE else 1
    numbers = {each.group[0][1]: each.last.figure.value for each in found.series if each.last.figure}
    return {code: value * times for code, value in numbers.items() if value is not None}


def legend(found: Findings) -> list[tuple[str, str]]:
    """The classes of a map: shade and words."""
    values = placed(found)
    if not values:
        return []
    kind, classes = _kind(found), rules.classes(list(values.values()))
    edges = [classes.edges(level) for level in range(1, classes.number + 1)]
    shades = SHADES[-classes.number :] if classes.number > 1 else SHADES[2:3]
    return [(shade, _between(kind, *edge)) for shade, edge in zip(shades, edges, strict=True)]


def _between(kind: Kind, low: float, after: float) -> str:
    words = {Kind.SHARE: lambda each: percent(each / 100)}.get(kind, number)
    if kind == Kind.SHARE or after - low > 1:
        return f"{words(low)} to under {words(after)}"
    return str(words(low))


HATCH = (
    '<pattern id="{name}" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45) '
    'scale({scale})"><rect width="8" height="8" fill="#fff"/><path d="M0 0V8" stroke="#8b949b" stroke-width="3"/>'
    "</pattern>"
)
BOX, KEY, LINE = 560, 190, 22  # points: the map's square, its key beside it, a line of words


def _map(found: Findings, title: str, said: Sequence[str]) -> str:
    """Councils shaded by class; one without a told figure is hatched."""
    shaded, values, key = queries.outlines(found.reader), placed(found), legend(found)
    if shaded is None:
        return '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"></svg>'
    left, top, across, down = shaded.box
    size = BOX / max(across, down)
    classes = rules.classes(list(values.values())) if values else None
    paths = "".join(
        f'<path d="{patch.path}" fill="{_fill(patch.code, values, classes, key)}"/>' for patch in shaded.patches
    )
    head = (len(said) + 1) * LINE + 6 if title else 0
    height = head + max(down * size, (len(key) + 2) * LINE)
    hatches = HATCH.format(name="hatch", scale=round(1 / size, 3)) + HATCH.format(name="key", scale=1)
    drawn = (
        f'<g transform="translate(0 {head}) scale({size:.5f}) translate({-left} {-top})" stroke="#1c2423" '
        f'stroke-width="{shaded.stroke}" stroke-linejoin="round">{paths}</g>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {BOX + KEY} {height:.0f}" width="{BOX + KEY}" '
        f'height="{height:.0f}" font-family="sans-serif" font-size="14" fill="{INK}"><defs>{hatches}</defs>'
        f'<rect width="100%" height="100%" fill="#fff"/>{_heading(title, said)}{drawn}'
        f"{_key(key, across * size, head)}</svg>"
    )


def _fill(code: str, values: dict[str, float], classes: rules.Classes | None, key: Sequence[tuple[str, str]]) -> str:
    return key[classes.level(values[code]) - 1][0] if classes and code in values else "url(#hatch)"


def _heading(title: str, said: Sequence[str]) -> str:
    lines = [(title, "bold"), *((line, "normal") for line in said)] if title else []
    return "".join(
        f'<text x="0" y="{(place + 1) * LINE - 6}" font-weight="{weight}">{escape(line)}</text>'
        for place, (line, weight) in enumerate(lines)
    )


def _key(key: Sequence[tuple[str, str]], left: float, head: int) -> str:
    rows = [*key, ("url(#key)", "None told")]
    x = min(left, BOX) + 16
    return "".join(
        f'<rect x="{x:.0f}" y="{head + place * LINE + 4}" width="16" height="16" fill="{shade}" stroke="{INK}"/>'
        f'<text x="{x + 24:.0f}" y="{head + place * LINE + 17}">{escape(words)}</text>'
        for place, (shade, words) in enumerate(rows)
    )
