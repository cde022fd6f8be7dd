"""Reads a spreadsheet that somebody sent, an Excel workbook or CSV, into rows of text; says why it cannot."""

import csv
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO, StringIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

UTF_8, UTF_8_BOM, WINDOWS_1252 = "utf-8", "utf-8-bom", "windows-1252"
BOM, OLE = b"\xef\xbb\xbf", b"\xd0\xcf\x11\xe0"
LOCKED = "EncryptedPackage".encode("utf-16-le")
SEPARATORS = (";", "\t", ",")
MOST_PARTS, MOST_UNPACKED, MOST_CELLS, MOST_COLUMNS = 2_000, 200_000_000, 5_000_000, 100
LONGEST_CELL = 20_000
CHUNK = 1 << 20
_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\ufeff]")
HIDDEN, MERGED, FORMULAS, CHARSET = "hidden", "merged", "formulas", "charset"

NO_SHEET = (
    "It is not a spreadsheet that can be read here. Save it as an Excel workbook (.xlsx) or as CSV, and send that."
)
EMPTY = "It is empty. Send the file with your cases in it."
LOCKED_UP = "It is locked with a password. Open it, take the password off, save it under another name, and send that."
OLD = "It is in Excel's old form (.xls). Open it, save it as an Excel workbook (.xlsx), and send that."
MACROS = "It holds macros (.xlsm). Save it as an Excel workbook (.xlsx), which holds none, and send that."
OPEN_DOCUMENT = "It is in OpenDocument form (.ods). Save it as an Excel workbook (.xlsx) or as CSV, and send that."
DAMAGED = "It is damaged and cannot be opened. Open it in your spreadsheet, save it again, and send that."
TOO_WIDE = (
    f"A sheet has more than {MOST_COLUMNS} columns, or a cell far away from the others. Copy the table into a new "
    "sheet, save it, and send that."
)
TOO_LARGE_INSIDE = "It unpacks to more than can be read here. Copy the table alone into a new workbook, and send that."


Rows = tuple[tuple[int, tuple[str, ...]], ...]


class Unreadable(Exception):
    """Why a file was not taken, in words for whoever sent it."""


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook: its rows as text, each with the number that it has in the spreadsheet."""

    name: str
    hidden: bool
    merged: bool
    rows: Rows


@dataclass(frozen=True)
class Book:
    """A file that was read. `remarks`: codes of what its sender should know."""

    sheets: tuple[Sheet, ...]
    charset: str = ""
    formulas: bool = False

    @property
    def remarks(self) -> tuple[str, ...]:
        found = {
            HIDDEN: any(sheet.hidden and sheet.rows for sheet in self.sheets),
            MERGED: any(sheet.merged for sheet in self.sheets), FORMULAS: self.formulas,
            CHARSET: self.charset == WINDOWS_1252,
        }  # fmt: skip
        return tuple(code for code, holds in found.items() if holds)


def read(raw: bytes) -> Book:
    """The file, sheet by sheet. Raises Unreadable in words."""
    if not raw.strip():
        raise Unreadable(EMPTY)
    if raw.startswith(OLE):
        raise Unreadable(LOCKED_UP if LOCKED in raw else OLD)
    return _workbook(raw) if raw.startswith(b"PK") else _text(raw)


def _workbook(raw: bytes) -> Book:
    formulas = _checked(raw)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(raw))
        kinds = {one.name: one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet}
        sheets = tuple(
            _sheet(book.get_sheet_by_name(name), hidden=one.visible != SheetVisibleEnum.Visible)
            for name, one in kinds.items()
        )
    except (CalamineError, ValueError, OSError) as fault:
        raise Unreadable(DAMAGED) from fault
    if not any(sheet.rows for sheet in sheets):
        raise Unreadable(EMPTY)
    return Book(sheets, formulas=formulas)


def _sheet(sheet: CalamineSheet, *, hidden: bool) -> Sheet:
    return Sheet(sheet.name, hidden, bool(sheet.merged_cell_ranges), _not_too_wide(tuple(_told(sheet.iter_rows()))))


def _not_too_wide(rows: Rows) -> Rows:
    if rows and max(len(cells) for _, cells in rows) > MOST_COLUMNS:
        raise Unreadable(TOO_WIDE)
    return rows


def _told(rows: Iterable[Sequence[object]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Rows that say anything, with their numbers; empty ones are passed over however many there are."""
    for number, row in enumerate(rows, start=1):
        cells = tuple(words(cell) for cell in row)
        if any(cells):
            yield number, cells


def words(cell: object) -> str:
    """A cell as text: days as in ISO 8601, whole numbers without a point, nothing that cannot be seen."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    return _UNSEEN.sub("", str(cell)).strip()[:LONGEST_CELL]


def _checked(raw: bytes) -> bool:
    """Looks into the package before anything is unpacked into memory. Whether there are formulas."""
    try:
        with zipfile.ZipFile(BytesIO(raw)) as package:
            _check_parts(package)
            sheets = [one for one in package.infolist() if one.filename.startswith("xl/worksheets/")]
            return any([_scanned(package, one) for one in sheets if one.filename.endswith(".xml")])
    except (zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, NotImplementedError, OSError, EOFError) as fault:
        raise Unreadable(DAMAGED) from fault


def _check_parts(package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    names = {part.filename for part in parts}
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unreadable(TOO_LARGE_INSIDE)
    if any("vbaProject" in name for name in names):
        raise Unreadable(MACROS)
    if "content.xml" in names:
        raise Unreadable(OPEN_DOCUMENT)
    if "xl/workbook.xml" not in names:
        raise Unreadable(NO_SHEET)


def _scanned(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether a sheet has formulas. Refuses one whose cells lie so far apart that reading them would fill the memory:
    a reader lays out every cell between the first and the last."""
    wide = tall = unpacked = 0
    formulas, tail = False, b""
    with package.open(part) as stream:
        while chunk := stream.read(CHUNK):
            unpacked += len(chunk)
            if unpacked > MOST_UNPACKED:  # whatever its header said
                raise Unreadable(TOO_LARGE_INSIDE)
            block = tail + chunk
            formulas = formulas or bool(_FORMULA.search(block))
            for letters, number in _PLACE.findall(block):
                wide, tall = max(wide, _column(letters)), max(tall, int(number))
            tail = block[-64:]
    if wide * tall > MOST_CELLS:
        raise Unreadable(TOO_WIDE)
    return formulas


def _column(letters: bytes) -> int:
    """The number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _text(raw: bytes) -> Book:
    if b"\x00" in raw or raw.startswith((b"%PDF", b"{\\rtf", b"<")):
        raise Unreadable(NO_SHEET)
    charset, text = _decoded(raw)
    # Line ends as they come: what stands within quotation marks keeps its own.
    lines = csv.reader(StringIO(text, newline=""), delimiter=separator(text))
    try:
        rows = _not_too_wide(tuple(_told(lines)))
    except csv.Error as fault:
        raise Unreadable(DAMAGED) from fault
    return Book((Sheet("", False, False, rows),), charset=charset)


def _decoded(raw: bytes) -> tuple[str, str]:
    """UTF-8 with or without its mark, else Windows-1252."""
    if raw.startswith(BOM):
        return UTF_8_BOM, raw[len(BOM) :].decode("utf-8", "replace")
    try:
        return UTF_8, raw.decode("utf-8")
    except UnicodeDecodeError:
        return WINDOWS_1252, raw.decode("cp1252", "replace")


def separator(text: str) -> str:
    """What stands between the cells: whichever gives the first lines the most cells, all alike."""
    head = text[:CHUNK].splitlines()[:20]
    return max(SEPARATORS, key=lambda mark: sum(line.count(mark) for line in head))
