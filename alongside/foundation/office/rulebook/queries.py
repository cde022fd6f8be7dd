"""Reads of the rulebook. A process keeps what it read under an edition; each request asks if that holds."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from importlib import resources
from uuid import UUID

from django.db import connection

from alongside.core.errors import RuleBroken
from alongside.core.memory import remember
from alongside.foundation.office.accounts.permissions import Permission, permissions_of
from alongside.foundation.office.accounts.rules import HOUR, MINUTE, Limits, strictest
from alongside.foundation.office.organisations.models import Membership
from alongside.foundation.office.rulebook import rules
from alongside.foundation.office.rulebook.models import Rule
from alongside.foundation.office.rulebook.rules import Book, Offence, RuleRow, offence_key

NO_EDITION = UUID(int=0)
EDITION = "rulebook.edition"
PAGE = 100
ADMINISTRATOR = "administrator"
# Whoever may do one of these could do harm to everybody at once.
ADMINISTERS = {Permission.RULEBOOK_REVISE, Permission.ORGANISATION_MANAGE, Permission.JOB_OPERATE}
_SHIPPED = resources.files("alongside.foundation.office.rulebook")


@lru_cache(maxsize=1)
def books() -> Mapping[str, Book]:
    """Every book as it ships, in order of its title."""
    files = [file for file in (_SHIPPED / "books").iterdir() if file.name.endswith(".yaml")]
    found = [rules.parse_book(file.name.removesuffix(".yaml"), file.read_text("utf-8")) for file in files]
    return {book.code: book for book in sorted(found, key=lambda book: book.title.casefold())}


def edition() -> UUID:
    """Changes with every write: what was made of the rulebook under one edition holds while it stands."""
    return _stamp()


def _stamp() -> UUID:
    return remember(EDITION, _ask_stamp)


def _ask_stamp() -> UUID:
    """As SQL: every request asks, and putting the same together anew takes longer than asking it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT stamp FROM rulebook_edition LIMIT 1")
        found = cursor.fetchone()
    return found[0] if found else NO_EDITION


@lru_cache(maxsize=4)
def _versions(stamp: UUID) -> Mapping[str, tuple[RuleRow, ...]]:
    found: dict[str, list[RuleRow]] = {}
    for rule in Rule.objects.order_by("book", "position", "code", "version"):
        found.setdefault(rule.book, []).append(as_row(rule))
    return {book: tuple(rows) for book, rows in found.items()}


@lru_cache(maxsize=1024)
def _in_force(stamp: UUID, book: str, on: date) -> Mapping[str, RuleRow]:
    return {row.code: row for row in _versions(stamp).get(book, ()) if row.in_force(on)}


def as_row(rule: Rule) -> RuleRow:
    """A version as it is read. One written before its book had some column holds what that column is by default."""
    book = books().get(rule.book)
    body = {field.name: field.default for field in book.fields if not field.required} if book else {}
    return RuleRow(
        rule.book, rule.code, rule.version, rule.title, rules.freeze(body | rule.body), rule.source, rule.since,
        rule.until, rule.position, rule.origin,
    )  # fmt: skip


def current(book: str, on: date) -> tuple[RuleRow, ...]:
    """The rows of a book in force on a day, in order."""
    return tuple(_in_force(_stamp(), book, on).values())


def find(book: str, code: str, on: date) -> RuleRow | None:
    """The row in force on a day, if there is one."""
    return _in_force(_stamp(), book, on).get(code)


def rule(book: str, code: str, on: date) -> RuleRow:
    """The row in force on a day; LookupError if there is none."""
    found = find(book, code, on)
    if found is None:
        raise LookupError(f"{book}: no {code} on {on}")
    return found


def history(book: str, code: str) -> tuple[RuleRow, ...]:
    """Every version of a row, newest first."""
    return tuple(row for row in reversed(_versions(_stamp()).get(book, ())) if row.code == code)


def every_version(book: str) -> tuple[RuleRow, ...]:
    """Every version of every row of a book, in its order, the first version first."""
    return _versions(_stamp()).get(book, ())


def version(book: str, code: str, number: int) -> RuleRow:
    """The version that a record was made under; LookupError if there is none."""
    found = next((row for row in history(book, code) if row.version == number), None)
    if found is None:
        raise LookupError(f"{book}: no version {number} of {code}")
    return found


def coming(book: str, on: date) -> tuple[RuleRow, ...]:
    """Versions that are written and start after a day."""
    return tuple(row for row in _versions(_stamp()).get(book, ()) if on < row.since != row.until)


def choices(book: str, on: date) -> tuple[tuple[str, str], ...]:
    """(code, title) of the rows in force, for a form."""
    return tuple((row.code, row.title) for row in current(book, on))


def titles(book: str, on: date) -> Mapping[str, str]:
    """Title by code of the rows in force."""
    return dict(choices(book, on))


def names(book: Book, on: date) -> Mapping[str, Mapping[str, str]]:
    """The titles of every book that this one's columns name."""
    return {field.of: titles(field.of, on) for field in book.fields if field.of}


def contact_result(result: str, channel: str, on: date) -> RuleRow:
    """What came of an attempt, refused where it cannot come of that way: nobody speaks with a victim by letter."""
    row = find("contact_results", result, on)
    if row is None:
        raise RuleBroken("Choose what came of it.", "result")
    if not rules.comes_of(row, channel):
        raise RuleBroken(f"“{row.title}” cannot come of the way that you chose. Change one of the two.", "result")
    return row


def age_band(age: int | None, on: date) -> str:
    """The code of the band of an age in whole years, or `not_known`."""
    return rules.age_band(current("age_bands", on), age)


def service_crime_type(
    base: str, on: date, *, business: bool = False, domestic_abuse: bool = False, hate: bool = False
) -> str:
    """The crime type of a report, from its offence's and from what the report says that it was."""
    row = rule("crime_types", base, on)
    return rules.service_crime_type(row, business=business, domestic_abuse=domestic_abuse, hate=hate)


def session_limits(user_id: UUID, on: date) -> Limits:
    """The limits of a person's sessions: the strictest of any organisation of theirs, and of what they administer."""
    held = Membership.objects.current().filter(user_id=user_id).values_list("organisation__kind", "role")
    codes = {kind for kind, _ in held}
    if ADMINISTERS & permissions_of([role for _, role in held]):
        codes.add(ADMINISTRATOR)
    return strictest([_limits(row) for code in codes if (row := find("sessions", code, on))])


def _limits(row: RuleRow) -> Limits:
    """At least one of each: nobody can mend a rule by which nobody stays signed in."""
    places, minutes, hours = (max(1, row.number(name)) for name in ("at_once", "idle", "longest"))
    return Limits(places, minutes * MINUTE, hours * HOUR, row.flag("passkey"))


@lru_cache(maxsize=1)
def _shipped_offences() -> Mapping[str, Offence]:
    lines = (_SHIPPED / "data" / "offence_codes.csv").read_text("utf-8").splitlines()
    found = (
        Offence(offence_key(row["code"]), row["kind"], row["description"], row["group"], row["subgroup"],
                row["crime_type"], row["last_recorded"])
        for row in csv.DictReader(lines)
    )  # fmt: skip
    return {offence.key: offence for offence in found}


@lru_cache(maxsize=16)
def _offences(stamp: UUID, on: date) -> Mapping[str, Offence]:
    placed = {
        offence_key(code): row.text("crime_type") for code, row in _in_force(stamp, "offence_overrides", on).items()
    }
    shipped = _shipped_offences()
    moved = {key: replace(shipped[key], crime_type=crime) for key, crime in placed.items() if key in shipped}
    return {**shipped, **moved}


def offences(on: date) -> Mapping[str, Offence]:
    """Every offence code by its key, with the crime type that the office gives it on a day."""
    return _offences(_stamp(), on)


def offence(text: str, on: date) -> Offence | None:
    """The offence of a code in any spelling."""
    return offences(on).get(offence_key(text))


@dataclass(frozen=True)
class Found:
    """Offence codes on a page, how many there are, and the key after which the next page starts."""

    shown: tuple[Offence, ...]
    total: int
    next: str


def find_offences(on: date, *, words: str, crime_type: str, kind: str, after: str) -> Found:
    """Offence codes by code in any spelling or by words, a page at a time."""
    wanted, key = words.casefold().split(), offence_key(words)
    found = [
        one
        for one in offences(on).values()
        if crime_type in ("", one.crime_type)
        and kind in ("", one.kind)
        and (one.key == key or all(word in one.description.casefold() for word in wanted))
    ]
    start = next((place + 1 for place, one in enumerate(found) if one.key == after), 0)
    shown = tuple(found[start : start + PAGE])
    return Found(shown, len(found), shown[-1].key if len(found) > start + PAGE else "")
