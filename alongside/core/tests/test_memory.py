"""What a request remembers, and that nothing is remembered outside of one."""

from collections.abc import Iterator

import pytest

from alongside.core.memory import forget, remember, remembering


def asking() -> Iterator[int]:
    yield from range(10)


def test_a_request_asks_once() -> None:
    ask = asking().__next__
    with remembering():
        assert [remember("edition", ask), remember("edition", ask)] == [0, 0]


def test_the_next_request_asks_again() -> None:
    ask = asking().__next__
    with remembering():
        remember("edition", ask)
    with remembering():
        assert remember("edition", ask) == 1


def test_outside_of_a_request_every_question_is_asked() -> None:
    ask = asking().__next__
    assert [remember("edition", ask), remember("edition", ask)] == [0, 1]


def test_who_changes_it_makes_the_same_request_ask_again() -> None:
    ask = asking().__next__
    with remembering():
        remember("edition", ask)
        forget("edition")
        forget("never asked")
        assert remember("edition", ask) == 1
    forget("edition")


def broken_request() -> None:
    with remembering():
        remember("edition", asking().__next__)
        raise ValueError("broken")


def test_what_a_failed_request_knew_is_gone() -> None:
    ask = iter([1]).__next__
    with pytest.raises(ValueError, match="broken"):
        broken_request()
    assert remember("edition", ask) == 1
