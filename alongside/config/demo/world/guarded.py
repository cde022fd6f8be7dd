"""What the privacy officer finds: records that a marker restricted, a broken seal, unusual looks, somebody known."""

from datetime import datetime, timedelta
from uuid import UUID

from alongside.config.demo.world.cast import Cast
from alongside.core.clocks import london_date
from alongside.core.ids import uuid7
from alongside.core.models import Closed, Look
from alongside.core.privacy import fields
from alongside.core.rows import records
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.keeping.looks.models import Finding
from alongside.support.keeping.restricted.models import Breaking, Conflict, Crossing, Restriction

HOUR = timedelta(hours=1)
SAID = "She rang from a neighbour's house and would not wait. Nobody who is named answered, so I read how to reach her."


def guard(cast: Cast, *, until: datetime) -> None:
    """Restricted when they came in; one opened yesterday by breaking its seal; one officer who came back and back."""
    for found in Restriction.objects.all():
        came = Referral.objects.filter(victim_id=found.victim_id).order_by("received_at").first()
        if came:
            Restriction.objects.filter(pk=found.pk).update(restricted_at=came.received_at, duty_named_at=until)
    latest = Restriction.objects.filter(hub_id=cast.hub.pk).order_by("-restricted_at", "pk").first()
    plain = Referral.objects.exclude(victim__restrictions__isnull=False).order_by("-received_at", "pk")[:1]
    for referral in plain:
        _known(cast, referral.victim_id, until - 48 * HOUR)
        _came_back(cast, referral.victim_id, until)
    if latest:
        _broken(cast, latest, until - 20 * HOUR)
        for referral in plain:
            Crossing.objects.create(
                victim_id=latest.victim_id, person_id=referral.victim_id, message_id=uuid7(),
                stopped_at=until - 30 * HOUR,
            )  # fmt: skip


def _broken(cast: Cast, restricted: Restriction, at: datetime) -> None:
    referral = Referral.objects.filter(victim_id=restricted.victim_id).latest("received_at")
    named = {one.user_id for one in records.named(restricted.victim_id)}
    officer = next((one for one in cast.officers if one not in named), cast.officers[0])
    made = Breaking(
        id=uuid7(), victim_id=restricted.victim_id, referral_id=referral.pk, hub_id=cast.hub.pk,
        organisation_id=cast.hub.pk, user_id=officer, reason="victim_asks", broken_at=at, until=at + HOUR,
    )  # fmt: skip
    fields.write(made, words=SAID)
    made.save(force_insert=True)
    _look(cast, officer, restricted.victim_id, at + HOUR / 20, "under a broken seal")


def _known(cast: Cast, victim: UUID, at: datetime) -> None:
    officer = cast.officers[-1]
    Conflict.objects.create(
        user_id=officer, organisation_id=cast.hub.pk, victim_id=victim, relation="friend", declared_at=at,
        declared_by=officer,
    )  # fmt: skip
    Closed.objects.create(user_id=officer, person=victim, since=at)


def _came_back(cast: Cast, victim: UUID, until: datetime) -> None:
    officer, days = cast.officers[-1], range(2, 7)
    for day in days:
        _look(cast, officer, victim, until - timedelta(days=day), "own caseload")
    Finding.objects.create(
        rule="comes_back", organisation_id=cast.hub.pk, user_id=officer, number=len(days), people=[victim],
        first_on=london_date(until) - timedelta(days=6), last_on=london_date(until) - timedelta(days=2), found_at=until,
    )  # fmt: skip


def _look(cast: Cast, user: UUID, subject: UUID, at: datetime, reason: str) -> None:
    Look.objects.create(
        at=at, user_id=user, organisation_id=cast.hub.pk, route="victims:show", subjects=[subject], reason=reason
    )
