"""Sentences of ours that a page may say in another language: English text that remembers what it was made of."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

PART = re.compile(r"\{(\w+)\}", re.ASCII)
NOTHING: Mapping[str, Any] = MappingProxyType({})


class Said(str):
    """Reads and compares as its English. `template` names its parts in braces; one that lists has `items` instead, with
    what stands between them or before the last; one that is a date has its `day`."""

    __slots__ = ("between", "day", "items", "parts", "template")
    template: str
    parts: Mapping[str, Any]
    items: Sequence[str]
    between: str
    day: date | None

    def __new__(
        cls, text: str, template: str = "", parts: Mapping[str, Any] = NOTHING, *, items: Sequence[str] = (),
        between: str = "", day: date | None = None,
    ) -> "Said":  # fmt: skip
        found = str.__new__(cls, text)
        found.template, found.parts, found.items, found.between, found.day = template, parts, items, between, day
        return found

    def __str__(self) -> str:
        """Itself, so that what it was made of is still known where only text is asked for."""
        return self


def say(template: str, **parts: Any) -> Said:
    """A sentence with what stands in it: a word, a number, a date, another sentence."""
    return Said(fill(template, lambda name: _english(parts[name])) if parts else template, template, parts)


def _english(part: Any) -> str:
    return f"{part:,}" if isinstance(part, int) else str(part)


def inside(title: str) -> Said:
    """A title inside a sentence: its first letter small."""
    return Said(title[:1].lower() + title[1:], title)


def large(text: str) -> str:
    """The same with a first letter that begins a line."""
    if not isinstance(text, Said):
        return text[:1].upper() + text[1:]
    return Said(text[:1].upper() + text[1:], text.template, text.parts, items=text.items, between=text.between,
                day=text.day)  # fmt: skip


def fill(template: str, part: Callable[[str], Any]) -> str:
    """The parts in their places. Nothing else in braces means anything, whoever wrote the template."""
    return PART.sub(lambda place: str(part(place[1])), template)


def places(template: str) -> tuple[str, ...]:
    """The names of the parts that a template asks for, each as often as it does."""
    return tuple(sorted(PART.findall(template)))


def listed(words: Sequence[str], last: str = "and") -> str:
    """ "a, b and c"."""
    if len(words) < 2:
        return words[0] if words else ""
    return Said(f"{', '.join(words[:-1])} {last} {words[-1]}", items=tuple(words), between=last)


def joined(words: Sequence[str], between: str = "; ") -> str:
    """ "a; b; c"."""
    return Said(between.join(words), items=tuple(words), between=between) if words else ""
