"""Reads of waiting lists: which there are, in which order people stand and why, and what of a case waits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Q, QuerySet

from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.pages import beside
from alongside.core.rows import ahead
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.messages import queries as messages
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.referrals.rules import tidy_reference
from alongside.support.cases.casework import queries as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.waiting import lifecycle, rules
from alongside.support.cases.waiting.models import (
    IN_HAND,
    KEEPS_PLACE,
    OPEN_OFFER,
    WAITS,
    Entry,
    Place,
    PositionRule,
    WaitingList,
)
from alongside.support.cases.waiting.rules import Stand, Waiter, Weights
from alongside.support.people.victims.models import Victim
from alongside.support.people.victims.rules import name_part

MODALITIES, NEEDS, WISHES, PAUSES = "list_modalities", "waiting_needs", "waiting_wishes", "waiting_pauses"
DECLINES, LEAVINGS, OUT_OF_TURN = "waiting_declines", "waiting_leavings", "waiting_out_of_turn"
BOOKS = (MODALITIES, NEEDS, WISHES, PAUSES, DECLINES, LEAVINGS, OUT_OF_TURN)
CASE_CLOSED = "case_closed"
SHORTEST_NAME, NAMES_AT_MOST = 2, 500


Words = Mapping[str, Mapping[str, str]]
SIZE = 50


def words(on: date) -> Words:
    """The words of every book that waiting lists speak with."""
    return {book: rulebook.titles(book, on) for book in BOOKS}


def title(held: WaitingList, on: date) -> str:
    """What a list is called: its service and its way of helping."""
    return f"{held.service.name}: {rulebook.titles(MODALITIES, on).get(held.modality, held.modality)}"


def check_code(book: str, code: str, field: str, said: str, on: date) -> None:
    if rulebook.find(book, code, on) is None:
        raise RuleBroken(said, field)


def wishes(codes: Iterable[str], on: date) -> list[str]:
    """Those of the book, each once, in its order."""
    wanted = set(codes)
    return [row.code for row in rulebook.current(WISHES, on) if row.code in wanted]


def leavings(on: date) -> dict[str, str]:
    """Why a worker may say that somebody left."""
    return {row.code: row.title for row in rulebook.current(LEAVINGS, on) if row.flag("chosen")}


def shared(held: WaitingList, on: date) -> bool:
    """Whether many people share a place on this list."""
    row = rulebook.find(MODALITIES, held.modality, on)
    return row is not None and row.flag("shared")


def need_points(on: date) -> dict[str, int]:
    return {row.code: row.number("points") for row in rulebook.current(NEEDS, on)}


def services(by: Actor) -> QuerySet[Service]:
    """The services that the actor's organisation runs."""
    return Service.objects.filter(provider_id=by.organisation_id).order_by("name", "id")


def lists(by: Actor) -> QuerySet[WaitingList]:
    return WaitingList.objects.visible_to(by).select_related("service").order_by("service__name", "modality")


def rule_on(held: WaitingList, on: date) -> PositionRule:
    """The version of the list's rule in force on a day; before the first, the first."""
    found = list(PositionRule.objects.filter(list=held).order_by("number"))
    begun = [one for one in found if one.from_on <= on]
    return begun[-1] if begun else found[0]


def coming(held: WaitingList, on: date) -> PositionRule | None:
    """A version that is written and has not begun."""
    later: PositionRule | None = PositionRule.objects.filter(list=held, from_on__gt=on).order_by("-number").first()
    return later


def weights(rule: PositionRule) -> Weights:
    return Weights(rule.number, rule.need, rule.risk, rule.week)


def order(held: WaitingList, under: Weights, on: date) -> tuple[Stand, ...]:
    """Everybody on a list in order, those too whose record is closed to the reader, of whom nothing more is told."""
    points = need_points(on)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, need, high_risk, joined_on, state FROM waiting_standing(%s)", [held.pk])
        found = [Waiter(key, points.get(need, 0), risk, day, state) for key, need, risk, day, state in cursor]
    return rules.stands(found, under, on)


def order_now(held: WaitingList, on: date) -> tuple[Stand, ...]:
    return order(held, weights(rule_on(held, on)), on)


@dataclass(frozen=True)
class Length:
    """How many wait on a list, are paused, have an offer, and have started and not finished."""

    held: WaitingList
    waiting: int
    paused: int
    offered: int
    started: int

    @property
    def people(self) -> int:
        """All who keep a place."""
        return self.waiting + self.paused + self.offered


def lengths(by: Actor) -> tuple[Length, ...]:
    """Every list of the actor's organisation with how many wait on it."""
    return tuple(length(one) for one in lists(by))


def length(held: WaitingList) -> Length:
    """Counted by state, those too whose records are closed to the reader."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, count(*) FROM waiting_standing(%s) GROUP BY state", [held.pk])
        found = dict(cursor.fetchall())
    started = Entry.objects.filter(list=held, state=lifecycle.STARTED).count()
    waiting, paused, offered = (int(found.get(state, 0)) for state in KEEPS_PLACE)
    return Length(held, waiting, paused, offered, started)


FILTERS: Mapping[str, Q] = {
    "": Q(),
    "ready": Q(state=lifecycle.WAITING),
    "paused": Q(state=lifecycle.PAUSED),
    "offered": Q(state=lifecycle.OFFERED),
    "decide": ~Q(decide=""),
}


def wanted(held: WaitingList, *, asked: Mapping[str, str], people: Q, today: date) -> set[UUID] | None:
    """The keys of those whom search and filters leave; None where nothing was asked, so that all are."""
    state, late = FILTERS.get(asked.get("state", ""), Q()), asked.get("due", "")
    tests = {
        "review": Q(review_due_on__lt=today), "contact": Q(contact_due_on__lt=today),
        "pause": Q(paused_until__lt=today),
    }  # fmt: skip
    asks = state & tests.get(late, Q()) & people
    if asked.get("risk") == "high":
        asks &= Q(case__high_risk=True)
    if asked.get("wish"):
        asks &= Q(wishes__contains=[asked["wish"]])
    if not asks:
        return None
    return set(Entry.objects.filter(WAITS, asks, list=held).values_list("pk", flat=True))


def people(text: str, by: Actor) -> Q:
    """By the whole reference of the case, or by the beginning of the family name."""
    if not text.strip():
        return Q()
    if reference := tidy_reference(text):
        return Q(case__reference=reference)
    name = name_part(text)
    if len(name) < SHORTEST_NAME:
        return Q(pk=None)
    found = Victim.objects.visible_to(by).filter(name_key__begins=name).values_list("pk", flat=True)
    return Q(victim_id__in=list(found[:NAMES_AT_MOST]))


@dataclass(frozen=True)
class Line:
    """One line of a list: who, and where they stand and why."""

    entry: Entry
    stand: Stand


@dataclass(frozen=True)
class Found:
    """One page of a list in order, how many there are in all, and where the pages on either side begin."""

    lines: tuple[Line, ...]
    count: int
    beside: tuple[int | None, int | None]


def found(
    held: WaitingList, rule: PositionRule, *, asked: Mapping[str, str], by: Actor, skip: str, today: date
) -> Found:  # fmt: skip
    """The people whom search and filters leave, in order. Those whose records are closed to the reader keep their
    position, and are not shown."""
    everybody = order(held, weights(rule), today)
    left = wanted(held, asked=asked, people=people(asked.get("q", ""), by), today=today)
    kept = everybody if left is None else [one for one in everybody if one.waiter.key in left]
    first = int(skip) if skip.isascii() and skip.isdigit() and int(skip) < len(kept) else 0
    shown = kept[first : first + SIZE]
    read = entries_of([one.waiter.key for one in shown])
    lines = tuple(Line(read[one.waiter.key], one) for one in shown if one.waiter.key in read)
    further = first + SIZE if first + SIZE < len(kept) else None
    return Found(lines, len(kept), (max(first - SIZE, 0) if first else None, further))


def entries_of(keys: Iterable[UUID]) -> dict[UUID, Entry]:
    found = Entry.objects.filter(pk__in=list(keys)).select_related("case", "case__victim")
    return {one.pk: one for one in found}


@dataclass(frozen=True)
class Despite:
    """A hold on contact, and the reasons for which this person may record one nevertheless."""

    held: messages.Held | None
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Waits:
    """One place of a case: where it stands, the offer that waits for an answer, and all that were made."""

    entry: Entry
    stand: Stand | None
    of: int
    offer: Place | None
    places: tuple[Place, ...]
    kept_until: date | None


def of_case(case: Case, today: date) -> tuple[Waits, ...]:
    """Every place of a case on a list, those in hand first and then the latest."""
    found = Entry.objects.filter(case=case).select_related("list", "list__service")
    places: dict[UUID, list[Place]] = {}
    for one in Place.objects.filter(case=case).order_by("-offered_at", "-id"):
        places.setdefault(one.entry_id, []).append(one)
    ordered = sorted(found, key=lambda one: (one.ended_at is not None, -one.added_at.timestamp()))
    return tuple(_waits(one, tuple(places.get(one.pk, ())), today) for one in ordered)


def _waits(entry: Entry, places: tuple[Place, ...], today: date) -> Waits:
    everybody = order_now(entry.list, today) if entry.state in KEEPS_PLACE else ()
    here = next((one for one in everybody if one.waiter.key == entry.pk), None)
    offer = next((one for one in places if one.state == Place.State.OFFERED), None)
    kept = kept_until(entry, today) if entry.state == lifecycle.LEFT else None
    return Waits(entry, here, len(everybody), offer, places, kept)


def kept_until(entry: Entry, today: date) -> date | None:
    """Until when somebody who left comes back to the day they first joined; None where that is over."""
    last = rules.keeps_until(london_date(entry.ended_at or entry.added_at), casework.limit("waiting_place_kept", today))
    return last if today <= last else None


def came_from(case: Case, held: WaitingList, today: date) -> Entry | None:
    """The place that somebody left on a list of the same way of helping, and has come back to in time."""
    left = Entry.objects.filter(
        list__modality=held.modality, state=lifecycle.LEFT, list__provider_id=held.provider_id,
        victim_id=case.victim_id,
    )  # fmt: skip
    return next((one for one in left.order_by("-ended_at") if kept_until(one, today)), None)


def kept_from(case: Case, held: WaitingList, before: Entry | None) -> date | None:
    """The day that is theirs from before: of a place that they left here, or of one at the service they came from."""
    days = [before.joined_on] if before else []
    return min([*days, *beside.known("case.waited", case, held.modality)], default=None)


def on_list(case: Case, held: WaitingList) -> Entry | None:
    """The place of a case on a list, or the help from it that goes on."""
    found: Entry | None = Entry.objects.filter(IN_HAND, case=case, list=held).first()
    return found


def passed(entry: Entry, today: date) -> int:
    """How many who could take a place stand before somebody."""
    return rules.before_them(order_now(entry.list, today), entry.pk)


def left(case: Case, today: date) -> tuple[tuple[Entry, date], ...]:
    """Places that the case left and may come back to with the day it had, each with until when."""
    gone = Entry.objects.filter(case=case, state=lifecycle.LEFT).select_related("list", "list__service")
    kept = ((one, kept_until(one, today)) for one in gone.order_by("-ended_at"))
    return tuple((one, until) for one, until in kept if until)


def need_hints(on: date) -> dict[str, str]:
    """When to choose each need."""
    return {row.code: row.text("ask") for row in rulebook.current(NEEDS, on)}


def tried(
    held: WaitingList, said: Mapping[str, Any], today: date
) -> tuple[rules.Effect, dict[UUID, Entry]]:  # fmt: skip
    """What another rule would do on the day from which it counts, and those who would move most."""
    on, now = max(said["from_on"], today), rule_on(held, today)
    then = Weights(now.number + 1, said["need"], said["risk"], said["week"])
    effect = rules.effect(order(held, weights(now), on), order(held, then, on))
    return effect, entries_of(shift.key for shift in effect.most)


def despite(case: Case, *, by: Actor, at: datetime) -> Despite:
    """The hold on contact with somebody, and why this person may record one nevertheless."""
    held = messages.held(case.victim_id, at)
    return Despite(held, messages.hold_overrides(case.victim_id, by=by, at=at))


def open_offer(entry: Entry) -> Place | None:
    found: Place | None = Place.objects.filter(OPEN_OFFER, entry=entry).first()
    return found


def taken_by(held: WaitingList, worker: UUID, starts_at: datetime) -> bool:
    """Whether this very place is offered to somebody, or theirs."""
    kept = Place.objects.filter(list=held, worker=worker, starts_at=starts_at, shared=False)
    return kept.filter(state__in=[Place.State.OFFERED, Place.State.TAKEN]).exists()


def open_lists(case: Case) -> QuerySet[WaitingList]:
    """Lists that the case could join: open, of a service that is, and not those that it is on."""
    mine = Entry.objects.filter(IN_HAND, case=case).values("list_id")
    found = WaitingList.objects.filter(provider_id=case.provider_id, state=lifecycle.OPEN)
    found = found.exclude(pk__in=mine).filter(service__in=Service.objects.open())
    return found.select_related("service").order_by("service__name", "modality")


def closed_lists(case: Case) -> QuerySet[WaitingList]:
    """Lists of the provider that take nobody new: shown with why, and with what is offered meanwhile."""
    found = WaitingList.objects.filter(provider_id=case.provider_id, state=lifecycle.CLOSED)
    return found.select_related("service").order_by("service__name", "modality")


def service_open(held: WaitingList) -> bool:
    return Service.objects.open().filter(pk=held.service_id).exists()


def late_offers(at: datetime) -> QuerySet[Place]:
    """Offers whose time to answer is over."""
    return Place.objects.filter(OPEN_OFFER, answer_by__lt=at).order_by("answer_by", "id")


def in_hand(case_id: UUID) -> QuerySet[Entry]:
    """What of a case waits or has begun, held until this transaction ends."""
    found = Entry.objects.filter(IN_HAND, case_id=case_id).select_for_update(of=("self",))
    return found.select_related("list", "case").order_by("added_at", "id")


def card(case: Case) -> list[Any]:
    """What the case's own page says of it, in one question."""
    return list(_card(case))


@ahead.question
def _card(case: Case) -> "QuerySet[Any, Any]":
    return Entry.objects.filter(IN_HAND, case=case).order_by("added_at").values(
        "list__modality", "state", "joined_on", "review_due_on", "decide", service=F("list__service__name")
    )  # fmt: skip


def reads(case: Case, *, by: Actor, at: datetime) -> Iterable["QuerySet[Any]"]:
    """What the page of a case asks of this domain: to be read in one with more (`rows.ahead`)."""
    return (_card(case),)


def to_take_away(held: WaitingList, today: date) -> tuple[Line, ...]:
    """Everybody on a list in order, for a file: codes and days alone."""
    found = order_now(held, today)
    read = entries_of([one.waiter.key for one in found])
    return tuple(Line(read[one.waiter.key], one) for one in found if one.waiter.key in read)


def to_decide(by: Actor) -> dict[UUID, int]:
    """How many who wait need somebody's decision, by list of the whole organisation."""
    found = Entry.objects.filter(WAITS, ~Q(decide=""), list__provider_id=by.organisation_id)
    return dict(found.values_list("list").annotate(n=Count("id")).order_by("list"))
