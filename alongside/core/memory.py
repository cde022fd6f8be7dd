"""What one request or job has already asked, so that it need not ask twice. Outside of them nothing is remembered."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")
_kept: ContextVar[dict[str, Any] | None] = ContextVar("kept", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Answers are kept until the end of the block."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def remember(name: str, ask: Callable[[], T]) -> T:
    """The answer under this name: asked for once in a request or job, and each time elsewhere."""
    kept = _kept.get()
    if kept is None:
        return ask()
    if name not in kept:
        kept[name] = ask()
    answer: T = kept[name]
    return answer


def kept(name: str) -> Any:
    """What is kept under this name, or None."""
    return (_kept.get() or {}).get(name)


def forget(name: str) -> None:
    """Asks again next time: whoever changes what was asked about calls this."""
    kept = _kept.get()
    if kept is not None:
        kept.pop(name, None)
