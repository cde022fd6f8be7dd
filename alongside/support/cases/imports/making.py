"""From a row to a case: the worker's half, some rows at a time, by actions as by hand, and safe to go on with."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db import IntegrityError, transaction

from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.jobs import brief
from alongside.core.pages.filters import date_words
from alongside.core.privacy import fields
from alongside.core.rows import records
from alongside.core.rows.realms import Realm
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.referrals.actions import Arrival
from alongside.support.arrivals.referrals.bringing import bring_along
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.referrals.rules import NOT_KNOWN, Point
from alongside.support.cases.agenda import actions as agenda
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.imports import checking, lifecycle, queries
from alongside.support.cases.imports.actions import NEXT
from alongside.support.cases.imports.checking import Known, Said
from alongside.support.cases.imports.models import Batch, Origin, Row
from alongside.support.cases.imports.rules import NO, UNKNOWN, YES, Plan
from alongside.support.cases.notes import actions as notes
from alongside.support.cases.waiting import actions as waiting
from alongside.support.cases.waiting.models import WaitingList
from alongside.support.people.victims import actions as victims
from alongside.support.people.victims.actions import Identity
from alongside.support.people.victims.models import Agreement

AT_ONCE = 20  # rows in one short transaction
NEED = "soon"  # how much they need a place nobody has said yet: a worker says so at the first review
HOW = "brought along"
State = Row.State


def bring_in(key: UUID, *, now: Callable[[], datetime]) -> None:
    """Brings in every row that is ready. Safe to run again: it goes on with what is left, and doubles nothing."""
    while True:
        with brief():
            if not _some(key, at=now()):
                return


def _some(key: UUID, *, at: datetime) -> bool:
    """The next rows, in one transaction. Whether there may be more."""
    batch: Batch | None = Batch.objects.select_for_update().filter(pk=key, state=lifecycle.RUNNING).first()
    if batch is None:
        return False
    by = Actor(realm=Realm.WORKER, user_id=batch.brought_by, organisation_id=batch.provider_id)
    rows = list(Row.objects.select_for_update(of=("self",)).filter(batch=batch, state=State.READY)
                .order_by("number")[:AT_ONCE])  # fmt: skip
    on = clocks.london_date(at)
    into = Into(batch, queries.plan_of(batch), queries.known(batch.provider_id, on), on)
    for row in rows:
        _one(row, into, by=by, at=at)
    batch.done = Row.objects.filter(batch=batch, state=State.BROUGHT).count()
    batch.moved_at = at
    batch.save(update_fields=["done", "moved_at"])
    if len(rows) < AT_ONCE:
        finish(batch, by=by, at=at)
    return len(rows) == AT_ONCE


@dataclass(frozen=True)
class Into:
    """Whose file it is, how it is understood, and our own words on a day."""

    batch: Batch
    plan: Plan
    known: Known
    on: date


def finish(batch: Batch, *, by: Actor, at: datetime) -> None:
    batch.state = lifecycle.batch.target(batch.state, "finish")
    batch.save(update_fields=["state"])
    events.record("import.done", batch.pk, by=by, at=at, rows=batch.done)


def _one(row: Row, into: Into, *, by: Actor, at: datetime) -> None:
    """A row becomes a case, or says why not. What is wrong with one stops no other."""
    said = queries.said_of(row, into.plan, into.known, into.on)
    row.faults, row.state = dict(said.faults), State.MEND
    if not said.faults:
        try:
            with transaction.atomic():
                row.case_id, row.state = make(row, said, into, by=by, at=at).pk, State.BROUGHT
        except RuleBroken:
            row.faults = {"row": "refused"}
        except IntegrityError:
            if not Origin.objects.filter(provider_id=row.batch.provider_id, lookup=bytes(row.lookup)).exists():
                raise
            row.state = State.HERE
    row.version += 1
    row.save(update_fields=["case_id", "state", "faults", "version"])


def make(row: Row, said: Said, into: Into, *, by: Actor, at: datetime) -> Case:
    """The person, their referral and their case, with all that the row said of them."""
    accepted, started, last = (_moment(said.day(key), at) for key in ("accepted_on", "started_on", "last_contact_on"))
    assert accepted is not None
    service = Service.objects.get(pk=said.text("service"))
    taken = bring_along(_arrival(said, into), service, by=by, at=at, accepted_at=_midnight(accepted))
    referral = Referral.objects.only("reference", "visible_orgs").get(pk=taken.referral_id)
    case = casework.bring_along(
        taken, by=by, at=at, reference=referral.reference, accepted_at=_midnight(accepted), started_at=started,
        last_contact_at=last, worker=UUID(said.text("worker")) if said.text("worker") else None,
    )  # fmt: skip
    if referral.restricted and case.worker:
        _name_worker(case, case.worker, by=by, at=at)
    origin = Origin(case=case, victim_id=case.victim_id, provider_id=case.provider_id, batch_id=row.batch_id,
                    lookup=bytes(row.lookup), brought_at=at)  # fmt: skip
    fields.write(origin, told=json.dumps(checking.told_by(said)))
    origin.save(force_insert=True)
    _agreements(case, said, by=by, at=at)
    for code in said.needs:
        casework.find_need(case, by=by, at=at, code=code)
    if held := checking.list_for(said, into.known):
        listed = WaitingList.objects.get(pk=held)
        waiting.join(case, listed, by=by, at=at, need=NEED, joined_on=said.day("waiting_since"))
    if due := said.day("next_on"):
        agenda.put(case, by=by, at=at, kind=NEXT, about=case.pk, due_at=due)
    notes.add_note(case, by=by, at=at, words="\n".join(_note(said, into)))
    return case


def _name_worker(case: Case, worker: UUID, *, by: Actor, at: datetime) -> None:
    """The rulebook has restricted the record as it arrived, behind its own names; whoever has it in hand is named too.

    In the same transaction, so that nobody comes to work and finds their own case gone."""
    records.name(case.victim_id, worker, case.provider_id, why="works_on_it")
    events.record("record.named", case.victim_id, by=by, at=at, user=str(worker))


def _moment(day: date | None, at: datetime) -> datetime | None:
    """Noon of a day that is told without its hour; not later than now."""
    return min(datetime.combine(day, time(12), tzinfo=clocks.LONDON), at) if day else None


def _midnight(moment: datetime) -> datetime:
    """The beginning of that day: whatever else happened on it came after."""
    return datetime.combine(clocks.london_date(moment), time(), tzinfo=clocks.LONDON)


def _arrival(said: Said, into: Into) -> Arrival:
    crime, reported = said.text("crime_type"), said.text("reported") or UNKNOWN
    identity = Identity(
        given_name=said.text("given_name"), family_name=said.text("family_name"), birth_date=said.day("birth_date")
    )
    return Arrival(
        hub_id=into.batch.provider_id, source=Referral.Source.BROUGHT, identity=identity, crime_type=crime,
        points=tuple(_points(said)), source_ref=said.text("own_reference"), reported=reported == YES,
        why_not_reported=NOT_KNOWN if reported == UNKNOWN else "",
        markers=tuple(rulebook.rule("crime_types", crime, into.on).codes("markers")),
    )  # fmt: skip


def _points(said: Said) -> Iterator[Point]:
    """Never verified: nothing is sent by itself before somebody has asked them."""
    for kind, safe in (("phone", "safe_call"), ("email", "safe_email")):
        if value := said.text(kind):
            leave = kind == "phone" and said.text("safe_message") == YES
            yield Point(kind=kind, value=value, safe=checking.safety(said, safe), leave_message=leave)


def _agreements(case: Case, said: Said, *, by: Actor, at: datetime) -> None:
    for key, about in (("agreed_support_on", "support"), ("agreed_contact_on", "contact")):
        if day := said.day(key):
            how = f"{HOW}, of {day.isoformat()}"
            victims.agree(case.victim, by=by, at=at, about=about, given=True, how=how)
    if said.text("safe_text") in (YES, NO):
        given = said.text("safe_text") == YES
        victims.agree(case.victim, by=by, at=at, about=Agreement.About.CONTACT, channel="text", given=given, how=HOW)


def _note(said: Said, into: Into) -> Iterator[str]:
    """One note: what has no other place here, and their own words."""
    yield f"Brought along from our own records on {date_words(into.on)}."
    if reference := said.text("own_reference"):
        yield f"Our own reference: {reference}"
    if risk := said.text("known_risk"):
        yield f"Risk, as it was known before: {risk}. It was not asked about here yet."
    since = said.day("waiting_since")
    if since and not checking.list_for(said, into.known):
        yield f"On our waiting list from {date_words(since)}."
    for key, words in (("agreed_support_on", "supported"), ("agreed_contact_on", "contacted")):
        if day := said.day(key):
            yield f"Agreed to be {words} on {date_words(day)}."
    if text := said.text("note"):
        yield f"\n{text}"
