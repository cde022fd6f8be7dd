"""Reads of what the rulebook restricts."""

from datetime import date

from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.guarded.rules import Kinds, plain


def kinds(on: date) -> Kinds:
    """What is restricted on a day: the markers that say so, and the crime types and offences that always carry one."""
    markers = {row.code: row for row in rulebook.current("markers", on) if row.flag("restricted")}
    types = {row.code: row for row in rulebook.current("crime_types", on) if markers.keys() & set(row.codes("markers"))}
    always = {code for row in types.values() for code in row.codes("markers")} & markers.keys()
    named = [*types.values(), *(markers[code] for code in always)]
    marks = [row.text("feed").partition("=") for row in markers.values() if row.text("feed")]
    return Kinds(
        crime_types=frozenset(types), markers=frozenset(markers),
        offences={key: one.crime_type for key, one in rulebook.offences(on).items()},
        words=frozenset(plain(word) for row in named for word in (row.title, row.code)),
        marks=[(column, value) for column, _, value in marks],
    )  # fmt: skip
