"""Words of people around a case: on their page, in its timeline and on the agenda."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from alongside.core.access.actor import Actor
from alongside.core.pages.beside import Said, Tab, Titles
from alongside.core.pages.filters import date_words, datetime_words
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.agenda.rules import Kind
from alongside.support.cases.casework.models import Case
from alongside.support.cases.related import queries, rules
from alongside.support.cases.related.models import Professional, Relative
from alongside.support.cases.related.queries import Known

FORMER = "a former colleague"
PEOPLE = "related:people"
NO_NAME = "Name not given"
TAGS = {"yes": {"word": "May be told", "colour": "green"}, "ask": {"word": "Ask first", "colour": "yellow"},
        "no": {"word": "Must not learn it from us", "colour": "red"}}  # fmt: skip
Titled = Mapping[str, Mapping[str, str]]


def titles(on: date) -> Titled:
    books = (queries.RELATIONS, queries.RESPONSIBILITY, queries.ROLES, queries.CHANGES)
    return {book: rulebook.titles(book, on) for book in books}


def tabs(case: Case, *, by: Actor) -> tuple[Tab, ...]:
    works = by.realm == Realm.PROVIDER and by.may(P.CASE_WORK)
    return (Tab("People", "people", PEOPLE, often=True),) if works else ()


def _said(words: str) -> Said:
    def speak(details: Mapping[str, Any], titles: Titles) -> str:
        why = titles(queries.CHANGES).get(details.get("why", ""), "")
        role = titles(queries.ROLES).get(details.get("role", ""), "")
        more = why or role
        return f"{words}: {more[:1].lower()}{more[1:]}" if more else words

    return Said(speak, "people", PEOPLE)


TOLD: Mapping[str, Said] = {
    "related.relative_added": _said("Somebody of the household added"),
    "related.relative_revised": _said("Somebody of the household changed"),
    "related.relative_removed": _said("Somebody of the household taken off"),
    "related.asked_at_18": _said("A child turned 18 and was asked what they agree to themselves"),
    "related.professional_added": _said("A professional added"),
    "related.professional_revised": _said("A professional changed"),
    "related.professional_removed": _said("A professional taken off"),
}  # fmt: skip
DUE: Mapping[str, Kind] = {
    "related.grown": Kind(
        lambda details, titles: "A child turns 18: ask again what they agree to themselves", PEOPLE, group="reviews"
    )
}  # fmt: skip


@dataclass(frozen=True)
class Person:
    """Somebody in words. `lines`: pairs of what and which; `copies`: ways to reach them, to be copied by a press."""

    row: Any
    title: str
    under: str
    lines: tuple[tuple[str, str], ...]
    copies: tuple[tuple[str, str], ...] = ()
    tag: Mapping[str, str] | None = None
    own_case: Case | None = None
    grown: bool = False


def relative(known: Known, words: Titled, today: date) -> Person:
    row, said = known.row, known.said
    lines = (
        ("Age", rules.age_words(row.birth_date, row.age_said, row.age_said_on, today)),
        ("Lives", row.get_lives_display()),
        ("Parental responsibility", words[queries.RESPONSIBILITY].get(row.responsibility, row.responsibility)),
        ("School", said["school"]), ("Needs", said["needs"]), ("Social worker", said["social_worker"]),
    )  # fmt: skip
    grown = bool(row.child and row.birth_date and rules.grown_up_on(row.birth_date) <= today and not row.asked_at)
    return Person(
        row, said["name"] or NO_NAME, words[queries.RELATIONS].get(row.relation, row.relation), _filled(lines),
        own_case=known.own_case, grown=grown,
    )  # fmt: skip


def _filled(lines: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((key, value) for key, value in lines if value)


def professional(known: Known, words: Titled) -> Person:
    row, said = known.row, known.said
    role = words[queries.ROLES].get(row.role, row.role)
    return Person(
        row, said["name"] or said["organisation"], ", ".join(filter(None, (role, said["organisation"]))),
        (("Asked on", date_words(row.told_on)),), _filled((("Telephone", said["phone"]), ("E-mail", said["email"]))),
        tag=TAGS[row.may_be_told],
    )  # fmt: skip


@dataclass(frozen=True)
class Past:
    """Somebody as they were: each version in a line, the newest first."""

    title: str
    gone: bool
    versions: tuple[tuple[str, str], ...]


def past(found: Iterable[tuple[Known, ...]], words: Titled, names: Mapping[UUID, str], today: date) -> list[Past]:
    return [
        Past(
            next((one.said["name"] for one in versions if one.said["name"]), NO_NAME), versions[0].row.gone,
            tuple((_when(one, words, names), _whole(one, words, today)) for one in versions),
        )
        for versions in found
    ]  # fmt: skip


def _when(one: Known, words: Titled, names: Mapping[UUID, str]) -> str:
    who = names.get(one.row.written_by, FORMER)
    return f"{datetime_words(one.row.written_at)}, {who}: {words[queries.CHANGES].get(one.row.why, 'Added')}"


def _whole(one: Known, words: Titled, today: date) -> str:
    if one.row.gone:
        return "Taken off"
    person = relative(one, words, today) if isinstance(one.row, Relative) else professional(one, words)
    told = one.row.get_may_be_told_display() if isinstance(one.row, Professional) else ""
    pairs = [f"{key}: {value}" for key, value in (*person.lines, *person.copies)]
    return ". ".join(filter(None, (f"{person.title}, {person.under}", *pairs, told)))
