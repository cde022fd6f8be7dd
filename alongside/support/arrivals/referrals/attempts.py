"""Writes of the hub's attempts to reach a victim: made and planned, struck out where they are wrong,
begun anew; and of reading what they added who came back."""

from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Min, Q

from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.privacy import fields
from alongside.foundation.office.messages import actions as messages
from alongside.support.arrivals.referrals import actions, lifecycle, queries, rules
from alongside.support.arrivals.referrals.models import Addition, Attempt, Referral


@transaction.atomic
def record_attempt(
    referral: Referral, *, by: Actor, at: datetime, channel: str, result: str, attempted_at: datetime | None = None,
    note: str = "", despite: str = "",
) -> Attempt:  # fmt: skip
    """Records that somebody tried to reach the victim, and whether they did. `attempted_at`: when; now if not said.

    `despite`: why a manager let it be though contact is held.
    """
    referral = actions.locked(referral.pk)
    when = attempted_at or at
    _check_moment(referral, when, at=at)
    if again := _again(referral, note, by=by, at=at, attempted_at=when, channel=channel, result=result):
        return again
    messages.check_contact(referral.victim_id, by=by, at=at, moment=when, despite=despite)
    reached = queries.reached(result, channel, clocks.london_date(when))
    attempt = Attempt(
        referral=referral, victim_id=referral.victim_id, channel=channel, result=result, reached=reached,
        attempted_at=when, attempted_by=by.user_id, recorded_at=at,
    )  # fmt: skip
    fields.write(attempt, note=note)
    attempt.save(force_insert=True)
    first, contact = referral.first_attempt_at, referral.first_contact_at
    actions.move(
        referral, "record_attempt", at=at, first_attempt_at=min(first or when, when),
        first_contact_at=min(contact or when, when) if reached else contact, **_planned(referral, at=at),
    )  # fmt: skip
    events.record("referral.attempted", referral.pk, by=by, at=at, channel=channel, result=result, reached=reached)
    return attempt


def _planned(referral: Referral, *, at: datetime) -> dict[str, Any]:
    """When to try next by the attempts that stand, as columns; nothing where the referral is not in triage."""
    return _columns(queries.plan(referral, at=at).window if referral.state == lifecycle.IN_TRIAGE else None)


def _columns(due: rules.Window | None) -> dict[str, Any]:
    return {"next_attempt_at": due.starts, "next_attempt_until": due.ends} if due else actions.NO_ATTEMPT


def _is_latest(referral: Referral, attempt: Attempt) -> bool:
    """Whether what is planned came of this attempt, or nothing is planned: a later one, or a person, set it else."""
    if referral.next_attempt_at is None:
        return True
    return not referral.attempts.filter(struck_at=None, attempted_at__gt=attempt.attempted_at).exists()


@transaction.atomic
def plan_attempt(
    referral: Referral, *, by: Actor, at: datetime, day: date, from_time: time, until_time: time, sure: bool,
    despite: str = "",
) -> Referral:  # fmt: skip
    """Sets when to try next in place of what was worked out, inside the hours that are safe. `sure`: it fits what they
    said in words. `despite`: why a manager goes against their hours.
    """
    referral = actions.locked(referral.pk)
    on, asked = clocks.london_date(at), rules.window(day, from_time, until_time)
    hours = queries.calling_hours(referral, on)
    messages.check_plan(referral.victim_id, day, at=at)
    outside = bool(hours) and not rules.within(asked, hours or ())
    known = dict(queries.hours_overrides(by, on))
    why = (despite if despite in known else "") if known else None
    rules.check_plan(asked, hours, at=at, ahead=queries.contact_ahead(on), sure=sure, despite=why)
    actions.move(
        referral, "plan_attempt", at=at, next_attempt_at=asked.starts, next_attempt_until=asked.ends
    )  # fmt: skip
    told = {"outside": outside, "why": why if outside else ""}
    events.record("referral.attempt_planned", referral.pk, by=by, at=at, day=day.isoformat(), **told)
    return referral


@transaction.atomic
def take_up_again(referral: Referral, *, by: Actor, at: datetime) -> Referral:
    """Opens what was closed because nobody was reached. The days that were tried before count for nothing now."""
    referral = actions.locked(referral.pk)
    on = clocks.london_date(at)
    lifecycle.referral.target(referral.state, "take_up_again")
    rules.check_take_up(queries.closure_reason(referral.closed_why, on), accepted=referral.accepted_at is not None)
    rules.refuse_stopped(queries.stopped(referral))
    # A first offer that was made in its time, or late, stays so; one that is still owed is owed from now.
    owed = clocks.due(at, queries.working_days("first_offer", on))
    hours = queries.calling_hours(referral, on)
    soonest = _columns(rules.next_window(on, hours, gap=0, turn=0, at=at) if hours else None)
    actions.move(
        referral, "take_up_again", at=at, closed_at=None, closed_why="", information_left=False, worker=by.user_id,
        taken_up_again_at=at, offer_due_at=referral.offer_due_at if referral.first_offer_at else owed,
        **soonest,
    )  # fmt: skip
    events.record("referral.taken_up_again", referral.pk, by=by, at=at)
    return referral


def _again(
    referral: Referral, note: str, *, by: Actor, at: datetime, attempted_at: datetime, **same: str
) -> Attempt | None:
    """The same attempt, recorded by the same person moments ago: its form was sent twice."""
    about = (attempted_at - rules.MOMENTS, attempted_at + rules.MOMENTS)
    told = referral.attempts.filter(struck_at=None, attempted_by=by.user_id, recorded_at__gt=at - rules.MOMENTS)
    recent = told.filter(attempted_at__range=about, **same)
    return next((made for made in recent if fields.read(made, "note") == note), None)


def _check_moment(referral: Referral, when: datetime, *, at: datetime) -> None:
    """People know the minute and no more: the referral's own minute is not before it."""
    if when > at:
        raise RuleBroken("An attempt that has not been made yet cannot be recorded.", "tried_on")
    if when < referral.received_at.replace(second=0, microsecond=0):
        raise RuleBroken("This is before the referral arrived.", "tried_on")


@transaction.atomic
def strike_out(attempt: Attempt, *, by: Actor, at: datetime, reason: str) -> Attempt:
    """Takes back an attempt that was recorded wrongly. It stays to be read; clocks and figures go by the others."""
    referral = actions.locked(attempt.referral_id)
    attempt = referral.attempts.get(pk=attempt.pk)
    if attempt.struck_at is not None:
        raise RuleBroken("This attempt is struck out already.")
    attempt.struck_at, attempt.struck_by = at, by.user_id
    fields.write(attempt, struck_why=reason)
    attempt.save(update_fields=["struck_at", "struck_by", "struck_why"])
    left = referral.attempts.filter(struck_at=None).aggregate(
        first=Min("attempted_at"), reached=Min("attempted_at", filter=Q(reached=True))
    )
    referral.first_attempt_at, referral.first_contact_at = left["first"], left["reached"]
    again = _planned(referral, at=at) if _is_latest(referral, attempt) else {}
    for name, value in again.items():
        setattr(referral, name, value)
    referral.save(update_fields=["first_attempt_at", "first_contact_at", *again])
    if referral.state in rules.WITH_HUB:
        actions.tell(referral, at=at)
    events.record("referral.attempt_struck_out", referral.pk, by=by, at=at, attempt=str(attempt.pk))
    return attempt


@transaction.atomic
def deal_with(addition: Addition, *, by: Actor, at: datetime) -> Addition:
    """Says that somebody read and acted on what a victim added who came back."""
    found = Addition.objects.select_for_update().get(pk=addition.pk)
    if found.handled_at is None:
        found.handled_at, found.handled_by = at, by.user_id
        found.save(update_fields=["handled_at", "handled_by"])
        events.record("addition.dealt_with", found.pk, by=by, at=at, kind=found.kind)
    return found
