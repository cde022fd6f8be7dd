"""What was published, in words."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.urls import reverse

from alongside.commissioning.publications.models import Publication
from alongside.commissioning.publications.queries import Line
from alongside.commissioning.publications.rules import NOT_SHOWN
from alongside.core.pages.filters import datetime_words, number, plural
from alongside.facts.measures.models import DIMENSION_WORDS, Manifest

PARTS = (("n", "Count"), ("numerator", "Numerator"), ("eligible", "Covered out of"))
Names = Mapping[UUID | None, str]


def row(one: Publication, names: Names) -> dict[str, object]:
    """One table in the list."""
    return {
        "made": {"href": reverse("publications:publication", args=[one.pk]), "text": datetime_words(one.made_at)},
        "kind": one.get_kind_display(), "quarter": one.quarter, "as_at": datetime_words(one.as_at),
        "method": one.get_method_display(), "by": names.get(one.made_by, "Somebody who has left"),
        "held": len(one.held) or "None",
    }  # fmt: skip


def summary(one: Publication, names: Names, checked: Sequence[Publication]) -> list[dict[str, str]]:
    """What a table was, how it was protected and what it was held against."""
    return [
        {"key": "Table", "value": f"{one.get_kind_display()}, {one.quarter}"},
        {"key": "Left", "value": f"{datetime_words(one.made_at)}, {names.get(one.made_by, 'Somebody who has left')}"},
        {"key": "Snapshot", "value": f"{one.snapshot}, as at {datetime_words(one.as_at)}"},
        {"key": "Protected", "value": f"{one.get_method_display()}; no small number is known to less than {one.width}"},
        {"key": "Rule", "value": f"leaving@{one.rule_version} of the rulebook"},
        {"key": "Held against", "value": f"{plural(len(checked), 'table')} that left before" if checked
         else "Nothing: it was the first of its quarters"},
    ]  # fmt: skip


def held(one: Publication, titles: Mapping[str, str]) -> list[str]:
    """The breakdowns that stayed, a sentence each."""
    return [
        f"{titles.get(measure, measure)}, {quarter}: {_by(by)}" for measure, quarter, by in one.held
    ]  # fmt: skip


def _by(by: Sequence[str]) -> str:
    return "by " + " and ".join(DIMENSION_WORDS[each].lower() for each in by) if by else "all of it"


def table(lines: Iterable[Line], manifest: Manifest | None) -> dict[str, object]:
    """A measure's numbers as the table showed them."""
    found = list(lines)
    parts = [(name, words) for name, words in PARTS if any(name in line.shown for line in found)]
    return {
        "columns": [{"key": "group", "label": "Group"},
                    *({"key": name, "label": words, "numeric": True} for name, words in parts)],
        "rows": [
            {"group": _group(line, manifest), **{name: _cell(line, name) for name, _ in parts}} for line in found
        ],
    }  # fmt: skip


def _group(line: Line, manifest: Manifest | None) -> str:
    said = [f"{DIMENSION_WORDS[by]}: {manifest.words(by, code) if manifest else code}" for by, code in line.group]
    return "; ".join(said) or "All"


def _cell(line: Line, name: str) -> str:
    if name not in line.shown:
        return ""
    shown = line.shown[name]
    return NOT_SHOWN if shown is None else number(shown)
