"""Cells of a file that people open in a spreadsheet: none may be run by it."""

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import StringIO

Value = str | int | float | date | datetime | bool | None
_RISKY = re.compile(r"^[\s\u200b\ufeff\"]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?%?")


def inert(value: Value) -> Value:
    """A cell that no spreadsheet will run: text that begins like a formula gets an apostrophe before it."""
    if not isinstance(value, str) or _PLAIN_NUMBER.fullmatch(value) or not _RISKY.match(value):
        return value
    return f"'{value}"


def csv_file(head: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """Public facts as CSV, in the form that spreadsheets read as UTF-8. What is personal leaves by `documents`."""
    text = StringIO(newline="")
    csv.writer(text).writerows([inert(cell) for cell in row] for row in (head, *rows))
    return text.getvalue().encode("utf-8-sig")
