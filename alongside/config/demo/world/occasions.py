"""One event that is over and one that goes on: phones, what was taken there, and an entry that waits for a person."""

import json
from datetime import datetime, timedelta
from random import Random
from uuid import uuid4

from alongside.config.demo.world.cast import Cast
from alongside.core.ids import uuid7
from alongside.core.privacy import fields
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.desk.onthespot import queries, rules
from alongside.support.desk.onthespot.models import Entry, Key, Occasion, Phone

PAST, PRESENT = ("City against Rovers", "Sample Ground, Birmingham"), ("Autumn evening at the station", "Sample Street")
HELD = {"danger": "no", "given_name": "Sampleton", "family_name": "Testerley", "age": "adult",
        "happened": "someone_close", "phone": "07700 9009", "phone_safe": "yes", "notes": "Sample words.",
        "agreed": True}  # fmt: skip


def hold_occasions(cast: Cast, random: Random, *, until: datetime) -> None:
    """A match day three weeks ago that led to referrals of the world, and a station now."""
    if Occasion.objects.exists():
        return
    past = _occasion(cast, "match_day", PAST, starts_at=until - timedelta(days=21, hours=4), hours=6)
    now = _occasion(cast, "station", PRESENT, starts_at=until - timedelta(hours=2), hours=10)
    taken = list(Referral.objects.filter(source="partner", crime_type__in=["violence", "robbery", "theft"])[:9])
    for number, referral in enumerate(taken):
        occasion = past if number < len(taken) - 2 else now
        _taken(occasion, _phone(occasion, cast, number), referral, random)
    entry = Entry(
        id=uuid4(), occasion=now, phone=_phone(now, cast, 0), hub_id=now.hub_id, state=Entry.State.QUARANTINED,
        why="bad_phone", taken_at=until - timedelta(hours=1), arrived_at=until - timedelta(minutes=50),
    )  # fmt: skip
    fields.write(entry, plain=json.dumps(HELD))
    entry.save(force_insert=True)


def _occasion(cast: Cast, kind: str, named: tuple[str, str], *, starts_at: datetime, hours: int) -> Occasion:
    public, private = rules.new_key()
    found = Occasion(
        id=uuid7(starts_at), hub_id=cast.hub.pk, name=named[0], kind=kind, place=named[1], council=cast.councils[0],
        visible_orgs=sorted({cast.hub.pk, cast.services[0][1].provider_id or cast.hub.pk}), starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours), services=[cast.services[0][0].code], public_key=public,
    )  # fmt: skip
    found.save(force_insert=True)
    key = Key(occasion=found, hub_id=found.hub_id)
    fields.write(key, private=private)
    key.save(force_insert=True)
    return found


def _phone(occasion: Occasion, cast: Cast, number: int) -> Phone:
    """One of two phones of an event; their tokens are nobody's."""
    officer = cast.officers[number % 2]
    found = Phone.objects.filter(occasion=occasion, user_id=officer).first()
    return found or Phone.objects.create(
        occasion=occasion, hub_id=occasion.hub_id, organisation_id=cast.hub.pk, user_id=officer,
        lookup=queries.lookup(uuid4().hex), taken_at=occasion.starts_at, sends_until=queries.last_moment(occasion),
    )  # fmt: skip


def _taken(occasion: Occasion, phone: Phone, referral: Referral, random: Random) -> None:
    at = occasion.starts_at + (occasion.ends_at - occasion.starts_at) * random.random() * 0.2
    entry = Entry.objects.create(
        id=uuid4(), occasion=occasion, phone=phone, hub_id=occasion.hub_id, state=Entry.State.TAKEN_IN, taken_at=at,
        arrived_at=at + timedelta(minutes=3), settled_at=at + timedelta(minutes=3),
    )  # fmt: skip
    Referral.objects.filter(pk=referral.pk).update(source=queries.SOURCE, source_ref=str(entry.pk))
