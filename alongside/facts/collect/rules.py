"""Pure rules of a snapshot: its code, who is one person, the calendar of clocks, and keyed pseudonyms."""

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from alongside.core.clocks import LONDON, day_zero, working_days_between

CALENDAR_FROM = date(2000, 1, 3)  # a Monday; a report before it counts from it, and is late by any clock
BLOCK = 64  # of SHA-256, in bytes
DIGITS = 15  # of the digest, in hexadecimal: 60 bits fit a column of whole numbers


def code_of(snapshot: UUID, as_at: datetime) -> str:
    """The snapshot's code: its moment in London, and enough of its id to tell two apart."""
    return f"{as_at.astimezone(LONDON):%Y%m%d-%H%M}-{snapshot.hex[-6:]}"


def calendar(last: date) -> Iterator[tuple[date, int]]:
    """Each day with the number of its day 0 among working days: a clock is the difference of two of them.

    What arrives on a Saturday has Friday's end behind it, so a clock's end counts as the next working day.
    """
    day = CALENDAR_FROM
    while day <= last:
        yield day, working_days_between(CALENDAR_FROM, day_zero(day))
        day += timedelta(days=1)


def people(pairs: Iterable[tuple[UUID, UUID]]) -> dict[UUID, UUID]:
    """Records judged to be one person, each with the one that stands for all of them."""
    leader: dict[UUID, UUID] = {}

    def find(record: UUID) -> UUID:
        while (above := leader.get(record, record)) != record:
            record = above
        return record

    for left, right in pairs:
        first, second = sorted((find(left), find(right)))
        leader[second] = first
        leader.setdefault(first, first)
    return {record: find(record) for record in leader}


def pads(key: bytes) -> tuple[bytes, bytes]:
    """HMAC's outer and inner blocks for a key (RFC 2104), for an engine that has SHA-256 alone."""
    padded = key.ljust(BLOCK, b"\0")
    return bytes(byte ^ 0x5C for byte in padded), bytes(byte ^ 0x36 for byte in padded)


def pseudonym(key: bytes, kind: str, record: UUID) -> int:
    """What stands for a record in a snapshot: HMAC-SHA256 under the snapshot's own key, cut to 60 bits."""
    return int(hmac.new(key, f"{kind}|{record}".encode(), hashlib.sha256).hexdigest()[:DIGITS], 16)
