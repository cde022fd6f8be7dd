"""Writes of risk: a sitting begun, written, finished or thrown away; what rose seen and acted on."""

import json
from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.privacy import fields
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.agenda import actions as agenda
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.rules import MOMENTS
from alongside.support.cases.risk import queries, rules
from alongside.support.cases.risk.models import Alert, Sitting

REVIEW, ROSE, TO_SEE = "risk.review", "risk.rose", "risk.to_see"
NOTICE = "urgent"
MOST_INCIDENTS = 999
LONGEST_COMMENT = 1000
ENDED = ("state", "done_at", "done_by", "score", "reckoned", "level", "before", "why", "judgement")


@transaction.atomic
def begin(case: Case, *, by: Actor, at: datetime, set_code: str) -> Sitting:
    """Begins to ask a set, under the version that is in force now; or goes on with what was begun of the same kind."""
    case, on = casework.locked(case), clocks.london_date(at)
    whole = queries.to_ask(case, set_code, on)
    held: Sitting | None = Sitting.objects.filter(case=case, kind=whole.kind, state=Sitting.State.DRAFT).first()
    if held:
        return held
    sitting = Sitting(
        case=case, victim_id=case.victim_id, kind=whole.kind, set_code=whole.code, set_version=whole.version,
        council=queries.council(case), begun_at=at, begun_by=by.user_id, saved_at=at, saved_by=by.user_id,
    )  # fmt: skip
    fields.write(sitting, comments="", judgement="")
    sitting.save(force_insert=True)
    events.record("risk.begun", case.pk, by=by, at=at, kind=whole.kind, set=whole.ref)
    return sitting


def _held(sitting: Sitting) -> Sitting:
    """The sitting as it is now, held with its case, which must be open."""
    case = casework.locked(sitting.case)
    fresh: Sitting = Sitting.objects.select_for_update(of=("self",)).get(pk=sitting.pk)
    fresh.case = case
    return fresh


def _begun(sitting: Sitting, seen: int) -> Sitting:
    """The same, as the writer saw it and not finished."""
    fresh = _held(sitting)
    if fresh.state != Sitting.State.DRAFT:
        raise RuleBroken("Somebody has finished these questions meanwhile, or thrown them away.")
    if fresh.stamp != seen:
        raise RuleBroken(rules.STALE)
    return fresh


@transaction.atomic
def keep(sitting: Sitting, *, by: Actor, at: datetime, said: queries.Said, seen: int) -> Sitting:
    """Keeps what was said so far. `seen`: the stamp of the sitting that the writer had before them."""
    fresh = _begun(sitting, seen)
    _check_said(fresh, said, clocks.london_date(at))
    fresh.answers, fresh.incidents, fresh.asked_how = dict(said.answers), said.incidents, said.asked_how
    fresh.stamp, fresh.saved_at, fresh.saved_by = fresh.stamp + 1, at, by.user_id
    fields.write(fresh, comments=json.dumps({code: words for code, words in said.comments.items() if words}))
    fresh.save(
        update_fields=["answers", "incidents", "asked_how", "stamp", "saved_at", "saved_by", "comments"]
    )  # fmt: skip
    events.record("risk.kept", fresh.case_id, by=by, at=at, kind=fresh.kind)
    return fresh


def _check_said(sitting: Sitting, said: queries.Said, on: date) -> None:
    whole = queries.as_asked(sitting)
    if rules.strangers(whole, said.answers) or set(said.comments) - {one.code for one in whole.items}:
        raise RuleBroken("An answer does not belong to these questions.")
    if any(len(words) > LONGEST_COMMENT for words in said.comments.values()):
        raise RuleBroken(f"Keep each comment to {LONGEST_COMMENT} letters, and write the rest in a note.")
    if said.incidents is not None and not 0 <= said.incidents <= MOST_INCIDENTS:
        raise RuleBroken(f"Enter how many incidents, from 0 to {MOST_INCIDENTS}.", "incidents")
    if said.asked_how and rulebook.find(queries.ASKED, said.asked_how, on) is None:
        raise RuleBroken("Choose how it was asked.", "asked_how")


@transaction.atomic
def throw_away(sitting: Sitting, *, by: Actor, at: datetime, seen: int) -> None:
    """Gives up what was begun: what was said in it is not kept."""
    fresh = _begun(sitting, seen)
    fresh.state, fresh.answers, fresh.incidents, fresh.asked_how = Sitting.State.DROPPED, {}, None, ""
    fields.write(fresh, comments="")
    fresh.save(update_fields=["state", "answers", "incidents", "asked_how", "comments"])
    events.record("risk.thrown_away", fresh.case_id, by=by, at=at, kind=fresh.kind)


@transaction.atomic
def finish(sitting: Sitting, *, by: Actor, at: datetime, level: str, judgement: str = "", seen: int) -> Sitting:
    """Ends a sitting with the level that the worker judges, never below what the answers come to. What rises is raised
    with the manager; when to ask again goes on the agenda; whether the case counts as at high risk follows."""
    fresh = _held(sitting)
    if _pressed_twice(fresh, level, by=by, at=at):
        return fresh
    fresh = _begun(fresh, seen)
    _check_whole(fresh)
    found = queries.reckoned(fresh, at)
    raised = rules.judged(found.level, level)
    if raised and not judgement.strip():
        raise RuleBroken("Say why you judge the risk to be higher than the answers do.", "judgement")
    past = queries.sittings(fresh.case)
    before = queries.level(one for one in past if one.kind == fresh.kind)
    fresh.state, fresh.done_at, fresh.done_by = Sitting.State.DONE, at, by.user_id
    fresh.score, fresh.reckoned, fresh.level, fresh.before = found.score, found.level, level, before
    fresh.why = [*found.why, *([rules.JUDGEMENT] if raised else [])]
    fields.write(fresh, judgement=judgement if raised else "")
    fresh.save(update_fields=ENDED)
    _follow(fresh, queries.level(past), by=by, at=at)
    details = {"kind": fresh.kind, "set": f"{fresh.set_code}@{fresh.set_version}", "level": level, "before": before}
    events.record("risk.assessed", fresh.case_id, by=by, at=at, **details, why=fresh.why)
    return fresh


def _pressed_twice(sitting: Sitting, level: str, *, by: Actor, at: datetime) -> bool:
    return (
        sitting.done_at is not None and sitting.done_by == by.user_id and sitting.level == level
        and at - sitting.done_at <= MOMENTS
    )  # fmt: skip


def _check_whole(sitting: Sitting) -> None:
    if not rules.asked_anything(sitting.answers):
        raise RuleBroken("Nothing was answered yet. Go back to the questions.")
    if not sitting.asked_how:
        raise RuleBroken("Say how it was asked. Go back to the questions: it stands at their end.")


def _follow(sitting: Sitting, was: str, *, by: Actor, at: datetime) -> None:
    """What a finished sitting changes about its case. `was`: the level of the whole case before it."""
    case, found = sitting.case, queries.sittings(sitting.case)
    now, due = queries.level(found), queries.review_on(found)
    assert due is not None
    flag = rules.flagged(was, now, flag=case.high_risk)
    if flag != case.high_risk:
        case.high_risk = flag
        case.save(update_fields=["high_risk"])
    agenda.put(case, by=by, at=at, kind=REVIEW, about=case.pk, due_at=due)
    if rules.rose(sitting.before, sitting.level) or (was and rules.rose(was, now)):
        _raise(sitting, by=by, at=at)


def _due(at: datetime) -> datetime:
    days = rulebook.rule("clocks", "risk_rise_answered", clocks.london_date(at)).number("working_days")
    return clocks.due(at, days)


def _raise(sitting: Sitting, *, by: Actor, at: datetime) -> None:
    """Tells the manager, and puts on the agenda that somebody says what was done about it."""
    alert = Alert(
        case=sitting.case, victim_id=sitting.victim_id, sitting=sitting, raised_at=at, raised_by=by.user_id,
        due_at=_due(at),
    )  # fmt: skip
    fields.write(alert, words="")
    alert.save(force_insert=True)
    for kind in (ROSE, TO_SEE):
        agenda.put(sitting.case, by=by, at=at, kind=kind, about=alert.pk, due_at=alert.due_at)
    events.record("risk.rose", alert.pk, by=by, at=at)


def tell(alert: Alert, *, by: Actor, at: datetime) -> None:
    """Sends the managers and the worker a neutral e-mail that something urgent waits. Run by the worker; safe to
    repeat."""
    for person in queries.to_tell(alert):
        messages.notify(person, by=by, at=at, about=alert.pk, template=NOTICE)


@transaction.atomic
def see(alert: Alert, *, by: Actor, at: datetime) -> None:
    """The manager has seen it. Pressed twice it is seen once."""
    held: Alert = Alert.objects.select_for_update(of=("self",)).select_related("case").get(pk=alert.pk)
    if held.state != Alert.State.NEW:
        return
    held.state, held.seen_at, held.seen_by = Alert.State.SEEN, at, by.user_id
    held.save(update_fields=["state", "seen_at", "seen_by"])
    agenda.drop(held.case, by=by, at=at, kind=TO_SEE, about=held.pk)
    events.record("risk.rise_seen", held.case_id, by=by, at=at)


@transaction.atomic
def answer(alert: Alert, *, by: Actor, at: datetime, did: Collection[str], words: str = "") -> None:
    """Says what was done about it; the task is off the worker's day then, and stays on the manager's list until they
    have seen what was done. A manager who says it has seen it. Pressed twice it is said once."""
    held: Alert = Alert.objects.select_for_update(of=("self",)).select_related("case").get(pk=alert.pk)
    known = rulebook.titles(queries.RESPONSES, clocks.london_date(at))
    if not did or set(did) - set(known):
        raise RuleBroken("Choose what was done.", "did")
    if held.state == Alert.State.ANSWERED:
        if held.answered_by == by.user_id and held.did == list(did):
            return
        raise RuleBroken("Somebody has said meanwhile what was done. It stands on the page of the case.")
    held.state, held.answered_at, held.answered_by, held.did = Alert.State.ANSWERED, at, by.user_id, list(did)
    fields.write(held, words=words)
    held.save(update_fields=["state", "answered_at", "answered_by", "did", "words"])
    agenda.drop(held.case, by=by, at=at, kind=ROSE, about=held.pk)
    events.record("risk.rise_answered", held.case_id, by=by, at=at, did=list(did))
    if by.may(P.CASE_ASSIGN):
        _seen_answer(held, by=by, at=at)
    else:
        acted = {"acted": clocks.london_date(at).isoformat()}
        agenda.put(held.case, by=by, at=at, kind=TO_SEE, about=held.pk, due_at=_due(at), details=acted)


@transaction.atomic
def see_answer(alert: Alert, *, by: Actor, at: datetime) -> None:
    """The manager has seen what was done: it is off their list. Pressed twice it is seen once."""
    held: Alert = Alert.objects.select_for_update(of=("self",)).select_related("case").get(pk=alert.pk)
    if held.state != Alert.State.ANSWERED:
        raise RuleBroken("Nobody has said yet what was done.")
    if held.answer_seen_at is None:
        _seen_answer(held, by=by, at=at)


def _seen_answer(alert: Alert, *, by: Actor, at: datetime) -> None:
    alert.answer_seen_at, alert.answer_seen_by = at, by.user_id
    alert.save(update_fields=["answer_seen_at", "answer_seen_by"])
    agenda.drop(alert.case, by=by, at=at, kind=TO_SEE, about=alert.pk)
    events.record("risk.answer_seen", alert.case_id, by=by, at=at)
