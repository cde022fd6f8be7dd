"""The one write of incoming: a referral that somebody at the hub takes down."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.support.arrivals.incoming import queries, rules
from alongside.support.arrivals.incoming.models import TakenDown
from alongside.support.arrivals.intake import rules as intake
from alongside.support.arrivals.referrals import actions as referrals
from alongside.support.arrivals.referrals.actions import Arrival
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.referrals.rules import NOT_KNOWN, Point
from alongside.support.people.victims import actions as victims
from alongside.support.people.victims.actions import Identity


@transaction.atomic
def take_down(said: Mapping[str, Any], *, by: Actor, at: datetime, token: UUID) -> Referral:
    """Makes one referral of what was taken down, taken by whoever wrote it. Again with one token: the same."""
    if said["consent"] == "no" or (*rules.faults(said), *intake.faults(said)):
        raise RuleBroken("This referral cannot be kept yet.")
    assert by.organisation_id is not None
    if (other := queries.other_hub(said["postcode"], by.organisation_id)) is not None:
        raise RuleBroken(
            f"That is in the area of {other.name}. Tell them how to reach it, or leave the postcode out if they want "
            "your help all the same.", "postcode",
        )  # fmt: skip
    if (known := queries.before(token)) is not None:
        return known.referral
    try:
        with transaction.atomic():
            return _take_down(said, by=by, at=at, token=token)
    except IntegrityError:  # kept from another window meanwhile: what this one wrote is undone
        return TakenDown.objects.select_related("referral").get(token=token).referral


def _take_down(said: Mapping[str, Any], *, by: Actor, at: datetime, token: UUID) -> Referral:
    assert by.organisation_id is not None
    referral = referrals.receive(_arrival(said, by.organisation_id, by=by), by=by, at=at)
    TakenDown(
        token=token, referral=referral, channel=said["channel"], caller=said["caller"], taken_at=at, taken_by=by.user_id
    ).save(force_insert=True)
    for kind in (point.kind for point in _points(said) if point.verified_how):
        victims.agree(referral.victim, by=by, at=at, about="contact", given=True, channel=kind, how="by_voice")
    referral = referrals.take(referral, by=by, at=at)
    events.record(
        "referral.taken_down", referral.pk, by=by, at=at, channel=said["channel"], caller=said["caller"],
        consent=said["consent"],
    )  # fmt: skip
    return referral


def _arrival(said: Mapping[str, Any], hub: int, *, by: Actor) -> Arrival:
    return Arrival(
        hub_id=hub, source=rules.source(said), identity=Identity(**intake.identity(said)),
        crime_type=said["crime_type"], points=_points(said), source_ref=said["source_ref"], referred_by=by.user_id,
        reported=said["reported"] == "yes", why_not_reported=NOT_KNOWN if said["reported"] == "unknown" else "",
        occurred_from=said["occurred_from"], council=said["postcode"], high_risk=rules.high_risk(said),
        consent="unknown" if said["consent"] == "not_asked" else "yes", notes=rules.notes(said), **intake.flags(said),
    )  # fmt: skip


def _points(said: Mapping[str, Any]) -> tuple[Point, ...]:
    return tuple(
        Point(kind, said[kind], said[f"{kind}_safe"], safe_times=said["safe_times"], instructions=intake.told_to(said),
              leave_message=kind == "phone" and said["message"] == "yes", verified_how=rules.verified(said, kind))
        for kind in ("phone", "email") if said[kind]
    )  # fmt: skip
