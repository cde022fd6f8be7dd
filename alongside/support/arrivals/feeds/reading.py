"""A feed from outside: what must be true of its file before any row is read, then its rows, line by line.

Refuses the whole file, in words that say what to do next. Never whole in memory; every line accounted for.
"""

import codecs
import csv
import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple, NoReturn, Self, TextIO
from uuid import UUID

from alongside.support.arrivals.feeds.rows import COLUMNS, Fault, FeedRow, Recast, separator_of, validate

MAX_BYTES = 100 * 1024 * 1024
MAX_LINE_BYTES = 64 * 1024
_CHUNK = 1024 * 1024

UTF_8, UTF_8_BOM, WINDOWS_1252 = "utf-8", "utf-8-bom", "windows-1252"
CODECS = {UTF_8: "utf-8", UTF_8_BOM: "utf-8-sig", WINDOWS_1252: "cp1252"}

_MAGIC = {
    b"PK\x03\x04": "an Excel workbook or a zip archive",
    b"PK\x05\x06": "an empty zip archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"\xff\xfe": "text saved as Unicode (UTF-16)",
    b"\xfe\xff": "text saved as Unicode (UTF-16)",
}
_CONTROLS = bytes({*range(32), 127} - set(b"\t\r\n"))
_ESCAPED = re.compile("[\udc80-\udcff]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")


class FeedRefused(Exception):
    """The whole file is refused: nothing was read, nothing has changed. `words` are for the sender."""

    def __init__(self, reason_code: str, words: str) -> None:
        super().__init__(f"{reason_code}: {words}")
        self.reason_code = reason_code
        self.words = words


def put_by(folder: Path, key: UUID, chunks: Iterable[bytes]) -> Path:
    """Keeps what arrives under an opaque name that only this user may read, until it is loaded."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = spooled(folder, key)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for chunk in chunks:
            file.write(chunk)
    return path


def spooled(folder: Path, key: UUID) -> Path:
    return folder / f"{key}.csv"


def tell(path: Path, line: int) -> None:
    """Says how far the loading is: beside the file, since the load's own transaction shows nothing until its end."""
    fresh = path.with_suffix(".fresh")
    fresh.write_text(str(line))
    fresh.replace(path.with_suffix(".line"))


def told(path: Path) -> int:
    try:
        return int(path.with_suffix(".line").read_text())
    except (FileNotFoundError, ValueError):
        return 0


def throw_away(path: Path) -> None:
    for suffix in (".csv", ".fresh", ".line"):
        path.with_suffix(suffix).unlink(missing_ok=True)


@dataclass(frozen=True)
class Survey:
    """What the first pass found. `lines` counts physical lines, header too; `plain`: no control character."""

    sha256: str
    charset: str
    size: int
    lines: int
    plain: bool
    modified_ns: int
    separator: str = ","


def survey(path: Path, max_bytes: int) -> Survey:
    """One pass over the bytes. Raises FeedRefused for a file that cannot be a feed."""
    stat = path.stat()
    _check_size(stat.st_size, max_bytes)
    with path.open("rb") as file:
        head = file.read(8)
        _check_magic(head)
        file.seek(0)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        lines, is_utf8, plain = _scan(file)
        charset = _charset(file, head, is_utf8)
        file.seek(0)
        separator = separator_of(file.readline().decode("latin-1"))
    return Survey(sha256, charset, stat.st_size, lines, plain, stat.st_mtime_ns, separator)


def _check_size(size: int, max_bytes: int) -> None:
    if size == 0:
        raise FeedRefused("empty_file", "The file is empty. Export the feed again and send the new file.")
    if size > max_bytes:
        raise FeedRefused(
            "too_big",
            f"The file is {size / 1_048_576:,.1f} MB; the most we take is {max_bytes / 1_048_576:,.1f} MB. "
            "Split it into smaller files, each with the header row, and send them one by one.",
        )


def _check_magic(head: bytes) -> None:
    for magic, what in _MAGIC.items():
        if head.startswith(magic):
            _not_csv(f"The file is {what}, not a CSV file.")


def _not_csv(words: str) -> NoReturn:
    raise FeedRefused("not_csv", f"{words} Save it as “CSV UTF-8 (comma delimited)” and send that file.")


def _scan(file: BinaryIO) -> tuple[int, bool, bool]:
    """How many lines there are, whether every byte is good UTF-8, and whether none is a control character."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines, tail, is_utf8, plain = 0, 0, True, True
    while chunk := file.read(_CHUNK):
        if b"\0" in chunk:
            _not_csv("The file holds bytes that no text file has.")
        found, tail = _measure(chunk, tail, lines)
        lines += found
        is_utf8 = is_utf8 and _decodes(decoder, chunk)
        plain = plain and len(chunk.translate(None, _CONTROLS)) == len(chunk)
    return lines + (tail > 0), is_utf8 and _decodes(decoder, b"", final=True), plain


def _measure(chunk: bytes, tail: int, before: int) -> tuple[int, int]:
    """Line ends in this chunk and the length of the line left open; refuses a line that never ends."""
    pieces = chunk.splitlines()
    lengths = [len(piece) for piece in pieces]
    lengths[0] += tail
    if max(lengths) > MAX_LINE_BYTES:
        number = before + 1 + next(i for i, length in enumerate(lengths) if length > MAX_LINE_BYTES)
        raise FeedRefused(
            "line_too_long",
            f"Line {number:,} is longer than {MAX_LINE_BYTES:,} bytes, so the rows cannot be told apart. "
            "Look there for a quotation mark never closed or line breaks that were lost, and send it again.",
        )
    closed = chunk[-1:] in b"\r\n"
    return len(pieces) - (not closed), 0 if closed else lengths[-1]


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _charset(file: BinaryIO, head: bytes, is_utf8: bool) -> str:
    """A byte order mark settles it. One damaged letter must not spoil every accent of a UTF-8 file."""
    if head.startswith(codecs.BOM_UTF8):
        return UTF_8_BOM
    return UTF_8 if is_utf8 or _is_damaged_utf8(file) else WINDOWS_1252


def _is_damaged_utf8(file: BinaryIO) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    letters = broken = 0
    while chunk := file.read(_CHUNK):
        text = decoder.decode(chunk)
        bad = len(_ESCAPED.findall(text))
        broken += bad
        letters += len(_BEYOND_ASCII.findall(text)) - bad
    return letters > broken


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
    recast: Recast | None = None

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
            records = _records(_Lines(text), len(self.header), self.survey.separator)
            next(records)
            for number, cells, raw in records:
                yield _line(number, cells, raw, self)

    def batches(self, size: int) -> Iterator[list[Line]]:
        lines = iter(self)
        while batch := list(islice(lines, size)):
            yield batch


def read(path: Path | str, *, max_bytes: int = MAX_BYTES, recast: Recast | None = None) -> Reading:
    """Checks the file as a whole. Raises FeedRefused, in words for the sender, before any row is read.

    `recast`: how the source's own columns and codes become ours; without it they must be ours.
    """
    path = Path(path)
    found = survey_as(path, max_bytes, recast.charset if recast else "")
    cells = first_row(path, found)
    return Reading(path, found, _recast(cells, recast) if recast else _header(cells), recast)


def survey_as(path: Path, max_bytes: int, charset: str) -> Survey:
    """The survey, with the charset that somebody set, if any; a byte order mark tells better."""
    found = survey(path, max_bytes)
    return replace(found, charset=charset) if charset and found.charset != UTF_8_BOM else found


def first_row(path: Path, found: Survey) -> list[str]:
    """The cells of the header, as they are written."""
    with _open(path, found) as text:
        first = next(_records(_Lines(text), len(COLUMNS), found.separator), None)
    if first is None:
        raise FeedRefused("empty_file", "The file holds no rows. Export the feed again and send the new file.")
    if first[1] is None:
        raise FeedRefused("not_csv", "The first row has a quotation mark that is never closed. Mend it and send again.")
    return first[1]


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


def _records(lines: _Lines, width: int, separator: str) -> Iterator[tuple[int, list[str] | None, str]]:
    """Number of the first line, cells (None if the quotes are broken) and that line as sent; no blank rows.

    A row over several lines that has not the header's number of cells has an unclosed quotation mark: its
    first line alone is broken, and reading goes on at the next. So one bad row costs one row.
    """
    reader = csv.reader(lines, strict=True, delimiter=separator)
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
    pairs = zip(reading.header, cells, strict=True)
    filled = {column: kept for column, cell in pairs if (kept := cell.strip()) and column}
    if reading.recast:
        filled = reading.recast.code(filled)
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


def _recast(cells: Sequence[str], recast: Recast) -> tuple[str, ...]:
    """Our column for each of the source's own; empty for what we do not take."""
    names = [cell.strip().casefold() for cell in cells]
    ours = {theirs.casefold(): column for column, theirs in recast.columns.items()}
    if not ours.keys() & set(names):
        _refuse_unknown_header(cells, tuple(recast.columns.values()))
    missing = [theirs for theirs in recast.columns.values() if theirs.casefold() not in names]
    repeated = sorted({name for name in names if name in ours and names.count(name) > 1})
    if missing:
        advice = "Add the missing columns, or change on the page of sources how this source is read"
        _refuse_columns("columns_missing", "has no", missing, advice)
    if repeated:
        _refuse_columns("columns_repeated", "has more than one", repeated, "Leave one of each")
    return tuple(ours.get(name, "") for name in names)


def _refuse_unknown_header(cells: Sequence[str], columns: Sequence[str] = COLUMNS) -> NoReturn:
    known = {column.lower() for column in columns}
    if len({cell.strip(' "').lower() for cell in "|".join(cells).split("|")} & known) > 1:
        words = "The columns are separated by vertical bars, not commas. Save it as “CSV (comma delimited)”."
        raise FeedRefused("wrong_delimiter", words)
    words = f"The first row is not the header. It must name the {len(columns)} columns: {', '.join(columns)}."
    raise FeedRefused("no_header", words)


def _refuse_columns(code: str, verb: str, names: Sequence[str], advice: str) -> NoReturn:
    shown = ", ".join(name[:40] or "(no name)" for name in names[:40])
    raise FeedRefused(code, f"The header {verb} {shown}. {advice}, then send the file again.")
