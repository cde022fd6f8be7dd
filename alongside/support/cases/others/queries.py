"""Reads of the other party: who may, what stands, which words of a text name them, what a visit must know."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from alongside.core.access.actor import Actor
from alongside.core.privacy import crypt, fields
from alongside.core.rows import ahead
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.messages.models import ContactPoint
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.casework.models import Case
from alongside.support.cases.others import rules
from alongside.support.cases.others.models import Clash, Condition, Danger, Key, Party, keepers
from alongside.support.people.victims.models import Victim

RELATIONS, LIVES, KNOWS = "other_relations", "other_lives", "other_knows"
DANGERS, KINDS, ENDINGS = "visit_dangers", "other_conditions", "other_endings"
LOOKS, CHANGES, ANSWERS = "other_looks", "people_changes", "clash_answers"
SEALED = ("name", "aliases", "born", "description", "vehicle", "phones", "emails", "warning")


def keeps(case: Case, by: Actor) -> bool:
    """Whether the other party of a case is for the actor: they work on it or cover it today, or manage those who do."""
    return by.realm == Realm.PROVIDER and Case.objects.visible_to(by).filter(keepers(by), pk=case.pk).exists()


@dataclass(frozen=True)
class Shown:
    """Another party that is not opened: nothing of who it is."""

    party: Party
    conditions: tuple[Condition, ...]


def standing(case: Case, by: Actor) -> tuple[Shown, ...]:
    """The other parties of a case as the actor may know of them, in the order in which they were written."""
    found = Party.objects.visible_to(by).filter(case=case, superseded_at=None, gone=False).order_by("piece")
    held = list(Condition.objects.visible_to(by).filter(case=case, ended_at=None).order_by("until", "id"))
    return tuple(Shown(one, tuple(row for row in held if row.piece == one.piece)) for one in found)


@dataclass(frozen=True)
class Opened:
    """What is known of another party, opened, with its earlier versions (not opened) and its orders in words."""

    party: Party
    said: Mapping[str, str]
    conditions: tuple[tuple[Condition, str], ...]
    dangers: tuple[str, ...]
    earlier: tuple[Party, ...]

    @property
    def born(self) -> date | None:
        return date.fromisoformat(self.said["born"]) if self.said["born"] else None


def said_of(party: Party) -> dict[str, str]:
    crypt.load_keys([party.victim_id])
    return {column: fields.read(party, column) for column in SEALED}


def now(party: Party) -> Party | None:
    """The version that stands, whichever its reader had; None where they were taken off the case."""
    return Party.objects.filter(piece=party.piece, superseded_at=None, gone=False).first()


def opened(party: Party) -> Opened:
    held = Condition.objects.filter(piece=party.piece, ended_at=None).order_by("until", "id")
    earlier = Party.objects.filter(piece=party.piece).exclude(pk=party.pk).order_by("-number")
    return Opened(
        party, said_of(party), tuple((one, fields.read(one, "words")) for one in held),
        _codes([party.piece]).get(party.piece, ()), tuple(earlier),
    )  # fmt: skip


def _codes(pieces: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    rows = Danger.objects.filter(piece__in=pieces).order_by("set_at", "id").values_list("piece", "codes")
    return {piece: tuple(codes) for piece, codes in rows}


def visit_warnings(cases: Collection[UUID], on: date) -> dict[UUID, str]:
    """What whoever visits must know, by case; for everybody who may open the case. In two questions for all."""
    latest: dict[UUID, tuple[UUID, list[str]]] = {}
    for piece, case_id, codes in _dangers(*sorted(set(cases))):
        latest[piece] = (case_id, codes)
    found: dict[UUID, list[str]] = {}
    for case_id, codes in latest.values():
        found[case_id] = [*found.get(case_id, []), *codes]
    titles = rulebook.titles(DANGERS, on) if any(found.values()) else {}
    return {case_id: rules.visit_words(codes, titles) for case_id, codes in found.items() if codes}


@ahead.question
def _dangers(*cases: UUID) -> "QuerySet[Danger, Any]":
    """What was said of visits, the earliest first: the last of each person counts."""
    rows = Danger.objects.filter(case__in=cases).order_by("set_at", "id")
    return rows.values_list("piece", "case_id", "codes")


def reads(case: Case, *, by: Actor, at: datetime) -> Iterable["QuerySet[Any, Any]"]:
    """What the page of a case asks of this domain: to be read in one with more (`rows.ahead`)."""
    return (_dangers(case.pk),)


def named_in(case_id: UUID, texts: Iterable[str]) -> tuple[str, ...]:
    """The words of texts by which the other party of this case is called, as they are written. Anybody who may open the
    case may ask: blind indexes are compared in the database, and no name is read."""
    written: dict[str, str] = {}
    for text in texts:
        for plain, word in rules.phrases(text).items():
            written.setdefault(plain, word)
    if not written:
        return ()
    by_lookup = {crypt.blind(rules.SAID, plain): word for plain, word in written.items()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT others_said(%s, %s::bytea[])", [case_id, list(by_lookup)])
        found = {bytes(lookup) for (lookup,) in cursor.fetchall()}
    return tuple(dict.fromkeys(word for lookup, word in by_lookup.items() if lookup in found))


@dataclass(frozen=True)
class Meeting:
    """Another case of the same provider that meets this one, and how."""

    case: Case
    what: Clash.What


def meets(case: Case) -> tuple[Meeting, ...]:
    """Which cases of the same provider meet this one: its other party is their client, or the other way about. Run by
    the worker, who sees every row."""
    mine = list(Key.objects.filter(case=case))
    others = [key for key in mine if key.side == Key.Side.OTHER]
    clients = [key for key in mine if key.side == Key.Side.CLIENT]
    theirs = _alike(case, others, Key.Side.CLIENT) | _reached_by(case, others)
    ours = _alike(case, clients, Key.Side.OTHER) | _reach(case)
    found = {(key, Clash.What.OTHER_IS_CLIENT) for key in theirs} | {(key, Clash.What.CLIENT_IS_OTHER) for key in ours}
    sounding = _alike(case, others, Key.Side.CLIENT, rules.SOUND) - theirs
    found |= {(key, Clash.What.SOUNDS_LIKE_CLIENT) for key in sounding}
    sounding = _alike(case, clients, Key.Side.OTHER, rules.SOUND) - ours
    found |= {(key, Clash.What.CLIENT_SOUNDS_LIKE) for key in sounding}
    cases = Case.objects.in_bulk({key for key, _ in found})
    return tuple(Meeting(cases[key], what) for key, what in sorted(found) if cases[key].victim_id != case.victim_id)


def alike(left: Case, right: Case) -> bool:
    """Whether one of two cases is the other side of the other. Run by the worker."""
    return any(one.case.pk == right.pk for one in meets(left))


def _alike(case: Case, keys: list[Key], side: Key.Side, kind: str = rules.NAME) -> set[UUID]:
    """Cases whose people of the other side have a name of these, or one that sounds like it, and were not born on
    another day (for a name that sounds alike, in another year)."""
    names = {bytes(key.lookup): bytes(key.born) for key in keys if key.kind == kind}
    rows = Key.objects.filter(provider_id=case.provider_id, side=side, kind=kind, lookup__in=list(names))
    rows = rows.exclude(case=case)
    return {row.case_id for row in rows if rules.same_birth(names[bytes(row.lookup)], bytes(row.born))}


def _reached_by(case: Case, keys: list[Key]) -> set[UUID]:
    """Cases of those who are reached by a number or a mailbox of this case's other party."""
    lookups = [bytes(key.lookup) for key in keys if key.kind in (rules.PHONE, rules.EMAIL)]
    people = ContactPoint.objects.filter(lookup__in=lookups, retired_at=None).exclude(person_id=case.victim_id)
    kept = Case.objects.filter(provider_id=case.provider_id, victim_id__in=people.values("person_id"))
    return set(kept.values_list("pk", flat=True)) if lookups else set()


def _reach(case: Case) -> set[UUID]:
    """Cases whose other party has a number or a mailbox by which this case's client is reached."""
    points = ContactPoint.objects.filter(person_id=case.victim_id, retired_at=None).exclude(lookup=b"")
    lookups = [bytes(lookup) for lookup in points.values_list("lookup", flat=True)]
    rows = Key.objects.filter(provider_id=case.provider_id, side=Key.Side.OTHER, lookup__in=lookups)
    rows = rows.filter(kind__in=(rules.PHONE, rules.EMAIL)).exclude(case=case)
    return set(rows.values_list("case_id", flat=True))


def client_names(victim: Victim) -> tuple[str, ...]:
    return (f"{victim.given_name} {victim.family_name}",)


def waits(case: Case, by: Actor) -> tuple[tuple[Clash, Case | None], ...]:
    """What a manager must decide of a case, each with the other case where it is open to them."""
    found = list(Clash.objects.visible_to(by).filter(case=case).order_by("settled_at", "found_at", "id"))
    cases = Case.objects.visible_to(by).in_bulk([one.against_id for one in found])
    return tuple((one, cases.get(one.against_id)) for one in found)


@dataclass(frozen=True)
class Pair:
    """Two cases that may be on two sides of one matter, and why as it is said of one of them."""

    cases: frozenset[UUID]
    why: tuple[str, ...]


def pairs(clashes: Iterable[UUID], by: Actor) -> dict[UUID, Pair]:
    """Which two cases each of these is about, with everything of them that is still to be decided."""
    found = list(Clash.objects.visible_to(by).filter(pk__in=list(clashes)))
    open_ = Clash.objects.visible_to(by).filter(case__in=[one.case_id for one in found], settled_at=None)
    why: dict[tuple[UUID, UUID], list[str]] = {}
    for one in open_.order_by("found_at", "id"):
        why.setdefault((one.case_id, one.against_id), []).append(one.get_what_display())
    return {
        one.pk: Pair(frozenset((one.case_id, one.against_id)), tuple(why.get((one.case_id, one.against_id), ())))
        for one in found
    }


def words_of(clash: Clash) -> str:
    crypt.load_keys([clash.victim_id])
    return fields.read(clash, "words")


def names(people: Iterable[UUID | None]) -> dict[UUID, str]:
    return dict(User.objects.filter(pk__in={one for one in people if one}).values_list("pk", "name"))


def soon(on: date) -> int:
    """How many days before its end an order is raised."""
    return rulebook.rule("limits", "order_ends_soon", on).number("number")
