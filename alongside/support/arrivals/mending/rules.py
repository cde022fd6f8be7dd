"""What a mend changes, and whether a row is near the end of its time."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

LINE = "row"  # under which a line that was no row at all is kept whole


class Change(NamedTuple):
    """One cell that a mend changed."""

    column: str
    before: str
    after: str


def tidy(cells: Mapping[str, str]) -> dict[str, str]:
    """The filled cells, stripped, as the feed reads them."""
    stripped = {column: said.replace("\r\n", "\n").strip() for column, said in cells.items()}
    return {column: said for column, said in stripped.items() if said and column != LINE}


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Change, ...]:
    """Which cells differ, in the order of the later row and then of the earlier."""
    columns = dict.fromkeys((*after, *before))
    return tuple(
        Change(column, before.get(column, ""), after.get(column, ""))
        for column in columns if column != LINE and before.get(column, "") != after.get(column, "")
    )  # fmt: skip


def is_near(expires_at: datetime, *, at: datetime, days: int) -> bool:
    """Whether a row's time is over soon, or is over already."""
    return expires_at <= at + timedelta(days=days)
