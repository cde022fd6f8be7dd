"""A spreadsheet as people send it: read whatever it has, refused with words where it cannot be."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import xlsxwriter

from alongside.foundation.office.documents import reading, unpacking
from alongside.foundation.office.documents.tests.sheets import cell, encrypted, hostile, ods, table


def book(fill: Callable[[Any, Any], None]) -> bytes:
    file = BytesIO()
    with xlsxwriter.Workbook(file) as made:
        fill(made, made.add_worksheet("One"))
    return file.getvalue()


def test_cells_become_text_with_days_as_days_and_rows_keep_their_numbers() -> None:
    def fill(made: Any, sheet: Any) -> None:
        sheet.write_datetime(4, 1, datetime(2026, 3, 1), made.add_format({"num_format": "dd/mm/yy"}))
        sheet.write_datetime(4, 2, datetime(2026, 3, 1, 14, 30), made.add_format({"num_format": "dd/mm/yy hh:mm"}))
        for at, one in enumerate((7700900123, 1.5, True, " Zoë\u200b ")):
            sheet.write(4, 3 + at, one)

    (found,) = reading.read(book(fill)).sheets
    assert found.rows == ((5, ("2026-03-01", "2026-03-01 14:30", "7700900123", "1.5", "yes", "Zoë")),)


def test_hidden_sheets_merged_cells_and_formulas_are_told() -> None:
    def fill(made: Any, sheet: Any) -> None:
        sheet.merge_range("A1:B2", "both")
        sheet.write_formula("D1", '=A1&"x"', None, "bothx")
        hidden = made.add_worksheet("Two")
        hidden.write(0, 0, "x")
        hidden.hide()

    found = reading.read(book(fill))
    assert found.remarks == ("hidden", "merged", "formulas") and found.sheets[0].rows[0][1][3] == "bothx"


@pytest.mark.parametrize("mark", [";", "\t", ","])
def test_csv_is_read_with_any_usual_mark_between_cells(mark: str) -> None:
    found = reading.read(mark.join(("Ref", "Name")).encode() + b"\r\n" + mark.join(("1", '"a\nb"')).encode())
    assert found.sheets[0].rows == ((1, ("Ref", "Name")), (2, ("1", "a\nb")))


@pytest.mark.parametrize(
    ("raw", "charset", "remarks"),
    [("é,1".encode(), "utf-8", ()), ("\ufeffé,1".encode(), "utf-8-bom", ()),
     ("é,1".encode("cp1252"), "windows-1252", ("charset",)),
     ("\ufeffé,1".encode("utf-16-le"), "utf-16", ()), ("\ufeffé,1".encode("utf-16-be"), "utf-16", ())],
)  # fmt: skip
def test_the_charset_of_older_programs_is_read_and_told(raw: bytes, charset: str, remarks: tuple[str, ...]) -> None:
    found = reading.read(raw)
    assert (found.charset, found.remarks, found.sheets[0].rows[0][1][0]) == (charset, remarks, "é")


def packed(**parts: bytes) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return file.getvalue()


def far(made: Any, sheet: Any) -> None:
    sheet.write(0, 0, "x")
    sheet.write(1_048_575, 16_383, "x")


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"  \n", reading.EMPTY),
        (b"%PDF-1.7", reading.NO_SHEET),
        (b"a\x00b", reading.NO_SHEET),
        (unpacking.OLE, reading.OLD),
        (unpacking.OLE + unpacking.LOCKED, reading.LOCKED_UP),
        (b"PK\x03\x04broken", reading.DAMAGED),
        (packed(readme=b"x"), reading.NO_SHEET),
        (packed(content_dot_xml=b"x"), reading.NO_SHEET),
        (packed(content_dot_xml=b"x", mimetype=b"application/vnd.oasis.opendocument.text"), reading.NO_SHEET),
        (packed(Basic__Standard__Module1_dot_xml=b"x"), reading.MACROS),
        (ods(table(), manifest=encrypted()), reading.LOCKED_UP),
        (ods(table([])), reading.EMPTY),
        ("é,1".encode("utf-16-le"), reading.NO_SHEET),
        (b"Zo\x81,1", reading.LETTERS),
        (unpacking.BOM + b"Zo\xff,1", reading.LETTERS),
        (b"\n\n,,\n", reading.EMPTY),
        (b"a\n" * 100_001, reading.TOO_LARGE_INSIDE),
        (hostile("quotes"), reading.TOO_WIDE),
        (packed(xl__vbaProject_dot_bin=b"x"), reading.MACROS),
        (packed(xl__workbook_dot_xml=b"x"), reading.DAMAGED),
        (packed(**{f"p{number}": b"" for number in range(2_001)}), reading.TOO_LARGE_INSIDE),
        (book(lambda made, sheet: None), reading.EMPTY),
        (book(far), reading.TOO_WIDE),
        (book(lambda made, sheet: sheet.write_row(0, 0, ["x"] * 101)), reading.TOO_WIDE),
        (b",".join([b"x"] * 101), reading.TOO_WIDE),
        (b'"' + b"x" * 200_000, reading.DAMAGED),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_words(raw: bytes, words: str) -> None:
    with pytest.raises(reading.Unreadable) as refused:
        reading.read(raw)
    assert str(refused.value) == words


def test_a_package_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = book(lambda made, sheet: sheet.write(0, 0, "x"))
    monkeypatch.setattr(unpacking, "_check_parts", lambda package: None)  # as if its headers said less than there is
    monkeypatch.setattr(unpacking, "MOST_UNPACKED", 10)
    with pytest.raises(unpacking.Refused, match="too_large"):
        unpacking.read(raw)


def test_a_bomb_is_refused_by_what_its_headers_say() -> None:
    with pytest.raises(reading.Unreadable, match="unpacks to more"):
        reading.read(hostile("bomb"))


def test_an_open_document_is_read_as_an_excel_workbook_is() -> None:
    top, days = [cell("Ref"), cell("Born")], [cell("77", "float"), cell("1990-02-14", "date"), cell("true", "boolean")]
    more = [cell("2", "float", formula="of:=1+1"), cell("both", spanned=2), cell("1990-02-14T14:30:00", "date")]
    found = reading.read(ods(table(top, None, [*days, *more]), table([cell("old")], hidden=True)))
    assert found.sheets[0].rows == (
        (1, ("Ref", "Born", "", "", "", "")), (3, ("77", "1990-02-14", "yes", "2", "both", "1990-02-14 14:30")),
    )  # fmt: skip
    assert found.remarks == ("hidden", "merged", "formulas")
    assert [sheet.hidden for sheet in found.sheets] == [False, True]


@pytest.mark.parametrize("kind", ["elsewhere", "repeated", "long"])
def test_what_would_fill_the_memory_is_stopped_and_the_process_that_asked_lives(kind: str) -> None:
    with pytest.raises(reading.Unreadable) as refused:
        reading.read(hostile(kind))
    assert str(refused.value) in (reading.TOO_MUCH, reading.TOO_LARGE_INSIDE)


def test_a_million_empty_rows_are_passed_over() -> None:
    (found,) = reading.read(hostile("empty")).sheets
    assert found.rows == ((1, ("x",)),)


@pytest.mark.parametrize(
    "program",
    ["import os; os.abort()", "raise SystemExit(3)", "import time; time.sleep(60)", "print('[')",
     "import sys\nwhile True: sys.stdout.write('x' * 9999)", "print('{\"refused\": \"?\"}')"],
)  # fmt: skip
def test_a_reader_that_dies_hangs_or_raves_is_said_in_words(
    program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _instead(program, tmp_path, monkeypatch)
    monkeypatch.setattr(reading, "SECONDS", 2)
    monkeypatch.setattr(reading, "MOST_SAID", 100_000)
    with pytest.raises(reading.Unreadable) as refused:
        reading.read(b"a,b" * 200_000)
    assert str(refused.value) == reading.TOO_MUCH


def _instead(program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "other.py").write_text(program)
    monkeypatch.setattr(reading, "READER", tmp_path / "other.py")


TRIES = f"""
import json, os, sys
sys.path.insert(0, {str(Path(unpacking.__file__).parent)!r})
import unpacking
unpacking.fence()
def refused(act):
    try:
        act()
    except (OSError, MemoryError):
        return "no"
    return "yes"
def write():
    with open({{place!r}}, "wb") as file:
        file.write(b"x")
said = [refused(lambda: bytearray(2 << 30)), refused(write), " ".join(sorted(os.environ))]
sheet = {{{{"name": "", "hidden": False, "rows": [[1, said]]}}}}
print(json.dumps({{{{"sheets": [sheet], "charset": "", "told": []}}}}))
"""


def test_the_reader_has_no_memory_to_fill_nothing_to_write_to_and_no_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALONGSIDE_SECRET_OF_THE_PROCESS", "x")
    _instead(TRIES.format(place=str(tmp_path / "left")), tmp_path, monkeypatch)
    memory, file, known = reading.read(b"").sheets[0].rows[0][1]
    assert (memory, file) == ("no", "no") and "SECRET" not in known


def test_the_reader_imports_nothing_of_ours() -> None:
    assert "alongside" not in Path(unpacking.__file__).read_text().replace("knows nothing of Alongside", "").casefold()
