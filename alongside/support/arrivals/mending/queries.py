"""Reads for mending: a row as it was sent and as it was put right, what the rules say of it, and those that wait."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.core.privacy import crypt, fields
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.messages.queries import is_professional
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.feeds import queries as feeds
from alongside.support.arrivals.feeds.models import KeptRow, SentAgain
from alongside.support.arrivals.feeds.queries import Office
from alongside.support.arrivals.feeds.rows import FeedRow, validate
from alongside.support.arrivals.feeds.rules import Decision, decide, rejected
from alongside.support.arrivals.mending import rules
from alongside.support.arrivals.mending.models import Mend
from alongside.support.arrivals.mending.rules import Change
from alongside.support.arrivals.replies import queries as replies

LATEST = 10  # times that a row came again which its page names


def cells(kept: KeptRow) -> dict[str, str]:
    """The row as it stands: as it was mended last, or as it was sent."""
    latest = Mend.objects.filter(kept=kept).order_by("-number").first()
    return dict(json.loads(fields.read(latest, "cells"))) if latest else feeds.cells(kept)


def unguarded() -> list[tuple[KeptRow, dict[str, str]]]:
    """Rows that nobody has dealt with and that are open to the whole hub, locked, each as it stands. For jobs."""
    found = list(KeptRow.objects.select_for_update(of=("self",)).filter(settled_at=None, guarded=False))
    crypt.load_keys([kept.pk for kept in found])
    latest = {one.kept_id: one for one in Mend.objects.filter(kept__in=found).order_by("number")}
    stand = [(kept, latest.get(kept.pk)) for kept in found]
    return [(kept, dict(json.loads(fields.read(mend, "cells"))) if mend else feeds.cells(kept)) for kept, mend in stand]


def is_mended(kept: KeptRow) -> bool:
    return Mend.objects.filter(kept=kept).exists()


@dataclass(frozen=True)
class Mended:
    """One mend: who changed which cells when."""

    at: datetime
    by: str
    changes: tuple[Change, ...]


def mends(kept: KeptRow) -> list[Mended]:
    """Every mend of a row, the first first."""
    found, before = list(Mend.objects.filter(kept=kept)), feeds.cells(kept)
    names: dict[UUID | None, str] = dict(
        User.objects.filter(pk__in=[one.mended_by for one in found if one.mended_by]).values_list("pk", "name")
    )
    told = []
    for one in found:
        after = dict(json.loads(fields.read(one, "cells")))
        told.append(Mended(one.mended_at, names.get(one.mended_by, "Somebody who has left"),
                           rules.changes(before, after)))  # fmt: skip
        before = after
    return told


def times_again(kept: KeptRow) -> list[SentAgain]:
    """When the very same row came again, the latest times first."""
    rows = kept.sent_again.select_related("delivery").order_by("-delivery__received_at", "-line")
    return list(rows[:LATEST])


def verdict(kept: KeptRow, said: Mapping[str, str], *, at: datetime) -> Decision:
    """What the feed's own rules would say of these cells today; a reference that is with us counts as changed."""
    row = validate(dict(said))
    if not isinstance(row, FeedRow):
        return rejected(row)
    office = Office(clocks.london_date(at), kept.delivery.version.excluded if kept.delivery.version else ())
    known = {row.source_ref: (b"with us",)} if feeds.referral_of(kept, row.source_ref) else {}
    return decide(row, known, office.rulebook, now=at)


def closure_reasons(on: date) -> tuple[tuple[str, str], ...]:
    return rulebook.choices("row_closure_reasons", on)


def raised_before(on: date) -> int:
    """How many days before its time is over a row that waits is pointed out."""
    return rulebook.rule("limits", "feed_rows_raised", on).number("number")


def waiting(rows: "QuerySet[KeptRow]") -> "QuerySet[KeptRow]":
    """Rows that nobody has dealt with: held and rejected."""
    return rows.filter(settled_at=None).select_related("delivery__source")


def near(rows: "QuerySet[KeptRow]", *, at: datetime) -> "QuerySet[KeptRow]":
    """Of these, those whose time is over soon or already."""
    return rows.filter(expires_at__lte=at + timedelta(days=raised_before(clocks.london_date(at))))


def near_of(actor: Actor, at: datetime) -> int:
    """How many rows of the actor's hub wait and are near the end of their time."""
    return near(waiting(KeptRow.objects.visible_to(actor)), at=at).count()


def wanted(rows: "QuerySet[KeptRow]", asked: Mapping[str, Any], *, at: datetime) -> "QuerySet[KeptRow]":
    """The rows that wait and that the filters ask for."""
    rows = waiting(rows)
    if asked.get("q"):
        rows = rows.filter(source_ref__icontains=asked["q"].strip())
    for name, column in (("reason", "reason"), ("state", "outcome"), ("source", "delivery__source")):
        if asked.get(name):
            rows = rows.filter(**{column: asked[name]})
    return near(rows, at=at) if asked.get("flag") else rows


def reasons_of(actor: Actor) -> list[str]:
    """Why rows wait now, each once."""
    rows = waiting(KeptRow.objects.visible_to(actor)).order_by("reason")
    return list(rows.values_list("reason", flat=True).distinct())


def several(rows: "QuerySet[KeptRow]", keys: Sequence[UUID]) -> list[KeptRow]:
    return list(rows.filter(pk__in=keys).select_related("delivery__source").order_by("pk"))


def settled_words(kept: KeptRow) -> str:
    return fields.read(kept, "settled_words")


def why_titles(on: date) -> dict[str, str]:
    """The words of the reasons for which a row was returned or closed."""
    return {**rulebook.titles("return_reasons", on), **rulebook.titles("row_closure_reasons", on)}


def writes_to(kept: KeptRow, on: date) -> bool:
    """Whether the officer of a row may be written to."""
    return is_professional(replies.mailbox_of_row(kept, cells(kept)), on)
