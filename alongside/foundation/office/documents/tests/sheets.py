"""Spreadsheets that no program of ours writes: OpenDocument, and what somebody made to do harm."""

from collections.abc import Callable, Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter

SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
    for short in ("office", "table", "text", "style", "manifest")
)
VALUES = {"float": "value", "date": "date-value", "boolean": "boolean-value"}
REST = '<table:table-cell table:number-columns-repeated="16000"/>'
BELOW = f'<table:table-row table:number-rows-repeated="1048000">{REST}</table:table-row>'
HIDDEN = (
    '<style:style style:name="h" style:family="table"><style:table-properties table:display="false"/></style:style>'
)
SHEET, LAST = "xl/worksheets/sheet1.xml", b"</sheetData>"
FAR = b'<row r="1048576"><c r="XFD1048576" t="str"><v>1</v></c></row>'


def cell(text: str, kind: str = "string", *, formula: str = "", spanned: int = 1) -> str:
    told = f' office:{VALUES[kind]}="{text}"' if kind in VALUES else ""
    told += f' table:formula="{formula}"' if formula else ""
    told += f' table:number-columns-spanned="{spanned}"' if spanned > 1 else ""
    return f'<table:table-cell office:value-type="{kind}"{told}><text:p>{text}</text:p></table:table-cell>'


def table(*rows: Sequence[str] | None, hidden: bool = False) -> str:
    """A sheet as LibreOffice writes it, with all that lies empty beside and below."""
    told = "".join(f"<table:table-row>{''.join(row or ())}{REST}</table:table-row>" for row in rows)
    style = ' table:style-name="h"' if hidden else ""
    return f'<table:table table:name="{"Old" if hidden else "Live"}"{style}>{told}{BELOW}</table:table>'


def encrypted() -> str:
    return "<manifest:encryption-data/>"


def ods(*tables: str, manifest: str = "") -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", f"<manifest:manifest {SPACES}>{manifest}</manifest:manifest>")
        styles = f"<office:automatic-styles>{HIDDEN}</office:automatic-styles>"
        body = f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body>"
        package.writestr("content.xml", f"<office:document-content {SPACES}>{styles}{body}</office:document-content>")
    return file.getvalue()


def changed(change: Callable[[str, bytes], tuple[str, bytes]]) -> bytes:
    """A plain workbook with one cell, part by part changed by hand."""
    plain, file = BytesIO(), BytesIO()
    with xlsxwriter.Workbook(plain) as made:
        made.add_worksheet("One").write_string(0, 0, "x")
    with ZipFile(plain) as before, ZipFile(file, "w", ZIP_DEFLATED) as after:
        for part in before.infolist():
            after.writestr(*change(part.filename, before.read(part)))
    return file.getvalue()


def hostile(kind: str) -> bytes:
    """What fills the memory of whoever opens it: a cell far away (said in other quotes, or in a part elsewhere), rows
    said once and meant a million times, a long text in many cells, a part that unpacks to 300 MB; a million empty rows
    too, which are harmless."""
    if kind == "repeated":
        many = cell("x" * 15).replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="90"')
        return ods(table([many]).replace("<table:table-row>", '<table:table-row table:number-rows-repeated="1048576">'))
    return changed(CHANGES[kind])


def _rows(name: str, part: bytes, rows: bytes) -> tuple[str, bytes]:
    return name, part.replace(LAST, rows + LAST) if name == SHEET else part


def _elsewhere(name: str, part: bytes) -> tuple[str, bytes]:
    moved = name.replace("worksheets/sheet1", "elsewhere/sheet1")
    return moved, _rows(name, part, FAR)[1].replace(b"worksheets/sheet1", b"elsewhere/sheet1")


def _long(name: str, part: bytes) -> tuple[str, bytes]:
    rows = b"".join(b'<row r="%d">%s</row>' % (n, b'<c t="s"><v>0</v></c>' * 60) for n in range(2, 5_000))
    if name == "xl/sharedStrings.xml":
        return name, part.replace(b"<t>x</t>", b"<t>" + b"x" * 15_000 + b"</t>")
    return _rows(name, part, rows)


CHANGES: dict[str, Callable[[str, bytes], tuple[str, bytes]]] = {
    "quotes": lambda name, part: _rows(name, part, FAR.replace(b'"', b"'")),
    "elsewhere": _elsewhere,
    "long": _long,
    "bomb": lambda name, part: (name, b"<sst>" + b" " * 300_000_000 if name == "xl/sharedStrings.xml" else part),
    "empty": lambda name, part: _rows(name, part, b"".join(b'<row r="%d"/>' % n for n in range(2, 1_048_577))),
}
