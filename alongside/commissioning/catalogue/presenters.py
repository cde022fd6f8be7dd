"""The catalogue in words: measures with their latest figure, a measure's history with its breaks, what has changed."""

from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from alongside.commissioning.catalogue import queries
from alongside.commissioning.catalogue.queries import Moved, Point, Restated, StatusWord, Themes
from alongside.commissioning.quarters import queries as quarters
from alongside.commissioning.quarters.presenters import about, beside, figure_page, home_page
from alongside.commissioning.quarters.queries import Reader
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.pages.filters import date_words, number, percent
from alongside.core.pages.tables import Sort
from alongside.core.periods import Quarter
from alongside.facts.measures.models import DIMENSION_WORDS, Dimension, Manifest
from alongside.facts.measures.queries import Kept
from alongside.facts.measures.rules import Audience, Figure, Kind, Measure, is_exact, value_words
from alongside.foundation.office.accounts.permissions import Permission

PROTECTED = "Protected: 1 to 7 are shown as 5, other numbers to the nearest 5, and there is no rate over fewer than 8."
SAID = (("definition", "Definition"), ("numerator", "Counted"), ("denominator", "Out of"), ("exclusions", "Left out"),
        ("coverage", "Coverage"), ("unit", "Unit"))  # fmt: skip
IN_ORDER = (Dimension.AGE_BAND, Dimension.LEVEL, Dimension.NEED)
WHY_CHANGED = (
    "Something that happened in the quarter was written down after it had ended.",
    "A record was corrected: its crime, its service, its day or its reason.",
    "Two records were judged to be one person, or one was found to be a duplicate.",
    "A case was reopened, or a record was erased when its time was over.",
)


def _place(reader: Reader, name: str, *args: object) -> str:
    own = "own_" if reader.audience == Audience.PROVIDER else ""
    return reverse(f"catalogue:{own}{name}", args=args)


def _opened(reader: Reader, figure: Figure, words: str) -> str:
    address = f"{figure_page(reader.audience)}?{urlencode({'ref': figure.reference})}"
    return format_html('<a class="govuk-link app-plain-link" href="{}">{}</a>', address, words)


def measures(
    shown: Themes, found: Mapping[str, Figure], reader: Reader, manifest: Manifest | None, by: Actor
) -> dict[str, object]:
    """The list of measures."""
    quarter = Quarter.containing(manifest.as_at).previous if manifest else None
    return {
        "themes": [
            {"title": theme, "rows": [_listed(each, found.get(each.name), reader) for each in told]}
            for theme, told in shown
        ],
        "count": sum(len(told) for _, told in shown), "quarter": quarter, "manifest": manifest,
        "rules_page": _place(reader, "counting_rules"), "home": home_page(reader.audience),
        "may_export": by.may(Permission.MEASURE_EXPORT), "clear": _place(reader, "measures"),
    }  # fmt: skip


def _listed(measure: Measure, figure: Figure | None, reader: Reader) -> dict[str, str]:
    return {
        "title": measure.title, "href": _place(reader, "measure", measure.name), "definition": measure.definition,
        "unit": measure.unit, "value": _opened(reader, figure, _ended(figure)) if figure else "From the next snapshot",
        "about": about(figure) if figure else "",
    }  # fmt: skip


def _ended(figure: Figure) -> str:
    """A figure of a quarter that is over: it has no “yet”."""
    return "None" if figure.value is None and not figure.n and not figure.withheld else value_words(figure)


def counting_rules(shown: Themes, words: Sequence[StatusWord], reader: Reader, on: date) -> dict[str, object]:
    """The rules on paper."""
    return {
        "on": on, "words": words, "home": _place(reader, "measures"), "reader": reader,
        "themes": [
            {"title": theme, "measures": [{"measure": each, "rows": said(each)} for each in told]}
            for theme, told in shown
        ],
    }  # fmt: skip


def said(measure: Measure) -> list[dict[str, str]]:
    """What a measure says of itself, line by line."""
    lines = [
        ("Counted", measure.numerator), ("Out of", measure.denominator), ("Coverage", measure.coverage),
        ("Left out", measure.exclusions), ("Unit", measure.unit), ("Source", measure.source),
        ("Answers for it", measure.owner), ("Version", f"{measure.key}, in use from {_day(measure.since)}"),
    ]  # fmt: skip
    return [{"key": key, "value": value} for key, value in lines if value]


def _day(text: str) -> str:
    return date_words(date.fromisoformat(text))


def definition(measure: Measure, versions: Sequence[Measure], reader: Reader) -> dict[str, object]:
    """A measure's words, and what each version changed."""
    by = ", ".join(DIMENSION_WORDS[each].lower() for each in measure.dimensions)
    return {
        "measure": measure, "rows": [*said(measure), {"key": "Broken down by", "value": by}], "points": [],
        "versions": [_version(each, before) for each, before in zip(versions, [*versions[1:], None], strict=True)],
        "home": _place(reader, "measures"), "reader": reader,
    }  # fmt: skip


def _version(measure: Measure, before: Measure | None) -> dict[str, object]:
    changed = [
        {"key": label, "value": getattr(measure, name) or "Nothing", "was": getattr(before, name) or "Nothing"}
        for name, label in SAID
        if before and getattr(before, name) != getattr(measure, name)
    ]
    return {"number": measure.version, "since": _day(measure.since), "changed": changed, "first": before is None}


def dimension(request: HttpRequest, measure: Measure, reader: Reader) -> Dimension:
    """What the groups are by: the one asked for where the measure knows it, or the first."""
    asked = request.GET.get("by", "")
    offered = _dimensions(measure, reader)
    return Dimension(asked) if asked in offered else offered[0]


def _dimensions(measure: Measure, reader: Reader) -> list[Dimension]:
    """What is peculiar to a measure first, then what every measure has."""
    skipped = {Dimension.PROVIDER} if reader.provider else set()
    return [each for each in (*measure.also, *measure.dimensions[: -len(measure.also) or None]) if each not in skipped]


def quarter(request: HttpRequest, manifest: Manifest) -> Quarter:
    """The quarter asked for, or the last that has ended."""
    try:
        asked = Quarter.parse(request.GET.get("quarter", ""))
    except RuleBroken:
        asked = Quarter.containing(manifest.as_at).previous
    return asked if asked in quarters.quarters(manifest) else Quarter.containing(manifest.as_at).previous


def figures(
    measure: Measure, reader: Reader, manifest: Manifest, points: Sequence[Point], *, newest: bool
) -> dict[str, object]:
    """The latest figure and the history."""
    latest, versions = points[-1].figure, {each.measure.version for each in points}
    place = _place(reader, "measure", measure.name)
    return {
        "manifest": manifest, "latest": latest, "latest_words": value_words(latest), "about": about(latest),
        "beside": beside(measure, latest), "points": [_line(each, reader) for each in points[::-1]],
        "chart": _place(reader, "chart", measure.name) + ("?all=newest" if newest else ""),
        "summary": _summary(points), "newest": newest, "several": len(versions) > 1 or newest,
        "other_way": place if newest else f"{place}?all=newest", "exact": not latest.protected,
        "breaks": [each for each in points if each.broken],
    }  # fmt: skip


def _line(point: Point, reader: Reader) -> dict[str, object]:
    figure, still = point.figure, point.running
    was = point.first
    return {
        "quarter": str(point.quarter) + (" so far" if still else ""), "about": about(figure), "broken": point.broken,
        "value": _opened(reader, figure, value_words(figure) if still else _ended(figure)),
        "n": number(figure.n), "coverage": percent(figure.coverage) if figure.n and figure.kind != Kind.COUNT else "",
        "between": f"{percent(figure.low)} to {percent(figure.high)}" if figure.low is not None else "",
        "version": point.measure.version, "since": _day(point.measure.since), "reference": figure.reference,
        "first": _ended(was) if was else "", "changed": point.changed,
        "changed_page": _place(reader, "changed", point.measure.name, str(point.quarter)) if point.changed else "",
    }  # fmt: skip


def _summary(points: Sequence[Point]) -> str:
    over = points[:-1] or points
    first, last = over[0], over[-1]
    told = f"{_ended(first.figure)} in {first.quarter}, {_ended(last.figure)} in {last.quarter}."
    breaks = [f"The definition changed in {each.quarter}: what stands before and after is not the same thing."
              for each in points if each.broken]  # fmt: skip
    return " ".join([told, *breaks])


def groups(
    measure: Measure, reader: Reader, manifest: Manifest, when: Quarter, by: Dimension,
    found: Sequence[Figure], sort: Sort,
) -> dict[str, object]:  # fmt: skip
    """A breakdown of one quarter."""
    rows = sorted(found, key=lambda each: _order(manifest, by, each.group[0][1]))
    if sort.by != "group":
        rows.sort(key=lambda each: getattr(each, sort.by) or 0, reverse=sort.down)
    elif sort.down:
        rows.reverse()
    place = _place(reader, "measure", measure.name)
    return {
        "by": by, "by_words": DIMENSION_WORDS[by], "when": when, "sort": sort,
        "protection": "" if is_exact(reader.audience, (by,)) else PROTECTED,
        "groups": [
            {"group": manifest.words(by, each.group[0][1]), "value": _opened(reader, each, _ended(each)),
             "n": number(each.n), "coverage": percent(each.coverage) if each.kind != Kind.COUNT else "",
             "reference": each.reference}
            for each in rows
        ],
        "is_count": measure.kind == Kind.COUNT,
        "dimensions": [
            {"text": DIMENSION_WORDS[each], "current": each == by,
             "href": f"{place}?{urlencode({'by': each, 'quarter': str(when)})}#by"}
            for each in _dimensions(measure, reader)
        ],
        "quarters": [
            {"text": str(each), "current": each == when,
             "href": f"{place}?{urlencode({'by': by, 'quarter': str(each)})}#by"}
            for each in reversed(quarters.quarters(manifest))
        ],
    }  # fmt: skip


def _order(manifest: Manifest, by: Dimension, code: str) -> tuple[int, str]:
    """Ages, levels and needs in the rulebook's own order; all else by its words."""
    listed = list(manifest.labels.get(by, {})) if by in IN_ORDER else []
    return listed.index(code) if code in listed else len(listed), manifest.words(by, code).casefold()


def changed(told: Restated, reader: Reader, manifest: Manifest) -> dict[str, object]:
    """What has changed in a quarter since it was first told."""
    return {
        "told": told, "reader": reader, "manifest": manifest, "was": _ended(told.was), "now": _ended(told.now),
        "was_about": about(told.was), "now_about": about(told.now), "same": not quarters.differs(told.was, told.now),
        "tables": [
            {"by": DIMENSION_WORDS[by], "rows": [_moved(each, manifest) for each in told.moved if each.by == by]}
            for by in queries.APART_BY
        ],
        "reasons": WHY_CHANGED, "home": _place(reader, "measure", told.measure.name),
        "protection": "" if reader.audience == Audience.PROVIDER else PROTECTED,
    }  # fmt: skip


def _moved(each: Moved, manifest: Manifest) -> dict[str, str]:
    moved = queries.size(each.now) - queries.size(each.was)
    return {
        "group": manifest.words(each.by, each.code), "was": _ended(each.was) if each.was else "0",
        "now": _ended(each.now) if each.now else "0",
        "moved": "Another share of as many" if moved == 0 else f"{'+' if moved > 0 else '−'}{number(abs(moved))}",
    }  # fmt: skip


KEPT_WHY = {
    "latest": "Pages show it", "quarter": "The first after a quarter had ended", "needed": "Something rests on it",
    "night": "One night’s",
}  # fmt: skip
NEEDED_FOR = {"export": "a file of figures that was made", "return": "a return", "paper": "a reference in a paper"}


def snapshots(held: Sequence[Kept], making: tuple[int, int] | None, actor: Actor) -> dict[str, object]:
    """The snapshots, and how far the one is that is being made."""
    return {
        "rows": [_snapshot(each) for each in held], "may_make": actor.may(Permission.MEASURE_EXPORT),
        "making": (round(100 * making[0] / making[1]), f"{making[0]} of {making[1]} files") if making else None,
    }  # fmt: skip


def _snapshot(each: Kept) -> dict[str, object]:
    held = each.manifest
    why = KEPT_WHY[each.why]
    if each.needed:
        why = f"{why}: {', '.join(NEEDED_FOR.get(one, one) for one in each.needed)}"
    return {
        "code": held.code, "as_at": held.as_at, "made_at": held.made_at, "why": why, "until": each.until,
        "rows": sum(file.rows for file in held.files.values()),
        "how": f"What had changed since {held.made_from}, and the rest of it" if held.made_from
        else f"Everything{': ' + held.whole_why if held.whole_why else ''}",
        "may_keep": each.why == "night",
    }  # fmt: skip
