"""Reads of notes: as they stand now, each with its amendments; counselling notes; who else has the case open."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from alongside.core.access.actor import Actor
from alongside.core.pages.paging import Page as Paged
from alongside.core.pages.paging import page_of
from alongside.core.privacy import crypt, fields
from alongside.core.rows import ahead
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.casework import queries as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.notes import rules
from alongside.support.cases.notes.models import Cabinet, Counsel, Note, Page, Presence

Writing = TypeVar("Writing", Note, Counsel)


def hours(on: date) -> int:
    """For how many hours whoever wrote a note can change it."""
    return rulebook.rule("limits", "note_changes", on).number("number")


@dataclass(frozen=True)
class Written:
    """A note as it reads now, with its amendments."""

    note: Any
    words: str
    amendments: tuple["Written", ...] = ()


def written(kind: type[Writing], case: Case, *, before: datetime | None = None, limit: int = 0) -> tuple[Written, ...]:
    """The notes of a case as they stand, newest first: all, or so many that were written before a moment."""
    return _with_amendments(kind, case, _first(kind, case, before, limit or None))


@dataclass(frozen=True)
class Leaf:
    """A page of the notes of a case, newest first, and how many there are on all pages."""

    notes: tuple[Written, ...]
    page: Paged
    total: int


def leaf(kind: type[Writing], case: Case, *, after: str, before: str) -> Leaf:
    found = _first(kind, case, None, None)
    page = page_of(found, order=("-written_at", "-id"), after=after, before=before)
    return Leaf(_with_amendments(kind, case, page.rows), page, found.count())


def _with_amendments(kind: type[Writing], case: Case, firsts: Iterable[Writing]) -> tuple[Written, ...]:
    crypt.load_keys([case.victim_id])
    found, rows = list(firsts), kind.objects.filter(case=case, replaced=None)
    added: dict[UUID, list[Written]] = {}
    for one in rows.filter(amends__in=[note.first for note in found]).order_by("written_at", "id"):
        assert one.amends_id
        added.setdefault(one.amends_id, []).append(Written(one, words_of(one)))
    return tuple(Written(note, words_of(note), tuple(added.get(note.first, ()))) for note in found)


@ahead.question
def _first(kind: type[Writing], case: Case, before: datetime | None, limit: int | None) -> "QuerySet[Writing]":
    """What was written first of each note that stands, without its amendments."""
    first = kind.objects.filter(case=case, replaced=None, amends=None).order_by("-written_at", "-id")
    return (first.filter(written_at__lt=before) if before else first)[:limit]


def reads(case: Case, *, by: Actor, at: datetime) -> Iterable["QuerySet[Any]"]:
    """What the page of a case asks of this domain: to be read in one with more (`rows.ahead`)."""
    return (_first(Note, case, None, casework.AT_ONCE + 1),)


def words_of(page: Page) -> str:
    return fields.read(page, "words")


def newest(page: Writing) -> Writing:
    """What stands now in the place of a writing: itself, or the last that replaced it."""
    kind = type(page)
    last = kind.objects.filter(root=page.first, replaced=None).first()
    return last or page


def again(
    kind: type[Writing], case_id: UUID, words: str, *, by: Actor, at: datetime, amends: Any = None
) -> Writing | None:  # fmt: skip
    """Just these words by the same person moments ago: the form was sent twice."""
    recent = kind.objects.filter(
        case_id=case_id, amends=amends, written_by=by.user_id, written_at__gt=at - rules.MOMENTS, replaced=None
    )  # fmt: skip
    return next((page for page in recent if words_of(page) == words), None)


def cabinet(case: Case) -> Cabinet | None:
    return Cabinet.objects.filter(case=case).first()


@dataclass(frozen=True)
class Kept:
    """The counselling notes of a case for one reader: whether they may read and write, and who may."""

    cabinet: Cabinet | None
    reads: bool
    names: bool
    readers: tuple[tuple[UUID, str], ...]
    leaf: Leaf | None


def counselling(
    case: Case, *, by: Actor, manager: bool, names: Mapping[UUID, str], after: str = "", before: str = ""
) -> Kept:
    held = cabinet(case)
    readers: list[Any] = held.readers if held else []
    reads = by.user_id in readers
    return Kept(
        held, reads, bool(held) and rules.may_name(readers, by=by.user_id, manager=manager),
        tuple((key, names.get(key, "A former colleague")) for key in readers),
        leaf(Counsel, case, after=after, before=before) if reads else None,
    )  # fmt: skip


def who_may_read(case: Case, held: Cabinet) -> tuple[tuple[str, str], ...]:
    """Whom one can name beside those who read already: who works here now and may open the record."""
    people = casework.workers(case.provider_id)
    return tuple((str(key), name) for key, name in people.items() if key not in held.readers)


@dataclass(frozen=True)
class Other:
    """A colleague who has the same case open."""

    name: str
    writing: bool


def others(case: Case, *, by: Actor, at: datetime, names: Mapping[UUID, str]) -> tuple[Other, ...]:
    """Who else has this case open now."""
    found = Presence.objects.filter(case=case, at__gt=at - rules.HERE).exclude(user_id__in=[by.user_id])
    return tuple(Other(names.get(one.user_id, "A colleague"), one.writing) for one in found.order_by("at"))


def of_leaver(user_id: UUID, organisation_id: int) -> Iterable[Cabinet]:
    """The cabinets of an organisation that somebody may read."""
    return Cabinet.objects.filter(readers__contains=[user_id], case__provider_id=organisation_id)
