"""The drawings of the quarter page, as SVG by Altair; each is drawn once for a snapshot and kept on disk."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import altair
import vl_convert
from django.conf import settings

from alongside.commissioning.quarters import queries
from alongside.commissioning.quarters.queries import Reader
from alongside.core.periods import Quarter
from alongside.facts.measures import queries as measures
from alongside.facts.measures.models import Dimension, Manifest
from alongside.facts.measures.rules import Figure, value_words

WIDTH, HEIGHT, BAR = 540, 220, 20
MOST_BARS = 12
DARK, MIDDLE, LIGHT, INK = "#0b5d57", "#5b9a94", "#a9ccc8", "#1c2423"
_TEXT = {"labelFontSize": 13, "titleFontSize": 13, "labelColor": INK, "titleColor": INK, "labelLimit": 260}
LOOK = {"axis": _TEXT, "legend": {**_TEXT, "orient": "top"}, "view": {"stroke": None}}
_ACTIVE = re.compile(r"<script|<foreignObject|\son\w+\s*=|javascript:", re.IGNORECASE)


@dataclass(frozen=True)
class Drawing:
    """A chart before it is drawn: its words and its points."""

    name: str
    title: str
    summary: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[dict[str, str], ...]
    points: tuple[Mapping[str, object], ...]


def _quarters(reader: Reader, manifest: Manifest, quarter: Quarter) -> Drawing:
    named = ("referrals_received", "victims_offered_support", "victims_supported")
    shown = [each for each in queries.quarters(manifest) if each <= quarter]
    points, rows = [], []
    for each in shown:
        found = {name: queries.one(reader, manifest, measures.of_quarter(name, each), each) for name in named}
        rows.append({"quarter": str(each), **{name: value_words(figure) for name, figure in found.items()}})
        points += [
            {"group": str(each), "series": measures.measure(name).title, "value": figure.value or 0}
            for name, figure in found.items()
        ]
    columns = (("quarter", "Quarter"), *((name, measures.measure(name).title) for name in named))
    last = rows[-1]
    summary = f"In {quarter}: " + ", ".join(f"{label.lower()} {last[key]}" for key, label in columns[1:]) + "."
    if broken := _breaks(named, shown):
        summary += f" Definitions changed in {', '.join(broken)}: each quarter is counted by those of its day."
    return Drawing("quarters", "From referral to support, by quarter", summary, columns, tuple(rows), tuple(points))


def _breaks(named: Sequence[str], shown: Sequence[Quarter]) -> list[str]:
    """The quarters in which one of these measures is not what it was in the quarter before."""
    versions = {each: [measures.of_quarter(name, each).version for name in named] for each in shown}
    return [str(each) for before, each in pairwise(shown) if versions[before] != versions[each]]


def _services(reader: Reader, manifest: Manifest, quarter: Quarter) -> Drawing:
    measure = measures.of_quarter("victims_supported", quarter)
    by = Dimension.SERVICE
    found = {
        when: {dict(figure.group)[by]: figure for figure in queries.figures(reader, manifest, measure, when, (by,))}
        for when in (quarter, quarter.year_ago)
    }
    codes = sorted(found[quarter], key=lambda code: -(found[quarter][code].value or 0))[:MOST_BARS]
    rows = tuple(
        {"service": manifest.words(by, code), "now": _words(found[quarter].get(code)),
         "before": _words(found[quarter.year_ago].get(code))}
        for code in codes
    )  # fmt: skip
    points = tuple(
        {"group": manifest.words(by, code), "series": str(when), "value": _value(found[when].get(code))}
        for code in codes
        for when in (quarter, quarter.year_ago)
    )
    columns = (("service", "Service"), ("now", str(quarter)), ("before", str(quarter.year_ago)))
    summary = f"Most: {rows[0]['service']} with {rows[0]['now']}." if rows else "Nobody was supported in this quarter."
    return Drawing("services", "Victims supported, by service, beside a year ago", summary, columns, rows, points)


def _outcomes(reader: Reader, manifest: Manifest, quarter: Quarter) -> Drawing:
    named = [measure for measure in measures.catalogue(quarter) if measure.fixed.get("outcome")]
    found = {measure.title: queries.one(reader, manifest, measure, quarter) for measure in named}
    rows = tuple(
        {"outcome": title, "share": value_words(figure), "n": str(figure.n or 0), "between": _between(figure)}
        for title, figure in found.items()
    )
    points = tuple(
        {"group": title, "value": figure.value, "low": figure.low, "high": figure.high}
        for title, figure in found.items()
        if figure.value is not None
    )
    columns = (("outcome", "Outcome"), ("share", "Improved"), ("n", "Measured"), ("between", "95% interval"))
    summary = "; ".join(f"{row['outcome']} {row['share'].lower()}" for row in rows) + "."
    return Drawing("outcomes", "Better after support, on the four national outcomes", summary, columns, rows, points)


def _words(figure: Figure | None) -> str:
    return value_words(figure) if figure else "0"


def _value(figure: Figure | None) -> float:
    return (figure.value or 0) if figure else 0


def _between(figure: Figure) -> str:
    return "" if figure.low is None or figure.high is None else f"{figure.low:.0%} to {figure.high:.0%}"


DRAWINGS = {"quarters": _quarters, "services": _services, "outcomes": _outcomes}


def drawings(reader: Reader, manifest: Manifest, quarter: Quarter) -> tuple[Drawing, ...]:
    """The words and figures of every chart, undrawn."""
    return tuple(make(reader, manifest, quarter) for make in DRAWINGS.values())


def svg(name: str, reader: Reader, manifest: Manifest, quarter: Quarter) -> str:
    """One chart, drawn or kept from before."""
    asked = json.dumps([name, str(quarter), vars(reader), measures.definitions_version()])
    digest = hashlib.sha256(asked.encode()).hexdigest()[:32]
    place = Path(settings.VAR) / "cache" / "charts" / manifest.code / f"{digest}.svg"
    if place.exists():
        return place.read_text()
    drawn = draw(DRAWINGS[name](reader, manifest, quarter))
    _keep(place, drawn)
    return drawn


def _keep(place: Path, drawn: str) -> None:
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = place.with_suffix(".new")
        fresh.write_text(drawn)
        fresh.replace(place)
    except OSError:
        return


def draw(drawing: Drawing) -> str:
    """The SVG, which holds nothing that acts."""
    chart = _SHAPES[drawing.name](altair.Data(values=list(drawing.points)), drawing)
    drawn: str = vl_convert.vegalite_to_svg({**chart.to_dict(), "config": LOOK})
    return ensure_still(drawn)


def ensure_still(drawn: str) -> str:
    """The SVG that was drawn. Raises ValueError where something in it acts."""
    if _ACTIVE.search(drawn):
        raise ValueError("a drawing holds something that acts")
    return drawn


def _columns(data: Any, drawing: Drawing) -> Any:
    order = list(dict.fromkeys(str(point["series"]) for point in drawing.points))
    shades = altair.Scale(domain=order, range=[LIGHT, MIDDLE, DARK])
    return (
        altair.Chart(data)
        .mark_bar()
        .encode(
            x=altair.X("group:N", sort=None, title=None, axis=altair.Axis(labelAngle=0)),
            xOffset=altair.XOffset("series:N", sort=order),
            y=altair.Y("value:Q", title=None, axis=altair.Axis(tickMinStep=1, format=",d")),
            color=altair.Color("series:N", scale=shades, title=None),
        )
        .properties(width=WIDTH, height=HEIGHT)
    )


def _bars(data: Any, drawing: Drawing) -> Any:
    order = list(dict.fromkeys(str(point["series"]) for point in drawing.points))
    groups = list(dict.fromkeys(str(point["group"]) for point in drawing.points))
    return (
        altair.Chart(data)
        .mark_bar()
        .encode(
            y=altair.Y("group:N", sort=groups, title=None),
            yOffset=altair.YOffset("series:N", sort=order),
            x=altair.X("value:Q", title=None, axis=altair.Axis(tickMinStep=1, format=",d")),
            color=altair.Color("series:N", scale=altair.Scale(domain=order, range=[DARK, LIGHT]), title=None),
        )
        .properties(width=WIDTH - 180, height=max(BAR * 2, BAR * 2 * len(groups)))
    )


def _intervals(data: Any, drawing: Drawing) -> Any:
    groups = [row["outcome"] for row in drawing.rows]
    rows = altair.Y("group:N", sort=groups, title=None, scale=altair.Scale(domain=groups))
    share = altair.Scale(domain=[0, 1])
    base = altair.Chart(data).encode(y=rows)
    lines = base.mark_rule(color=DARK, strokeWidth=3).encode(
        x=altair.X("low:Q", scale=share, title=None, axis=altair.Axis(format="%", tickCount=5)), x2="high:Q"
    )
    dots = base.mark_circle(color=DARK, size=140, opacity=1).encode(x=altair.X("value:Q", scale=share))
    return (lines + dots).properties(width=WIDTH - 180, height=BAR * 2 * len(groups))


_SHAPES = {"quarters": _columns, "services": _bars, "outcomes": _intervals}
