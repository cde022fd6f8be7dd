"""Every write about a file that is brought along, one function a verb; what the job makes of it is in `making`."""

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.models import PersonKey
from alongside.core.privacy import crypt, fields
from alongside.foundation.office.documents.reading import Unreadable, read
from alongside.support.arrivals.guarded.queries import kinds
from alongside.support.cases.agenda import actions as agenda
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.imports import lifecycle, queries, rules
from alongside.support.cases.imports.checking import Said, check, packed
from alongside.support.cases.imports.models import Batch, Row, Understood
from alongside.support.cases.imports.rules import Plan

NEXT = "imports.next"
MEGABYTE = 1_000_000
STALE = "Somebody has changed this meanwhile. Look at it as it is now, and say it again."
NOTHING = "Nothing was kept of it."
State = Row.State


@transaction.atomic
def upload(chunks: Iterable[bytes], *, by: Actor, at: datetime, name: str) -> Batch:
    """Takes a file in, sealed, if it is a spreadsheet at all. Raises RuleBroken in words for whoever sent it."""
    assert by.organisation_id is not None
    on = london_date(at)
    raw = _collected(chunks, queries.limit("import_megabytes", on))
    try:
        book = read(raw)
    except Unreadable as why:
        raise RuleBroken(f"The file was not taken. {why} {NOTHING}", "file") from why
    filled = [place for place, one in enumerate(book.sheets) if one.rows]
    sheet = next((place for place in filled if not book.sheets[place].hidden), filled[0])
    rows = book.sheets[sheet].rows
    made = Batch(
        id=uuid7(), provider_id=by.organisation_id, state=lifecycle.batch.initial, remarks=list(book.remarks),
        sheet=sheet, heading_row=rules.heading_row(rows), uploaded_at=at, uploaded_by=by.user_id,
    )  # fmt: skip
    fields.write(made, file=b64encode(raw).decode(), name=name[-120:])
    made.save(force_insert=True)
    events.record("import.uploaded", made.pk, by=by, at=at, rows=len(rows))
    return made


def _collected(chunks: Iterable[bytes], megabytes: int) -> bytes:
    raw = bytearray()
    for chunk in chunks:
        raw += chunk
        if len(raw) > megabytes * MEGABYTE:
            raise RuleBroken(
                f"The file was not taken. It is larger than {megabytes} MB. Copy the table alone into a new workbook. "
                f"{NOTHING}", "file",
            )  # fmt: skip
    return bytes(raw)


def locked(batch: Batch, by: Actor) -> Batch:
    """The file as it is now, held until this transaction ends."""
    held: Batch | None = Batch.objects.visible_to(by).select_for_update().filter(pk=batch.pk).first()
    if held is None:
        raise RuleBroken("This file has been erased.")
    return held


@transaction.atomic
def choose_sheet(batch: Batch, *, by: Actor, at: datetime, sheet: int, heading_row: int) -> None:
    """Says which sheet holds the cases, and which of its rows the headings. What was said of its columns goes."""
    held = locked(batch, by)
    held.state = lifecycle.batch.target(held.state, "choose_sheet")
    sheets = queries.opened(held).sheets
    if not 0 <= sheet < len(sheets) or not sheets[sheet].rows:
        raise RuleBroken("Choose a sheet with something in it.", "sheet")
    if heading_row not in [number for number, _ in sheets[sheet].rows]:
        raise RuleBroken("There is nothing in this row. Type the number of the row with the headings.", "heading_row")
    held.sheet, held.heading_row = sheet, heading_row
    fields.write(held, plan="")
    held.save(update_fields=["sheet", "heading_row", "state", "plan"])
    Row.objects.filter(batch=held).delete()
    events.record("import.sheet_chosen", held.pk, by=by, at=at)


@transaction.atomic
def map_columns(batch: Batch, plan: Plan, *, by: Actor, at: datetime, seen: int) -> Batch:
    """Says what the columns hold and what their words mean, and looks at every row anew. Kept for the next file."""
    held = locked(batch, by)
    if held.version != seen:
        raise RuleBroken(STALE)
    held.state = lifecycle.batch.target(held.state, "map")
    _check_plan(plan)
    fields.write(held, plan=queries.as_text(plan))
    sheet = queries.sheet_of(held)
    rows = [(number, plan.cells(cells)) for number, cells in sheet.rows if number > held.heading_row]
    rows = [(number, cells) for number, cells in rows if cells]
    _check_many(len(rows), at=at)
    held.rows, held.version = len(rows), held.version + 1
    held.save(update_fields=["state", "plan", "rows", "version"])
    Row.objects.filter(batch=held).delete()
    _look(held, [_row(held, number, cells) for number, cells in rows], plan, by=by, at=at, fresh=True)
    _remember(held, sheet.rows, plan, at=at)
    events.record("import.mapped", held.pk, by=by, at=at, rows=len(rows), columns=len(plan.held))
    return held


def _check_many(rows: int, *, at: datetime) -> None:
    most = queries.limit("import_rows", london_date(at))
    if rows > most:
        raise RuleBroken(f"The sheet has {rows:,} rows with cases, and {most:,} is the most. Send it in parts.")
    if not rows:
        raise RuleBroken("There is no row below the headings that says anything. Choose the row of the headings again.")


def _check_plan(plan: Plan) -> None:
    said = [key for key in plan.columns if key]
    if twice := next((key for key in said if said.count(key) > 1), None):
        label = rules.WANTED[twice].label
        raise RuleBroken(f"Two columns are said to hold “{label}”. Choose one, and leave the other out.")
    if not {"given_name", "family_name", "full_name", "own_reference"} & set(said):
        raise RuleBroken("No column holds a name or a reference of yours. Choose which does.")
    if "accepted_on" not in said:
        raise RuleBroken("No column holds the day on which you accepted them. Choose which does.")
    for key in ("service", "crime_type"):
        if key not in said and not plan.fixed.get(key):
            raise RuleBroken(
                f"No column holds “{rules.WANTED[key].label}”. Choose which does, or one answer for all rows."
            )


def _row(batch: Batch, number: int, cells: Mapping[str, str]) -> Row:
    row = Row(id=uuid7(), batch=batch, owner_id=batch.pk, number=number, state=State.MEND)
    fields.write(row, content=packed(cells, {}))
    return row


def _remember(batch: Batch, rows: Iterable[tuple[int, Any]], plan: Plan, *, at: datetime) -> None:
    """Keeps for the organisation's next file what its headings hold and what its words mean."""
    before = queries.understood(batch.provider_id)
    headings = next((cells for number, cells in rows if number == batch.heading_row), ())
    told = {rules.tidy(heading): key for heading, key in zip(headings, plan.columns, strict=False)}
    words = {key: {**before.get("words", {}).get(key, {}), **said} for key, said in plan.words.items()}
    said = {
        "headings": {**before.get("headings", {}), **told}, "words": {**before.get("words", {}), **words},
        "ways": {**before.get("ways", {}), **plan.ways}, "fixed": dict(plan.fixed),
    }  # fmt: skip
    found = Understood.objects.select_for_update().filter(provider_id=batch.provider_id).first()
    kept = found or Understood(id=uuid7(), provider_id=batch.provider_id)
    kept.said_at = at
    fields.write(kept, plan=json.dumps(said))
    kept.save()


def look_again(batch: Batch, *, by: Actor, at: datetime) -> None:
    """Looks anew at every row that is not brought in: who is here, and what is wrong, may have changed meanwhile."""
    rows = list(Row.objects.filter(batch=batch).exclude(state=State.BROUGHT).order_by("number"))
    _look(batch, rows, queries.plan_of(batch), by=by, at=at, fresh=False)


def _look(batch: Batch, rows: list[Row], plan: Plan, *, by: Actor, at: datetime, fresh: bool) -> None:
    """Where each row stands: ready, to be mended, somebody who is here."""
    on = london_date(at)
    words = queries.known(batch.provider_id, on)
    contents = [queries.content_of(row) for row in rows]
    told = [check(content.cells, content.mended, plan, words, on) for content in contents]
    for row, said in zip(rows, told, strict=True):
        row.lookup = queries.lookup_of(batch.provider_id, said)
    here = queries.origins([bytes(row.lookup) for row in rows], by)
    crypt.load_keys([one.victim_id for one in here.values()])
    twins, again, restricted = queries.twins(told, by), _again(rows, told), kinds(on)
    for row, said in zip(rows, told, strict=True):
        row.guarded = restricted.holds(said.text("crime_type"))
        _stand(row, said, here.get(bytes(row.lookup)), twins.of(said), again.get(row.number))
    if fresh:
        Row.objects.bulk_create(rows, batch_size=1_000)
    else:
        told_of = ["state", "faults", "lookup", "twin", "twin_row", "case_id", "guarded"]
        Row.objects.bulk_update(rows, told_of, batch_size=500)


def _again(rows: list[Row], told: list[Said]) -> dict[int, int]:
    """Of rows that say the same person as an earlier one: the number of that. Rows that are left out say nothing."""
    first: dict[bytes, int] = {}
    found: dict[int, int] = {}
    for row, _ in zip(rows, told, strict=True):
        if not row.left_out:
            before = first.setdefault(bytes(row.lookup), row.number)
            found |= {row.number: before} if before != row.number else {}
    return found


def _stand(row: Row, said: Said, here: Any, twin: UUID | None, again: int | None) -> None:
    faults = dict(said.faults)
    if again and said.text("own_reference"):
        faults["own_reference"] = "again"
    row.faults, row.twin, row.twin_row, row.case_id = faults, None, None, here.case_id if here else None
    if row.left_out:
        row.state = State.LEFT_OUT
    elif here:
        row.state = State.CHANGED if queries.differences(here, said) else State.HERE
    elif faults:
        row.state = State.MEND
    elif (twin or again) and not row.apart:
        row.state, row.twin, row.twin_row = State.TWIN, twin, None if twin else again
    else:
        row.state = State.READY


def _held_row(row: Row, by: Actor, seen: int) -> tuple[Batch, Row]:
    """The file and the row as they are now, held. Refuses whoever writes over what they have not seen."""
    batch = locked(row.batch, by)
    fresh: Row | None = Row.objects.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if fresh is None or fresh.version != seen:
        raise RuleBroken(STALE)
    if fresh.state == State.BROUGHT:
        raise RuleBroken("This row has been brought in. Change it in its case.")
    if batch.state in (lifecycle.RUNNING, lifecycle.UNDOING):
        raise RuleBroken("The file is being worked on. Wait until that is done.")
    fresh.version += 1
    fresh.batch = batch
    return batch, fresh


@transaction.atomic
def mend(row: Row, *, by: Actor, at: datetime, cells: Mapping[str, str], codes: Mapping[str, str], seen: int) -> Row:
    """Puts a row right, cell by cell. The spreadsheet itself stays as it was sent."""
    batch, fresh = _held_row(row, by, seen)
    content = queries.content_of(fresh)
    mended = {**content.mended, **codes}
    said = {**content.cells, **{key: rules.plain_day(key, text) for key, text in cells.items()}}
    fields.write(fresh, content=packed({key: text for key, text in said.items() if text}, mended))
    fresh.save(update_fields=["content", "version"])
    _look_at(batch, fresh, by=by, at=at)
    events.record("import.row_mended", batch.pk, by=by, at=at, row=fresh.number, fields=sorted({*cells, *codes}))
    return fresh


def _look_at(batch: Batch, row: Row, *, by: Actor, at: datetime) -> None:
    """The row, and those of the same person as it was and as it is now, which may stand otherwise."""
    plan, on = queries.plan_of(batch), london_date(at)
    said = queries.said_of(row, plan, queries.known(batch.provider_id, on), on)
    alike = [bytes(row.lookup), queries.lookup_of(batch.provider_id, said)]
    rows = Row.objects.filter(batch=batch, lookup__in=alike).exclude(state=State.BROUGHT)
    others = list(rows.exclude(pk=row.pk).order_by("number"))
    _look(batch, sorted([row, *others], key=lambda one: one.number), plan, by=by, at=at, fresh=False)


@transaction.atomic
def say_apart(row: Row, *, by: Actor, at: datetime, seen: int) -> None:
    """They are somebody else than whom they look like."""
    batch, fresh = _held_row(row, by, seen)
    fresh.apart = True
    fresh.save(update_fields=["apart", "version"])
    _look_at(batch, fresh, by=by, at=at)
    events.record("import.row_apart", batch.pk, by=by, at=at, row=fresh.number)


@transaction.atomic
def leave_out(row: Row, *, by: Actor, at: datetime, seen: int) -> None:
    """This row is not brought in: it is somebody who is here already, or is not wanted."""
    _leave(row, True, "import.row_left_out", by=by, at=at, seen=seen)


@transaction.atomic
def take_in_again(row: Row, *, by: Actor, at: datetime, seen: int) -> None:
    """A row that was left out counts again."""
    _leave(row, False, "import.row_taken_in_again", by=by, at=at, seen=seen)


def _leave(row: Row, out: bool, event: str, *, by: Actor, at: datetime, seen: int) -> None:
    batch, fresh = _held_row(row, by, seen)
    fresh.left_out = out
    fresh.save(update_fields=["left_out", "version"])
    _look_at(batch, fresh, by=by, at=at)
    events.record(event, batch.pk, by=by, at=at, row=fresh.number)


@transaction.atomic
def bring_in(batch: Batch, *, by: Actor, at: datetime) -> None:
    """Asks for every row that is ready. The worker makes the cases, in the name of whoever pressed."""
    held = locked(batch, by)
    held.state = lifecycle.batch.target(held.state, "bring_in")
    look_again(held, by=by, at=at)
    ready = Row.objects.filter(batch=held, state=State.READY).count()
    if not ready:
        raise RuleBroken("No row is ready. Mend those that need it, or say of those who look alike who they are.")
    held.asked, held.brought_at, held.brought_by, held.moved_at = held.done + ready, at, by.user_id, at
    held.save(update_fields=["state", "asked", "brought_at", "brought_by", "moved_at"])
    events.record("import.asked", held.pk, by=by, at=at, rows=ready)


@transaction.atomic
def stop(batch: Batch, *, by: Actor, at: datetime) -> None:
    """Brings in no more rows. Those that are in stay, and can be taken back."""
    held = locked(batch, by)
    held.state = lifecycle.batch.target(held.state, "stop")
    held.save(update_fields=["state"])
    events.record("import.stopped", held.pk, by=by, at=at, rows=held.done)


@transaction.atomic
def try_again(batch: Batch, *, by: Actor, at: datetime) -> None:
    """Asks once more where nobody has got on for long: it goes on where it stopped, and two at once double nothing."""
    held = locked(batch, by)
    if not queries.has_failed(held, at):
        raise RuleBroken("It is being worked on already.")
    held.moved_at = at
    held.save(update_fields=["moved_at"])
    name = "import.undo_asked" if held.state == lifecycle.UNDOING else "import.asked"
    events.record(name, held.pk, by=by, at=at, again=True)


@transaction.atomic
def undo(batch: Batch, *, by: Actor, at: datetime) -> None:
    """Asks to erase everybody whom the file brought, but those on whose cases somebody has worked since."""
    held, on = locked(batch, by), london_date(at)
    target = lifecycle.batch.target(held.state, "undo")
    if held.brought_at is None or not rules.may_undo(
        london_date(held.brought_at), on, queries.limit("import_undo", on)
    ):
        raise RuleBroken("It is too late to take everybody back. Close a case that should not be here, and say why.")
    held.state, held.moved_at = target, at
    held.save(update_fields=["state", "moved_at"])
    events.record("import.undo_asked", held.pk, by=by, at=at)


def let_go_of(batch: Batch, cases: Iterable[UUID]) -> None:
    """Of cases that are about to be erased: their rows are ready again, until the file itself is erased."""
    gone = list(cases)
    Row.objects.filter(batch=batch, case_id__in=gone).update(state=State.READY, case_id=None)
    batch.undone += len(gone)
    batch.save(update_fields=["undone", "moved_at"])


@transaction.atomic
def take_back(batch: Batch, *, kept: int, by: Actor, at: datetime) -> None:
    """Settles an undoing. Where nobody stayed, the file may be understood otherwise and brought in again."""
    held = locked(batch, by)
    held.state = lifecycle.batch.target(held.state, "take_back" if kept else "take_back_all")
    held.kept = held.done = kept
    held.save(update_fields=["state", "kept", "done"])
    whose = replace(by, organisation_id=held.provider_id)
    events.record("import.taken_back", held.pk, by=whose, at=at, erased=held.undone, kept=kept)


@transaction.atomic
def settle_next(case: Case, *, by: Actor, at: datetime) -> None:
    """What was planned before the case was brought along is settled: the agenda has it no more."""
    casework.locked(case)
    agenda.drop(case, by=by, at=at, kind=NEXT)
    events.record("import.next_settled", case.pk, by=by, at=at)


@transaction.atomic
def throw_away(batch: Batch, *, by: Actor, at: datetime) -> None:
    """Erases a file with its rows. Who was brought in by it stays, and can be taken back no more."""
    held = locked(batch, by)
    if held.state in (lifecycle.RUNNING, lifecycle.UNDOING):
        raise RuleBroken("The file is being worked on. Wait until that is done.")
    _erase([held.pk])
    events.record("import.thrown_away", held.pk, by=by, at=at, rows=held.rows)


def forget(*, before: datetime) -> int:
    """Erases files past their time. Returns how many."""
    over = list(Batch.objects.filter(uploaded_at__lt=before).values_list("pk", flat=True))
    _erase(over)
    PersonKey.objects.filter(person_id__in=over).delete()
    return len(over)


def _erase(batches: list[UUID]) -> None:
    Row.objects.filter(batch__in=batches).delete()
    Batch.objects.filter(pk__in=batches).delete()
    crypt.forget()
