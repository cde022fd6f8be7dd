"""Disclosure control: which figures are exact for whom, and how the others are protected.

The rule is the health service's: 0 stays 0, 1 to 7 are shown as 5, the rest to the nearest 5, and every total
is rounded by itself. Percentages come from rounded figures; there is none over 1 to 7. No other threshold is
used anywhere. No cell of a single breakdown is hidden, so none can be worked back from what is left; of two
things at once a protected cell of 1 to 7 is answered like an empty one, which tells less than rounding does.

Snapshots are written nightly and each can be asked, so whatever a cell tells of one case tells its day. Hence a
crime too rare to be placed is counted without its council before anything is grouped: no figure by council, in
any crossing, snapshot or difference of two figures, depends on where such a case was.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum

from alongside.core.figures import SMALLEST_SHOWN
from alongside.foundation.office.rulebook.rules import NEVER_BY_COUNCIL

MOST_DIMENSIONS = 2
FIXED_DIMENSIONS = 1  # boards, and whoever reads protected figures alone, open no crossings
# A service's own total, and a provider's as the sum of its services: no breakdown of them.
TOTALS = frozenset({"provider", "service"})


class Audience(StrEnum):
    """Who reads a figure. Outside is everything that leaves the office, and every board."""

    PROVIDER = "provider"
    OFFICE = "office"
    OUTSIDE = "outside"


class Method(StrEnum):
    """How what leaves an office is protected: every number rounded, or small ones hidden and the others exact."""

    ROUNDING = "rounding"
    SUPPRESSION = "suppression"


def is_exact(audience: Audience, by: Collection[str]) -> bool:
    """A provider's own figures and the office's totals per service are exact; all else is protected."""
    return audience == Audience.PROVIDER or (audience == Audience.OFFICE and TOTALS.issuperset(by))


def may_show_rate(denominator: int, *, exact: bool) -> bool:
    """Whether a rate, a mean or a percentile over so many may be shown."""
    return denominator > 0 if exact else denominator >= SMALLEST_SHOWN


def is_withheld(group: Mapping[str, str]) -> bool:
    """Whether a cell is never shown: a crime too rare to be placed. It is asked of the question, before counting."""
    return "council" in group and group.get("crime_type") in NEVER_BY_COUNCIL


def is_told(size: int, *, width: int, covered: bool) -> bool:
    """Whether a protected cell of a breakdown by `width` things is told from an empty one.

    `covered` says that eight or more could have been counted, so that nought of them is worth saying.
    """
    return size >= SMALLEST_SHOWN if width > FIXED_DIMENSIONS else size > 0 or covered
