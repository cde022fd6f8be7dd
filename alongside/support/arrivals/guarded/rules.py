"""Whether what somebody sent is of a kind for which a record would be restricted, as far as can be told from it."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from alongside.foundation.office.rulebook.rules import offence_key

# Where a line is not divided into cells, what may stand between two of them.
BETWEEN = re.compile(r"[,;|\t\n\"]")
NO_LETTER = re.compile(r"[\W\d_]+")


def plain(text: str) -> str:
    """The words of a text in small letters, one space between two and at both ends."""
    return f" {NO_LETTER.sub(' ', text.casefold()).strip()} "


@dataclass(frozen=True)
class Kinds:
    """What the rulebook of a day restricts. `offences`: the crime type of every offence by its key; `words`: what such
    crimes are called, made plain; `marks`: the cells of a feed that set such a marker.
    """

    crime_types: frozenset[str]
    markers: frozenset[str]
    offences: Mapping[str, str]
    words: Collection[str]
    marks: Collection[tuple[str, str]]

    def holds(self, crime_type: str, markers: Collection[str] = ()) -> bool:
        """Whether a referral of this crime type with these markers would be restricted."""
        return crime_type in self.crime_types or not self.markers.isdisjoint(markers)

    def holds_offence(self, code: str) -> bool:
        return self.offences.get(offence_key(code), "") in self.crime_types

    def holds_cells(self, cells: Mapping[str, str]) -> bool:
        """Whether a row of a feed is of such a kind. Where its offence cannot be told, by whatever in it says so."""
        if any(value in cells.get(column, "").split(";") for column, value in self.marks):
            return True
        code = cells.get("offence_code", "")
        if offence_key(code) in self.offences:
            return self.holds_offence(code)
        text = "\n".join(cells.values())
        said = plain(text)
        return any(word in said for word in self.words) or any(map(self.holds_offence, BETWEEN.split(text)))
