"""Every write about a list itself: set up, changed, its order ruled anew from a day, closed and opened again."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction

from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.documents import actions as documents
from alongside.foundation.office.documents.rules import Column
from alongside.support.cases.waiting import lifecycle, queries, rules
from alongside.support.cases.waiting.models import PositionRule, WaitingList

SETTINGS = (
    "limit_people", "limit_weeks", "review_weeks", "contact_weeks", "answer_days", "declines_talk", "workers", "each",
)  # fmt: skip
WEIGHTS = ("need", "risk", "week")
THERE_IS = "This service has a list for that already."
NO_WEIGHT = "Give at least one of them a point: with none the order would say nothing."
COLUMNS = (
    Column("position", "Position"), Column("reference", "Reference"), Column("state", "State"),
    Column("joined", "Joined on"), Column("weeks", "Weeks waited"), Column("need", "Need"),
    Column("high_risk", "High risk"), Column("points", "Points"), Column("wishes", "Would suit them"),
    Column("review", "Review due"), Column("contact", "Contact due"),
)  # fmt: skip
NOTE = "No names: look people up by their reference. Those whose records are not open to you are left out."


@transaction.atomic
def set_up(
    service: Service, *, by: Actor, at: datetime, modality: str, need: int, risk: int, week: int, **settings: Any
) -> WaitingList:  # fmt: skip
    """Makes the list of a service for one way of helping, with the first version of its order."""
    today = clocks.london_date(at)
    if service.provider_id is None or service.provider_id != by.organisation_id:
        raise RuleBroken("Choose a service of your own organisation.", "service")
    queries.check_code(queries.MODALITIES, modality, "modality", "Choose what people wait for.", today)
    there = WaitingList.objects.filter(service=service, modality=modality).first()
    if there and at - there.made_at < rules.MOMENTS:
        return there
    if there:
        raise RuleBroken(THERE_IS, "modality")
    made = WaitingList(
        id=uuid7(), provider_id=service.provider_id, service=service, modality=modality, made_at=at, **settings
    )
    made.save(force_insert=True)
    _rule(made, 1, by=by, at=at, from_on=today, need=need, risk=risk, week=week)
    events.record("waiting_list.set_up", made.pk, by=by, at=at, modality=modality)
    return made


def _rule(held: WaitingList, number: int, *, by: Actor, at: datetime, from_on: date, **counts: int) -> PositionRule:
    if not any(counts.values()):
        raise RuleBroken(NO_WEIGHT, "week")
    made = PositionRule(
        id=uuid7(), list=held, provider_id=held.provider_id, number=number, from_on=from_on, made_at=at,
        made_by=by.user_id, **counts,
    )  # fmt: skip
    made.save(force_insert=True)
    return made


def _held(held: WaitingList) -> WaitingList:
    return WaitingList.objects.select_for_update(of=("self",)).select_related("service").get(pk=held.pk)


@transaction.atomic
def revise(held: WaitingList, *, by: Actor, at: datetime, seen: int, **settings: Any) -> None:
    """Changes the rhythms and limits of a list. What is due already stays due when it was."""
    held = _held(held)
    if held.version != seen:
        raise RuleBroken(rules.STALE)
    changed = sorted(name for name in SETTINGS if getattr(held, name) != settings[name])
    for name in SETTINGS:
        setattr(held, name, settings[name])
    held.version += 1
    held.save(update_fields=[*SETTINGS, "version"])
    events.record("waiting_list.revised", held.pk, by=by, at=at, changed=changed)


@transaction.atomic
def rule(held: WaitingList, *, by: Actor, at: datetime, from_on: date, need: int, risk: int, week: int) -> PositionRule:
    """A new version of what decides the order, from a day on. The versions before stay as they were."""
    held, today = _held(held), clocks.london_date(at)
    if from_on < today:
        raise RuleBroken("The order cannot be changed for days that are over.", "from_on")
    last = PositionRule.objects.filter(list=held).latest("number")
    counts = {"need": need, "risk": risk, "week": week}
    if all(getattr(last, name) == count for name, count in counts.items()):
        if last.made_by == by.user_id and at - last.made_at < rules.MOMENTS:
            return last
        raise RuleBroken("That is how the order is decided already.")
    if last.from_on > from_on:
        raise RuleBroken("A later change is written already. This one must begin on or after its day.", "from_on")
    made = _rule(held, last.number + 1, by=by, at=at, from_on=from_on, **counts)
    events.record("waiting_list.ruled", held.pk, by=by, at=at, rule=made.number, from_on=from_on.isoformat(), **counts)
    return made


@transaction.atomic
def close(held: WaitingList, *, by: Actor, at: datetime, closed_on: date, why: str, meanwhile: str) -> None:
    """Takes nobody new from a day on. Whoever waits keeps their place; workers read why, and what helps meanwhile."""
    held, today = _held(held), clocks.london_date(at)
    if closed_on > today:
        raise RuleBroken("Close the list on the day itself, or say on which day it was closed.", "closed_on")
    held.state = lifecycle.waiting_list.target(held.state, "close")
    held.closed_on, held.closed_why, held.meanwhile = closed_on, why, meanwhile
    held.version += 1
    held.save(update_fields=["state", "closed_on", "closed_why", "meanwhile", "version"])
    events.record("waiting_list.closed", held.pk, by=by, at=at, closed_on=closed_on.isoformat())


@transaction.atomic
def reopen(held: WaitingList, *, by: Actor, at: datetime) -> None:
    """Takes new people again."""
    held = _held(held)
    if held.state == lifecycle.OPEN:
        return
    held.state = lifecycle.waiting_list.target(held.state, "reopen")
    held.closed_on, held.closed_why, held.meanwhile = None, "", ""
    held.version += 1
    held.save(update_fields=["state", "closed_on", "closed_why", "meanwhile", "version"])
    events.record("waiting_list.reopened", held.pk, by=by, at=at)


def export(found: Iterable[queries.Line], *, by: Actor, at: datetime) -> documents.Export:
    """A list as a file: codes in words and days. Who somebody is never leaves in a list."""
    today = clocks.london_date(at)
    words = queries.words(today)
    rows = [_row(line, words, today) for line in found]
    return documents.table("waiting-list", COLUMNS, rows, by=by, at=at, about="waiting list", notes=[NOTE])


def _row(line: queries.Line, words: Any, today: date) -> documents.Row:
    entry = line.entry
    return {
        "position": line.stand.position, "reference": entry.case.reference, "state": entry.get_state_display(),
        "joined": entry.joined_on.isoformat(), "weeks": (today - entry.joined_on).days // rules.WEEK,
        "need": words[queries.NEEDS].get(entry.need, entry.need),
        "high_risk": "Yes" if entry.case.high_risk else "No", "points": rules.points(line.stand.total),
        "wishes": "; ".join(words[queries.WISHES].get(code, code) for code in entry.wishes),
        "review": entry.review_due_on.isoformat(), "contact": entry.contact_due_on.isoformat(),
    }  # fmt: skip
