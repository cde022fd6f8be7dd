"""A cache in the database whose values are JSON: what one realm's role wrote, no process ever runs.

Django's own writes pickles, and whoever may write a pickle runs code in the process that reads it.
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.utils import timezone

_READ = "SELECT cache_key, value FROM core_cache WHERE cache_key = ANY (%s) AND expires > now()"
_TOUCH = "UPDATE core_cache SET expires = %s WHERE cache_key = %s AND expires > now()"
_SET = (
    "INSERT INTO core_cache (cache_key, value, expires) VALUES (%s, %s, %s) "
    "ON CONFLICT (cache_key) DO UPDATE SET value = EXCLUDED.value, expires = EXCLUDED.expires"
)
_WRITE = {"set": _SET, "add": f"{_SET} WHERE core_cache.expires <= now()"}


class JsonCache(DatabaseCache):
    """Numbers, words, lists and tables of them, in the table `core_cache`. TypeError for anything else."""

    _max_entries: int

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        asked = {self.make_and_validate_key(key, version=version): key for key in keys}
        with connection.cursor() as cursor:
            cursor.execute(_READ, [list(asked)])
            return {asked[key]: value for key, text in cursor.fetchall() for value in _read(text)}

    def _base_set(self, mode: str, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT) -> bool:
        """Whether it was written: `add` leaves what stands, `touch` what is not there."""
        until = self.get_backend_timeout(timeout)
        expires = datetime.max.replace(tzinfo=UTC) if until is None else datetime.fromtimestamp(until, UTC)
        with connection.cursor() as cursor:
            if mode == "touch":
                cursor.execute(_TOUCH, [expires, key])
            else:
                self._make_room(cursor)
                cursor.execute(_WRITE[mode], [key, json.dumps(value), expires])
            return bool(cursor.rowcount)

    def _make_room(self, cursor: Any) -> None:
        cursor.execute("SELECT count(*) FROM core_cache")
        (number,) = cursor.fetchone()
        if number > self._max_entries:
            self._cull("default", cursor, timezone.now().replace(microsecond=0), number)  # type: ignore[attr-defined]


def _read(text: str) -> list[Any]:
    """The value, or nothing where it is none of ours."""
    try:
        return [json.loads(text)]
    except ValueError:
        return []
