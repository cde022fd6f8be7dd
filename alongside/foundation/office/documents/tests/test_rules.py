"""The export rules: inert cells, and a scan that refuses every way of hiding that we know."""

import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.colors import Color
from openpyxl.workbook.defined_name import DefinedName

from alongside.foundation.office.documents import rules
from alongside.foundation.office.documents.rules import Column, inert, scan_xlsx


def _saved(book: Workbook) -> bytes:
    file = BytesIO()
    book.properties.creator = ""
    book.save(file)
    return file.getvalue()


def _bad(spoil: Callable[[Workbook], object]) -> list[str]:
    book = Workbook()
    book.active["A1"] = "Referrals"  # type: ignore[index]
    book.active["A2"] = 12  # type: ignore[index]
    spoil(book)
    return scan_xlsx(_saved(book))


def _hidden_sheet(book: Workbook) -> None:
    """The file of August 2023: the visible sheets were cut down, the raw one was only hidden."""
    raw = book.create_sheet("SAP download")
    raw.append(["Surname", "Initials", "Unit"])
    raw.append(["Sample", "T", "Testshire North"])
    raw.sheet_state = "hidden"


def _very_hidden(book: Workbook) -> None:
    book.create_sheet("Lookup").sheet_state = "veryHidden"


def _hidden_row(book: Workbook) -> None:
    book.active.row_dimensions[2].hidden = True  # type: ignore[union-attr]


def _flat_row(book: Workbook) -> None:
    book.active.row_dimensions[2].height = 0.1  # type: ignore[union-attr]


def _hidden_column(book: Workbook) -> None:
    book.active.column_dimensions["A"].hidden = True  # type: ignore[union-attr]


def _formula(book: Workbook) -> None:
    book.active["A3"] = "=SUM(A2:A2)"  # type: ignore[index]


def _comment(book: Workbook) -> None:
    book.active["A2"].comment = Comment("ask Testa", "Testa Sample")  # type: ignore[index]


def _defined_name(book: Workbook) -> None:
    book.defined_names["People"] = DefinedName("People", attr_text="Sheet!$A$1:$A$2")


def _link(book: Workbook) -> None:
    book.active["A2"].hyperlink = "https://alongside.example/"  # type: ignore[index]


def _white_ink(book: Workbook) -> None:
    book.active["A2"].font = Font(color="FFFFFFFF")  # type: ignore[index]


def _theme_ink(book: Workbook) -> None:
    book.active["A2"].font = Font(color=Color(theme=0))  # type: ignore[index]


def _indexed_ink(book: Workbook) -> None:
    book.active["A2"].font = Font(color=Color(indexed=9))  # type: ignore[index]


def _same_ink_and_paper(book: Workbook) -> None:
    book.active["A2"].font = Font(color="FF336699")  # type: ignore[index]
    book.active["A2"].fill = PatternFill("solid", fgColor="FF336699")  # type: ignore[index]


def _unseen_format(book: Workbook) -> None:
    book.active["A2"].number_format = ";;;"  # type: ignore[index]


def _filter(book: Workbook) -> None:
    book.active.auto_filter.ref = "A1:A2"  # type: ignore[union-attr]


def _conditions(book: Workbook) -> None:
    rule = CellIsRule(operator="greaterThan", formula=["5"], font=Font(color="FFFFFFFF"))
    book.active.conditional_formatting.add("A1:A2", rule)  # type: ignore[union-attr]


WAYS_TO_HIDE = [
    _hidden_sheet, _very_hidden, _hidden_row, _flat_row, _hidden_column, _formula, _comment, _defined_name,
    _link, _white_ink, _theme_ink, _indexed_ink, _same_ink_and_paper, _unseen_format, _filter, _conditions,
]  # fmt: skip


@pytest.mark.parametrize("spoil", WAYS_TO_HIDE)
def test_a_workbook_that_hides_something_is_refused(spoil: Callable[[Workbook], object]) -> None:
    assert _bad(spoil)


@pytest.mark.parametrize("part", rules.UNWELCOME_PARTS)
def test_a_workbook_with_an_unwelcome_part_is_refused(part: str) -> None:
    file = BytesIO(_saved(Workbook()))
    with zipfile.ZipFile(file, "a") as package:
        package.writestr(f"xl/{part}thing.xml", "<a/>")
    assert any(rules.UNWELCOME_PARTS[part] in fault for fault in scan_xlsx(file.getvalue()))


def test_a_workbook_that_names_its_author_is_refused() -> None:
    book = Workbook()
    book.properties.lastModifiedBy = "Testa Sample"
    assert scan_xlsx(_saved(book)) == ["Its properties name somebody (lastModifiedBy)."]


def test_dark_ink_on_white_and_white_ink_on_dark_are_seen() -> None:
    def spoil(book: Workbook) -> None:
        book.active["A1"].font = Font(color=Color(theme=1))  # type: ignore[index]
        book.active["A2"].font = Font(color="FFFFFFFF")  # type: ignore[index]
        book.active["A2"].fill = PatternFill("solid", fgColor="FF003078")  # type: ignore[index]
        book.active.row_dimensions[1].height = 30  # type: ignore[union-attr]
        book.active["B1"] = "in no colour"  # type: ignore[index]
        book.active["B1"].font = Font(color=None)  # type: ignore[index]
        book.active["A4"] = "below an empty cell"  # type: ignore[index]

    assert _bad(spoil) == []


def test_what_is_no_workbook_is_refused() -> None:
    assert scan_xlsx(b"name,phone\n")[0].startswith("It cannot be opened")
    empty = BytesIO()
    zipfile.ZipFile(empty, "w").close()
    assert scan_xlsx(empty.getvalue())[0].startswith("It cannot be opened")


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1"])
def test_text_that_a_spreadsheet_would_run_is_made_inert(text: str) -> None:
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("value", ["-5", "+44", "12.5%", "Wolverhampton", "", "a=b", 5, -5, 1.5, None, True])
def test_numbers_and_plain_text_are_left_alone(value: rules.Value) -> None:
    assert inert(value) == value


@given(st.text())
def test_no_cell_ever_begins_like_a_formula(text: str) -> None:
    made = str(inert(text))
    assert not made.startswith(("=", "@", "\t", "\r")) or text == ""


def test_file_names_hold_no_more_than_letters_digits_and_hyphens() -> None:
    assert rules.file_name("Quarter 2026Q2: Body’s ../figures", "csv") == "quarter-2026q2-body-s-figures.csv"
    assert rules.file_name("???", "xlsx") == "export.xlsx"


def test_keys_that_a_row_lacks_are_named() -> None:
    columns = [Column("a", "A"), Column("b", "B")]
    assert rules.missing_keys(columns, ["a", "name"]) == ["b"]
