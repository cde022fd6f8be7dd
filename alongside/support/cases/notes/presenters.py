"""Notes in words for their page and for the timeline of a case."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.pages.beside import Moment, Said, Tab
from alongside.core.pages.filters import datetime_words
from alongside.support.cases.casework.models import Case
from alongside.support.cases.notes import queries, rules
from alongside.support.cases.notes.models import Note
from alongside.support.cases.notes.queries import Written

FORMER = "A former colleague"
KIND = "note"


@dataclass(frozen=True)
class Shown:
    """A note in words: who and when, its beginning and its rest, and until when its writer can change it."""

    note: Any
    who: str
    begins: str
    rest: str
    changed: str
    until: str
    amendments: tuple["Shown", ...] = ()


def shown(found: Iterable[Written], *, by: Actor, names: Mapping[UUID, str], now: datetime) -> tuple[Shown, ...]:
    """Notes for their page, as this reader finds them."""
    hours = queries.hours(london_date(now))
    return tuple(_shown(one, by=by, names=names, now=now, hours=hours) for one in found)


def _shown(one: Written, *, by: Actor, names: Mapping[UUID, str], now: datetime, hours: int) -> Shown:
    note = one.note
    begins, rest = rules.begins(one.words)
    fixed = rules.changing_obstacle(
        written_by=note.written_by, by=by.user_id, written_at=note.written_at, at=now, hours=hours
    )  # fmt: skip
    return Shown(
        note=note, who=names.get(note.written_by, FORMER), begins=begins, rest=rest,
        changed=datetime_words(note.changed_at) if note.changed_at else "",
        until="" if fixed else datetime_words(rules.until(note.written_at, hours)),
        amendments=tuple(_shown(added, by=by, names=names, now=now, hours=hours) for added in one.amendments),
    )  # fmt: skip


def tabs(case: Case, *, by: Actor) -> tuple[Tab, ...]:
    return (Tab("Notes", "notes", "notes:notes", often=True),)


def moments(
    case: Case, *, by: Actor, names: Mapping[UUID, str], before: datetime | None, limit: int, kind: str
) -> Iterable[Moment]:  # fmt: skip
    """The latest notes before a moment, with their amendments, for the timeline."""
    if kind not in ("", KIND):
        return
    for one in queries.written(Note, case, before=before, limit=limit):
        yield _moment(one, "Note", names)
        yield from (_moment(added, "Note amended", names) for added in one.amendments)


def _moment(one: Written, title: str, names: Mapping[UUID, str]) -> Moment:
    begins, rest = rules.begins(one.words, rules.IN_PASSING)
    words, links = (f"{begins.rstrip()} …", (_whole(one),)) if rest else (begins, ())
    return Moment(
        title, one.note.written_at, names.get(one.note.written_by, FORMER), words, links=links, kind=KIND
    )  # fmt: skip


def _whole(one: Written) -> dict[str, str]:
    """Where a note stands whole: an amendment below the note that it amends."""
    note = one.note
    there = reverse("notes:notes", args=[note.case_id])
    said = f", {note.written_at:%-d %B}"
    return {"text": "Read all of it", "hidden": said, "href": f"{there}#note-{note.amends_id or note.first}"}


def _reader(words: str) -> Said:
    return Said(lambda details, titles: words, "move", "notes:counselling")


TOLD: Mapping[str, Said] = {
    "case.reader_named": _reader("Somebody more may read the counselling notes"),
    "case.reader_taken_off": _reader("Somebody may read the counselling notes no longer"),
}
