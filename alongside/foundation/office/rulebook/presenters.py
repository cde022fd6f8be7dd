"""The words and tables of the rulebook's pages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from alongside.core.cells import csv_file
from alongside.core.pages.filters import date_words
from alongside.foundation.office.rulebook.rules import Book, Field, Offence, RuleRow

Names = Mapping[str, Mapping[str, str]]  # titles by code, by book
LONG_BOOK = 12  # from so many rows on, a book can be searched
FEW_MARKS = 2  # from so many columns of yes or no on, they share one
ORIGINS = {"shipped": "Alongside", "office": "This office"}


@dataclass(frozen=True)
class Card:
    """A book on the index."""

    code: str
    title: str
    about: str
    rows: int
    changed: date | None


@dataclass(frozen=True)
class Line:
    """A row of a book as its table shows it."""

    row: RuleRow
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Past:
    """A version with what it changed."""

    row: RuleRow
    origin: str
    changes: tuple[str, ...]
    state: str


def card(book: Book, rows: tuple[RuleRow, ...]) -> Card:
    """A book with how many rows are in force and when one last changed."""
    changed = max((row.since for row in rows if row.version > 1), default=None)
    return Card(book.code, book.title, book.about, len(rows), changed)


def holds(words: str, *texts: str) -> bool:
    """Whether every word that was searched for stands somewhere in these texts."""
    text = " ".join(texts).casefold()
    return all(word in text for word in words.casefold().split())


def cards(books: Iterable[Book], rows: Mapping[str, tuple[RuleRow, ...]], words: str) -> list[Card]:
    """The books of the index: all, or those that hold the words in their title, their purpose or a row's title."""
    return [
        card(book, rows[book.code])
        for book in books
        if holds(words, book.title, book.about, *(row.title for row in rows[book.code]))
    ]


def columns(book: Book) -> list[dict[str, Any]]:
    """The columns of a book's table: several that say yes or no are one."""
    plain, marks = _split(book)
    shown = [{"key": field.name, "label": field.heading, "numeric": field.kind == "number"} for field in plain]
    return [*shown, {"key": "marks", "label": "Marked as"}] if marks else shown


def _split(book: Book) -> tuple[list[Field], list[Field]]:
    """The fields that have a column each, and those that share one."""
    marks = [field for field in book.fields if field.kind == "yes_no"]
    if len(marks) < FEW_MARKS:
        return list(book.fields), []
    return [field for field in book.fields if field not in marks], marks


def lines(book: Book, rows: Iterable[RuleRow], names: Names) -> list[Line]:
    """The rows with each column in words."""
    plain, marks = _split(book)
    return [Line(row, tuple(_cells(row, plain, marks, names))) for row in rows]


def found(shown: Iterable[Line], words: str) -> list[Line]:
    """The rows that hold every word in their title, code, columns or source."""
    return [line for line in shown if holds(words, line.row.title, line.row.code, *line.cells, line.row.source)]


def _cells(row: RuleRow, plain: list[Field], marks: list[Field], names: Names) -> Iterable[str]:
    yield from (in_words(field, row.body[field.name], names) for field in plain)
    if marks:
        yield ", ".join(field.heading for field in marks if row.body[field.name])


def file_of(book: Book, versions: Iterable[RuleRow], names: Names) -> bytes:
    """Every version of every row, with its source and its days, as CSV."""
    head = ["Code", "Version", "Title", *(field.label for field in book.fields), "Where it comes from", "In force from",
            "Not in force from", "Who wrote it"]  # fmt: skip
    rows = (
        [row.code, row.version, row.title,
         *(in_words(field, row.body.get(field.name), names) for field in book.fields),
         row.source, row.since, row.until, ORIGINS[row.origin]]
        for row in versions
    )  # fmt: skip
    return csv_file(head, rows)


def file_of_offences(found: Iterable[Offence], crime_types: Mapping[str, str]) -> bytes:
    """Every offence code with the crime type that it leads to, as CSV."""
    head = ["Code", "List", "Offence", "Home Office group", "Subgroup", "Crime type", "Last recorded"]
    return csv_file(
        head,
        ([one.key, one.kind, one.description, one.group, one.subgroup,
          crime_types.get(one.crime_type, one.crime_type), one.last_recorded] for one in found),
    )  # fmt: skip


def in_words(field: Field, value: Any, names: Names) -> str:
    if field.kind == "yes_no":
        return "Yes" if value else "No"
    if field.of:
        return ", ".join(names[field.of].get(code, code) for code in field.codes(value)) or "None"
    return "" if value is None else str(value)


def facts(book: Book, row: RuleRow, names: Names) -> list[dict[str, str]]:
    """One row as questions and answers."""
    body = [
        {"key": field.label, "value": in_words(field, row.body[field.name], names) or "None"} for field in book.fields
    ]
    return [
        {"key": "Title", "value": row.title},
        *body,
        {"key": "Where it comes from", "value": row.source},
        {"key": "Code", "value": row.code},
    ]


def past(book: Book, versions: tuple[RuleRow, ...], names: Names, on: date) -> list[Past]:
    """Every version, newest first, with what it changed from the one before."""
    older = (*versions[1:], None)
    return [
        Past(row, ORIGINS[row.origin], tuple(_changes(book, row, before, names)), _state(row, on))
        for row, before in zip(versions, older, strict=True)
    ]


def _changes(book: Book, row: RuleRow, before: RuleRow | None, names: Names) -> Iterable[str]:
    if before is None:
        return
    pairs = [("Title", before.title, row.title), ("Where it comes from", before.source, row.source)]
    for field in book.fields:
        was, now = (in_words(field, one.body.get(field.name), names) for one in (before, row))
        pairs.append((field.label, was, now))
    yield from (f"{label}: was “{was}”" for label, was, now in pairs if was != now)


def _state(row: RuleRow, on: date) -> str:
    if row.until == row.since:
        return "Never: replaced before its first day was over"
    if row.since > on:
        return f"From {date_words(row.since)}"
    if row.until is None:
        return f"Since {date_words(row.since)}"
    return f"{date_words(row.since)} to {date_words(row.until - timedelta(days=1))}"
