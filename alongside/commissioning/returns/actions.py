"""Writes of returns: set up, opened each quarter, filled in, answered, sent, asked back, certified, accepted."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from alongside.commissioning.returns import lifecycle, queries, rules
from alongside.commissioning.returns.models import Answer, Arrangement, Paper, Query, Remark, Reminded, Return, Round
from alongside.commissioning.templates import queries as templates
from alongside.commissioning.templates.rules import Kind, Template, asked
from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.periods import Quarter
from alongside.facts.measures import actions as kept
from alongside.facts.measures.models import Manifest
from alongside.foundation.office.documents import actions as documents
from alongside.foundation.office.documents.rules import Column, accepted
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.messages.gateway import Gateway, GatewayFailed
from alongside.foundation.office.rulebook import queries as rulebook

NOTICE = "come_and_see"
DAYS = UUID("8f0f6f0e-7a3f-5f1c-9d0d-2d4b8f3d6c55")  # one e-mail a day to each person, however many returns wait
CHANGED = "Somebody else changed this return meanwhile. Look at it again below; what you typed is still here."
LONGEST, MOST_PAPERS = 4000, 10

# Opened and filled in by the worker.


def open_quarter(*, by: Actor, at: datetime) -> int:
    """Opens the return of the quarter that has ended for everybody who answers one. Safe to run again. Returns how
    many were opened."""
    quarter = Quarter.containing(clocks.london_date(at)).previous
    return sum(_open(one, quarter, by, at) for one in queries.due_to_open(quarter))


@transaction.atomic
def _open(arrangement: Arrangement, quarter: Quarter, by: Actor, at: datetime) -> bool:
    template = queries.asked_by(arrangement.template, quarter)
    if template is None:
        return False
    filing = Return.objects.create(
        arrangement=arrangement, office=arrangement.office, provider=arrangement.provider, size=arrangement.size,
        template=template.code, version=template.version, quarter=str(quarter), opened_at=at,
        due_on=rules.due_on(quarter, template.due), state=lifecycle.returned.initial,
    )  # fmt: skip
    events.record("return.opened", filing.pk, by=by, at=at, template=template.code, quarter=str(quarter))
    if manifest := queries.newest(filing):
        _fill(filing, template, manifest, by, at)
    return True


def fill_empty(*, by: Actor, at: datetime) -> int:
    """Fills in returns that opened before there was a snapshot of their quarter's end. Returns how many."""
    found = Return.objects.filter(state__in=lifecycle.WRITTEN, snapshot="").select_related("office", "provider")
    return sum(_fill_one(one, by, at) for one in found)


@transaction.atomic
def _fill_one(filing: Return, by: Actor, at: datetime) -> bool:
    manifest = queries.newest(filing)
    if manifest:
        _fill(filing, queries.template_of(filing), manifest, by, at)
    return manifest is not None


def _fill(filing: Return, template: Template, manifest: Manifest, by: Actor, at: datetime) -> None:
    found = queries.made(filing, template, manifest)
    Answer.objects.bulk_create(
        [
            Answer(filing=filing, question=code, figures=now, before=before, saved_at=at)
            for code, (now, before) in found.items()
        ],
        update_conflicts=True, unique_fields=["filing", "question"], update_fields=["figures", "before"],
    )  # fmt: skip
    kept.need(manifest.code, "return")
    filing.snapshot = manifest.code
    filing.stamp += 1
    filing.save(update_fields=["snapshot", "stamp"])
    events.record("return.filled", filing.pk, by=by, at=at, snapshot=manifest.code, figures=len(found))


@transaction.atomic
def fill_again(filing: Return, *, by: Actor, at: datetime) -> None:
    """Takes the figures anew from the latest snapshot; what was typed beside them stays. Raises RuleBroken."""
    held = _written(filing, by)
    manifest = queries.newest(held)
    if manifest is None or manifest.code == held.snapshot:
        raise RuleBroken("These are the newest figures. What you mend in cases today comes with tonight’s snapshot.")
    _fill(held, queries.template_of(held), manifest, by, at)


# Written by the provider.


@transaction.atomic
def answer(filing: Return, *, by: Actor, at: datetime, said: Mapping[str, Mapping[str, Any]], stamp: int) -> Return:
    """Keeps what somebody typed, question by question; what is not in `said` stays as it was. Raises RuleBroken."""
    held = _written(filing, by, stamp)
    template = queries.template_of(held)
    known = {one.code: one for one in asked(template, held.size)}
    for code, words in said.items():
        if code not in known:
            raise RuleBroken("This return does not ask that.")
        rules.check_said(known[code], words)
    Answer.objects.bulk_create(
        [
            Answer(filing=held, question=code, said=dict(words), saved_at=at, saved_by=by.user_id)
            for code, words in said.items()
        ],
        update_conflicts=True, unique_fields=["filing", "question"], update_fields=["said", "saved_at", "saved_by"],
    )  # fmt: skip
    held.stamp += 1
    held.save(update_fields=["stamp"])
    events.record("return.answered", held.pk, by=by, at=at, questions=sorted(said))
    return held


@transaction.atomic
def enclose(filing: Return, *, by: Actor, at: datetime, question: str, content: bytes) -> Paper:
    """Puts a document with an answer. Raises RuleBroken where it is not one that can be taken."""
    held = _written(filing, by)
    wanted = {one.code for one in asked(queries.template_of(held), held.size) if one.kind == Kind.FILE}
    if question not in wanted:
        raise RuleBroken("This return does not ask for a document there.")
    kind = accepted(content)
    if Paper.objects.filter(filing=held).count() >= MOST_PAPERS:
        raise RuleBroken(f"A return has at most {MOST_PAPERS} documents. Take one out first.", question)
    paper = Paper.objects.create(
        filing=held, question=question, kind=kind, size=len(content), content=content, sent_at=at, sent_by=by.user_id
    )
    events.record("return.enclosed", held.pk, by=by, at=at, question=question, kind=kind)
    return paper


@transaction.atomic
def take_out(paper: Paper, *, by: Actor, at: datetime) -> None:
    """Takes a document out again, as long as the return is written. Pressed twice it is gone once."""
    held = _written(paper.filing, by)
    if Paper.objects.filter(pk=paper.pk, filing=held).delete()[0]:
        events.record("return.paper_taken_out", held.pk, by=by, at=at, question=paper.question)


@transaction.atomic
def send(filing: Return, *, by: Actor, at: datetime, stamp: int) -> Round:
    """Sends a return to the office, as it is now. Raises RuleBroken while something is missing or does not add up."""
    held = _written(filing, by, stamp)
    template = queries.template_of(held)
    answers = queries.held(held, template)
    stops = [one for one in rules.problems(template, held.size, answers) if one.stops]
    if stops:
        many = "One thing is" if len(stops) == 1 else f"{len(stops)} things are"
        raise RuleBroken(f"{many} still to be mended before it can be sent.")
    _move(held, "send", by)
    held.round, held.stamp, held.sent_at, held.sent_by = held.round + 1, held.stamp + 1, at, by.user_id
    held.certified_at, held.certified_by, held.certifier, held.post = None, None, "", ""
    held.save(update_fields=["state", "round", "stamp", "sent_at", "sent_by", "certified_at", "certified_by",
                             "certifier", "post"])  # fmt: skip
    sent = Round.objects.create(
        filing=held, number=held.round, sent_at=at, sent_by=by.user_id, snapshot=held.snapshot,
        answers={
            code: {"figures": list(one.figures), "before": list(one.before), "said": dict(one.said),
                   "papers": one.papers}
            for code, one in answers.items()
        },
    )  # fmt: skip
    events.record("return.sent", held.pk, by=by, at=at, round=held.round)
    return sent


@transaction.atomic
def take_back(filing: Return, *, by: Actor, at: datetime) -> None:
    """A provider takes back what nobody has certified yet, to write on it."""
    held = _held(filing, by)
    _move(held, "take_back", by)
    held.save(update_fields=["state"])
    events.record("return.taken_back", held.pk, by=by, at=at)


@transaction.atomic
def certify(filing: Return, *, by: Actor, at: datetime, name: str, post: str, agreed: bool, stamp: int) -> None:
    """A named person of the provider puts their name to what was sent."""
    held = _held(filing, by, stamp)
    if not agreed:
        raise RuleBroken("Tick that you have looked at it and that it is right.", "agreed")
    if not name.strip() or not post.strip():
        raise RuleBroken("Write your name and what you are there.", "name" if not name.strip() else "post")
    _move(held, "certify", by)
    held.certified_at, held.certified_by, held.certifier, held.post = at, by.user_id, name.strip(), post.strip()
    held.stamp += 1
    held.save(update_fields=["state", "stamp", "certified_at", "certified_by", "certifier", "post"])
    events.record("return.certified", held.pk, by=by, at=at, round=held.round)


# Asked back, accepted and opened again by the office.


@transaction.atomic
def ask_back(filing: Return, *, by: Actor, at: datetime, question: str, words: str) -> Query:
    """The office asks about one answer; the provider may then change it, and sends the return again."""
    held = _held(filing, by)
    if question not in {one.code for one in asked(queries.template_of(held), held.size)}:
        raise RuleBroken("Choose the question that you ask about.", "question")
    if held.state != lifecycle.QUERIED:
        _move(held, "ask_back", by)
        held.save(update_fields=["state"])
    query = Query.objects.create(filing=held, question=question, asked_at=at)
    _say(query, words, by, at)
    events.record("return.asked_back", held.pk, by=by, at=at, question=question)
    return query


@transaction.atomic
def remark(query: Query, *, by: Actor, at: datetime, words: str) -> Remark:
    """Either side says something about what was asked."""
    if query.settled_at:
        raise RuleBroken("This has been settled.", "words")
    said = _say(query, words, by, at)
    events.record("return.remarked", query.filing_id, by=by, at=at, question=query.question)
    return said


def _say(query: Query, words: str, by: Actor, at: datetime) -> Remark:
    text = words.replace("\r\n", "\n").strip()
    if not text or len(text) > LONGEST:
        raise RuleBroken(f"Write what you want to say, in up to {LONGEST} letters.", "words")
    return Remark.objects.create(
        query=query, words=text, said_at=at, said_by=by.user_id, said_for_id=templates.office(by)
    )


@transaction.atomic
def settle(query: Query, *, by: Actor, at: datetime) -> None:
    """The office is content with an answer. Pressed twice it is settled once."""
    held = Query.objects.select_for_update().get(pk=query.pk)
    if held.settled_at is None:
        held.settled_at = at
        held.save(update_fields=["settled_at"])
        events.record("return.settled", held.filing_id, by=by, at=at, question=held.question)


@transaction.atomic
def lock(filing: Return, *, by: Actor, at: datetime) -> None:
    """The office accepts what was certified: nobody changes it any more."""
    held = _held(filing, by)
    if queries.open_queries(held):
        raise RuleBroken("Something that you asked is still open. Settle it first.")
    _move(held, "lock", by)
    held.locked_at, held.locked_by = at, by.user_id
    held.save(update_fields=["state", "locked_at", "locked_by"])
    events.record("return.locked", held.pk, by=by, at=at, round=held.round)


@transaction.atomic
def reopen(filing: Return, *, by: Actor, at: datetime, why: str) -> None:
    """The office opens an accepted return again, and says why; what was accepted stays as a sending of its own."""
    held = _held(filing, by)
    if not why.strip() or len(why) > LONGEST:
        raise RuleBroken("Say why it is opened again: the provider reads it.", "why")
    _move(held, "reopen", by)
    held.reopened_why, held.locked_at, held.locked_by = why.strip(), None, None
    held.save(update_fields=["state", "reopened_why", "locked_at", "locked_by"])
    events.record("return.reopened", held.pk, by=by, at=at, round=held.round)


def _held(filing: Return, by: Actor, stamp: int | None = None) -> Return:
    held = Return.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=filing.pk).first()
    if held is None:
        raise RuleBroken("There is no such return.")
    if stamp not in (None, held.stamp):
        raise RuleBroken(CHANGED)
    return held


def _written(filing: Return, by: Actor, stamp: int | None = None) -> Return:
    held = _held(filing, by, stamp)
    if held.state not in lifecycle.WRITTEN:
        raise RuleBroken(f"It cannot be changed now: {lifecycle.WORDS[held.state].lower()}.")
    return held


def _move(held: Return, verb: str, by: Actor) -> None:
    if not by.may(lifecycle.returned.needs(verb)):
        raise RuleBroken("That is for somebody else to do.")
    held.state = lifecycle.returned.target(held.state, verb)


COLUMNS = tuple(
    Column(key, label)
    for key, label in (
        ("section", "Section"), ("question", "Question"), ("group", "Group"), ("answer", "Answer"),
        ("own", "Provider’s own figure"), ("before", "Quarter before"), ("why", "What to know"),
        ("definition", "Definition"), ("reference", "Reference"),
    )
)  # fmt: skip


def export(filing: Return, rows: Iterable[documents.Row], *, by: Actor, at: datetime, fmt: str) -> documents.Export:
    """A return as a file. Its name is of the quarter alone."""
    notes = [f"Quarter {filing.quarter}. Figures that are broken down by more than the service are protected."]
    return documents.table(
        f"return-{filing.quarter}", COLUMNS, rows, by=by, at=at, fmt=fmt, about=f"return {filing.pk}", notes=notes
    )


# Every night.


def remind(*, by: Actor, at: datetime, through: Gateway | None = None) -> int:
    """Tells whoever writes returns that one waits. Safe to run again: each step is told once. Returns how many
    returns were told of."""
    return sum(_remind(filing, step, by, at, through) for filing, step in queries.to_remind(clocks.london_date(at)))


def _remind(filing: Return, step: str, by: Actor, at: datetime, through: Gateway | None) -> bool:
    about = uuid5(DAYS, clocks.london_date(at).isoformat())
    try:
        with transaction.atomic():
            for user in queries.writers(filing.provider):
                messages.notify(user, by=by, at=at, about=about, template=NOTICE, through=through)
            Reminded.objects.create(filing=filing, step=step, at=at)
            events.record("return.reminded", filing.pk, by=by, at=at, step=step)
    except GatewayFailed:
        return False
    return True


@transaction.atomic
def forget(*, by: Actor, at: datetime) -> int:
    """Deletes returns whose time of keeping is over, with all that hangs on them. Returns how many."""
    on = clocks.london_date(at)
    keep = rulebook.rule("retention", "return", on).number("keep")
    last = Quarter.containing(on.replace(year=on.year - keep, day=1)).previous
    found: Iterable[UUID] = list(Return.objects.filter(quarter__lt=str(last)).values_list("pk", flat=True))
    Return.objects.filter(pk__in=found).delete()
    events.record_many("return.forgotten", list(found), by=by, at=at)
    return len(list(found))
