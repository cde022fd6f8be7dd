"""Writes of audits: drawn by lot, answered as one reads, told to the worker, answered by them, finished."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.privacy import fields
from alongside.foundation.office.documents import actions as documents
from alongside.foundation.office.documents.rules import Column
from alongside.support.cases.audits import queries, rules
from alongside.support.cases.audits.models import Audit, Finding, Item
from alongside.support.cases.casework.models import Case
from alongside.support.cases.tasks import actions as tasks
from alongside.support.cases.tasks.models import Task

COLUMNS = tuple(
    Column(*pair) for pair in (
        ("theme", "Theme"), ("question", "Question"), ("good", "Good"), ("enough", "Enough"),
        ("needs_work", "Needs work"), ("not_applicable", "Not applicable"), ("fine", "Good or enough"), ("n", "Of (n)"),
    )
)  # fmt: skip
NOTE = "Counted over the cases that were told to their workers. n leaves out what was not applicable."


@transaction.atomic
def draw(
    *, by: Actor, at: datetime, number: int, of_each: bool, which: str, since: date, until: date, weighted: bool,
    seed: str = "",
) -> Audit:  # fmt: skip
    """Draws a sample by lot. Nobody chooses: the seed, and what was in the hat, are kept. `seed`: for made-up worlds,
    which must come out the same each time; no page gives one."""
    today = london_date(at)
    if obstacle := rules.period_obstacle(since, until, today):
        raise RuleBroken(*obstacle)
    pool, left_out = queries.pool(by, which=which, since=since, until=until, weighted=weighted)
    if not pool:
        raise RuleBroken(rules.NOBODY)
    seed = seed or secrets.token_hex(16)
    drawn = rules.draw(pool, seed=seed, number=number, of_each=of_each)
    if len(drawn) > rules.AT_MOST:
        raise RuleBroken(f"That would be {len(drawn)} cases. Draw at most {rules.AT_MOST}.", "number")
    audit = Audit(
        organisation_id=by.organisation_id or 0, seed=seed, of_each=of_each, number=number, which=which, since=since,
        until=until, weighted=weighted, pool=[[one.case, one.worker, one.tickets] for one in pool], left_out=left_out,
        questions=[row.ref for row in queries.asked(today)], drawn_at=at, drawn_by=by.user_id,
    )  # fmt: skip
    audit.save(force_insert=True)
    people = dict(Case.objects.filter(pk__in=[one.case for one in drawn]).values_list("pk", "victim_id"))
    Item.objects.bulk_create(
        Item(audit=audit, case_id=UUID(one.case), victim_id=people[UUID(one.case)], worker=UUID(one.worker),
             position=place)
        for place, one in enumerate(drawn, 1)
    )  # fmt: skip
    events.record("audit.drawn", audit.pk, by=by, at=at, cases=len(drawn), pool=len(pool), left_out=left_out)
    return audit


@dataclass(frozen=True)
class Said:
    """What was found of one question, and said of it."""

    judged: str
    comment: str


@transaction.atomic
def judge(item: Item, *, by: Actor, at: datetime, said: Mapping[str, Said], seen: int) -> Item:
    """Keeps what was answered so far; the rest is answered another day."""
    held = _held(item, by)
    if held.stamp != seen:
        raise RuleBroken(rules.CHANGED)
    _keep(held, by=by, at=at, said=said)
    held.state, held.stamp = Item.State.BEGUN, held.stamp + 1
    held.save(update_fields=["state", "stamp"])
    events.record("audit.judged", held.pk, by=by, at=at, answered=sum(bool(one.judged) for one in said.values()))
    return held


def _held(item: Item, by: Actor) -> Item:
    held: Item = Item.objects.select_for_update(of=("self",)).select_related("case", "audit").get(pk=item.pk)
    if by.user_id in (held.worker, held.case.worker, held.case.cover):
        raise RuleBroken(rules.YOUR_OWN)
    if held.state == Item.State.TOLD:
        raise RuleBroken(rules.TOLD)
    return held


def _keep(item: Item, *, by: Actor, at: datetime, said: Mapping[str, Said]) -> None:
    known = {one.question: one for one in Finding.objects.filter(item=item)}
    for row in queries.questions(item.audit):
        if answer := said.get(row.code):
            found = known.get(row.code) or Finding(
                item=item, case_id=item.case_id, victim_id=item.victim_id, question=row.code
            )  # fmt: skip
            found.judged = answer.judged if answer.judged in rules.JUDGED else ""
            found.saved_at, found.saved_by = at, by.user_id
            fields.write(found, comment=answer.comment.strip())
            if row.code in known:
                found.save(update_fields=["judged", "comment", "saved_at", "saved_by"])
            else:
                found.save(force_insert=True)


@transaction.atomic
def tell(item: Item, *, by: Actor, at: datetime, said: Mapping[str, Said], seen: int) -> Item:
    """Every question is answered: the worker is told. What is told stays."""
    held = _held(item, by)
    if held.stamp != seen:
        raise RuleBroken(rules.CHANGED)
    for row in queries.questions(held.audit):
        answer = said.get(row.code, Said("", ""))
        if answer.judged not in rules.JUDGED:
            raise RuleBroken(rules.NOT_ALL, row.code)
        if answer.judged == rules.NEEDS_WORK and not answer.comment.strip():
            raise RuleBroken(rules.NO_COMMENT, f"{row.code}_comment")
    _keep(held, by=by, at=at, said=said)
    held.state, held.stamp, held.told_at, held.told_by = Item.State.TOLD, held.stamp + 1, at, by.user_id
    held.save(update_fields=["state", "stamp", "told_at", "told_by"])
    events.record("audit.told", held.pk, by=by, at=at)
    return held


@transaction.atomic
def ask(item: Item, *, by: Actor, at: datetime, words: str, due_on: date) -> Task:
    """Asks the worker for something to be done on the case by a day. It comes into their day."""
    if by.user_id in (item.worker, item.case.worker):
        raise RuleBroken(rules.YOUR_OWN)
    return tasks.ask(item.case, by=by, at=at, words=words, due_on=due_on, why=Task.Why.AUDIT, source=item.pk)


@transaction.atomic
def reply(item: Item, *, by: Actor, at: datetime, words: str) -> Item:
    """The worker has read it, and says what they think of it, if they want to. Once."""
    held: Item = Item.objects.select_for_update(of=("self",)).select_related("case").get(pk=item.pk)
    if held.worker != by.user_id or held.state != Item.State.TOLD:
        raise RuleBroken("Only whoever had the case when it was drawn answers.")
    if held.replied_at is not None:
        if queries.reply(held) == words.strip():
            return held
        raise RuleBroken("You have answered already. Talk with your manager about what has changed.", "words")
    fields.write(held, reply=words.strip())
    held.replied_at = at
    held.save(update_fields=["reply", "replied_at"])
    events.record("audit.replied", held.pk, by=by, at=at)
    return held


@transaction.atomic
def finish(audit: Audit, *, by: Actor, at: datetime) -> Audit:
    """Ends an audit with what was told until now. Its figures are kept, whatever is erased later."""
    held = Audit.objects.select_for_update().get(pk=audit.pk)
    if held.state == Audit.State.DONE:
        return held
    told = Item.objects.filter(audit=held, state=Item.State.TOLD).count()
    if not told:
        raise RuleBroken("Nothing has been told to a worker yet. Answer one case at least.")
    held.state, held.finished_at, held.counts = Audit.State.DONE, at, queries.count(held)
    held.save(update_fields=["state", "finished_at", "counts"])
    events.record("audit.finished", held.pk, by=by, at=at, told=told)
    return held


def forget(*, before: datetime) -> int:
    """Deletes audits that were drawn before a moment, with what was found in them. Returns how many there were."""
    gone = list(Audit.objects.filter(drawn_at__lt=before).values_list("pk", flat=True))
    Finding.objects.filter(item__audit__in=gone).delete()
    Item.objects.filter(audit__in=gone).delete()
    Audit.objects.filter(pk__in=gone).delete()
    return len(gone)


def export(rows: Iterable[documents.Row], *, by: Actor, at: datetime) -> documents.Export:
    """What was found, by question, as a file."""
    return documents.table("case-audit", COLUMNS, rows, by=by, at=at, about="case audit", notes=[NOTE])
