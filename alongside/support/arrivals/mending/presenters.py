"""Words and colours for the pages of mending."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from alongside.core.pages.filters import date_words
from alongside.support.arrivals.feeds import presenters as feeds
from alongside.support.arrivals.feeds.models import KeptRow
from alongside.support.arrivals.feeds.presenters import Row
from alongside.support.arrivals.feeds.queries import Opened, Words
from alongside.support.arrivals.feeds.rows import Fault
from alongside.support.arrivals.feeds.rules import Decision, Outcome
from alongside.support.arrivals.mending.queries import Mended
from alongside.support.arrivals.mending.rules import LINE, is_near
from alongside.support.arrivals.replies.models import Reply

column_words, own_column, theirs_of, again = (
    feeds.column_words, feeds.own_column, feeds.theirs_of, feeds.times_again,
)  # fmt: skip
Theirs = feeds.Theirs


@dataclass(frozen=True)
class Waiting:
    """A row that waits, in a list."""

    pk: object
    key: str
    reference: str
    outcome: str
    colour: str
    reason: str
    came: datetime
    source: str
    until: str
    near: bool
    answered: bool


def waiting(row: KeptRow, words: Words, *, at: datetime, days: int, answered: bool) -> Waiting:
    line = feeds.line(row, words)
    return Waiting(
        pk=row.pk, key=str(row.pk), reference=line.reference, outcome=line.outcome, colour=line.colour,
        reason=line.reason, came=row.delivery.received_at, source=line.source, until=date_words(row.expires_at),
        near=is_near(row.expires_at, at=at, days=days), answered=answered,
    )  # fmt: skip


def reasons(codes: Iterable[str], words: Words) -> list[tuple[str, str]]:
    """Why rows wait, in words."""
    return [(code, feeds.reason(code, words)) for code in codes]


@dataclass(frozen=True)
class Opening:
    """A row, opened: as it was sent, as it was put right, and what may be done with it."""

    row: Row
    cells: tuple[dict[str, str], ...]
    mends: tuple[dict[str, object], ...]
    stands: str
    open: bool
    may_release: bool
    may_take_details: bool
    may_reopen: bool
    settled_why: str
    reply: Reply | None
    passed: str


def opening(
    opened: Opened, words: Words, *, stands: Mapping[str, str], mends: Iterable[Mended], verdict: Decision | None,
    titles: Mapping[str, str], reply: Reply | None, passed: str,
) -> Opening:  # fmt: skip
    """`stands`: the cells as they are now; `verdict`: what the rules say of them, where they were mended."""
    kept, shown, history = opened.kept, feeds.row(opened, words), tuple(mends)
    is_open, with_us = kept.settled_at is None, opened.referral is not None
    held = kept.outcome == KeptRow.Outcome.HELD
    return Opening(
        row=shown, cells=_cells(opened.cells, stands, feeds.theirs_of(kept.delivery)),
        mends=tuple(_mend(one) for one in history),
        stands=_stands(verdict, words) if verdict else "", open=is_open,
        may_release=is_open and not with_us and (held or bool(history)),
        may_take_details=shown.may_take_details and not passed,
        may_reopen=kept.settled_how in (KeptRow.Settled.RETURNED, KeptRow.Settled.CLOSED),
        settled_why=titles.get(kept.settled_why, ""), reply=reply, passed=passed,
    )  # fmt: skip


def _cells(sent: Mapping[str, str], stands: Mapping[str, str], theirs: feeds.Theirs) -> tuple[dict[str, str], ...]:
    """Each cell as it was sent and, where that is another, as it is now; with what the source calls its column."""
    columns = dict.fromkeys((*sent, *stands))
    return tuple(
        {"column": "The line as it was sent" if column == LINE else column_words(column), "sent": sent.get(column, ""),
         "theirs": feeds.own_column(column, theirs), "now": stands.get(column, "") or "(emptied)",
         "is_changed": str(_differs(column, sent, stands) or "")}
        for column in columns
    )  # fmt: skip


def _differs(column: str, sent: Mapping[str, str], stands: Mapping[str, str]) -> bool:
    return column != LINE and sent.get(column, "") != stands.get(column, "")


def _mend(one: Mended) -> dict[str, object]:
    cells = ", ".join(column_words(change.column) for change in one.changes)
    return {"at": one.at, "by": one.by, "cells": cells}


def _stands(verdict: Decision, words: Words) -> str:
    """What the feed's rules say of a row as it was mended."""
    if verdict.outcome is Outcome.ACCEPTED:
        return "As it is now, the rules would accept it. Take it in when you are sure."
    return f"As it is now, it would be held: {feeds.reason(verdict.reason, words)}."


def fault(one: Fault) -> str:
    """Why a cell is refused, to whoever is mending it."""
    column, _, why = one.words.partition(" ")
    return f"{column_words(column)} {why}"
