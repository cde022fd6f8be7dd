"""Files that leave: tables built from scratch out of an allow-list of columns, then opened and scanned."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO, StringIO
from uuid import UUID

import xlsxwriter
from django.db import transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.foundation.office.documents import rules
from alongside.foundation.office.documents.rules import Column, Value

Row = Mapping[str, Value]
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
WIDTH = 24


class ExportRefused(RuleBroken):
    """The file was made and hides something, so that it is not handed over."""


@dataclass(frozen=True)
class Export:
    """A file to hand over."""

    content: bytes
    filename: str
    content_type: str
    rows: int


@transaction.atomic
def table(
    name: str,
    columns: Sequence[Column],
    rows: Iterable[Row],
    *,
    by: Actor,
    at: datetime,
    fmt: str = "csv",
    about: str,
    notes: Sequence[str] = (),
) -> Export:
    """A table as a file; `about` is a code of what is in it, `notes` are lines under it."""
    if fmt not in CONTENT_TYPES:
        raise RuleBroken("Choose CSV or Excel.")
    if not columns or len(columns) > rules.MAX_COLUMNS:
        raise RuleBroken(f"A file has between 1 and {rules.MAX_COLUMNS} columns.")
    cells = list(_cells(columns, rows))
    if len(cells) > rules.MAX_ROWS:
        raise RuleBroken(f"That is {len(cells):,} rows. A file holds {rules.MAX_ROWS:,} at most: narrow the list.")
    head, tail = [column.label for column in columns], [[note] for note in notes]
    content = _csv(head, cells, tail) if fmt == "csv" else _xlsx(head, cells, tail, at)
    events.record("export.made", uuid7(), by=by, at=at, file=rules.file_name(name, fmt), rows=len(cells), about=about)
    return Export(content, rules.file_name(name, fmt), CONTENT_TYPES[fmt], len(cells))


def _cells(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[list[Value]]:
    for row in rows:
        if missing := rules.missing_keys(columns, row):
            raise RuleBroken(f"The file was not made: a row has no “{missing[0]}”.")
        yield [rules.inert(row[column.key]) for column in columns]


def _csv(head: Sequence[str], cells: Sequence[Sequence[Value]], tail: Sequence[Sequence[str]]) -> bytes:
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([rules.inert(label) for label in head])
    writer.writerows(cells)
    writer.writerows([rules.inert(note) for note in line] for line in tail)
    return text.getvalue().encode("utf-8-sig")


def _xlsx(head: Sequence[str], cells: Sequence[Sequence[Value]], tail: Sequence[Sequence[str]], at: datetime) -> bytes:
    file = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"author": "", "created": at.astimezone(UTC).replace(tzinfo=None)})
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet("Figures")
        sheet.set_column(0, len(head) - 1, WIDTH)
        for column, label in enumerate(head):
            sheet.write_string(0, column, str(rules.inert(label)), bold)
        for number, line in enumerate([*cells, [], *tail] if tail else cells, start=1):
            for column, value in enumerate(line):
                _write(sheet, number, column, value)
    faults = rules.scan_xlsx(file.getvalue())
    if faults:
        raise ExportRefused(f"The file was not handed over. {faults[0]}")
    return file.getvalue()


def _write(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: Value) -> None:
    if isinstance(value, bool) or value is None:
        sheet.write_string(row, column, {True: "Yes", False: "No", None: ""}[value])
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, str(rules.inert(str(value))))


@transaction.atomic
def note_print(subject: UUID, *, by: Actor, at: datetime, what: str) -> None:
    """Records that a record was printed: who, which, what kind of print (a code)."""
    events.record("print.made", subject, by=by, at=at, what=what)
