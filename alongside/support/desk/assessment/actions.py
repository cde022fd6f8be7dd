"""Every write of a first assessment: what was found, an alarm, and what was decided of Enhanced Rights."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.privacy import fields
from alongside.foundation.office.documents import actions as documents
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.referrals import actions as referrals
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.desk.assessment import queries, rules
from alongside.support.desk.assessment.models import Alarm, Decision, Detail, Heard, Review
from alongside.support.desk.assessment.rules import Found, Named
from alongside.support.people.victims import actions as victims
from alongside.support.people.victims.models import Victim

TOLD_US = "told_us"
URGENT = "urgent"


@transaction.atomic
def assess(referral: Referral, *, by: Actor, at: datetime, found: Found) -> Detail:
    """Records a first assessment: the summary that goes with the referral, the detail beside it, what the person's
    record says of language and access, and which Enhanced Rights apply. Each stands; the referral shows the latest.
    """
    rules.check(found)
    _note_access(referral.victim_id, found, by=by, at=at)
    summary = referrals.assess(
        referral, by=by, at=at, needs=found.needs, vulnerability=found.vulnerability, access_needs=found.access,
        entitlements=found.entitlements, high_risk=found.high_risk, reason=found.summary,
    )  # fmt: skip
    children = found.children
    detail = Detail(
        id=summary.pk, referral_id=referral.pk, victim_id=referral.victim_id, levels=found.asked,
        others_at_risk=list(found.others), children=children.any, children_count=children.count,
        child_concern=children.concern, interpreter=found.interpreter, assessed_at=at,
    )  # fmt: skip
    fields.write(detail, said=json.dumps(found.said))
    detail.save(force_insert=True)
    fresh = Referral.objects.select_related("victim").get(pk=referral.pk)
    _take_heard(fresh, found, by=by, at=at)
    _decide(fresh, by=by, at=at, entitlements=found.entitlements, why=found.why)
    return detail


def _note_access(victim_id: UUID, found: Found, *, by: Actor, at: datetime) -> None:
    """The person's own record says what was found of language, interpreter and access, with what it said before."""
    victim = Victim.objects.select_for_update().get(pk=victim_id)
    titles = rulebook.titles("access_needs", london_date(at))
    said = victims.identity_of(victim)
    now = replace(
        said, language=found.language or said.language, interpreter=found.interpreter,
        access_needs=rules.join_access(found.access, found.access_words, titles),
    )  # fmt: skip
    victims.correct(victim, by=by, at=at, identity=now, reason=TOLD_US, seen=victim.version)


def _decide(
    referral: Referral, *, by: Actor, at: datetime, entitlements: Sequence[str], why: str
) -> Decision:  # fmt: skip
    """Keeps a decision with the facts that anybody of the hub may know, and ends what asked for it."""
    before, basis = queries.latest_decision(referral), queries.facts(referral, london_date(at))
    decision = Decision(referral=referral, victim_id=referral.victim_id, entitlements=list(entitlements),
                        basis=basis.kept, decided_at=at, decided_by=by.user_id)  # fmt: skip
    fields.write(decision, why=why)
    decision.save(force_insert=True)
    kept = before is not None and set(before.entitlements) == set(entitlements)
    _end_review(referral, Review.Ended.KEPT if kept else Review.Ended.CHANGED, by=by, at=at)
    events.record("entitlement.decided", referral.pk, by=by, at=at, entitlements=list(entitlements), kept=kept)
    return decision


def _end_review(referral: Referral, ended: str, *, by: Actor, at: datetime) -> None:
    Review.objects.filter(referral=referral, ended_at=None).update(ended=ended, ended_at=at, ended_by=by.user_id)


@transaction.atomic
def decide(referral: Referral, *, by: Actor, at: datetime, entitlements: Sequence[str], why: str) -> Decision:
    """Decides again which Enhanced Rights apply, kept or changed, with the reason. Whoever helps reads the rights."""
    if not why.strip():
        raise RuleBroken("Say why you keep or change it.", "why")
    referral = referrals.mark(referral, entitlements=list(entitlements))
    return _decide(referral, by=by, at=at, entitlements=entitlements, why=why)


def look_again(people: Iterable[UUID], *, by: Actor, at: datetime) -> int:
    """After facts changed about these people: decisions that rest on other facts are to be looked at again. Safe to
    repeat. Returns how many are.
    """
    again = 0
    for referral in queries.decided_of(set(people)).select_related("victim"):
        again += _compare(referral, by=by, at=at)
    return again


@transaction.atomic
def _compare(referral: Referral, *, by: Actor, at: datetime) -> bool:
    """Whether the decision of a referral is to be looked at again; opens what asks for it, or ends it."""
    Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
    decision, review = queries.latest_decision(referral), queries.open_review(referral)
    assert decision is not None
    now = queries.facts(referral, london_date(at))
    changed = list(rules.changed(decision.basis, now))
    if review and not changed:
        _end_review(referral, Review.Ended.FACTS_BACK, by=by, at=at)
    elif changed and (review is None or review.changed != changed):
        _ask_again(referral, review, changed, by=by, at=at)
    return bool(changed)


def _ask_again(referral: Referral, review: Review | None, changed: list[str], *, by: Actor, at: datetime) -> None:
    if review is None:
        review = Review(referral=referral, victim_id=referral.victim_id, opened_at=at)
    review.changed = changed
    review.save()
    events.record("entitlement.facts_changed", referral.pk, by=by, at=at, changed=changed)


def print_out(detail: Detail, *, by: Actor, at: datetime) -> None:
    """Notes that an assessment is printed, and by whom."""
    documents.note_print(detail.referral_id, by=by, at=at, what="assessment")


# Danger.


@transaction.atomic
def raise_alarm(referral: Referral, *, by: Actor, at: datetime) -> Alarm:
    """Somebody may be in danger now: the referral is at high risk from here on, and those on duty are told. While an
    alarm of the same person waits to be taken, this is the same one.
    """
    referral = referrals.mark(referral, high_risk=True)
    open_now = queries.open_alarm(referral)
    if open_now is not None and open_now.raised_by == by.user_id:
        return open_now
    told = queries.to_tell(referral, london_date(at), but=by.user_id)
    alarm = Alarm(referral=referral, victim_id=referral.victim_id, raised_at=at, raised_by=by.user_id, told=list(told))
    alarm.save(force_insert=True)
    events.record("danger.raised", alarm.pk, by=by, at=at, told=len(told))
    return alarm


@transaction.atomic
def take_alarm(alarm: Alarm, *, by: Actor, at: datetime) -> Alarm:
    """Says that somebody has it: it is off everybody's home page, and who has it is on record."""
    found: Alarm = Alarm.objects.select_for_update().get(pk=alarm.pk)
    if found.taken_at is not None:
        raise RuleBroken("Somebody has it already.")
    found.taken_at, found.taken_by = at, by.user_id
    found.save(update_fields=["taken_at", "taken_by"])
    events.record("danger.taken", found.pk, by=by, at=at)
    return found


def tell(alarm: Alarm, *, by: Actor, at: datetime) -> None:
    """Sends those on duty a neutral e-mail that something urgent waits. Run by the worker; safe to repeat."""
    for person in alarm.told:
        messages.notify(person, by=by, at=at, about=alarm.pk, template=URGENT)


# What they named in a call.


@transaction.atomic
def hear(referral: Referral, *, by: Actor, at: datetime, named: Sequence[Named]) -> tuple[Heard, ...]:
    """Keeps what they named in a call for whoever assesses; not what the assessment and the record say already."""
    said, waiting = queries.start(referral, london_date(at)), queries.to_settle(referral)
    there = {(one.what, one.code) for one in waiting}
    made = [
        Heard(referral=referral, victim_id=referral.victim_id, what=what, code=code, heard_at=at, heard_by=by.user_id)
        for what, code in dict.fromkeys(named) if (what, code) not in there and not rules.holds(said, (what, code))
    ]  # fmt: skip
    Heard.objects.bulk_create(made)
    if made:
        events.record("assessment.heard", referral.pk, by=by, at=at, count=len(made))
    return (*waiting, *made)


@transaction.atomic
def leave_heard(heard: Heard, *, by: Actor, at: datetime) -> Heard:
    """Somebody who assesses leaves out what was named in a call. That it was named, and who left it, stays."""
    found: Heard = Heard.objects.select_for_update(of=("self",)).get(pk=heard.pk)
    if found.ended_at is not None:
        raise RuleBroken("Somebody has taken this or left it out meanwhile.")
    _settle([found], Heard.Ended.LEFT, by=by, at=at)
    events.record("assessment.heard_left", found.referral_id, by=by, at=at, what=found.what)
    return found


def _take_heard(referral: Referral, found: Found, *, by: Actor, at: datetime) -> None:
    """What the assessment says now of what they named in a call; the rest still waits."""
    now: dict[str, object] = {f"level_{need}": level for need, level in found.levels.items()}
    now |= {"language": found.language, "interpreter": found.interpreter, "access": list(found.access)}
    taken = [one for one in queries.to_settle(referral) if rules.holds(now, (one.what, one.code))]
    _settle(taken, Heard.Ended.TAKEN, by=by, at=at)


def _settle(heard: Sequence[Heard], ended: str, *, by: Actor, at: datetime) -> None:
    keys = [one.pk for one in heard]
    Heard.objects.filter(pk__in=keys).update(ended=ended, ended_at=at, ended_by=by.user_id)
