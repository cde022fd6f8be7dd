"""Reads a whole list from a file or page by page from an address, or says in words why not. Touches no database."""

import json
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from alongside.core.outside import Limits, Unfetched, fetch
from alongside.foundation.local.directory.openreferral import NotAList, entries, pages

MOST_PAGES, MOST_SERVICES = 500, 20_000
MOST_BYTES, MOST_SECONDS = 50 * 1024 * 1024, 600
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
PACKED = {b"PK\x03\x04": "a ZIP file", b"\x1f\x8b": "a packed file", b"%PDF": "a PDF"}
LAST = ("last_page", "last")
NOTHING = "Nothing has changed."
Told = Callable[[int, int | None, int], None]
Fetch = Callable[..., bytes]
Clock = Callable[[], float]


class Unreadable(Exception):
    """Why a list was not read, and what to do next, in words for the office."""


@dataclass(frozen=True)
class Gathered:
    """Every entry of a list, of how many pages, and the digest of what was read."""

    entries: list[object]
    pages: int
    sha256: str


def gather(raw: bytes) -> Gathered:
    """The list in a file. Raises Unreadable."""
    return _whole(_entries(document(raw)), 1, sha256(raw).hexdigest())


def document(raw: bytes) -> object:
    """What a file holds. Raises Unreadable, which says what it is instead."""
    if len(raw) > MOST_BYTES:
        raise Unreadable(f"It is larger than {MOST_BYTES // 1024**2} megabytes. Ask its publisher for it in parts.")
    if not raw.strip():
        raise Unreadable("It is empty. Download it again from its publisher.")
    if packed := next((words for mark, words in PACKED.items() if raw.startswith(mark)), None):
        raise Unreadable(f"It is {packed}. Unpack or export it as JSON first.")
    return _json(_text(raw))


def _text(raw: bytes) -> str:
    if raw.startswith(UTF_16) or b"\x00" in raw[:200]:
        raise Unreadable("It is written in UTF-16. Save it as UTF-8 in a text editor, and send that.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(
            "It is not written in UTF-8, most likely in Windows-1252. Save it as UTF-8 in a text editor, so that no "
            "letter of a name is lost."
        ) from None


def _json(text: str) -> object:
    if text.lstrip().startswith("<"):
        raise Unreadable(
            "It is a web page and not a list. Look on the site for its “API” or “open data”; the address of a list "
            "often ends in /services."
        )
    try:
        return json.loads(text)
    except RecursionError:
        raise Unreadable("It holds lists inside lists without end. Ask its publisher to look at it.") from None
    except json.JSONDecodeError as fault:
        if text[fault.pos :].strip() == "" or fault.msg.startswith("Unterminated"):
            raise Unreadable("It breaks off in the middle. Download it again, whole.") from None
        raise Unreadable(f"It is not JSON: line {fault.lineno} cannot be read. Choose the JSON file.") from None
    except ValueError:
        raise Unreadable("It holds a number that is too long to be one. Ask its publisher to look at it.") from None


def _entries(told: object) -> list[object]:
    try:
        return entries(told)
    except NotAList as fault:
        raise Unreadable(f"{fault} Choose the file or address that lists its services.") from None


def _whole(found: list[object], count: int, digest: str) -> Gathered:
    if len(found) > MOST_SERVICES:
        raise Unreadable(f"It has {len(found):,} entries. {MOST_SERVICES:,} are read at most.")
    return Gathered(found, count, digest)


def follow(
    address: str, *, hosts: Collection[str], told: Told, through: Fetch = fetch, clock: Clock = time.monotonic
) -> Gathered:
    """Every page of a list at an address, whole or not at all. `told` hears of each page, and may stop it by raising.

    Raises Unreadable: of pages that never end, that say other than they hold, that come again, that are too large.
    """
    way = _Way(address, hosts, through, clock() + MOST_SECONDS, clock)
    first = way.page(1)
    said, total = pages(first)
    if said > MOST_PAGES:
        raise Unreadable(f"It says that it has {said:,} pages; {MOST_PAGES} are read at most.")
    found, number, latest = list(_entries(first)), 1, first
    told(number, _said(first), len(found))
    while _goes_on(latest, number, said):
        number += 1
        latest = way.page(number)
        if pages(latest)[0] != said:
            raise Unreadable("Its number of pages changed while it was read. Read it again in a while.")
        found += _entries(latest)
        told(number, _said(first), len(found))
        _whole(found, number, "")
    if total is not None and total != len(found):
        raise Unreadable(f"It says that it has {total:,} services and gave {len(found):,}. Tell its publisher.")
    return _whole(found, number, way.digest.hexdigest())


def _said(first: object) -> int | None:
    return pages(first)[0] if isinstance(first, dict) and not _open_ended(first) else None


def _open_ended(page: object) -> bool:
    """Whether a page only says whether it is the last one."""
    counted = isinstance(page, dict) and any(name in page for name in ("total_pages", "totalPages"))
    return isinstance(page, dict) and not counted and any(page.get(name) is False for name in LAST)


def _goes_on(latest: object, number: int, said: int) -> bool:
    if number < said:
        return True
    if not _open_ended(latest):
        return False
    if number >= MOST_PAGES:
        raise Unreadable(f"It goes on after {MOST_PAGES} pages. Tell its publisher that it does not end.")
    return True


class _Way:
    """The pages of an address, one after the other, within limits of bytes and time for all of them together."""

    def __init__(self, address: str, hosts: Collection[str], through: Fetch, until: float, clock: Clock) -> None:
        self.address, self.hosts, self.through, self.until, self.clock = address, hosts, through, until, clock
        self.size, self.digest, self.seen = 0, sha256(), set[str]()

    def page(self, number: int) -> Any:
        left = self.until - self.clock()
        if left <= 0:
            raise Unreadable(
                f"It took longer than {MOST_SECONDS // 60} minutes. Try again when its server is less busy."
            )
        try:
            raw = self.through(at_page(self.address, number), hosts=self.hosts, limits=Limits(seconds=min(left, 120)))
        except Unfetched as fault:
            raise Unreadable(f"Page {number}: {fault}" if number > 1 else str(fault)) from None
        self.size += len(raw)
        if self.size > MOST_BYTES:
            raise Unreadable(f"Its pages are larger than {MOST_BYTES // 1024**2} megabytes together.")
        self.digest.update(raw)
        if (mark := sha256(raw).hexdigest()) in self.seen:
            raise Unreadable(f"Page {number} is a page that came before: its server goes round in a circle.")
        self.seen.add(mark)
        return document(raw)


def at_page(address: str, number: int) -> str:
    """The address of a page; the first is the address itself."""
    if number == 1:
        return address
    parts = urlsplit(address)
    asked = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "page"]
    return urlunsplit(parts._replace(query=urlencode([*asked, ("page", str(number))])))
