"""The words of the pages of translations: where a sentence stands, how it stands, how far a language is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from alongside.core.cells import csv_file
from alongside.foundation.office.rulebook.rules import Book, RuleRow
from alongside.foundation.office.translations import rules
from alongside.foundation.office.translations.rules import Line

SHOWN = 50
# The pages, by the first part of where a sentence stands.
PAGES: Mapping[str, str] = {
    "core": "Every page", "home": "First page, privacy and help", "finding": "Find help",
    "directory": "Services and their list", "atlas": "Maps", "freshness": "Saying what is wrong",
    "intake": "Asking for support",
}  # fmt: skip
WORDS: Mapping[str, tuple[str, str]] = {
    rules.MISSING: ("Missing", "red"), rules.STALE: ("English changed since", "yellow"),
    rules.SHIPPED: ("Came with Alongside", "grey"), rules.EDITED: ("Written here", "blue"),
}  # fmt: skip
LEADS = (rules.MISSING, rules.STALE)


@dataclass(frozen=True)
class Progress:
    """A language on the list of them: how many sentences are said, how many of those a native reader has checked."""

    row: RuleRow
    total: int
    said: int
    english: int
    native: int


def progress(row: RuleRow, lines: tuple[Line, ...]) -> Progress:
    english = sum(line.state in LEADS for line in lines)
    return Progress(row, len(lines), len(lines) - english, english, sum(line.native for line in lines))


def pages(books: Mapping[str, Book]) -> list[tuple[str, str]]:
    """Where sentences stand, for a filter."""
    named = [(f"{rules.RULEBOOK}{code}", f"Rulebook: {books[code].title}") for code in rules.PUBLIC_BOOKS]
    return [*PAGES.items(), *sorted(named, key=lambda one: one[1].casefold())]


def where(line: Line, books: Mapping[str, Book]) -> str:
    """ "Find help; Rulebook: Needs"."""
    return "; ".join(dict.fromkeys(_place(place, books) for place in line.where))


def _place(place: str, books: Mapping[str, Book]) -> str:
    if place.startswith(rules.RULEBOOK):
        return f"Rulebook: {books[place.split('/')[1]].title}"
    return PAGES.get(place.split("/", maxsplit=1)[0], place)


def found(lines: Iterable[Line], *, q: str, page: str, state: str) -> list[Line]:
    """The lines that hold every word, stand there and stand so."""
    wanted = q.casefold().split()
    return [
        line
        for line in lines
        if all(word in f"{line.english} {line.says}".casefold() for word in wanted)
        and (not page or any(place == page or place.startswith(f"{page}/") for place in line.where))
        and (not state or line.state == state or (state == "unchecked" and line.says and not line.native))
    ]


def file(lines: Iterable[Line], books: Mapping[str, Book]) -> bytes:
    """Every sentence of a language, for whoever checks it."""
    head = [
        "English",
        "What it says",
        "How it stands",
        "Checked by a native reader",
        "English that it was made of",
        "Where",
    ]
    return csv_file(
        head,
        ([line.english, line.says, WORDS[line.state][0], "Yes" if line.native else "No", line.was, where(line, books)]
         for line in lines),
    )  # fmt: skip
