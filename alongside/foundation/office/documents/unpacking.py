"""Opens a spreadsheet that somebody sent, in a process of its own with little memory, little time and nothing to find.

A program: bytes come in, JSON goes out. It knows nothing of Alongside, so that a file that breaks the reader breaks
nothing else. It imports no module of ours, since it is started by its path.
"""

import csv
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from io import BytesIO, StringIO
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

SECONDS, MEMORY = 15, 1 << 30
LIMITS = {
    resource.RLIMIT_AS: MEMORY, resource.RLIMIT_CPU: SECONDS, resource.RLIMIT_CORE: 0, resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_NPROC: 0, resource.RLIMIT_NOFILE: 16,
}  # fmt: skip
MOST_PARTS, MOST_UNPACKED, MOST_CELLS, MOST_COLUMNS = 2_000, 200_000_000, 5_000_000, 100
LONGEST_CELL, MOST_TEXT, MOST_ROWS = 20_000, 30_000_000, 100_000
UTF_8, UTF_8_BOM, UTF_16, WINDOWS_1252 = "utf-8", "utf-8-bom", "utf-16", "windows-1252"
BOM, WIDE_BOMS, OLE = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff"), b"\xd0\xcf\x11\xe0"
LOCKED = "EncryptedPackage".encode("utf-16-le")
SEPARATORS = (";", "\t", ",")
CHUNK = 1 << 20
EXCEL, OPEN_DOCUMENT, MANIFEST = "xl/workbook.xml", "content.xml", "META-INF/manifest.xml"
SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_PLACE = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_TOLD = {
    "formulas": re.compile(rb"<(?:\w+:)?f[ >/]|\btable:formula="),
    "merged": re.compile(rb"""<(?:\w+:)?mergeCell[ >/]|-spanned=["'](?:[2-9]|1\d)"""),
}
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\ufeff]")
Rows = list[tuple[int, list[str]]]


class Refused(Exception):
    """Why a file cannot be read: a code, for which the reader has the words."""


def read(raw: bytes) -> dict[str, Any]:
    """The file, sheet by sheet. Raises Refused."""
    if not raw.strip():
        raise Refused("empty")
    if raw.startswith(OLE):
        raise Refused("locked_up" if LOCKED in raw else "old")
    return _workbook(raw) if raw.startswith(b"PK") else _text(raw)


def _workbook(raw: bytes) -> dict[str, Any]:
    told, text = _checked(raw), Text()
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(raw))
        kinds = {one.name: one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet}
        sheets = [
            {
                "name": name,
                "hidden": one.visible != SheetVisibleEnum.Visible,
                "rows": text.told(book.get_sheet_by_name(name).iter_rows()),
            }
            for name, one in kinds.items()
        ]
    except (CalamineError, ValueError, OSError) as fault:
        raise Refused("damaged") from fault
    if not any(sheet["rows"] for sheet in sheets):
        raise Refused("empty")
    return {"sheets": sheets, "charset": "", "told": sorted(told)}


class Text:
    """How much text the sheets hold together: a long one may stand in millions of cells of a small file."""

    def __init__(self) -> None:
        self.left, self.rows = MOST_TEXT, MOST_ROWS

    def told(self, rows: Iterable[Sequence[object]]) -> Rows:
        """Rows that say anything, with their numbers; empty ones are passed over however many there are."""
        return list(self._told(rows))

    def _told(self, rows: Iterable[Sequence[object]]) -> Iterator[tuple[int, list[str]]]:
        for number, row in enumerate(rows, start=1):
            cells = [words(cell) for cell in row]
            if any(cells):
                self.left -= sum(map(len, cells))
                self.rows -= 1
                if self.left < 0 or self.rows < 0:
                    raise Refused("too_large")
                if len(cells) > MOST_COLUMNS:
                    raise Refused("too_wide")
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


def _checked(raw: bytes) -> set[str]:
    """Looks into the package before anything is unpacked into memory. What its sender should know of it."""
    try:
        with zipfile.ZipFile(BytesIO(raw)) as package:
            _check_parts(package)
            sheets = [one for one in package.infolist() if one.filename.startswith("xl/worksheets/")]
            sheets += [one for one in package.infolist() if one.filename == OPEN_DOCUMENT]
            return {code for one in sheets if one.filename.endswith(".xml") for code in _scanned(package, one)}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, NotImplementedError, OSError, EOFError) as fault:
        raise Refused("damaged") from fault


def _check_parts(package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    names = {part.filename for part in parts}
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Refused("too_large")
    if any("vbaProject" in name or name.startswith(("Basic/", "Scripts/")) for name in names):
        raise Refused("macros")
    if OPEN_DOCUMENT in names and "mimetype" in names:
        _check_open_document(package, names)
    elif EXCEL not in names:
        raise Refused("no_sheet")


def _check_open_document(package: zipfile.ZipFile, names: set[str]) -> None:
    """OpenDocument names its kind, and seals its parts one by one where there is a password."""
    if not _head(package, "mimetype").startswith(SPREADSHEET):
        raise Refused("no_sheet")
    if MANIFEST in names and b"encryption-data" in _head(package, MANIFEST):
        raise Refused("locked_up")


def _head(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as stream:
        return stream.read(CHUNK)


def _scanned(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> set[str]:
    """Whether a sheet has formulas and merged cells. Refuses one whose cells lie so far apart that reading them would
    fill the memory: a reader lays out every cell between the first and the last."""
    wide = tall = unpacked = 0
    found, tail = set[str](), b""
    with package.open(part) as stream:
        while chunk := stream.read(CHUNK):
            unpacked += len(chunk)
            if unpacked > MOST_UNPACKED:  # whatever its header said
                raise Refused("too_large")
            block = tail + chunk
            found |= {code for code, mark in _TOLD.items() if code not in found and mark.search(block)}
            for letters, number in _PLACE.findall(block):
                wide, tall = max(wide, _column(letters)), max(tall, int(number))
            tail = block[-64:]
    if wide * tall > MOST_CELLS:
        raise Refused("too_wide")
    return found


def _column(letters: bytes) -> int:
    """The number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _text(raw: bytes) -> dict[str, Any]:
    charset, text = _decoded(raw)
    if "\x00" in text or text.startswith(("%PDF", "{\\rtf", "<")):
        raise Refused("no_sheet")
    # Line ends as they come: what stands within quotation marks keeps its own.
    lines = csv.reader(StringIO(text, newline=""), delimiter=separator(text))
    try:
        rows = Text().told(lines)
    except csv.Error as fault:
        raise Refused("damaged") from fault
    if not rows:
        raise Refused("empty")
    return {"sheets": [{"name": "", "hidden": False, "rows": rows}], "charset": charset, "told": []}


def _decoded(raw: bytes) -> tuple[str, str]:
    """UTF-8 and UTF-16 by their mark, UTF-8 without one, else Windows-1252. A letter that is none of theirs is not
    put in another's place: it may be in a name."""
    try:
        if raw.startswith(BOM):
            return UTF_8_BOM, raw[len(BOM) :].decode("utf-8")
        if raw.startswith(WIDE_BOMS):
            return UTF_16, raw.decode("utf-16")
        try:
            return UTF_8, raw.decode("utf-8")
        except UnicodeDecodeError:
            return WINDOWS_1252, raw.decode("cp1252")
    except UnicodeDecodeError as fault:
        raise Refused("letters") from fault


def separator(text: str) -> str:
    """What stands between the cells: whichever gives the first lines the most cells, all alike."""
    head = text[:CHUNK].splitlines()[:20]
    return max(SEPARATORS, key=lambda mark: sum(line.count(mark) for line in head))


def answer(raw: bytes) -> dict[str, Any]:
    """What was read, or the code of why not."""
    try:
        return read(raw)
    except Refused as why:
        return {"refused": str(why)}
    except MemoryError:
        return {"refused": "too_large"}


def fence() -> None:
    """From here on: so much memory and time, no file, no program, and nothing left on the disk if it dies."""
    for what, most in LIMITS.items():
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    fence()
    sys.stdout.buffer.write(json.dumps(answer(sys.stdin.buffer.read()), ensure_ascii=False).encode("utf-8", "replace"))
