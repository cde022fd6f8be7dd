"""Writes of the rulebook: what ships, and what an office changes. Nothing is ever overwritten."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.memory import forget
from alongside.foundation.office.rulebook import queries, rules
from alongside.foundation.office.rulebook.models import Edition, Rule
from alongside.foundation.office.rulebook.rules import Book, ShippedRow

ONE = 1


@dataclass(frozen=True)
class Loaded:
    """What a load did, as book/code: added, changed by a new version, kept as the office has it, gone."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    kept: tuple[str, ...]
    gone: tuple[str, ...]


@transaction.atomic
def load_books(*, by: Actor, at: datetime) -> Loaded:
    """Brings the shipped books in; again, it changes nothing. What an office changed or withdrew is kept."""
    edition = _lock()
    stored: dict[tuple[str, str], list[Rule]] = defaultdict(list)
    for rule in Rule.objects.order_by("version"):
        stored[rule.book, rule.code].append(rule)
    found: dict[str, list[str]] = {"added": [], "changed": [], "kept": [], "gone": []}
    for book in queries.books().values():
        for row in book.rows:
            verdict = _load_row(book, row, stored.pop((book.code, row.code), []), by=by, at=at)
            found.get(verdict, []).append(f"{book.code}/{row.code}")
    found["gone"] = [f"{book}/{code}" for (book, code), versions in stored.items() if _shipped(versions)]
    if found["added"] or found["changed"]:
        _turn(edition)
        events.record("rulebook.loaded", edition.stamp, by=by, at=at,
                      added=len(found["added"]), changed=len(found["changed"]))  # fmt: skip
    return Loaded(**{word: tuple(rows) for word, rows in found.items()})


@transaction.atomic
def revise(
    book: str,
    code: str,
    *,
    by: Actor,
    at: datetime,
    title: str,
    body: Mapping[str, Any],
    source: str,
    since: date,
    seen: int | None = None,
) -> Rule:
    """Writes a new version of a row, from a day on. `seen` is the version that the writer began from."""
    edition, shipped = _lock(), _book(book)
    latest = _open(book, code)
    _check_seen(latest, seen)
    rules.check_row(shipped, title, body, source)
    rules.check_start(since, london_date(at), latest.since)
    _check_codes(shipped, body, since)
    if (latest.title, latest.body, latest.source) == (title, dict(body), source):
        raise RuleBroken("Nothing was changed.")
    rule = _follow(latest, since, title=title, body=dict(body), source=source, origin=Rule.Origin.OFFICE, by=by, at=at)
    _turn(edition)
    events.record("rule.revised", rule.pk, by=by, at=at, book=book, code=code, version=rule.version)
    return rule


@transaction.atomic
def add(
    book: str,
    code: str,
    *,
    by: Actor,
    at: datetime,
    title: str,
    body: Mapping[str, Any],
    source: str,
    since: date,
) -> Rule:
    """Adds a row of the office's own."""
    edition, shipped = _lock(), _book(book)
    held = Rule.objects.filter(book=book)
    rules.check_code(code, set(held.values_list("code", flat=True)))
    rules.check_row(shipped, title, body, source)
    rules.check_start(since, london_date(at), since)
    _check_codes(shipped, body, since)
    rule = Rule.objects.create(
        book=book, code=code, version=ONE, title=title, body=dict(body), source=source, since=since,
        position=1 + max(held.values_list("position", flat=True), default=-1), origin=Rule.Origin.OFFICE,
        created_at=at, created_by=by.user_id,
    )  # fmt: skip
    _turn(edition)
    events.record("rule.added", rule.pk, by=by, at=at, book=book, code=code)
    return rule


@transaction.atomic
def withdraw(book: str, code: str, *, by: Actor, at: datetime, until: date, seen: int | None = None) -> Rule:
    """Ends a row: from this day on it can no longer be chosen. What was made under it keeps it."""
    edition = _lock()
    latest = _open(book, code)
    _check_seen(latest, seen)
    if code in _book(book).needed:
        raise RuleBroken("Alongside itself asks for this row: it can be revised, but not withdrawn.")
    rules.check_start(until, london_date(at), latest.since)
    users = list(_pointing_at(book, code, until))
    if users:
        raise RuleBroken(f"Still used by {', '.join(users[:3])}. Change that first.")
    latest.until = until
    latest.save(update_fields=["until"])
    _turn(edition)
    events.record("rule.withdrawn", latest.pk, by=by, at=at, book=book, code=code)
    return latest


def _check_seen(latest: Rule, seen: int | None) -> None:
    """Whoever writes has seen what the row says now."""
    if seen not in (None, latest.version):
        raise RuleBroken("Somebody else revised this row meanwhile. Open it again to see what it says now.")


def _lock() -> Edition:
    """One writer at a time."""
    Edition.objects.get_or_create(pk=ONE)
    return Edition.objects.select_for_update().get(pk=ONE)


def _turn(edition: Edition) -> None:
    edition.stamp = uuid7()
    edition.save(update_fields=["stamp"])
    forget(queries.EDITION)


def _book(code: str) -> Book:
    if code not in queries.books():
        raise RuleBroken("There is no such book.")
    return queries.books()[code]


def _open(book: str, code: str) -> Rule:
    rule = Rule.objects.select_for_update().filter(book=book, code=code, until=None).first()
    if rule is None:
        raise RuleBroken("This row has been withdrawn.")
    return rule


def _shipped(versions: list[Rule]) -> bool:
    return versions[-1].origin == Rule.Origin.SHIPPED and versions[-1].until is None


def _follow(latest: Rule, since: date, *, by: Actor, at: datetime, **words: Any) -> Rule:
    latest.until = since
    latest.save(update_fields=["until"])
    return Rule.objects.create(
        book=latest.book, code=latest.code, version=latest.version + 1, since=since, position=latest.position,
        created_at=at, created_by=by.user_id, **words,
    )  # fmt: skip


def _load_row(book: Book, row: ShippedRow, versions: list[Rule], *, by: Actor, at: datetime) -> str:
    """added, changed, kept, or same."""
    words = {"title": row.title, "body": dict(row.body), "source": row.source, "origin": Rule.Origin.SHIPPED}
    if not versions:
        Rule.objects.create(
            book=book.code, code=row.code, version=ONE, since=row.since or book.since, position=row.position,
            created_at=at, created_by=by.user_id, **words,
        )  # fmt: skip
        return "added"
    latest = versions[-1]
    if latest.position != row.position:
        Rule.objects.filter(book=book.code, code=row.code).update(position=row.position)
        latest.position = row.position
    if any(_same(version, row) for version in versions[-1:] + _last_shipped(versions)):
        return "same"
    if not _shipped(versions):
        return "kept"
    _follow(latest, max(row.since or london_date(at), latest.since), by=by, at=at, **words)
    return "changed"


def _last_shipped(versions: list[Rule]) -> list[Rule]:
    return [version for version in versions if version.origin == Rule.Origin.SHIPPED][-1:]


def _same(version: Rule, row: ShippedRow) -> bool:
    return (version.title, version.body, version.source) == (row.title, dict(row.body), row.source)


def _check_codes(book: Book, body: Mapping[str, Any], on: date) -> None:
    for field in book.fields:
        known = queries.titles(field.of, on) if field.of else {}
        if any(code not in known for code in field.codes(body[field.name])):
            raise RuleBroken("Choose from the rows in force on that day.", field.name)


def _pointing_at(target: str, code: str, on: date) -> Iterator[str]:
    """What in force names this row, in words."""
    if target == "crime_types" and any(one.crime_type == code for one in queries.offences(on).values()):
        yield "offence codes"
    for book in queries.books().values():
        names = [field for field in book.fields if field.of == target]
        for row in queries.current(book.code, on) if names else ():
            if any(code in field.codes(row.body[field.name]) for field in names):
                yield f"{book.title}: {row.title}"
