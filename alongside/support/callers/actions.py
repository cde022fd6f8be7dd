"""The write of callers: a call that is taken down becomes a referral."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.support.callers import rules
from alongside.support.intake.rules import ADULT
from alongside.support.onthespot import queries
from alongside.support.referrals import actions as referrals
from alongside.support.referrals.actions import Arrival, Point
from alongside.support.referrals.models import Referral
from alongside.support.referrals.rules import NOT_KNOWN
from alongside.support.victims.actions import Identity
from alongside.support.victims.rules import known_age

SOURCE = Referral.Source.SELF


@transaction.atomic
def take_down(said: Mapping[str, Any], *, by: Actor, at: datetime, key: UUID) -> Referral:
    """Makes one referral of a call, with what the caller agreed to. Again with the page's key: the same referral."""
    for field, words in rules.faults(said):
        raise RuleBroken(f"{words}.", field)
    assert by.organisation_id is not None
    _alone(key)
    if before := Referral.objects.filter(hub_id=by.organisation_id, source=SOURCE, source_ref=str(key)).first():
        return before
    referral = referrals.receive(_arrival(said, key, by=by, at=at), by=by, at=at)
    events.record("referral.taken_down", referral.pk, by=by, at=at, ways=list(rules.reachable(said)))
    return referral


def _alone(key: UUID) -> None:
    """One press of a page's button at a time, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key.int & (2**63 - 1)])


def _arrival(said: Mapping[str, Any], key: UUID, *, by: Actor, at: datetime) -> Arrival:
    assert by.organisation_id is not None
    on = clocks.london_date(at)
    chosen, age = queries.crime(said["happened"], on), known_age(said["birth_date"], on)
    young = age is not None and age < ADULT
    return Arrival(
        hub_id=by.organisation_id, source=SOURCE, source_ref=str(key), referred_by=by.user_id, identity=_identity(said),
        points=_points(said, queries.hours(on)), council=said["postcode"],
        crime_type=(young and chosen.text("young_crime_type")) or chosen.text("crime_type"),
        reported=said["reported"] == "yes", why_not_reported=NOT_KNOWN if said["reported"] == "unknown" else "",
        markers=("child",) if young else (), high_risk=said["danger"] == "yes", consent="yes",
        notes=rules.notes(said, chosen.title),
    )  # fmt: skip


def _identity(said: Mapping[str, Any]) -> Identity:
    return Identity(
        given_name=said["given_name"], family_name=said["family_name"], birth_date=said["birth_date"],
        language=said["language"], interpreter=said["interpreter"] or "unknown", council=said["postcode"],
    )  # fmt: skip


def _points(said: Mapping[str, Any], hours: Mapping[str, str]) -> tuple[Point, ...]:
    """Ways that the caller gave by voice: verified where they said that they are safe."""
    times = rules.times_of(said["times"], hours)
    return tuple(
        Point(
            way, said[way], said[f"{way}_safe"], safe_times=times if way == "phone" else "",
            instructions=said["others"], leave_message=way == "phone" and said["message"] == "yes",
            verified_how=rules.VOICE if said[f"{way}_safe"] == "yes" else "",
        ) for way in rules.WAYS if said[way]
    )  # fmt: skip
