"""What may come and leave in a file: cells made inert, and the scan of a written spreadsheet for anything that hides.

The scan exists because of a real loss: a workbook whose visible sheets had been cut down still carried a
hidden one with every name in it. A file with any fault is never handed over.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import chain

from openpyxl import load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles.colors import Color
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from alongside.core.cells import Value, inert
from alongside.core.errors import RuleBroken

__all__ = ["Value", "inert"]
WHITE = {"FFFFFF", "FEFEFE"}
MAX_COLUMNS = 200
MAX_ROWS = 1_000_000
# Parts of a workbook that have no place in a list of figures, by a piece of their path.
UNWELCOME_PARTS = {
    "externalLinks/": "a link to another workbook",
    "comments": "comments",
    "threadedComments": "comments",
    "persons/": "names of people who commented",
    "pivotCache/": "a pivot table's copy of its data",
    "pivotTables/": "a pivot table",
    "vbaProject": "a macro",
    "embeddings/": "an embedded file",
    "customXml/": "hidden custom data",
    "docProps/custom": "custom properties",
    "connections": "a connection to a database",
    "queryTables/": "a query",
    "drawings/": "a drawing or picture",
    "media/": "a picture",
    "chartsheets/": "a sheet that is all chart",
    "printerSettings": "a printer's settings",
}
_PERSONAL = re.compile(r"<(?:\w+:)?(creator|lastModifiedBy|Manager|Company|HyperlinkBase)\b[^>]*>\s*[^<\s]")
_DEFINED = re.compile(r"<(?:\w+:)?(definedName|externalReference|pivotCache)\b")


@dataclass(frozen=True)
class Column:
    """One column that may leave: the key in a row and the words at its head."""

    key: str
    label: str


def file_name(name: str, fmt: str) -> str:
    """Small letters, digits and hyphens; never a person's words."""
    return f"{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')[:80] or 'export'}.{fmt}"


def scan_xlsx(content: bytes) -> list[str]:
    """Every fault of a workbook, in words; empty when it hides nothing."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            faults = [*_part_faults(package), *_property_faults(package), *_defined_faults(package)]
        book = load_workbook(BytesIO(content), data_only=False)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        return [f"It cannot be opened as a workbook ({type(error).__name__})."]
    return list(dict.fromkeys([*faults, *_book_faults(book)]))


def _part_faults(package: zipfile.ZipFile) -> Iterator[str]:
    for name in package.namelist():
        for piece, words in UNWELCOME_PARTS.items():
            if piece in name:
                yield f"It holds {words} ({name})."


def _property_faults(package: zipfile.ZipFile) -> Iterator[str]:
    for tag in _PERSONAL.findall(_part(package, "docProps/core.xml") + _part(package, "docProps/app.xml")):
        yield f"Its properties name somebody ({tag})."


def _defined_faults(package: zipfile.ZipFile) -> Iterator[str]:
    for tag in _DEFINED.findall(_part(package, "xl/workbook.xml")):
        yield f"The workbook has {tag}."


def _part(package: zipfile.ZipFile, path: str) -> str:
    return package.read(path).decode() if path in package.namelist() else ""


def _book_faults(book: Workbook) -> Iterator[str]:
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            yield f"The sheet “{sheet.title}” is hidden."
        yield from _sheet_faults(sheet)


def _sheet_faults(sheet: Worksheet) -> Iterator[str]:
    for number, row in sheet.row_dimensions.items():
        if row.hidden or _thin(row.height):
            yield f"Row {number} of “{sheet.title}” is hidden."
    for letter, column in sheet.column_dimensions.items():
        if column.hidden or _thin(column.width):
            yield f"Column {letter} of “{sheet.title}” is hidden."
    if sheet.auto_filter.ref:
        yield f"“{sheet.title}” has a filter that may hide rows."
    if sheet.data_validations.dataValidation or sheet.conditional_formatting:
        yield f"“{sheet.title}” has rules behind its cells."
    for cell in chain.from_iterable(sheet.iter_rows()):
        yield from _cell_faults(sheet.title, cell)


def _thin(size: float | None) -> bool:
    return size is not None and size < 1


def _cell_faults(title: str, cell: Cell | MergedCell) -> Iterator[str]:
    if cell.value is None:
        return
    where = f"{cell.coordinate} of “{title}”"
    if cell.data_type == "f":
        yield f"{where} is a formula."
    if cell.hyperlink:
        yield f"{where} is a link."
    if cell.number_format == ";;;":
        yield f"{where} is written so that it does not show."
    if _unseen(cell):
        yield f"{where} is written in the colour of its background."


def _unseen(cell: Cell | MergedCell) -> bool:
    ink, fill = _colour(cell.font.color), _paper(cell)
    return ink == fill or (ink in WHITE and fill in WHITE)


def _paper(cell: Cell | MergedCell) -> str:
    return _colour(cell.fill.fgColor) if cell.fill.fill_type == "solid" else "FFFFFF"


def _colour(colour: Color | None) -> str:
    """Red, green and blue as six digits. A theme's first colour is its paper, its second its ink."""
    if colour is None:
        return "000000"
    if colour.type == "theme":
        return "FFFFFF" if colour.theme == 0 else "000000"
    if colour.type == "indexed":
        return {1: "FFFFFF", 9: "FFFFFF"}.get(colour.indexed, "000000")
    return str(colour.rgb)[-6:].upper()


# Files that come: told by how they begin, whatever they are called, and refused where they hold anything that runs.
MOST_BYTES = 2_500_000
BEGINS = ((b"%PDF-", "pdf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"))
OFFICE = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf")  # packages and older files of word processors
RUNS = (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/XFA")

KINDS = {"pdf": "PDF", "jpg": "Picture", "png": "Picture", "txt": "Text"}
TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png", "txt": "text/plain; charset=utf-8"}


def accepted(content: bytes) -> str:
    """The kind of a document that somebody sends in: pdf, png, jpg or txt. Raises RuleBroken for anything else."""
    if len(content) > MOST_BYTES:
        raise RuleBroken(f"Choose a document of {MOST_BYTES / 1_000_000:.1f} MB or less.", "file")
    kind = next((kind for start, kind in BEGINS if content.startswith(start)), "") or _plain(content)
    if content.startswith(OFFICE):
        raise RuleBroken("Documents of Word and the like may hold macros. Save it as a PDF and send that.", "file")
    if not kind:
        raise RuleBroken("Choose a PDF, a JPEG or PNG picture, or a plain text file.", "file")
    if kind == "pdf" and any(mark in content for mark in RUNS):
        raise RuleBroken(
            "This PDF holds a form, a script or another file. Print it to a new PDF and send that.", "file"
        )
    return kind


def size_words(size: int) -> str:
    """A number of bytes as people say it."""
    return f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{max(1, round(size / 1000))} kB"


def _plain(content: bytes) -> str:
    """`txt` for text that a person could have typed."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return ""
    seen = all(letter.isprintable() or letter in "\r\n\t\ufeff" for letter in text)
    return "txt" if text.strip() and seen else ""


def missing_keys(columns: Iterable[Column], row: Iterable[str]) -> list[str]:
    """Keys that a row should have and has not. What it has beside them never leaves."""
    held = set(row)
    return [column.key for column in columns if column.key not in held]
