"""Writes of supervision: arranged, written, talked of cases, decided, signed by both, amended; and who reads."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.models import PersonKey
from alongside.core.privacy import fields
from alongside.foundation.office.documents import actions as documents
from alongside.foundation.office.documents.rules import Column
from alongside.support.cases.casework.models import Case
from alongside.support.cases.supervision import queries, rules
from alongside.support.cases.supervision.models import Bond, Decision, Meeting, Talked, Writing
from alongside.support.cases.tasks import actions as tasks
from alongside.support.cases.tasks.models import Task

MOMENTS = timedelta(minutes=2)


@transaction.atomic
def arrange(*, by: Actor, at: datetime, worker: UUID, manager: UUID, second: UUID | None = None) -> Bond:
    """Says who supervises somebody from now on. What was written with another manager stays with those who read it."""
    here, leads = by.organisation_id or 0, queries.managers(by.organisation_id or 0)
    if worker not in queries.workers(by):
        raise RuleBroken("Choose somebody who works for this organisation now.", "worker")
    if manager not in leads or manager == worker:
        raise RuleBroken("Choose a manager of this organisation, other than the worker.", "manager")
    _check_second(second, (worker, manager), leads)
    now = Bond.objects.select_for_update().filter(organisation_id=here, worker=worker, ended_at=None).first()
    if now and now.manager == manager:
        raise RuleBroken("They are supervised by this manager already.", "manager")
    if now:
        now.ended_at = at
        now.save(update_fields=["ended_at"])
    readers = [worker, manager, *([second] if second else [])]
    made = Bond(organisation_id=here, worker=worker, manager=manager, second=second, readers=readers, begun_at=at,
                begun_by=by.user_id)  # fmt: skip
    made.save(force_insert=True)
    events.record("supervision.arranged", made.pk, by=by, at=at)
    return made


def _check_second(second: UUID | None, two: tuple[UUID, UUID], leads: Mapping[UUID, str]) -> None:
    if second is not None and (second not in leads or second in two):
        raise RuleBroken("Choose another manager of this organisation.", "second")


@transaction.atomic
def name_second(bond: Bond, *, by: Actor, at: datetime, second: UUID | None) -> Bond:
    """Names the second manager who reads, in place of the one before; or nobody. One of the two does."""
    held = Bond.objects.select_for_update().get(pk=bond.pk)
    if by.user_id not in (held.worker, held.manager):
        raise RuleBroken(rules.NOT_YOURS)
    _check_second(second, (held.worker, held.manager), queries.managers(held.organisation_id))
    if held.second != second:
        held.readers = [key for key in held.readers if key != held.second] + ([second] if second else [])
        held.second = second
        held.save(update_fields=["second", "readers"])
        events.record("supervision.second_named", held.pk, by=by, at=at)
    return held


@transaction.atomic
def write(bond: Bond, *, by: Actor, at: datetime, on: date, next_on: date | None, words: Mapping[str, str]) -> Meeting:
    """Writes down that the two met, and what was talked about, by topic."""
    held = Bond.objects.select_for_update().get(pk=bond.pk)
    if by.user_id not in (held.worker, held.manager):
        raise RuleBroken(rules.NOT_YOURS)
    if held.ended_at is not None:
        raise RuleBroken("Somebody else supervises them now. Amend what was written instead.")
    _check_days(on, next_on, today=london_date(at))
    again = Meeting.objects.filter(bond=held, met_on=on, written_by=by.user_id, written_at__gt=at - MOMENTS).first()
    if again:
        return again
    made = Meeting(bond=held, organisation_id=held.organisation_id, met_on=on, next_on=next_on, written_at=at,
                   written_by=by.user_id)  # fmt: skip
    made.save(force_insert=True)
    _put_down(made, words, by=by, at=at)
    events.record("supervision.written", made.pk, by=by, at=at)
    return made


def _check_days(on: date, next_on: date | None, *, today: date) -> None:
    if on > today:
        raise RuleBroken("Choose the day on which you met: today, or one before.", "on")
    if next_on is not None and not on < next_on <= today + rules.FURTHEST:
        raise RuleBroken("Choose a day after this one, within a year.", "next_on")


def _put_down(meeting: Meeting, words: Mapping[str, str], *, by: Actor, at: datetime) -> None:
    """What is new or different of each topic, as a further row."""
    stands = queries.written(meeting)
    for topic, said in words.items():
        before = stands[topic].words if topic in stands else ""
        if said.strip() != before:
            _add(meeting, topic, said.strip(), by=by, at=at)


def _add(meeting: Meeting, topic: str, words: str, *, by: Actor, at: datetime) -> Writing:
    made = Writing(meeting=meeting, bond_id=meeting.bond_id, topic=topic, number=meeting.stamp, written_at=at,
                   written_by=by.user_id)  # fmt: skip
    fields.write(made, words=words)
    made.save(force_insert=True)
    return made


def _held(meeting: Meeting, by: Actor) -> Meeting:
    """The meeting, held; refuses whoever is not one of the two, and a change after the other has signed."""
    held = Meeting.objects.select_for_update(of=("self",)).select_related("bond").get(pk=meeting.pk)
    obstacle = rules.changing_obstacle(
        by=by.user_id, worker=held.bond.worker, manager=held.bond.manager,
        worker_signed=held.worker_signed_at is not None, manager_signed=held.manager_signed_at is not None,
    )  # fmt: skip
    if obstacle:
        raise RuleBroken(obstacle)
    return held


def _changed(held: Meeting, *days: str) -> None:
    """One more version, which nobody has signed: what one has signed is what one has read."""
    held.stamp += 1
    held.worker_signed_at = held.manager_signed_at = None
    held.save(update_fields=["stamp", "worker_signed_at", "manager_signed_at", *days])


@transaction.atomic
def change(
    meeting: Meeting, *, by: Actor, at: datetime, on: date, next_on: date | None, words: Mapping[str, str], seen: int
) -> Meeting:  # fmt: skip
    """Says otherwise what was written, until the other has signed it."""
    held = _held(meeting, by)
    if held.stamp != seen:
        raise RuleBroken(rules.CHANGED)
    _check_days(on, next_on, today=london_date(at))
    held.met_on, held.next_on = on, next_on
    _changed(held, "met_on", "next_on")
    _put_down(held, words, by=by, at=at)
    events.record("supervision.changed", held.pk, by=by, at=at)
    return held


@transaction.atomic
def talk(meeting: Meeting, *, by: Actor, at: datetime, case: str, words: str) -> Talked:
    """Writes down what was said of a case. Who reads it must be a reader here, and be let into the case."""
    held = _held(meeting, by)
    chosen = queries.case_of(held.bond, case, by)
    if chosen is None:
        raise RuleBroken("Choose one of their cases.", "case")
    return _said_of(held, chosen, words.strip(), by=by, at=at)


def _said_of(held: Meeting, case: Case, words: str, *, by: Actor, at: datetime) -> Talked:
    _changed(held)
    made = Talked(meeting=held, bond_id=held.bond_id, case=case, victim_id=case.victim_id, number=held.stamp,
                  gone=not words, written_at=at, written_by=by.user_id)  # fmt: skip
    fields.write(made, words=words)
    made.save(force_insert=True)
    events.record("supervision.talked", held.pk, by=by, at=at)
    return made


@transaction.atomic
def decide(
    meeting: Meeting, *, by: Actor, at: datetime, words: str, due_on: date, who: str, case: str = ""
) -> Decision | Task:  # fmt: skip
    """Writes down what was agreed. About a case it becomes something to do on it, for all who work on it to read."""
    held = _held(meeting, by)
    if not london_date(at) <= due_on <= london_date(at) + rules.FURTHEST:
        raise RuleBroken("Choose a day from today on, within a year.", "due_on")
    if case:
        chosen = queries.case_of(held.bond, case, by)
        if chosen is None:
            raise RuleBroken("Choose one of their cases.", "case")
        return tasks.ask(chosen, by=by, at=at, words=words, due_on=due_on, why=Task.Why.SUPERVISION, source=held.pk)
    if who not in Decision.Who.values:
        raise RuleBroken("Choose who does it.", "who")
    _changed(held)
    made = Decision(meeting=held, bond_id=held.bond_id, who=who, due_on=due_on, decided_at=at, decided_by=by.user_id)
    fields.write(made, words=words.strip())
    made.save(force_insert=True)
    events.record("supervision.decided", held.pk, by=by, at=at)
    return made


@transaction.atomic
def finish(decision: Decision, *, by: Actor, at: datetime) -> Decision:
    """What was agreed is done."""
    held = Decision.objects.select_for_update(of=("self",)).select_related("bond").get(pk=decision.pk)
    if by.user_id not in (held.bond.worker, held.bond.manager):
        raise RuleBroken(rules.NOT_YOURS)
    if held.done_at is None:
        held.done_at, held.done_by = at, by.user_id
        held.save(update_fields=["done_at", "done_by"])
        events.record("supervision.finished", held.meeting_id, by=by, at=at)
    return held


@transaction.atomic
def sign(meeting: Meeting, *, by: Actor, at: datetime, seen: int) -> Meeting:
    """One of the two signs what they have read. With both names it stays for good."""
    held = Meeting.objects.select_for_update(of=("self",)).select_related("bond").get(pk=meeting.pk)
    if by.user_id not in (held.bond.worker, held.bond.manager):
        raise RuleBroken(rules.NOT_YOURS)
    if held.stamp != seen:
        raise RuleBroken("It was changed since you read it. Read it again, then sign.")
    if not any(one.words for one in queries.written(held).values()):
        raise RuleBroken(rules.NOTHING)
    name = "worker_signed_at" if by.user_id == held.bond.worker else "manager_signed_at"
    if getattr(held, name) is None:
        setattr(held, name, at)
        held.save(update_fields=[name])
        events.record("supervision.signed", held.pk, by=by, at=at, both=held.signed)
    return held


@transaction.atomic
def amend(meeting: Meeting, *, by: Actor, at: datetime, words: str) -> Writing:
    """Adds to what was signed; what was signed stays."""
    held = Meeting.objects.select_for_update(of=("self",)).select_related("bond").get(pk=meeting.pk)
    if by.user_id not in (held.bond.worker, held.bond.manager):
        raise RuleBroken(rules.NOT_YOURS)
    if held.worker_signed_at is None and held.manager_signed_at is None:
        raise RuleBroken("Nobody has signed this yet: change it instead.")
    last = queries.amendments(held)[-1:]
    if last and last[0].words == words.strip() and last[0].row.written_by == by.user_id:
        return Writing.objects.get(pk=last[0].row.pk)
    made = _add(held, "", words.strip(), by=by, at=at)
    events.record("supervision.amended", held.pk, by=by, at=at)
    return made


@transaction.atomic
def leave(user: UUID, *, organisation_id: int, by: Actor, at: datetime) -> int:
    """Somebody has left: they read nothing more, and whoever they supervised waits for another manager."""
    held = list(queries.of_leaver(user, organisation_id))
    for bond in held:
        bond.readers = [key for key in bond.readers if key != user]
        bond.second = None if bond.second == user else bond.second
        if user in (bond.worker, bond.manager) and bond.ended_at is None:
            bond.ended_at = at
        bond.save(update_fields=["readers", "second", "ended_at"])
    events.record_many("supervision.left", [one.pk for one in held], by=by, at=at)
    return len(held)


def forget(*, before: datetime) -> int:
    """Deletes what ended before a moment, with the keys that sealed it. Returns how many bonds there were."""
    gone = list(Bond.objects.filter(ended_at__lt=before).values_list("pk", flat=True))
    for model in (Talked, Decision, Writing, Meeting):
        model.objects.filter(bond__in=gone).delete()
    Bond.objects.filter(pk__in=gone).delete()
    PersonKey.objects.filter(person_id__in=gone).delete()
    return len(gone)


COLUMNS = ("Worker", "Weight in ordinary cases", "Limit", "Cases now", "Supervisions held", "Expected by rhythm",
           "Next due")  # fmt: skip
KEYS = ("name", "weight", "limit", "cases", "held", "expected", "due")
NOTE = "Weight is of today; at the ends of months the number of cases, as the log of who was given what has it."


def export(rows: Iterable[documents.Row], ends: Iterable[str], *, by: Actor, at: datetime) -> documents.Export:
    """The report as a file."""
    columns = [*map(Column, KEYS, COLUMNS), *(Column(f"past_{end}", f"Cases at the end of {end}") for end in ends)]
    return documents.table("caseload-report", columns, rows, by=by, at=at, about="caseload report", notes=[NOTE])
