"""Reads of safety plans: what stands, what it said before, what may be printed and what was."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from alongside.core.access.actor import Actor
from alongside.core.privacy import crypt, fields
from alongside.core.rows import ahead
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.rules import MOMENTS
from alongside.support.cases.safety import rules
from alongside.support.cases.safety.models import Entry, Paper

SECTIONS, KEEPING = "safety_sections", "safety_keeping"


@dataclass(frozen=True)
class Piece:
    """A version of a piece, opened."""

    entry: Entry
    words: str


def standing(case: Case) -> tuple[Piece, ...]:
    """The plan as it stands, in the order in which it was written."""
    crypt.load_keys([case.victim_id])
    found = Entry.objects.filter(case=case, superseded_at=None, gone=False)
    return tuple(Piece(one, fields.read(one, "words")) for one in found.order_by("piece"))


def printable(case: Case) -> tuple[Piece, ...]:
    """What of the plan may be on paper."""
    return tuple(one for one in standing(case) if one.entry.may_print)


def now(entry: Entry) -> Piece:
    """The version of a piece that stands, whichever its reader had."""
    crypt.load_keys([entry.victim_id])
    found = Entry.objects.get(piece=entry.piece, superseded_at=None)
    return Piece(found, fields.read(found, "words"))


def history(case: Case) -> tuple[tuple[Piece, ...], ...]:
    """Every piece that the plan ever had, each with its versions, the newest first; what changed last comes first."""
    crypt.load_keys([case.victim_id])
    pieces: dict[UUID, list[Piece]] = {}
    for one in Entry.objects.filter(case=case).order_by("-written_at", "-number"):
        pieces.setdefault(one.piece, []).append(Piece(one, fields.read(one, "words")))
    return tuple(map(tuple, pieces.values()))


def added_again(case: Case, words: str, *, at: datetime, section: str) -> Entry | None:
    """The same piece, added moments ago: its form was sent twice."""
    recent = Entry.objects.filter(
        case=case, section=section, number=1, superseded_at=None, written_at__gt=at - MOMENTS
    )  # fmt: skip
    return next((one for one in recent if fields.read(one, "words") == words), None)


def review_on(case: Case) -> date | None:
    return rules.earliest(days_of(case))


@ahead.question
def days_of(case: Case) -> "QuerySet[Any, Any]":
    """When each piece that stands is looked at again."""
    return Entry.objects.filter(case=case, superseded_at=None, gone=False).values_list("review_on", flat=True)


def reads(case: Case, *, by: Actor, at: datetime) -> Iterable["QuerySet[Any, Any]"]:
    """What the page of a case asks of this domain: to be read in one with more (`rows.ahead`)."""
    return (days_of(case),)


def usual_review(on: date) -> date:
    """The day on which a plan is gone through again where no other was agreed."""
    return on + timedelta(days=rulebook.rule("limits", "safety_reviewed", on).number("number"))


def papers(case: Case) -> tuple[Paper, ...]:
    return tuple(Paper.objects.filter(case=case).order_by("-printed_at", "-id"))


def paper_again(case: Case, entries: list[UUID], *, by: UUID | None, at: datetime) -> Paper | None:
    """The same paper, printed by the same person moments ago."""
    recent = Paper.objects.filter(case=case, printed_by=by, printed_at__gt=at - MOMENTS, entries=entries)
    found: Paper | None = recent.first()
    return found


def on_paper(paper: Paper) -> tuple[Piece, ...]:
    """What was printed, in the words of that day, as they are on paper."""
    crypt.load_keys([paper.victim_id])
    found = {one.pk: one for one in Entry.objects.filter(pk__in=paper.entries)}
    return tuple(
        Piece(found[key], rules.on_paper(fields.read(found[key], "words"))) for key in paper.entries if key in found
    )


def names(people: Iterable[UUID | None]) -> dict[UUID, str]:
    return dict(User.objects.filter(pk__in={one for one in people if one}).values_list("pk", "name"))
