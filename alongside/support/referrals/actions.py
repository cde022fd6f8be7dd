"""Every write to a referral and its offers, one function a verb."""

import os
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.privacy import fields
from alongside.core.rows.realms import Realm, intend_for
from alongside.foundation.messages import actions as messages
from alongside.support.referrals import queries, rules
from alongside.support.referrals.models import Referral, Standing
from alongside.support.victims import actions as victims
from alongside.support.victims.actions import Identity
from alongside.support.victims.models import Agreement, Victim
from alongside.support.victims.rules import age_on

MAY_AGREE = (Realm.HUB, Realm.WORKER)
TRIES = 5


@dataclass(frozen=True)
class Point:
    """One way to reach the victim, as it arrived. Verified only where `verified_how` says how they gave it."""

    kind: str
    value: str
    safe: str
    safe_times: str = ""
    instructions: str = ""
    verified_how: str = ""


@dataclass(frozen=True)
class Arrival:
    """Everything that a source may say of one victim in one crime. Codes are the rulebook's."""

    hub_id: int
    source: str
    identity: Identity
    crime_type: str
    points: tuple[Point, ...] = ()
    source_organisation: int | None = None
    source_ref: str = ""
    content_hash: bytes = b""
    referred_by: UUID | None = None
    reported: bool = True
    why_not_reported: str = ""
    reported_at: datetime | None = None
    occurred_from: date | None = None
    offence_code: str = ""
    markers: tuple[str, ...] = ()
    hate_strands: tuple[str, ...] = ()
    council: str = ""
    high_risk: bool = False
    vulnerable: str = "unknown"
    intimidated: str = "unknown"
    repeat: str = "unknown"
    officer: str = ""
    notes: str = ""
    consent: str = "unknown"


APART = ("identity", "points", "officer", "notes", "markers", "hate_strands")


@transaction.atomic
def receive(arrival: Arrival, *, by: Actor, at: datetime) -> Referral:
    """Takes in a referral with its victim. Needs insert alone, so the public and referrers may call it."""
    intend_for(arrival.hub_id)
    victim = victims.record(arrival.identity, by=by, at=at, hub_id=arrival.hub_id)
    referral = _new(arrival, victim, at=at)
    _save_with_reference(referral)
    for point in arrival.points:
        messages.add(victim.pk, by=by, at=at, organisation_id=arrival.hub_id, **vars(point))
    if arrival.source_organisation is not None:
        _stand(referral, at=at)
    if by.realm in MAY_AGREE:
        note_consent(referral, by=by, at=at)
    events.record(
        "referral.received", referral.pk, by=by, at=at, source=arrival.source, crime_type=arrival.crime_type
    )
    return referral


def _new(arrival: Arrival, victim: Victim, *, at: datetime) -> Referral:
    said = {name: value for name, value in vars(arrival).items() if name not in APART}
    day = clocks.london_date(at)
    attempt_due, offer_due = rules.due_times(
        at, attempt_days=queries.working_days("first_contact_attempt", day),
        offer_days=queries.working_days("first_offer", day),
    )  # fmt: skip
    born = arrival.identity.birth_date
    referral = Referral(
        **said, victim=victim, markers=list(arrival.markers), hate_strands=list(arrival.hate_strands),
        received_at=at, attempt_due_at=attempt_due, offer_due_at=offer_due,
        age_at_receipt=age_on(born, day) if born else None,
    )  # fmt: skip
    fields.write(referral, officer=arrival.officer, notes=arrival.notes)
    return referral


def _save_with_reference(referral: Referral) -> None:
    """Saves under a fresh reference; the realm may not look whether it is taken, so the index says."""
    for left in reversed(range(TRIES)):
        referral.reference = rules.new_reference(os.urandom(16))
        try:
            with transaction.atomic():
                referral.save(force_insert=True)
            return
        except IntegrityError as error:
            if left == 0 or "reference" not in str(error):
                raise


def _stand(referral: Referral, *, at: datetime) -> None:
    """What the referrer may follow: its own reference and a status word."""
    assert referral.source_organisation is not None
    Standing(
        id=referral.pk, referral=referral, hub_id=referral.hub_id, reference=referral.reference,
        organisation_id=referral.source_organisation, since=at, received_at=at,
        word=rules.status_word(referral.state, contacted=False),
    ).save(force_insert=True)  # fmt: skip


@transaction.atomic
def note_consent(referral: Referral, *, by: Actor, at: datetime) -> None:
    """Records what the source said of the victim's agreement to be supported, once."""
    if referral.consent not in ("yes", "no"):
        return
    if not Agreement.objects.filter(victim=referral.victim_id, about=Agreement.About.SUPPORT).exists():
        victims.agree(
            referral.victim,
            by=by,
            at=at,
            about="support",
            given=referral.consent == "yes",
            how=referral.source,
        )
