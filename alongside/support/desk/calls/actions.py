"""Every write of a call: what came of it, taking that back, and a whole first call."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.messages.rules import windows
from alongside.support.arrivals.callbacks.rules import safe_part
from alongside.support.arrivals.referrals import actions as referrals
from alongside.support.arrivals.referrals import attempts
from alongside.support.arrivals.referrals import queries as known
from alongside.support.arrivals.referrals.actions import SENDING
from alongside.support.arrivals.referrals.models import Attempt, Referral
from alongside.support.desk.assessment import actions as assessment
from alongside.support.desk.assessment import rules as assessment_rules
from alongside.support.desk.calls import queries, rules
from alongside.support.desk.calls.models import Last
from alongside.support.desk.calls.rules import Step
from alongside.support.people.victims import actions as victims

BY_VOICE, ASKED = "by_voice", "asked by the hub"
BY_MISTAKE = "Taken back at once by whoever recorded it"


@transaction.atomic
def begin(referral: Referral, *, by: Actor, at: datetime) -> Referral:
    """Whoever calls has the referral: one that nobody has is taken, a colleague's stays theirs. Refused where no
    telephone is safe to ring, and where they asked us to stop."""
    if why := queries.why_not(referral, at=at):
        raise RuleBroken(why)
    return _taken(referral, by=by, at=at)


def _taken(referral: Referral, *, by: Actor, at: datetime) -> Referral:
    return referral if referral.worker else referrals.take(referral, by=by, at=at)


@transaction.atomic
def record(referral: Referral, *, by: Actor, at: datetime, result: str, note: str = "") -> Attempt:
    """What came of a telephone call just now. The next one is set by the contact plan; it can be taken back."""
    if referral.state == Referral.State.RECEIVED:
        referral = _taken(referral, by=by, at=at)
    made = attempts.record_attempt(referral, by=by, at=at, channel="phone", result=result, note=note)
    _remember(made, by=by, at=at)
    return made


def _remember(attempt: Attempt, *, by: Actor, at: datetime) -> None:
    assert by.user_id is not None and by.organisation_id is not None
    said = {"hub_id": by.organisation_id, "attempt_id": attempt.pk, "recorded_at": at}
    Last.objects.update_or_create(user_id=by.user_id, defaults=said)


@transaction.atomic
def undo(attempt: Attempt, *, by: Actor, at: datetime) -> Attempt:
    """Takes back what one recorded a moment ago: it is struck out, stays to be read, and counts for nothing."""
    if not queries.own(attempt.pk, by, at=at):
        raise RuleBroken("This can no longer be taken back here. Strike it out on the referral’s own page.")
    return attempts.strike_out(attempt, by=by, at=at, reason=BY_MISTAKE)


def forget(*, at: datetime) -> int:
    """Forgets what was recorded last after a day; run by the worker. Returns how many."""
    return Last.objects.filter(recorded_at__lt=at - rules.KEPT).delete()[0]


@transaction.atomic
def leave(referral: Referral, said: Mapping[str, Any], *, by: Actor, at: datetime) -> Attempt:
    """A call that ended at once: not them, or not safe. When to call again only where they themselves said so."""
    made = record(referral, by=by, at=at, result=rules.outcome(said))
    if said.get("speaking") == "them":
        _plan(referral, said, by=by, at=at)
    events.record("call.left", referral.pk, by=by, at=at, result=made.result)
    return made


@transaction.atomic
def finish(referral: Referral, said: Mapping[str, Any], steps: Sequence[Step], *, by: Actor, at: datetime) -> Attempt:
    """Records a whole first call: the attempt with its notes, what they agreed to, what is safe, the next call, and
    what they named for whoever assesses."""
    if rules.missing(steps, said):
        raise RuleBroken("Answer the first questions before the call is recorded: who is there, is it safe, danger.")
    made = record(referral, by=by, at=at, result=rules.SPOKE, note=rules.notes(steps, said))
    _agree(referral, said, by=by, at=at)
    _make_safe(referral, said, by=by, at=at)
    _plan(referral, said, by=by, at=at)
    assessment.hear(referral, by=by, at=at, named=assessment_rules.named(said))
    events.record("call.finished", referral.pk, by=by, at=at, needs=list(said.get("needs") or ()))
    return made


def _agree(referral: Referral, said: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Three agreements, each where it was asked, recorded apart."""
    for about, channel in (("support", ""), ("contact", "phone")):
        if answer := said.get(about):
            victims.agree(referral.victim, by=by, at=at, about=about, channel=channel, given=answer == "yes", how=ASKED)
    if said.get("share") and said.get("share_with"):
        victims.agree(
            referral.victim, by=by, at=at, about="share", given=said["share"] == "yes",
            with_organisation=int(said["share_with"]), purpose=SENDING, how=ASKED,
        )  # fmt: skip


def _make_safe(referral: Referral, said: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """What they said by voice of the number that was used."""
    point = queries.way(referral, str(said.get("way") or ""))
    if point is None or not said.get("way_safe"):
        return
    safe = said["way_safe"] == "yes"
    messages.change_safety(
        point, by=by, at=at, safe=said["way_safe"], safe_times=str(said.get("way_times") or "") if safe else "",
        leave_message=safe and said.get("way_message") == "yes", verified_how=BY_VOICE if safe else "",
    )  # fmt: skip


def _plan(referral: Referral, said: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """When to call again: what of the hours that they chose is safe, by what is recorded or was put right just now."""
    hours = windows(str(said.get("next_hours") or ""))
    if not said.get("next_day") or not hours:
        return
    fits = safe_part(hours, known.calling_hours(referral, clocks.london_date(at)))
    day, (starts, ends) = date.fromisoformat(said["next_day"]), (fits or hours)[0]
    try:
        attempts.plan_attempt(referral, by=by, at=at, day=day, from_time=starts, until_time=ends, sure=True)
    except RuleBroken as broken:
        raise RuleBroken(broken.message, "next_hours") from broken
