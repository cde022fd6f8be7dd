"""What one realm left in the cache is read as words and numbers, and never run."""

import base64
import pickle
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from alongside.core.cache import JsonCache
from alongside.core.rows.realms import Realm, inside

pytestmark = pytest.mark.django_db
RAN: list[str] = []


@pytest.fixture(autouse=True)
def _empty() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


class Harm:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return RAN.append, ("ran",)


def age(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_cache SET expires = %s", [timezone.now() - timedelta(seconds=1)])


def test_the_cache_is_this_one() -> None:
    assert isinstance(cache._connections[cache._alias], JsonCache)  # type: ignore[attr-defined]


def test_what_is_written_is_read_until_its_time_is_over() -> None:
    cache.set("a", [1.5, "two", {"three": None}], 60)
    cache.set("b", True, None)
    assert cache.get_many(["a", "b", "c"]) == {"a": [1.5, "two", {"three": None}], "b": True}
    cache.set("a", 2)
    assert (cache.get("a"), cache.get("c", "none"), cache.get_many([])) == (2, "none", {})
    age("a")
    assert cache.get("a") is None


def test_what_stands_is_not_added_again_until_its_time_is_over() -> None:
    assert [cache.add("a", 1), cache.add("a", 2), cache.get("a")] == [True, False, 1]
    age("a")
    assert [cache.add("a", 3), cache.get("a")] == [True, 3]


def test_what_is_touched_lives_on_and_what_is_gone_does_not() -> None:
    cache.set("a", 1, 60)
    assert (cache.touch("a", 600), cache.touch("b")) == (True, False)
    age("a")
    assert not cache.touch("a")


def test_counting_goes_on() -> None:
    cache.set("a", 1)
    assert (cache.incr("a"), cache.get("a")) == (2, 2)
    assert cache.delete("a") and not cache.has_key("a")


def test_the_oldest_make_room() -> None:
    small = JsonCache("core_cache", {"OPTIONS": {"MAX_ENTRIES": 3}})
    for number in range(6):
        small.set(str(number), number)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_cache")
        assert cursor.fetchone()[0] < 6


def test_a_pickle_is_not_run() -> None:
    cache.set("a", 1)
    harm = base64.b64encode(pickle.dumps(Harm())).decode()
    with transaction.atomic(), inside(Realm.PUBLIC), connection.cursor() as cursor:
        cursor.execute("UPDATE core_cache SET value = %s", [harm])
    assert cache.get("a", "nothing") == "nothing"
    assert RAN == []


def test_nothing_else_is_kept() -> None:
    with pytest.raises(TypeError):
        cache.set("a", Harm())


@pytest.mark.parametrize("realm", [Realm.HUB, Realm.PROVIDER, Realm.REFERRER, Realm.COMMISSIONING])
def test_who_counts_nothing_reads_nothing(realm: Realm) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), inside(realm):
        cache.get("a")
