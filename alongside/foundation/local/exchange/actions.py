"""Writes of the exchange: calls counted, so that one caller cannot keep the others waiting."""

from datetime import datetime, timedelta

from django.core.cache import cache

from alongside.core import clocks
from alongside.core.errors import RuleBroken
from alongside.core.privacy import crypt
from alongside.foundation.local.exchange import queries

COUNTED = timedelta(minutes=1)


def count_call(*, caller: bytes, at: datetime) -> None:
    """Counts one call of a connection (a blind index), kept for a minute. Raises RuleBroken when it was too many."""
    window = int(at.timestamp() // COUNTED.total_seconds())
    key = f"directory-calls-{crypt.blind('directory', f'{window}|{caller.hex()}').hex()}"
    called, allowed = int(cache.get(key, 0)), queries.calls_allowed(clocks.london_date(at))
    if called >= allowed:
        raise RuleBroken("Too many requests from one connection. Wait a minute, then go on.")
    cache.set(key, called + 1, int(COUNTED.total_seconds()))
