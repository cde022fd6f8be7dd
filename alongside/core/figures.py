"""Sums of figures: the one rounding of small numbers, shares with Wilson intervals, percentiles of whole days."""

from collections.abc import Mapping
from math import sqrt

Z = 1.959963984540054  # two-sided 95 %
SMALLEST_SHOWN = 8
STEP = 5


def rounded(count: int) -> int:
    """The count as it is shown: 0, 5 for 1 to 7, else the nearest 5."""
    if count <= 0:
        return 0
    return STEP if count < SMALLEST_SHOWN else (count + STEP // 2) // STEP * STEP


def wilson(part: int, whole: int) -> tuple[float, float]:
    """The 95 % Wilson score interval of a share; `whole` is over 0."""
    share, squared = part / whole, Z * Z
    middle = share + squared / (2 * whole)
    spread = Z * sqrt(share * (1 - share) / whole + squared / (4 * whole * whole))
    scale = 1 + squared / whole
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def percentile(days: Mapping[int, int], share: float) -> int | None:
    """The smallest number of days by which at least this share had happened; None over nothing."""
    total, so_far = sum(days.values()), 0
    for day in sorted(days):
        so_far += days[day]
        if so_far >= share * total:
            return day
    return None
