"""Writes of kinds: what part somebody has in a crime, and another relative of whoever died."""

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.privacy import fields
from alongside.support.arrivals.referrals import actions as referrals
from alongside.support.arrivals.referrals.actions import Arrival
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.desk.kinds import queries, rules
from alongside.support.desk.kinds.models import Part
from alongside.support.people.victims import actions as victims
from alongside.support.people.victims.actions import Identity
from alongside.support.people.victims.models import Victim

TOLD_US = "told_us"


@transaction.atomic
def describe(
    referral: Referral, *, by: Actor, at: datetime, kind: str, harmed: str = "", relation: str = "", died: str = "",
    side: str = "",
) -> Part:  # fmt: skip
    """Says what part somebody has in the crime. `harmed`: whether what a witness saw harmed them; yes is a victim."""
    referral = referrals.mark(referral)
    victim = Victim.objects.select_for_update().get(pk=referral.victim_id)
    rules.check(kind, was=victim.kind, harmed=harmed, relation=relation, side=side)
    said = replace(victims.identity_of(victim), kind=kind)
    victims.correct(victim, by=by, at=at, identity=said, reason=TOLD_US, seen=victim.version)
    bereaved, witness = kind == rules.BEREAVED, kind == rules.WITNESS
    part = queries.part_of(referral) or Part(referral=referral, victim_id=referral.victim_id)
    part.relation, part.side = relation if bereaved else "", side if witness else ""
    part.death = (part.death or uuid4()) if bereaved else None
    part.recorded_at, part.recorded_by = at, by.user_id
    fields.write(part, died=died if bereaved else "")
    part.save()
    events.record("part.described", referral.pk, by=by, at=at, kind=kind)
    return part


@transaction.atomic
def add_relative(
    referral: Referral, *, by: Actor, at: datetime, given_name: str, family_name: str, relation: str
) -> Referral:  # fmt: skip
    """Another relative of whoever died: a referral and a record of their own, with no way of contact but their own.
    What one of them said, agreed to or keeps safe is not the other's.
    """
    mine = queries.part_of(referral)
    if mine is None or mine.death is None:
        raise RuleBroken("Say first how this person knew whoever died.")
    arrival = Arrival(
        hub_id=referral.hub_id, source=Referral.Source.SELF, crime_type=referral.crime_type, council=referral.council,
        identity=Identity(kind=rules.BEREAVED, given_name=given_name, family_name=family_name),
        reported=referral.reported, why_not_reported=referral.why_not_reported, occurred_from=referral.occurred_from,
        offence_code=referral.offence_code,
        notes=f"Named by another relative ({referral.reference}). Ask them how this person can safely be reached.",
    )  # fmt: skip
    made = referrals.receive(arrival, by=by, at=at)
    part = Part(referral=made, victim_id=made.victim_id, relation=relation, death=mine.death, recorded_at=at,
                recorded_by=by.user_id)  # fmt: skip
    fields.write(part, died=fields.read(mine, "died"))
    part.save(force_insert=True)
    events.record("part.relative_added", made.pk, by=by, at=at)
    return made
