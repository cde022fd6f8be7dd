"""Words of the other party: on their own pages, in the timeline, on the agenda, and of a visit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.pages.beside import Card, Said, Titles
from alongside.core.pages.filters import date_words, datetime_words
from alongside.core.rows.realms import Realm
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.agenda.rules import Kind, Lane
from alongside.support.cases.casework.models import Case
from alongside.support.cases.others import queries, rules
from alongside.support.cases.others.models import Clash, Condition, Party
from alongside.support.cases.others.queries import Opened

FORMER = "a former colleague"
PEOPLE = "related:people"
Titled = Mapping[str, Mapping[str, str]]
BOOKS = (queries.RELATIONS, queries.LIVES, queries.KNOWS, queries.DANGERS, queries.KINDS, queries.CHANGES,
         queries.ANSWERS)  # fmt: skip


def titles(on: date) -> Titled:
    return {book: rulebook.titles(book, on) for book in BOOKS}


def _said(words: str, view: str = PEOPLE) -> Said:
    def speak(details: Mapping[str, Any], titles: Titles) -> str:
        why = titles(queries.CHANGES).get(details.get("why", ""), "")
        return f"{words}: {why[:1].lower()}{why[1:]}" if why else words

    return Said(speak, "people", view)


TOLD: Mapping[str, Said] = {
    "others.added": _said("Other party added"), "others.revised": _said("Other party changed"),
    "others.removed": _said("Other party taken off the case"),
    "others.condition_added": _said("Order or condition on the other party added"),
    "others.condition_ended": _said("Order or condition on the other party taken off"),
    "others.clash_found": _said("Possible conflict found: speak with your manager", "others:clashes"),
    "others.clash_settled": _said("Possible conflict settled by a manager", "others:clashes"),
}  # fmt: skip
DUE: Mapping[str, Kind] = {
    "others.condition": Kind(
        lambda details, titles: "An order or condition on the other party ends: ask what follows", PEOPLE,
        group="reviews",
    ),
    "others.clash": Kind(
        lambda details, titles: "Possible conflict with another case: decide", "others:clashes", group="reviews",
        lane=Lane.MANAGER,
    ),
}  # fmt: skip


def beside_case(case: Case, *, by: Actor, at: datetime) -> Iterable[Card]:
    """What whoever visits must know, before anything else."""
    warned = queries.visit_warnings([case.pk], london_date(at)) if by.realm == Realm.PROVIDER else {}
    if case.pk in warned:
        yield Card("top", "others/parts/visit.html", {"warning": warned[case.pk]})


@dataclass(frozen=True)
class Masked:
    """Another party that is not opened, for the list of people."""

    party: Party
    title: str
    since: str
    conditions: tuple[tuple[Condition, str, bool], ...]


def masked(found: Iterable[queries.Shown], words: Titled, on: date) -> list[Masked]:
    return [
        Masked(
            one.party, f"Other party {place}", date_words(one.party.written_at),
            tuple((row, condition(row, words), row.until is not None and row.until < on) for row in one.conditions),
        )
        for place, one in enumerate(found, start=1)
    ]  # fmt: skip


def condition(one: Condition, words: Titled) -> str:
    kind = words[queries.KINDS].get(one.kind, one.kind)
    return f"{kind}, until {date_words(one.until)}" if one.until else f"{kind}, no last day known"


def facts(found: Opened, words: Titled) -> list[dict[str, Any]]:
    """Everything that is known, in the order in which a colleague would want it."""
    said, party = found.said, found.party
    rows = (
        ("Name", said["name"] or "Not known"),
        ("Other names", ", ".join(rules.lines(said["aliases"]))),
        ("Date of birth", date_words(found.born)),
        ("To the person we support", words[queries.RELATIONS].get(party.relation, party.relation)),
        ("Lives", words[queries.LIVES].get(party.lives, party.lives)),
        ("Knows", _listed(party.knows, words[queries.KNOWS])),
        ("Visits", _listed(found.dangers, words[queries.DANGERS])),
        ("About visits", said["warning"]),
        ("Looks like", said["description"]),
        ("Car", said["vehicle"]),
        ("Telephone", ", ".join(rules.lines(said["phones"]))),
        ("E-mail", ", ".join(rules.lines(said["emails"]))),
    )
    return [{"key": key, "value": value} for key, value in rows if value]


def _listed(codes: Iterable[str], words: Mapping[str, str]) -> str:
    return "; ".join(words.get(code, code) for code in codes)


def earlier(found: Opened, words: Titled, names: Mapping[UUID, str]) -> list[str]:
    """Each version in a line: when, who and why; the newest first."""
    return [
        f"{datetime_words(one.written_at)}, {names.get(one.written_by, FORMER) if one.written_by else FORMER}: "
        f"{words[queries.CHANGES].get(one.why, 'Added')}"
        for one in (found.party, *found.earlier)
    ]  # fmt: skip


WEAK = (Clash.What.SOUNDS_LIKE_CLIENT, Clash.What.CLIENT_SOUNDS_LIKE)


@dataclass(frozen=True)
class Conflict:
    """A possible conflict with one other case as a manager reads it, whatever number of reasons there are for it."""

    clash: Clash
    what: str
    also: tuple[str, ...]
    weak: bool
    other: Case | None
    settled: str
    words: str


def conflicts(found: Iterable[tuple[Clash, Case | None]], words: Titled, names: Mapping[UUID, str]) -> list[Conflict]:
    """What is to be decided, and was, with each other case; its reasons together, since they are decided together."""
    held: dict[tuple[UUID, datetime | None], list[tuple[Clash, Case | None]]] = {}
    for clash, other in found:
        held.setdefault((clash.against_id, clash.settled_at), []).append((clash, other))
    return [_conflict([clash for clash, _ in rows], rows[0][1], words, names) for rows in held.values()]


def _conflict(rows: list[Clash], other: Case | None, words: Titled, names: Mapping[UUID, str]) -> Conflict:
    first, *rest = rows
    return Conflict(
        first, first.get_what_display(), tuple(one.get_what_display() for one in rest),
        all(one.what in WEAK for one in rows), other, _settled(first, words, names), queries.words_of(first),
    )  # fmt: skip


def _settled(clash: Clash, words: Titled, names: Mapping[UUID, str]) -> str:
    if clash.settled_at is None:
        return ""
    who = names.get(clash.settled_by, FORMER) if clash.settled_by else FORMER
    return f"{words[queries.ANSWERS].get(clash.answer, clash.answer)}. {date_words(clash.settled_at)}, {who}."
