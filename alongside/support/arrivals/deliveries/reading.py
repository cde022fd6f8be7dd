"""Referrals sent as JSON, read row by row as a file is: what is wrong with one costs that one alone."""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from alongside.core.errors import RuleBroken
from alongside.core.privacy import crypt
from alongside.support.arrivals.feeds.reading import MAX_LINE_BYTES, Line
from alongside.support.arrivals.feeds.rows import COLUMNS, Fault, FeedRow, Recast, validate

DEEPEST = 20
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Repeated(dict[str, Any]):
    """A JSON object that names something twice: nobody can tell which is meant."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else Repeated(found)


def _check_depth(value: Any, left: int) -> None:
    if not left:
        raise RecursionError
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _check_depth(one, left - 1)


def _not_a_number(word: str) -> None:
    raise ValueError(word)


def parse(body: bytes, most: int) -> list[Any]:
    """The rows of a body: one object is one referral, a list is a batch. Raises RuleBroken for the body as a whole."""
    try:
        found = json.loads(body.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_not_a_number)
        _check_depth(found, DEEPEST)
    except UnicodeDecodeError:
        raise RuleBroken("The body is not UTF-8.", "bad_charset") from None
    except (ValueError, RecursionError):
        raise RuleBroken("The body is not JSON.", "bad_json") from None
    if isinstance(found, dict):
        return [found]
    if not isinstance(found, list):
        raise RuleBroken("Send one referral as an object, or several as a list of objects.", "bad_shape")
    if not found:
        raise RuleBroken("The list is empty.", "empty")
    if len(found) > most:
        raise RuleBroken(f"Send {most:,} referrals at most in one batch.", "too_many_rows")
    return found


def text_of(rows: Sequence[Any]) -> str:
    """The rows as one text: the same for the same content, however it was spaced and ordered."""
    return json.dumps([_marked(row) for row in rows], sort_keys=True, separators=(",", ":"))


def _marked(row: Any) -> Any:
    return {"twice": True, "row": row} if isinstance(row, Repeated) else {"row": row}


def index_of(text: str) -> bytes:
    """By which the same content is known again; tells nobody what it was."""
    return crypt.blind("batch", hashlib.sha256(text.encode()).hexdigest())


@dataclass(frozen=True)
class Sent:
    """A batch that is read like a file. Its lines are the rows in order, from 1."""

    text: str
    name: str
    recast: Recast | None

    @property
    def file(self) -> str:
        return self.name

    @property
    def sha256(self) -> str:
        """An index in its place: the plain sum of one victim's details could be guessed at."""
        return index_of(self.text).hex()

    @property
    def charset(self) -> str:
        return "utf-8"

    def __iter__(self) -> Iterator[Line]:
        for number, one in enumerate(json.loads(self.text), 1):
            yield read_row(number, Repeated(one["row"]) if "twice" in one else one["row"], self.recast)

    def batches(self, size: int) -> Iterator[list[Line]]:
        lines = iter(self)
        while batch := list(islice(lines, size)):
            yield batch


def read_row(number: int, row: Any, recast: Recast | None) -> Line:
    """A row that is good, or all that is wrong with it."""
    cells, faults = _cells(row)
    if recast:
        cells = recast.code(cells)
    if faults:
        return Line(number, cells, None, faults)
    found = validate(cells)
    kept = {column: _storable(cell) for column, cell in cells.items()}
    if isinstance(found, FeedRow):
        return Line(number, kept, found)
    return Line(number, kept, None, found)


def _cells(row: Any) -> tuple[dict[str, str], tuple[Fault, ...]]:
    """The filled cells, stripped; or what came, whole under "row", with what is wrong with its form."""
    if not isinstance(row, dict):
        return _whole(row), (Fault("row", "not_an_object"),)
    if isinstance(row, Repeated):
        return _whole(row), (Fault("row", "repeated_field"),)
    if not row.keys() <= set(COLUMNS):
        return _whole(row), (Fault("row", "unknown_field"),)
    wrong = [name for name in COLUMNS if not isinstance(row.get(name), str | None)]
    if wrong:
        return _whole(row), tuple(Fault(name, "not_text") for name in wrong)
    broken = [name for name in COLUMNS if _UNSTORABLE.search(row.get(name) or "")]
    if broken:
        return _whole(row), tuple(Fault(name, "bad_characters") for name in broken)
    return {name: cell for name, said in row.items() if (cell := (said or "").strip())}, ()


def _whole(row: Any) -> dict[str, str]:
    """Kept for whoever mends it; a reference that can be one stays apart, so that it can be told."""
    ref = row.get("source_ref") if isinstance(row, dict) else None
    known = {"source_ref": _storable(ref)} if isinstance(ref, str) else {}
    return {**known, "row": _storable(json.dumps(row, ensure_ascii=False))[:MAX_LINE_BYTES]}


def _storable(text: str) -> str:
    return _UNSTORABLE.sub("\ufffd", text)
