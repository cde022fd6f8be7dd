"""Writes of tasks: asked for, done, or not wanted any more. While one is open, it stands on the agenda of its case."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.privacy import fields
from alongside.support.cases.agenda import actions as agenda
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.tasks import queries, rules
from alongside.support.cases.tasks.models import Task

DUE = "task.due"


@transaction.atomic
def ask(case: Case, *, by: Actor, at: datetime, words: str, due_on: date, why: str, source: UUID) -> Task:
    """Asks for something to be done on a case by a day."""
    case, words = casework.locked(case), words.strip()
    rules.check(words, due_on, today=london_date(at))
    if again := queries.again(case, words, by=by, at=at, source=source):
        return again
    made = Task(case=case, victim_id=case.victim_id, why=why, source=source, due_on=due_on, asked_at=at,
                asked_by=by.user_id)  # fmt: skip
    fields.write(made, words=words)
    made.save(force_insert=True)
    agenda.put(case, by=by, at=at, kind=DUE, about=made.pk, due_at=due_on, details={"why": why})
    events.record("task.asked", case.pk, by=by, at=at, task=str(made.pk), why=why)
    return made


def finish(task: Task, *, by: Actor, at: datetime, said: str = "") -> Task:
    """It was done; in a few words how, if that is worth reading."""
    return _settle(task, Task.State.DONE, "task.finished", by=by, at=at, said=said)


def drop(task: Task, *, by: Actor, at: datetime) -> Task:
    """It is not wanted any more."""
    return _settle(task, Task.State.DROPPED, "task.dropped", by=by, at=at)


@transaction.atomic
def _settle(task: Task, state: str, event: str, *, by: Actor, at: datetime, said: str = "") -> Task:
    held: Task = Task.objects.select_for_update(of=("self",)).select_related("case").get(pk=task.pk)
    if held.state == state and held.settled_by == by.user_id:
        return held
    if held.state != Task.State.OPEN:
        raise RuleBroken(rules.SETTLED)
    held.state, held.settled_at, held.settled_by = state, at, by.user_id
    fields.write(held, said=said.strip())
    held.save(update_fields=["state", "said", "settled_at", "settled_by"])
    agenda.drop(held.case, by=by, at=at, kind=DUE, about=held.pk)
    events.record(event, held.case_id, by=by, at=at, task=str(held.pk), why=held.why)
    return held
