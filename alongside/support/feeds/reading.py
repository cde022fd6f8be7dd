"""Reading a feed: line by line, never whole in memory, every line of it accounted for."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple, NoReturn, Self, TextIO

from alongside.support.feeds.files import CODECS, MAX_BYTES, FeedRefused, Survey, survey
from alongside.support.feeds.rows import COLUMNS, Fault, FeedRow, validate

# More physical lines than this in one row is a quotation mark that was never closed.
_MOST_LINES_IN_A_ROW = 100


class Line(NamedTuple):
    """One row as sent. Exactly one of `row` and `faults` is filled.

    `raw` holds the filled cells by column, to keep or show; a line that is no row is whole under "row".
    """

    number: int
    raw: dict[str, str]
    row: FeedRow | None
    faults: tuple[Fault, ...] = ()

    def __repr__(self) -> str:
        return f"Line({self.number})"


@dataclass(frozen=True)
class Reading:
    """A file that may be read. Each iteration reads it afresh; FeedRefused if it changed in between.

    `sha256` is of the bytes as sent; `charset` is utf-8, utf-8-bom or windows-1252; `lines` is for progress.
    """

    path: Path
    survey: Survey
    header: tuple[str, ...]

    @property
    def file(self) -> str:
        return self.path.name

    @property
    def sha256(self) -> str:
        return self.survey.sha256

    @property
    def charset(self) -> str:
        return self.survey.charset

    @property
    def lines(self) -> int:
        return self.survey.lines

    def __iter__(self) -> Iterator[Line]:
        with _open(self.path, self.survey) as text:
            records = _records(_Lines(text), len(self.header))
            next(records)
            for number, cells, raw in records:
                yield _line(number, cells, raw, self)

    def batches(self, size: int) -> Iterator[list[Line]]:
        lines = iter(self)
        while batch := list(islice(lines, size)):
            yield batch


def read(path: Path | str, *, max_bytes: int = MAX_BYTES) -> Reading:
    """Checks the file as a whole. Raises FeedRefused, in words for the sender, before any row is read."""
    path = Path(path)
    found = survey(path, max_bytes)
    with _open(path, found) as text:
        first = next(_records(_Lines(text), len(COLUMNS)), None)
    if first is None:
        raise FeedRefused("empty_file", "The file holds no rows. Export the feed again and send the new file.")
    if first[1] is None:
        raise FeedRefused("not_csv", "The first row has a quotation mark that is never closed. Mend it and send again.")
    return Reading(path, found, _header(first[1]))


def _open(path: Path, found: Survey) -> TextIO:
    stat = path.stat()
    if (stat.st_size, stat.st_mtime_ns) != (found.size, found.modified_ns):
        raise FeedRefused("file_changed", "The file changed while it was read. Wait until it is whole; try again.")
    # What does not decode becomes U+FFFD: the row is flagged (rules.decide) or, in a strict column, rejected.
    return path.open(encoding=CODECS[found.charset], errors="replace", newline="")


class _Lines:
    """Physical lines; those that a broken row took too many of can be put back."""

    def __init__(self, text: TextIO) -> None:
        self.text = text
        self.taken: list[str] = []
        self.returned: list[str] = []
        self.number = 1

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        if len(self.taken) == _MOST_LINES_IN_A_ROW:
            raise csv.Error("too many lines in one row")
        line = self.returned.pop() if self.returned else next(self.text)
        self.taken.append(line)
        return line

    def begin(self) -> None:
        self.number += len(self.taken)
        self.taken.clear()

    def keep_first(self) -> str:
        """Gives all but the first line back, to be read as rows of their own."""
        first, *rest = self.taken
        self.returned.extend(reversed(rest))
        self.taken[:] = [first]
        return first


def _records(lines: _Lines, width: int) -> Iterator[tuple[int, list[str] | None, str]]:
    """Number of the first line, cells (None if the quotes are broken) and that line as sent; no blank rows.

    A row over several lines that has not the header's number of cells has an unclosed quotation mark: its
    first line alone is broken, and reading goes on at the next. So one bad row costs one row.
    """
    reader = csv.reader(lines, strict=True)
    while True:
        lines.begin()
        try:
            cells: list[str] | None = next(reader)
        except StopIteration:
            return
        except csv.Error:
            cells = None
        if cells is None or (len(lines.taken) > 1 and len(cells) != width):
            yield lines.number, None, lines.keep_first()
        elif any(cells):
            yield lines.number, cells, lines.taken[0]


def _line(number: int, cells: list[str] | None, raw: str, reading: Reading) -> Line:
    if cells is None:
        return Line(number, {"row": raw.rstrip("\r\n")}, None, (Fault("row", "broken_quotes"),))
    if len(cells) != len(reading.header):
        return Line(number, {"row": raw.rstrip("\r\n")}, None, (Fault("row", "wrong_columns"),))
    filled = {column: kept for column, cell in zip(reading.header, cells, strict=True) if (kept := cell.strip())}
    outcome = validate(filled, plain=reading.survey.plain)
    if isinstance(outcome, FeedRow):
        return Line(number, filled, outcome)
    return Line(number, filled, None, outcome)


def _header(cells: Sequence[str]) -> tuple[str, ...]:
    names = tuple(cell.strip().lower() for cell in cells)
    if not set(names) & set(COLUMNS):
        _refuse_unknown_header(cells)
    missing = [column for column in COLUMNS if column not in names]
    repeated = sorted({name for name in names if names.count(name) > 1})
    unknown = [name for name in names if name not in COLUMNS]
    if missing:
        _refuse_columns("columns_missing", "has no", missing, "Add the missing columns, empty if need be")
    if unknown:
        _refuse_columns("columns_unknown", "has columns that we do not take:", unknown, "Take them out")
    if repeated:
        _refuse_columns("columns_repeated", "has more than one", repeated, "Leave one of each")
    return names


def _refuse_unknown_header(cells: Sequence[str]) -> NoReturn:
    for delimiter, name in {";": "semicolons", "\t": "tabs", "|": "vertical bars"}.items():
        if len({cell.strip(' "').lower() for cell in delimiter.join(cells).split(delimiter)} & set(COLUMNS)) > 1:
            words = f"The columns are separated by {name}, not commas. Save it as “CSV (comma delimited)”."
            raise FeedRefused("wrong_delimiter", words)
    words = f"The first row is not the header. It must name the {len(COLUMNS)} columns: {', '.join(COLUMNS)}."
    raise FeedRefused("no_header", words)


def _refuse_columns(code: str, verb: str, names: Sequence[str], advice: str) -> NoReturn:
    shown = ", ".join(name[:40] or "(no name)" for name in names[:40])
    raise FeedRefused(code, f"The header {verb} {shown}. {advice}, then send the file again.")
