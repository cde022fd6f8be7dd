"""The words and tables of the rulebook's pages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from alongside.core.pages.filters import date_words
from alongside.foundation.rulebook.rules import Book, Field, RuleRow

Names = Mapping[str, Mapping[str, str]]  # titles by code, by book
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


def lines(book: Book, rows: Iterable[RuleRow], names: Names) -> list[Line]:
    """The rows with each column in words."""
    return [Line(row, tuple(in_words(field, row.body[field.name], names) for field in book.fields)) for row in rows]


def in_words(field: Field, value: Any, names: Names) -> str:
    if field.kind == "yes_no":
        return "Yes" if value else "No"
    if field.of:
        return ", ".join(names[field.of].get(code, code) for code in field.codes(value)) or "None"
    return str(value)


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
