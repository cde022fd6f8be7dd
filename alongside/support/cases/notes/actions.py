"""Every write of notes: written, changed while there is time, amended; counselling notes and who may read them."""

from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.privacy import fields
from alongside.core.rows import records
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.cases.casework import queries as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.notes import queries, rules
from alongside.support.cases.notes.models import Cabinet, Counsel, Note, Presence

Writing = TypeVar("Writing", Note, Counsel)


@transaction.atomic
def add_note(case: Case, *, by: Actor, at: datetime, words: str) -> Note:
    """Adds a note. A closed case takes one too."""
    Case.objects.select_for_update().get(pk=case.pk)
    if again := queries.again(Note, case.pk, rules.tidy(words), by=by, at=at):
        return again
    made = _write(Note(case=case, victim_id=case.victim_id, written_at=at, written_by=by.user_id), words)
    events.record("case.noted", case.pk, by=by, at=at, note=str(made.pk))
    return made


@transaction.atomic
def change_note(note: Note, *, by: Actor, at: datetime, words: str) -> Note:
    """Says a note otherwise, while whoever wrote it still can. `note` is what the writer had before them."""
    made, fresh = _change(note, by=by, at=at, words=words)
    if fresh:
        events.record("case.note_changed", note.case_id, by=by, at=at, note=str(made.first))
    return made


@transaction.atomic
def amend_note(note: Note, *, by: Actor, at: datetime, words: str) -> Note:
    """Adds what a note should have said; the first words stay. An amendment is amended by amending the first note."""
    made, fresh = _amend(note, by=by, at=at, words=words)
    if fresh:
        events.record("case.note_amended", note.case_id, by=by, at=at, note=str(made.amends_id))
    return made


@transaction.atomic
def counsel(case: Case, *, by: Actor, at: datetime, words: str) -> Counsel:
    """Adds a counselling note. The first one opens the cabinet, and whoever wrote it is the first who may read it."""
    Case.objects.select_for_update().get(pk=case.pk)
    held = queries.cabinet(case)
    if not rules.may_keep(held.readers if held else None, by.user_id):
        raise RuleBroken(rules.NOT_A_READER)
    if held is None:
        held = Cabinet(case=case, readers=[by.user_id], opened_at=at, opened_by=by.user_id)
        held.save(force_insert=True)
    if again := queries.again(Counsel, case.pk, rules.tidy(words), by=by, at=at):
        return again
    made = Counsel(case=case, cabinet=held, victim_id=case.victim_id, written_at=at, written_by=by.user_id)
    made = _write(made, words)
    events.record("case.counselled", case.pk, by=by, at=at)
    return made


@transaction.atomic
def change_counsel(note: Counsel, *, by: Actor, at: datetime, words: str) -> Counsel:
    """As `change_note`, of a counselling note."""
    made, fresh = _change(note, by=by, at=at, words=words)
    if fresh:
        events.record("case.counsel_changed", note.case_id, by=by, at=at)
    return made


@transaction.atomic
def amend_counsel(note: Counsel, *, by: Actor, at: datetime, words: str) -> Counsel:
    """As `amend_note`, of a counselling note."""
    made, fresh = _amend(note, by=by, at=at, words=words)
    if fresh:
        events.record("case.counsel_amended", note.case_id, by=by, at=at)
    return made


@transaction.atomic
def name_reader(cabinet: Cabinet, *, by: Actor, at: datetime, reader: UUID) -> None:
    """Lets somebody read the counselling notes of a case: asked for by one who may, or by a manager who need not."""
    held = _held(cabinet, by)
    if reader not in casework.workers(held.case.provider_id):
        raise RuleBroken("Choose somebody who works for this organisation now.", "reader")
    if not records.open_to([held.case.victim_id], reader, held.case.provider_id):
        raise RuleBroken("This record is not open to them. The hub, or a manager who is named on it, can name them.",
                         "reader")  # fmt: skip
    if reader not in held.readers:
        held.readers = [*held.readers, reader]
        held.save(update_fields=["readers"])
        events.record("case.reader_named", held.case_id, by=by, at=at, reader=str(reader))


@transaction.atomic
def take_off_reader(cabinet: Cabinet, *, by: Actor, at: datetime, reader: UUID) -> None:
    """Somebody reads them no longer. The last one stays, for nobody could open them again."""
    held = _held(cabinet, by)
    if reader not in held.readers:
        return
    if len(held.readers) == 1:
        raise RuleBroken(rules.LAST_READER)
    held.readers = [key for key in held.readers if key != reader]
    held.save(update_fields=["readers"])
    events.record("case.reader_taken_off", held.case_id, by=by, at=at, reader=str(reader))


def _held(cabinet: Cabinet, by: Actor) -> Cabinet:
    held: Cabinet = Cabinet.objects.select_for_update().select_related("case").get(pk=cabinet.pk)
    if not rules.may_name(held.readers, by=by.user_id, manager=by.may(P.CASE_ASSIGN)):
        raise RuleBroken(rules.NOT_A_READER)
    return held


@transaction.atomic
def leave(user_id: UUID, *, organisation_id: int, by: Actor, at: datetime) -> int:
    """Somebody has left: they read nothing more. Where nobody is left who may, a manager names somebody."""
    held = list(queries.of_leaver(user_id, organisation_id))
    for cabinet in held:
        cabinet.readers = [key for key in cabinet.readers if key != user_id]
        cabinet.save(update_fields=["readers"])
    events.record_many("case.reader_taken_off", [one.case_id for one in held], by=by, at=at, reader=str(user_id))
    return len(held)


def here(case: Case, *, by: Actor, at: datetime, writing: bool) -> None:
    """Somebody has a page of this case open. Kept for a minute, so that two people see each other; no event."""
    assert by.user_id is not None
    now = Presence(case=case, user_id=by.user_id, writing=writing, at=at)
    Presence.objects.bulk_create(
        [now], update_conflicts=True, unique_fields=["case", "user_id"], update_fields=["writing", "at"]
    )  # fmt: skip


def forget_presence(*, by: Actor, at: datetime) -> None:
    """Forgets who had what open; run every hour."""
    Presence.objects.filter(at__lt=at - rules.HERE).delete()


def _write(page: Writing, words: str) -> Writing:
    if not (plain := rules.tidy(words)):
        raise RuleBroken("Write the note.", "words")
    fields.write(page, words=plain)
    page.save(force_insert=True)
    return page


def _change(page: Writing, *, by: Actor, at: datetime, words: str) -> tuple[Writing, bool]:
    """What stands now, and whether it was not there before."""
    Case.objects.select_for_update().get(pk=page.case_id)
    newest = queries.newest(page)
    if newest.pk != page.pk:
        if queries.words_of(newest) == rules.tidy(words):
            return newest, False
        raise RuleBroken(rules.CHANGED, "words")
    obstacle = rules.changing_obstacle(
        written_by=page.written_by, by=by.user_id, written_at=page.written_at, at=at,
        hours=queries.hours(london_date(at)),
    )  # fmt: skip
    if obstacle:
        raise RuleBroken(obstacle)
    same: dict[str, Any] = {"case_id": page.case_id, "victim_id": page.victim_id, "amends_id": page.amends_id,
                            "written_at": page.written_at, "written_by": page.written_by}  # fmt: skip
    if isinstance(page, Counsel):
        same["cabinet_id"] = page.cabinet_id
    return _write(type(page)(root=page.first, replaces=page, changed_at=at, **same), words), True


def _amend(page: Writing, *, by: Actor, at: datetime, words: str) -> tuple[Writing, bool]:
    """The amendment, and whether it was not there before."""
    kind = type(page)
    Case.objects.select_for_update().get(pk=page.case_id)
    first = kind.objects.get(pk=page.amends_id or page.first)
    if again := queries.again(kind, page.case_id, rules.tidy(words), by=by, at=at, amends=first):
        return again, False
    same: dict[str, Any] = {"cabinet_id": page.cabinet_id} if isinstance(page, Counsel) else {}
    fresh = kind(case_id=page.case_id, victim_id=page.victim_id, amends=first, written_at=at, written_by=by.user_id,
                 **same)  # fmt: skip
    return _write(fresh, words), True
