"""A spreadsheet as people send it: read whatever it has, refused with words where it cannot be."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
import xlsxwriter

from alongside.foundation.office.documents import reading


def book(fill: Callable[[Any, Any], None]) -> bytes:
    file = BytesIO()
    with xlsxwriter.Workbook(file) as made:
        fill(made, made.add_worksheet("One"))
    return file.getvalue()


def test_cells_become_text_with_days_as_days_and_rows_keep_their_numbers() -> None:
    def fill(made: Any, sheet: Any) -> None:
        sheet.write_datetime(4, 1, datetime(2026, 3, 1), made.add_format({"num_format": "dd/mm/yy"}))
        sheet.write_datetime(4, 2, datetime(2026, 3, 1, 14, 30), made.add_format({"num_format": "dd/mm/yy hh:mm"}))
        for at, cell in enumerate((7700900123, 1.5, True, " Zoë\u200b ")):
            sheet.write(4, 3 + at, cell)

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
     ("é,1".encode("cp1252"), "windows-1252", ("charset",))],
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
        (reading.OLE, reading.OLD),
        (reading.OLE + reading.LOCKED, reading.LOCKED_UP),
        (b"PK\x03\x04broken", reading.DAMAGED),
        (packed(readme=b"x"), reading.NO_SHEET),
        (packed(content_dot_xml=b"x"), reading.OPEN_DOCUMENT),
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
    monkeypatch.setattr(reading, "_check_parts", lambda package: None)  # as if its headers said less than there is
    monkeypatch.setattr(reading, "MOST_UNPACKED", 10)
    with pytest.raises(reading.Unreadable, match="unpacks to more"):
        reading.read(raw)
