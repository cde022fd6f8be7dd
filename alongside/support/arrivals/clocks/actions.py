"""Writes of clocks: pausing them for a coded reason, and letting them run again before the day."""

from datetime import date, datetime, time
from typing import Any

from django.db import transaction

from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.clocks import queries, rules
from alongside.support.arrivals.clocks.models import Pause
from alongside.support.arrivals.referrals import actions as referrals
from alongside.support.arrivals.referrals import queries as known
from alongside.support.arrivals.referrals import rules as planning
from alongside.support.arrivals.referrals.models import Referral


@transaction.atomic
def pause(referral: Referral, *, by: Actor, at: datetime, reason: str, until: date) -> Pause:
    """Lets the clocks that the reason names stand still from today until a day, on which they run by themselves."""
    referral, today = referrals.locked(referral.pk), clocks.london_date(at)
    row = rulebook.find("pause_reasons", reason, today)
    if row is None or not row.flag("chosen"):
        raise RuleBroken("Choose why the clocks stand still.", "reason")
    past = queries.stops(referral)
    rules.check_pause(referral.state, until=until, today=today, longest=int(row.number("longest")), stops=past)
    made = Pause(
        referral=referral, victim_id=referral.victim_id, reason=reason, clocks=list(row.codes("clocks")), since=today,
        until=until, paused_at=at, paused_by=by.user_id,
    )  # fmt: skip
    made.save(force_insert=True)
    if row.flag("stops_contact"):
        messages.hold(referral.victim_id, by=by, at=at, organisation_id=referral.hub_id, reason=reason, until=until,
                   cause=made.pk)  # fmt: skip
    moved = _call_after(referral, until, at=at) if rules.NEXT in made.clocks else {}
    _reckon(referral, **moved)
    events.record("referral.paused", referral.pk, by=by, at=at, reason=reason, until=until.isoformat())
    return made


@transaction.atomic
def resume(pause: Pause, *, by: Actor, at: datetime) -> Pause:
    """Lets the clocks run again today, before the day that was set."""
    referral, today = referrals.locked(pause.referral_id), clocks.london_date(at)
    fresh = Pause.objects.select_for_update().get(pk=pause.pk)
    rules.check_resume(until=fresh.until, ended=fresh.resumed_on is not None, today=today)
    fresh.resumed_on, fresh.resumed_by = today, by.user_id
    fresh.save(update_fields=["resumed_on", "resumed_by"])
    messages.end_hold(fresh.pk, by=by, at=at)
    _reckon(referral)
    events.record("referral.resumed", referral.pk, by=by, at=at, reason=fresh.reason)
    return fresh


def _reckon(referral: Referral, **changes: Any) -> None:
    """Sets anew when what has not been done yet is due; what was done keeps the time that it was measured by."""
    if referral.first_attempt_at is None:
        changes["attempt_due_at"] = queries.base_due(referral, rules.ATTEMPT, referral.received_at)
    if referral.first_offer_at is None:
        start = referral.taken_up_again_at or referral.received_at
        changes["offer_due_at"] = queries.base_due(referral, rules.OFFER, start)
    for name, value in changes.items():
        setattr(referral, name, value)
    referral.save(update_fields=list(changes))


def _call_after(referral: Referral, until: date, *, at: datetime) -> dict[str, Any]:
    """A call that is set for before the clocks run again goes to the first safe hours from then on, or is let drop."""
    opens = datetime.combine(until, time.min, tzinfo=clocks.LONDON)
    if referral.next_attempt_at is None or referral.next_attempt_at >= opens:
        return {}
    hours = known.calling_hours(referral, clocks.london_date(at))
    if not hours:
        return dict(referrals.NO_ATTEMPT)
    window = planning.next_window(until, hours, gap=0, turn=0, at=opens)
    return {"next_attempt_at": window.starts, "next_attempt_until": window.ends}
