"""UUID version 7."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.core import ids
from alongside.core.ids import uuid7, uuid7_texts, uuid7s

MOMENT = datetime(2026, 7, 6, 9, 30, 0, 123456, tzinfo=UTC)


def milliseconds(key: uuid.UUID) -> int:
    return key.int >> 80


@given(st.datetimes(datetime(1970, 1, 1), datetime(2999, 1, 1), timezones=st.just(UTC)))
def test_a_key_carries_version_variant_and_time(at: datetime) -> None:
    key = uuid7(at)
    assert key.version == 7 and key.variant == uuid.RFC_4122
    assert milliseconds(key) == (at - ids.EPOCH) // timedelta(milliseconds=1)


def test_keys_of_this_process_come_in_order() -> None:
    keys = [uuid7() for _ in range(20_000)]
    assert keys == sorted(keys) and len(set(keys)) == len(keys)


def test_keys_of_one_given_moment_come_in_order() -> None:
    keys = [uuid7(MOMENT) for _ in range(1_000)]
    assert keys == sorted(keys) and len(set(keys)) == len(keys)


def test_an_older_record_does_not_push_the_clock() -> None:
    uuid7(MOMENT.replace(year=2999))
    assert abs(milliseconds(uuid7()) / 1000 - datetime.now(UTC).timestamp()) < 60


def test_keys_of_many_threads_never_collide() -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _: uuid7(), range(8_000)))
    assert len(set(keys)) == len(keys)


def test_a_clock_set_back_does_not_reorder_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = ids._Stream()
    first = stream.key_now()
    monkeypatch.setattr(ids.time, "time_ns", lambda: 0)
    assert stream.key_now() > first


def test_a_full_millisecond_runs_over_into_the_next() -> None:
    stream = ids._Stream()
    first = stream.key(1_000)
    stream.tail = (1 << ids.TAIL_BITS) - 1
    assert stream.key(1_000) > first and stream.at == 1_001


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(TypeError):
        uuid7(MOMENT.replace(tzinfo=None))


def test_many_keys_come_in_order_and_after_the_last() -> None:
    first = uuid7()
    keys = [first, *uuid7s(5_000), uuid7()]
    assert keys == sorted(keys) and len(set(keys)) == len(keys)
    assert {key.version for key in keys} == {7}


def test_no_keys_are_no_keys() -> None:
    assert uuid7s(0) == uuid7_texts(0) == []


def test_keys_written_out_are_as_they_would_be_written() -> None:
    texts = uuid7_texts(1_000)
    assert texts == [str(uuid.UUID(text)) for text in texts] == sorted(set(texts))
    assert str(uuid7()) > texts[-1]
