"""Pure rules of a snapshot: its code, who is one person, the calendar of clocks, and keyed pseudonyms."""

import hmac
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from alongside.core.clocks import LONDON, day_zero, working_days_between

CALENDAR_FROM = date(2000, 1, 3)  # a Monday; a report before it counts from it, and is late by any clock
ID_BYTES = 16  # of an id, which is one block of AES
SPARE_BITS = 68  # of a block that are thrown away: 60 bits fit a column of whole numbers
KEPT = "kept"  # what the ids beside a whole snapshot are enciphered as


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


def may_stand(before: Mapping[str, Collection[str]], now: Mapping[str, Collection[str]], *, strange: int) -> bool:
    """Whether rows that were held to one set of lists are the same under another: no list lost a code and, where some
    rows had a code that no list held, none gained one.
    """
    if strange:
        return all(set(before[name]) == set(now.get(name, ())) for name in before)
    return all(set(words) <= set(now.get(name, ())) for name, words in before.items())


def cipher_key(key: bytes, kind: str) -> bytes:
    """The key of a cipher for one kind of record, out of a snapshot's own key: HMAC-SHA256."""
    return hmac.digest(key, kind.encode(), "sha256")


def pseudonym(key: bytes, kind: str, record: UUID) -> int:
    """What stands for a record in a snapshot: AES-256 of its id under a key of snapshot and kind, cut to 60 bits.

    An id is one block of the cipher, so that this is a keyed permutation of ids of which the half is thrown away: as
    strong as HMAC for this, and fast enough for every snapshot to have pseudonyms of its own.
    """
    cipher = Cipher(algorithms.AES(cipher_key(key, kind)), modes.ECB())  # noqa: S305 - one block
    return int.from_bytes(cipher.encryptor().update(record.bytes)) >> SPARE_BITS
