"""Reads a spreadsheet that somebody sent, Excel, OpenDocument or CSV, into rows of text; says why it cannot.

What opens it is native code and the file may be anybody's, so that it is opened by a program of its own (`unpacking`):
no environment, no files, a limit of memory and of time. What comes back is JSON and nothing that could run.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

READER = Path(__file__).with_name("unpacking.py")
SECONDS = 20  # more than the reader has of its own, less than a web process waits
MOST_SAID = 200_000_000
WINDOWS_1252 = "windows-1252"
HIDDEN, MERGED, FORMULAS, CHARSET = "hidden", "merged", "formulas", "charset"

NO_SHEET = (
    "It is not a spreadsheet that can be read here. Save it as an Excel workbook (.xlsx), as OpenDocument (.ods) or as "
    "CSV, and send that."
)
EMPTY = "It is empty. Send the file with your cases in it."
LOCKED_UP = "It is locked with a password. Open it, take the password off, save it under another name, and send that."
OLD = "It is in Excel's old form (.xls). Open it, save it as an Excel workbook (.xlsx), and send that."
MACROS = "It holds macros. Save it as an Excel workbook (.xlsx), which holds none, and send that."
DAMAGED = "It is damaged and cannot be opened. Open it in your spreadsheet, save it again, and send that."
TOO_WIDE = (
    "A sheet has more than 100 columns, or a cell far away from the others. Copy the table into a new sheet, save it, "
    "and send that."
)
TOO_LARGE_INSIDE = "It unpacks to more than can be read here. Copy the table alone into a new workbook, and send that."
LETTERS = (
    "Its letters are stored in a way that cannot be told, so that names might come out wrong. Open it in your "
    "spreadsheet, choose “Save as” and “CSV UTF-8”, or save it as an Excel workbook (.xlsx), and send that."
)
TOO_MUCH = (
    "It takes more time or memory to open than a caseload needs, or breaks the program that opens it. Copy the table "
    "alone into a new workbook, pasting values only, save it, and send that."
)
WORDS: Mapping[str, str] = {
    "no_sheet": NO_SHEET, "empty": EMPTY, "locked_up": LOCKED_UP, "old": OLD, "macros": MACROS, "damaged": DAMAGED,
    "too_wide": TOO_WIDE, "too_large": TOO_LARGE_INSIDE, "letters": LETTERS,
}  # fmt: skip

Rows = tuple[tuple[int, tuple[str, ...]], ...]


class Unreadable(Exception):
    """Why a file was not taken, in words for whoever sent it."""


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook: its rows as text, each with the number that it has in the spreadsheet."""

    name: str
    hidden: bool
    rows: Rows


@dataclass(frozen=True)
class Book:
    """A file that was read. `told`: whether it has merged cells and formulas; `remarks`: codes of what its sender
    should know."""

    sheets: tuple[Sheet, ...]
    charset: str = ""
    told: tuple[str, ...] = ()

    @property
    def remarks(self) -> tuple[str, ...]:
        found = {
            HIDDEN: any(sheet.hidden and sheet.rows for sheet in self.sheets),
            MERGED: MERGED in self.told, FORMULAS: FORMULAS in self.told, CHARSET: self.charset == WINDOWS_1252,
        }  # fmt: skip
        return tuple(code for code, holds in found.items() if holds)


def read(raw: bytes) -> Book:
    """The file, sheet by sheet. Raises Unreadable in words."""
    try:
        said = json.loads(_opened(raw))
    except ValueError as fault:
        raise Unreadable(TOO_MUCH) from fault
    if "refused" in said:
        raise Unreadable(WORDS.get(said["refused"], TOO_MUCH))
    sheets = (
        Sheet(one["name"], one["hidden"], tuple((number, tuple(row)) for number, row in one["rows"]))
        for one in said["sheets"]
    )
    return Book(tuple(sheets), said["charset"], tuple(said["told"]))


def _opened(raw: bytes) -> bytes:
    """What the reader says of a file; nothing where it died, took too long or said too much."""
    words = [sys.executable, "-I", str(READER)]
    with subprocess.Popen(
        words, env={}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as reader:
        assert reader.stdin and reader.stdout
        clock = Timer(SECONDS, reader.kill)
        clock.start()
        try:
            with suppress(BrokenPipeError):
                reader.stdin.write(raw)
            with suppress(BrokenPipeError):
                reader.stdin.close()
            said = reader.stdout.read(MOST_SAID + 1)
            if len(said) > MOST_SAID:
                reader.kill()
            reader.wait()
        finally:
            clock.cancel()
    return said if reader.returncode == 0 else b""
