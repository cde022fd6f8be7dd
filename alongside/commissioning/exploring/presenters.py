"""Exploring in words: what can be chosen, what is shown, its sentence and its table, and saved views."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from django.urls import reverse

from alongside.commissioning.catalogue import queries as catalogue
from alongside.commissioning.catalogue.presenters import said
from alongside.commissioning.exploring import charts, queries, rules
from alongside.commissioning.exploring.choices import (
    CHARTS,
    COMPARES,
    MOST_MEASURES,
    Chart,
    Choice,
    Compare,
    dimensions,
    offered,
)
from alongside.commissioning.exploring.models import SavedView
from alongside.commissioning.exploring.queries import Findings, Series, Spot, Stretch
from alongside.commissioning.quarters.presenters import about, figure_page, home_page, measure_page
from alongside.commissioning.quarters.queries import Reader
from alongside.core.access.actor import Actor
from alongside.core.pages.filters import number, percent, plural
from alongside.core.periods import Quarter
from alongside.facts.measures.models import DIMENSION_WORDS, Manifest
from alongside.facts.measures.rules import Figure, Kind, Measure, most_dimensions, value_words

PROTECTED = "Protected: 1 to 7 are shown as 5, other numbers to the nearest 5, and there is no rate over fewer than 8."
EXACT = "Exact."
OWN = "Exact, and yours alone."
BESIDE = {Compare.PREVIOUS: "the quarter before", Compare.YEAR: "a year before"}
ORDINALS = ("Measure", "Second measure", "Third measure", "Fourth measure")
BLANK = ""
Option = dict[str, object]


def _options(pairs: Iterable[tuple[str, str]], chosen: str) -> list[Option]:
    return [{"value": code, "text": words, "selected": code == chosen} for code, words in pairs]


def chooser(choice: Choice, reader: Reader, manifest: Manifest, words: str) -> dict[str, object]:
    """Everything that can be chosen, with what is; measures that say the words."""
    return {
        "choice": choice, "measures": _measure_boxes(choice), "boxes": _boxes(choice, reader, manifest), "q": words,
        "results": _results(choice, words), "notes": choice.notes, "home": home_page(reader.audience),
        "newest": choice.newest, "groups": [],
    }  # fmt: skip


def _measure_boxes(choice: Choice) -> list[dict[str, object]]:
    """A box for each chosen measure, and an empty one for another."""
    chosen = [each.name for each in choice.measures]
    boxes = [*chosen, BLANK][:MOST_MEASURES]
    return [{"label": ORDINALS[place], "id": f"m{place}", "themes": _themes(name)} for place, name in enumerate(boxes)]


def _themes(chosen: str) -> list[dict[str, object]]:
    return [
        {"title": theme, "options": _options(((each.name, each.title) for each in told), chosen)}
        for theme, told in catalogue.themes()
    ]


def _boxes(choice: Choice, reader: Reader, manifest: Manifest) -> list[dict[str, object]]:
    """The other boxes; a second breakdown where the rules allow one."""
    by = [(BLANK, "Nothing"), *((each, DIMENSION_WORDS[each]) for each in dimensions(reader, choice.measures))]
    first, second = (*map(str, choice.by), BLANK, BLANK)[:2]
    there = [str(each) for each in reversed(offered(manifest))]
    boxes = [("by", "Broken down by", _options(by, first))]
    if first and most_dimensions(reader.audience) > 1:
        boxes.append(("and", "And by", _options([pair for pair in by if pair[0] != first], second)))
    return [
        {"name": name, "label": label, "options": options}
        for name, label, options in (
            *boxes,
            ("from", "From", _options([(BLANK, "Two years"), *zip(there, there, strict=True)], choice.since)),
            ("to", "To", _options([(BLANK, "The last that ended"), *zip(there, there, strict=True)], choice.until)),
            ("compare", "Beside", _options(COMPARES.items(), choice.compare)),
            ("chart", "Drawn as", _options(CHARTS.items(), choice.asked)),
        )
    ]


def _results(choice: Choice, words: str) -> list[dict[str, str]]:
    """Measures that say these words, each a link that adds it."""
    if not words.strip():
        return []
    found = [each for _, told in catalogue.themes(words) for each in told if each not in choice.measures]
    return [
        {"title": each.title, "definition": each.definition,
         "href": f"?{replace(choice, measures=(*choice.measures, each)[-MOST_MEASURES:]).query}"}
        for each in found
    ]  # fmt: skip


def shown(found: Findings, absolute: Callable[[str], str]) -> dict[str, object]:
    """What is shown: the drawing, its sentence, its table, its definitions, and what can be done with it."""
    choice, query = found.choice, found.choice.query
    address = f"{reverse('exploring:explore')}?{query}"
    return {
        "found": found, "title": title(found), "summary": " ".join(summary(found)), "protection": protection(found),
        "chart": f"{reverse('exploring:chart')}?{query}" if found.series else "",
        "groups": [{"code": code, "words": words, "checked": code in choice.groups} for code, words in found.groups],
        "table": table(found), "control": control_table(found), "rules": rules.RULES.values(),
        "definitions": [_definition(each, found) for each in choice.measures], "as_at": found.manifest.as_at,
        "share": absolute(address), "export": f"{reverse('exploring:export')}?{query}",
        "save": f"{reverse('exploring:keep')}?{query}", "kind": choice.chart,
        "crossed": len(choice.by) > 1 and not queries.is_own(found.reader),
    }  # fmt: skip


def title(found: Findings) -> str:
    """What is drawn, in words."""
    choice = found.choice
    named = rules.listed([each.title if not place else _lowered(each.title)
                          for place, each in enumerate(choice.measures)])  # fmt: skip
    by = f", by {rules.listed([DIMENSION_WORDS[each].lower() for each in choice.by])}" if choice.by else ""
    if choice.chart == Chart.CONTROL and found.series and choice.by:
        by = f": {found.series[0].words}"
    when = f"{choice.first} to {choice.last}" if choice.over_time else _named(choice.last, found)
    return f"{named}{by}, {when}"


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:]


def _named(quarter: Quarter, found: Findings) -> str:
    return f"{quarter} so far" if quarter == Quarter.containing(found.manifest.as_at) else str(quarter)


def protection(found: Findings) -> str:
    """How exact the figures are."""
    if queries.is_own(found.reader):
        return OWN
    figures = (spot.figure for each in found.series for spot in each.spots if spot.figure)
    return PROTECTED if any(figure.protected for figure in figures) else EXACT


def summary(found: Findings) -> Iterator[str]:
    """The drawing in sentences."""
    if not found.series:
        return
    if found.choice.chart == Chart.CONTROL:
        for stretch in found.control:
            yield from _expected(stretch)
        if not found.control:
            yield "Nothing had been counted in any quarter that is over."
    elif found.choice.over_time:
        yield from _moved(charts.drawable(found))
    else:
        yield _spread(found)
    yield from _left_out(found)
    for measure, quarter in found.breaks:
        yield f"{measure.title}: the definition changed in {quarter}: what stands before and after is not the same."


def _moved(series: Sequence[Series]) -> Iterator[str]:
    for each in series[:3]:
        over = [spot for spot in each.spots if not spot.running] or each.spots
        first, last = over[0], over[-1]
        yield f"{each.words}: {_value(first, each)} in {first.quarter}, {_value(last, each)} in {last.quarter}."


def _spread(found: Findings) -> str:
    told = [each for each in found.series if each.last.figure and each.last.figure.value is not None]
    if not told:
        return "No group has a figure that can be shown."
    ranked = sorted(told, key=lambda each: queries.value(each.last, len(each.group)) or 0)
    if len(ranked) == 1:
        return f"{ranked[0].words}: {_value(ranked[0].last, ranked[0])}."
    low, high = ranked[0], ranked[-1]
    return f"From {_value(low.last, low)} ({low.words}) to {_value(high.last, high)} ({high.words})."


def _left_out(found: Findings) -> Iterator[str]:
    drawn = charts.drawable(found)
    if len(drawn) < len(found.series) and found.choice.chart != Chart.CONTROL:
        yield f"The {len(drawn)} largest of {len(found.series)} are drawn; the table has all."
    if found.choice.chart == Chart.MAP and (shaded := queries.outlines(found.reader)):
        there = charts.placed(found)
        if without := [each.name for each in shaded.patches if each.code not in there]:
            yield f"No figure is told for {rules.listed(without)}: they are hatched."


def _expected(stretch: Stretch) -> Iterator[str]:
    """What a control chart tells of quarters of one definition."""
    first, last = stretch.spots[0].quarter, stretch.spots[-1].quarter
    if not stretch.bounds:
        yield (
            f"{first} to {last}: {plural(len(stretch.spots), 'quarter')} by one definition. With fewer than "
            f"{rules.FEWEST} nobody can say what is chance, so no limits are drawn."
        )
        return
    kind, bound = stretch.spots[-1].measure.kind, stretch.bounds[-1]
    yield (
        f"{first} to {last}: the average is {_size(kind, bound.centre)}, and in {last} anything between "
        f"{_size(kind, bound.low)} and {_size(kind, bound.high)} would be no surprise."
    )
    for signal in stretch.signals:
        yield rules.told(signal, lambda place: str(stretch.spots[place].quarter))
    if not stretch.signals:
        yield "Nothing stands out: the ups and downs are those of chance."


def _size(kind: Kind, value: float) -> str:
    if kind == Kind.SHARE:
        return percent(value)
    return plural(round(value), "day") if kind == Kind.DAYS else number(round(value))


def _value(spot: Spot, series: Series) -> str:
    """A figure as it is read in a sentence."""
    if spot.figure is None:
        return "0" if queries.value(spot, len(series.group)) == 0 else "none told"
    return _ended(spot.figure, running=spot.running)


def table(found: Findings) -> dict[str, object]:
    """Every figure that is drawn, and those that are not: a row a group, a column a quarter."""
    choice = found.choice
    return {
        "head": " and ".join(DIMENSION_WORDS[each] for each in choice.by) or "Measure",
        "quarters": [{"words": _named(each, found), "broken": any(each == quarter for _, quarter in found.breaks)}
                     for each in choice.quarters],
        "rows": [{"words": each.words, "cells": _cells(each, found), "whole": not each.group and bool(choice.by)}
                 for each in (*found.series, *_all(found))],
    }  # fmt: skip


def _all(found: Findings) -> tuple[Series, ...]:
    words = "All of yours" if queries.is_own(found.reader) else "The whole area"
    return tuple(replace(each, words=words) for each in found.whole)


def _cells(series: Series, found: Findings) -> list[dict[str, str]]:
    spots = {spot.quarter: spot for spot in series.spots}
    return [_cell(spots.get(quarter), len(series.group), found) for quarter in found.choice.quarters]


def _cell(spot: Spot | None, width: int, found: Findings) -> dict[str, str]:
    if spot is None:
        return {"words": "Not counted so then", "href": "", "about": "", "before": ""}
    beside = BESIDE.get(found.choice.compare, "")
    before = f"{_ended(spot.before)} {beside}" if spot.before and beside else ""
    if spot.figure is None:
        nothing = "0" if queries.value(spot, width) == 0 else "None told"
        return {"words": nothing, "href": "", "about": "", "before": before}
    words = _ended(spot.figure, running=spot.running)
    return {"words": words, "href": _opened(found, spot.figure), "about": about(spot.figure), "before": before}


def _ended(figure: Figure, *, running: bool = False) -> str:
    """A figure in words; of a quarter that is over it has no “yet”."""
    return "None" if figure.value is None and not figure.n and not running else value_words(figure)


def _opened(found: Findings, figure: Figure) -> str:
    return f"{figure_page(found.reader.audience)}?{urlencode({'ref': figure.reference})}"


def control_table(found: Findings) -> list[dict[str, object]]:
    """Quarter by quarter, the newest first: the figure, what was expected, and what it tells."""
    return [row for stretch in reversed(found.control) for row in reversed(_control_rows(stretch, found))]


def _control_rows(stretch: Stretch, found: Findings) -> list[dict[str, object]]:
    empty = [None] * len(stretch.spots)
    rows: list[dict[str, object]] = []
    for place, (spot, bound) in enumerate(zip(stretch.spots, stretch.bounds or empty, strict=True)):
        kind = spot.measure.kind
        broken = [rules.RULES[each.rule] for each in stretch.signals if place in each.points]
        limits = {name: _size(kind, getattr(bound, name)) if bound else "" for name in ("low", "centre", "high")}
        cell = _cell(spot, len(found.choice.by), found)
        rows.append({"quarter": str(spot.quarter), **cell, **limits, "tells": " ".join(broken), "broken": spot.broken,
                     "version": spot.measure.version})  # fmt: skip
    return rows


def _definition(measure: Measure, found: Findings) -> dict[str, object]:
    return {"measure": measure, "rows": said(measure), "href": measure_page(measure, found.reader.audience)}


def saved(views: Iterable[SavedView], by: Actor) -> dict[str, object]:
    """One's own views, and colleagues'."""
    listed = list(views)
    place = reverse("exploring:explore")
    rows = [{"view": each, "href": f"{place}?{each.query}", "own": each.owner == by.user_id} for each in listed]
    return {"own": [row for row in rows if row["own"]], "others": [row for row in rows if not row["own"]]}
