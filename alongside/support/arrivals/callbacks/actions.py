"""Every write of calls that were asked for: asked, by form or on coming back; set, missed, made, and ended."""

import os
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from alongside.core import clocks, events
from alongside.core.access.actor import PUBLIC_ACTOR, Actor
from alongside.core.errors import RuleBroken
from alongside.foundation.office.messages import actions as messages
from alongside.support.arrivals.callbacks import queries, rules
from alongside.support.arrivals.callbacks.models import CallBack
from alongside.support.arrivals.callbacks.rules import Asked
from alongside.support.arrivals.intake import actions as intake
from alongside.support.arrivals.intake import queries as intake_queries
from alongside.support.arrivals.intake import rules as intake_rules
from alongside.support.arrivals.intake.actions import Opened
from alongside.support.arrivals.referrals import actions as referrals
from alongside.support.arrivals.referrals.actions import Arrival, Point
from alongside.support.arrivals.referrals.models import Referral, Ticket
from alongside.support.arrivals.referrals.rules import NOT_KNOWN, TO_DO, Window
from alongside.support.people.victims.actions import Identity

SENT = "call-sent"
NOT_SAID = "rather_not_say"
NOTE = "Asked for nothing but a call. What happened was not asked: begin by asking if it is safe to talk."
MISSED = "come_and_see"


# By somebody without an account.


@transaction.atomic
def ask(opened: Opened, said: Mapping[str, Any], danger: str, *, at: datetime) -> None:
    """Makes a referral of a wish to be called, with the reference and phrase to come back with. Again: does nothing."""
    if SENT in opened.answers:
        return
    on = clocks.london_date(at)
    referral = referrals.receive(_arrival(said, danger, at=at), by=PUBLIC_ACTOR, at=at)
    phrase = intake_rules.new_phrase(os.urandom(16), intake_queries.words())
    intake.give_ticket(referral, phrase, at=at)
    events.record("referral.self_sent", referral.pk, by=PUBLIC_ACTOR, at=at, channels=["phone"], own=True,
                  call=intake_queries.call_asked(said, on))  # fmt: skip
    kept = {"reference": referral.reference, "phrase": phrase, "call": intake_queries.call_words(said, on)}
    intake.answer(opened, SENT, {name: [value] for name, value in kept.items()})


def _arrival(said: Mapping[str, Any], danger: str, *, at: datetime) -> Arrival:
    """The referral that it amounts to. Nothing was asked of what happened, so nothing is said of it."""
    on = clocks.london_date(at)
    hub = intake_queries.hub_of(said["council"]) if said["council"] else queries.only_hub()
    if hub is None:
        raise RuleBroken("We do not know which area this is for.", "council")
    happened = intake_queries.happened(NOT_SAID, on)
    asked = rules.asked(intake_queries.call_asked(said, on))
    told = ["Ask for this person by the name that they gave, and for nobody else.", said["others"]]
    number = Point(
        "phone", said["number"], "yes", safe_times=asked.hours, leave_message=said["message"] == "yes",
        instructions="\n".join(line for line in told if line), verified_how=queries.TYPED,
    )  # fmt: skip
    marked = {"child": said["young"], "danger_not_known": danger == "unsure"}
    notes = [NOTE, "Said to be under 18." if said["young"] else "",
             "Said that somebody was in danger now." if danger == "yes" else ""]  # fmt: skip
    return Arrival(
        hub_id=hub.pk, source="self", identity=Identity(given_name=said["name"], council=said["council"]),
        crime_type=happened.text("young_crime_type" if said["young"] else "crime_type") or happened.text("crime_type"),
        points=(number,), reported=False, why_not_reported=NOT_KNOWN, council=said["council"],
        markers=tuple(code for code, holds in marked.items() if holds), high_risk=danger in ("yes", "unsure"),
        notes="\n".join(line for line in notes if line),
    )  # fmt: skip


@transaction.atomic
def again(ticket: Ticket, said: Mapping[str, Any], *, at: datetime) -> None:
    """Somebody who came back asks for a call, or for another time. The hub reads it; the worker sets it."""
    if ticket.withdrawn_at is not None:
        raise RuleBroken("You asked us to stop. Phone us, or ask for support again, if you would like a call.")
    on = clocks.london_date(at)
    intake.add(ticket, at=at, words=f"Please call me: {intake_queries.call_words(said, on)}.")
    events.record(
        "call_back.asked", ticket.referral_id, by=PUBLIC_ACTOR, at=at, call=intake_queries.call_asked(said, on)
    )


# For the worker, which alone may write them.


@transaction.atomic
def schedule(referral: Referral, wanted: Asked, *, by: Actor, at: datetime, asked_at: datetime) -> CallBack | None:
    """Sets when to call, in place of what was asked before. None for who is no longer with the hub, or asked us to
    stop since; and where none of the hours that they ask for is recorded as safe, which is for a person to read and put
    right. Safe to run again: one asking is one call.
    """
    referral = referrals.locked(referral.pk)
    same = CallBack.objects.filter(referral=referral, asked_at=asked_at).first()
    if same or referral.state not in TO_DO or queries.stopped(referral.victim_id, asked_at):
        return same
    _end(queries.open_of(referral.pk), CallBack.Ended.CHANGED, at=at)
    on, held = clocks.london_date(asked_at), queries.held_until(referral.victim_id, at)
    last = queries.last_asked(referral)
    _retime(last, wanted, by=by, at=at)
    hours = queries.safe_hours(referral, wanted, on, anew=last is not None)
    if not hours:
        _leave_to_a_person(referral, by=by, at=at)
        return None
    first = rules.first_window(rules.not_before(wanted, held), hours, asked_at)
    made = CallBack(
        referral=referral, victim_id=referral.victim_id, hub_id=referral.hub_id, day=wanted.day, hours=wanted.hours,
        never=list(wanted.never), starts_at=first.starts, ends_at=first.ends, asked_at=asked_at,
        due_at=rules.due(wanted, first, asked_at, queries.working_days(on)),
    )  # fmt: skip
    made.save(force_insert=True)
    _set(referral, first)
    events.record("call_back.set", referral.pk, by=by, at=at, day=clocks.london_date(first.starts).isoformat())
    return made


def _retime(last: CallBack | None, wanted: Asked, *, by: Actor, at: datetime) -> None:
    """Hours that they typed when they asked for a call give way to those that they type now; no others do."""
    for point in queries.timed_by(last) if last and wanted.hours else ():
        messages.change_safety(
            point, by=by, at=at, safe="yes", safe_times=wanted.hours, leave_message=point.leave_message,
            verified_how=queries.TYPED,
        )  # fmt: skip


def _leave_to_a_person(referral: Referral, *, by: Actor, at: datetime) -> None:
    """No call is set, nor one that was set before: what they ask for and what is recorded as safe do not agree."""
    referrals.mark(referral, **referrals.NO_ATTEMPT)
    events.record("call_back.not_safe", referral.pk, by=by, at=at)


def _set(referral: Referral, due: Window) -> None:
    """When to call, where the queue and the referral's own page read it."""
    referrals.mark(referral, next_attempt_at=due.starts, next_attempt_until=due.ends)


def _end(call: CallBack | None, why: str, *, at: datetime) -> None:
    if call is not None:
        call.ended, call.ended_at = why, at
        call.save(update_fields=["ended", "ended_at"])


@transaction.atomic
def miss(call: CallBack, *, by: Actor, at: datetime) -> CallBack | None:
    """The hours are over and nobody called: offered again in the next that fit, and marked. Safe to run again."""
    found = CallBack.objects.select_for_update(of=("self",)).filter(pk=call.pk, ended_at=None, ends_at__lte=at).first()
    referral = Referral.objects.select_for_update().filter(pk=call.referral_id).first()
    if found is None or referral is None:
        return None
    if referral.state not in TO_DO:
        _end(found, CallBack.Ended.LEFT, at=at)
        return None
    wanted = Asked(found.day, found.hours, tuple(found.never))
    hours = queries.safe_hours(referral, wanted, clocks.london_date(at), anew=True)
    if not hours:
        _end(found, CallBack.Ended.NOT_SAFE, at=at)
        _leave_to_a_person(referral, by=by, at=at)
        return found
    if held := queries.held_until(found.victim_id, at):  # nobody may ring them yet, so nobody missed it
        later, missed = rules.first_window(rules.not_before(wanted, held), hours, at), found.missed
    else:
        later = rules.next_window(Window(found.starts_at, found.ends_at), found.never, hours, at)
        missed = found.missed + 1
    found.starts_at, found.ends_at, found.missed = later.starts, later.ends, missed
    found.save(update_fields=["starts_at", "ends_at", "missed"])
    _set(referral, later)
    events.record("call_back.held" if held else "call_back.missed", referral.pk, by=by, at=at, missed=found.missed)
    return None if held else found


def miss_all(*, by: Actor, at: datetime) -> int:
    """Every call whose hours are over, each in a transaction of its own; whoever has it is told. Returns how many."""
    found = [missed for call in queries.past(at) if (missed := miss(call, by=by, at=at))]
    for call in found:
        if worker := queries.on_duty(call, clocks.london_date(at)):
            messages.notify(worker, by=by, at=at, about=call.pk, template=MISSED)
    return len(found)


@transaction.atomic
def settle(referral: Referral, *, by: Actor, at: datetime) -> None:
    """After an attempt, one that was struck out, a stop or a closing: whether a call still waits. Safe to repeat."""
    referral = referrals.locked(referral.pk)
    call = queries.open_of(referral.pk) or queries.last_called(referral)
    if call is None:
        return
    why = _why_over(referral, call)
    if why == call.ended:
        return
    if why:
        _end(call, why, at=at)
    else:
        call.ended, call.ended_at = "", None
        call.save(update_fields=["ended", "ended_at"])
        _set(referral, Window(call.starts_at, call.ends_at))
    events.record("call_back.settled", referral.pk, by=by, at=at, ended=why)


def _why_over(referral: Referral, call: CallBack) -> str:
    """Why no call is owed any more; empty where one is."""
    reasons = (
        (CallBack.Ended.STOPPED, queries.stopped(call.victim_id, call.asked_at)),
        (CallBack.Ended.CALLED, queries.tried_since(referral, call.asked_at)),
        (CallBack.Ended.LEFT, referral.state not in TO_DO),
    )  # fmt: skip
    return next((code for code, holds in reasons if holds), "")
