"""Reads of the journey through justice: a case's proceedings, what may come next, days ahead, what the victim reads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from alongside.core.access.actor import Actor
from alongside.core.privacy import crypt, fields
from alongside.core.rows import ahead
from alongside.foundation.office.organisations.models import Force
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.rules import ADULT, MOMENTS
from alongside.support.cases.justice import lifecycle, rules
from alongside.support.cases.justice.models import UNTOLD, Chase, Proceeding, Turn
from alongside.support.cases.justice.rules import Known
from alongside.support.people.victims.queries import age_of
from alongside.support.people.victims.rules import is_under

YOUNG, MOST_SERIOUS = "vulnerable_intimidated", "most_serious_crime"
TURNS, ANSWERS = "justice_turns", "justice_answers"
BOOKS = (TURNS, ANSWERS, "justice_tracks", "justice_bodies", "told_ways", "court_kinds", "postponement_reasons",
         "reassess_answers", "justice_reported", "crime_types", "enhanced_entitlement")  # fmt: skip
Words = Mapping[str, Mapping[str, str]]


def words() -> Words:
    """The words of every book that these pages speak with; a code that is in force no more keeps its last word."""
    return {book: {row.code: row.title for row in rulebook.every_version(book)} for book in BOOKS}


def kind(code: str, on: date) -> RuleRow | None:
    return rulebook.find(TURNS, code, on)


def rule_of(turn: Turn) -> RuleRow:
    """The kind of a turn as it read when it was recorded."""
    return rulebook.version(TURNS, turn.kind, turn.rule)


def answers_for(code: str, on: date, *, also: bool = False) -> tuple[RuleRow, ...]:
    """What can be answered about a kind of turn."""
    rows = rulebook.current(ANSWERS, on)
    return tuple(row for row in rows if code in row.codes("at") and row.flag("also") == also)


def limit(code: str, on: date) -> int:
    return rulebook.rule("limits", code, on).number("number")


def reassess_days(on: date) -> int:
    return rulebook.rule("clocks", "justice_reassess", on).number("working_days")


def known(proceeding: Proceeding) -> list[Known]:
    """The turns of a proceeding that stand, as the rules see them."""
    found = Turn.objects.filter(proceeding_id=proceeding.pk, state__in=rules.STANDING).order_by("on", "recorded_at")
    return [Known(one.kind, one.state, one.on, one.leads_to, one.recorded_at) for one in found]


def may_add(proceeding: Proceeding, on: date) -> tuple[RuleRow, ...]:
    """The kinds of turn that may be recorded for a proceeding now."""
    return rules.follows(rulebook.current(TURNS, on), known(proceeding), takes_part=proceeding.takes_part)


def turn_again(proceeding: Proceeding, *, by: Actor, at: datetime, **same: Any) -> Turn | None:
    """The same turn, recorded by the same person moments ago: its form was sent twice."""
    recent = Turn.objects.filter(proceeding_id=proceeding.pk, recorded_by=by.user_id, recorded_at__gt=at - MOMENTS)
    return recent.filter(**same).exclude(state=lifecycle.STRUCK).first()


def started_again(case: Case, *, by: Actor, at: datetime, **same: Any) -> Proceeding | None:
    recent = Proceeding.objects.filter(case_id=case.pk, started_by=by.user_id, started_at__gt=at - MOMENTS, **same)
    return recent.first()


def chase_again(turn: Turn, *, by: Actor, at: datetime, **same: Any) -> Chase | None:
    recent = Chase.objects.filter(turn_id=turn.pk, recorded_by=by.user_id, recorded_at__gt=at - MOMENTS, **same)
    return recent.first()


def version_of(record: Proceeding | Turn) -> int:
    """The version that the record has at this moment, whatever the reader had before them."""
    return int(type(record).objects.values_list("version", flat=True).get(pk=record.pk))


@dataclass(frozen=True)
class Happened:
    """A turn as it is read, with its rule and every time that somebody asked for news of it."""

    turn: Turn
    rule: RuleRow
    note: str
    struck_why: str
    chases: tuple[tuple[Chase, str], ...]


@dataclass(frozen=True)
class Course:
    """A proceeding as it is read, its turns in the order of their days."""

    proceeding: Proceeding
    crime_ref: str
    officer: str
    court: str
    urn: str
    turns: tuple[Happened, ...]
    may_add: tuple[RuleRow, ...]


def courses(case: Case, today: date) -> tuple[Course, ...]:
    """Every proceeding of a case, the first first."""
    crypt.load_keys([case.victim_id])
    turns: dict[UUID, list[Happened]] = {}
    asked: dict[UUID, list[tuple[Chase, str]]] = {}
    for chase in Chase.objects.filter(case_id=case.pk).order_by("on", "recorded_at"):
        asked.setdefault(chase.turn_id, []).append((chase, fields.read(chase, "note")))
    for turn in Turn.objects.filter(case_id=case.pk).order_by("on", "recorded_at", "id"):
        turns.setdefault(turn.proceeding_id, []).append(_happened(turn, asked.get(turn.pk, ())))
    found = Proceeding.objects.filter(case_id=case.pk).order_by("started_at", "id")
    return tuple(_course(one, turns.get(one.pk, ()), today) for one in found)


def _happened(turn: Turn, chases: Iterable[tuple[Chase, str]]) -> Happened:
    return Happened(turn, rule_of(turn), fields.read(turn, "note"), fields.read(turn, "struck_why"), tuple(chases))


def _course(one: Proceeding, turns: Iterable[Happened], today: date) -> Course:
    happened = tuple(turns)
    standing = [
        Known(found.turn.kind, found.turn.state, found.turn.on)
        for found in happened if found.turn.state in rules.STANDING
    ]  # fmt: skip
    may = rules.follows(rulebook.current(TURNS, today), standing, takes_part=one.takes_part)
    read = {name: fields.read(one, name) for name in ("crime_ref", "officer", "court", "urn")}
    return Course(one, turns=happened, may_add=may, **read)


@dataclass(frozen=True)
class Counts:
    """How the agencies kept the Code's times in a case: told in time, told late, not told and late, still due."""

    in_time: int
    late: int
    overdue: int
    due: int


NO_COUNTS = Counts(0, 0, 0, 0)


def counts(turns: Iterable[Turn], now: datetime) -> Counts:
    found = [rules.told(one.due_at, one.told_on, now) for one in turns if one.state != lifecycle.STRUCK]
    return Counts(*(found.count(what) for what in
                    (rules.Told.IN_TIME, rules.Told.LATE, rules.Told.OVERDUE, rules.Told.DUE)))  # fmt: skip


def standing(case: Case) -> tuple[Turn, ...]:
    """What is set or not told yet on a case, in one read: for its card."""
    return tuple(_standing(case))


@ahead.question
def _standing(case: Case) -> "QuerySet[Turn]":
    wanted = Turn.objects.filter(case_id=case.pk, state__in=(lifecycle.DONE, lifecycle.LISTED))
    return wanted.order_by("-on", "-recorded_at")


def reads(case: Case, *, by: Actor, at: datetime) -> Iterable["QuerySet[Any]"]:
    """What the page of a case asks of this domain: to be read in one with more (`rows.ahead`)."""
    return (_standing(case),)


def days_ahead(rows: "QuerySet[Turn]", *, until: date) -> "QuerySet[Turn]":
    """Days at court that are set, up to a day; those whose day has passed are there until somebody says what came."""
    return rows.filter(state=lifecycle.LISTED, on__lte=until)


def owed(rows: "QuerySet[Turn]", *, until: datetime) -> "QuerySet[Turn]":
    """News that victims are owed and that nobody has told them, due up to a moment."""
    return rows.filter(UNTOLD, due_at__lte=until)


@dataclass(frozen=True)
class Stage:
    """A step of the victim's own journey: codes, a day, and calm words that give nothing away beyond where it stands.

    `state`: done, next (a day that is set) or moved. `part` is a code of `justice_tracks`.
    """

    code: str
    part: str
    words: str
    when: date
    state: str


@dataclass(frozen=True)
class Way:
    """One proceeding as its victim reads it: where it stands, what came, and what this part of the way is."""

    state: str
    takes_part: bool
    stages: tuple[Stage, ...]
    part: str
    part_words: str


SHOWN_AS = {lifecycle.DONE: "done", lifecycle.LISTED: "next", lifecycle.POSTPONED: "moved"}


def journey(case: Case) -> tuple[Way, ...]:
    """What the victim may read of their own way through justice: no name, place, note or reference is in it."""
    turns: dict[UUID, list[Turn]] = {}
    for turn in Turn.objects.filter(case_id=case.pk, state__in=rules.STANDING).order_by("on", "recorded_at"):
        turns.setdefault(turn.proceeding_id, []).append(turn)
    tracks = {row.code: row for row in rulebook.every_version("justice_tracks")}
    found = Proceeding.objects.filter(case_id=case.pk).order_by("started_at", "id")
    return tuple(_way(one, turns.get(one.pk, []), tracks) for one in found)


def _way(one: Proceeding, turns: Iterable[Turn], tracks: Mapping[str, RuleRow]) -> Way:
    """It stands in the furthest part of which anything came or is set: a day at court that is set is the court's."""
    stages = tuple(_stage(turn) for turn in turns)
    main = [stage.part for stage in stages if tracks[stage.part].flag("main")]
    part = max(main, key=lambda code: tracks[code].position, default="")
    return Way(one.state, one.takes_part, stages, part, tracks[part].text("words") if part else "")


def _stage(turn: Turn) -> Stage:
    row = rule_of(turn)
    return Stage(turn.kind, row.text("track"), row.text("words"), turn.on, SHOWN_AS[turn.state])


def forces() -> Mapping[str, str]:
    """Police forces by code, in the order of their names."""
    return dict(Force.objects.order_by("name").values_list("slug", "name"))


def as_named(proceeding: Proceeding) -> dict[str, Any]:
    """What a proceeding is known by now, whatever the reader had before them, for its form."""
    fresh = Proceeding.objects.get(pk=proceeding.pk)
    read = {name: fields.read(fresh, name) for name in ("crime_ref", "officer", "court", "urn")}
    kept = {name: getattr(fresh, name) for name in ("crime_type", "force", "court_kind", "entitlements")}
    return {**read, **kept}


def one_turn(turn: Turn) -> Happened:
    """A turn as it stands now, with every time that somebody asked for news of it."""
    fresh = Turn.objects.get(pk=turn.pk)
    asked = Chase.objects.filter(turn_id=turn.pk).order_by("on", "recorded_at")
    return _happened(fresh, [(one, fields.read(one, "note")) for one in asked])


def how_to_ask(body: str, on: date) -> str:
    """How an agency is asked for what it owes."""
    row = rulebook.find("justice_bodies", body, on)
    return row.text("chase") if row else ""


def entitled(case: Case, crime_type: str, today: date) -> list[str]:
    """The Enhanced Rights that were found. Whoever is under 18 is vulnerable by that alone, and a crime that the
    rulebook counts among the most serious brings them by itself, whether or not anybody has decided on them yet."""
    victim, row = case.victim, rulebook.find("crime_types", crime_type, today)
    alone = {
        YOUNG: is_under(ADULT, age_of(victim, today), victim.said_under),
        MOST_SERIOUS: row is not None and row.flag("high_harm"),
    }
    found = list(case.referral.entitlements)
    return [*found, *(code for code, holds in alone.items() if holds and code not in found)]
