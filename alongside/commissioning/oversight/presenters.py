"""The page of reporting centres in words."""

from django.urls import reverse

from alongside.commissioning.oversight.queries import Centre, Sheet
from alongside.core.access.actor import Actor
from alongside.core.pages.tables import Sort
from alongside.core.periods import Quarter
from alongside.facts.measures.rules import Figure, value_words
from alongside.foundation.office.accounts.permissions import Permission

QUIET, OPEN, CLOSED = ({"word": "Quiet", "colour": "orange"}, {"word": "Open", "colour": "green"},
                       {"word": "Not open", "colour": "grey"})  # fmt: skip


def sheet(found: Sheet, sort: Sort, quarters: tuple[Quarter, ...], by: Actor) -> dict[str, object]:
    """Everything that the page shows."""
    centres = sorted(found.centres, key=lambda one: _key(one, sort.by), reverse=sort.down)
    return {
        "sheet": found, "sort": sort, "rows": [_row(one) for one in centres],
        "stats": [{"value": value_words(figure), "label": measure.title} for measure, figure in found.totals],
        "quarters": [_quarter(each, found.quarter) for each in reversed(quarters)],
        "may_export": by.may(Permission.MEASURE_EXPORT),
    }  # fmt: skip


def _quarter(each: Quarter, current: Quarter) -> dict[str, object]:
    return {"text": str(each), "href": reverse("oversight:centres", args=[str(each)]), "current": each == current}


def _key(one: Centre, column: str) -> tuple[float, str]:
    numbers = {"reports": one.now, "before": one.before, "days": one.days}
    figure = numbers.get(column)
    return (figure.value or 0 if figure else 0) if column in numbers else 0, one.name.casefold()


def _row(one: Centre) -> dict[str, object]:
    return {
        "name": one.name, "state": QUIET if one.quiet else OPEN if one.open else CLOSED, "reports": _words(one.now),
        "before": _words(one.before), "days": value_words(one.days) if one.days else "None yet",
    }  # fmt: skip


def _words(figure: Figure | None) -> str:
    return value_words(figure) if figure else "0"
