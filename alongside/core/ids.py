"""Primary keys: UUID version 7 (RFC 9562), made before insert and in order within a process."""

import os
import secrets
import time
import uuid
from datetime import UTC, datetime, timedelta
from threading import Lock

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
TAIL_BITS = 74  # what the timestamp, version and variant leave of 128
STEP_BITS = 32  # how far apart two keys of one millisecond may be, so that a key does not betray the next


class _Stream:
    """Keys whose tail grows within a millisecond; a stream of the clock never goes back, whatever the clock does."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.at = -1
        self.tail = 0

    def key(self, at: int) -> uuid.UUID:
        with self.lock:
            return self._next(at)

    def key_now(self) -> uuid.UUID:
        with self.lock:
            return self._next(max(self.at, time.time_ns() // 1_000_000))

    def numbers_now(self, count: int) -> list[int]:
        """As `count` times `key_now`, with one look at the clock and one draw of chance."""
        steps = memoryview(os.urandom(count * STEP_BITS // 8)).cast("I")
        with self.lock:
            self._next(max(self.at, time.time_ns() // 1_000_000))
            return [self._step(step) for step in steps]

    def _next(self, at: int) -> uuid.UUID:
        if at != self.at:
            self.at, self.tail = at, secrets.randbits(TAIL_BITS - 1)
        return uuid.UUID(int=self._step(secrets.randbits(STEP_BITS)))

    def _step(self, step: int) -> int:
        self.tail += 1 + step
        self.at, self.tail = self.at + (self.tail >> TAIL_BITS), self.tail & ((1 << TAIL_BITS) - 1)
        return _assemble(self.at, self.tail)


_clock = _Stream()
_given = _Stream()


def uuid7(at: datetime | None = None) -> uuid.UUID:
    """A key that sorts by time: now, or the time given when older records are written."""
    return _clock.key_now() if at is None else _given.key((at - EPOCH) // MILLISECOND)


def uuid7s(count: int) -> list[uuid.UUID]:
    """Many keys of now, in order. For bulk loading."""
    return [uuid.UUID(int=number) for number in _clock.numbers_now(count)]


def uuid7_texts(count: int) -> list[str]:
    """As `uuid7s`, written out: half the price where nothing but the text is wanted."""
    texts = [f"{number:032x}" for number in _clock.numbers_now(count)]
    return [f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}" for text in texts]


def _assemble(milliseconds: int, tail: int) -> int:
    version_and_a = 0x7000 | tail >> 62
    variant_and_b = 0b10 << 62 | tail & ((1 << 62) - 1)
    return milliseconds << 80 | version_and_a << 64 | variant_and_b
