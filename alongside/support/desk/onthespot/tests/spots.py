"""An event for tests, a phone of it, and entries as a phone seals them. Everybody is made up."""

import json
import os
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR, Actor
from alongside.core.rows.realms import Realm, inside
from alongside.support.desk.onthespot import actions, rules
from alongside.support.desk.onthespot.models import Entry, Occasion
from tests.world import World

COUNCIL = "E08000025"
SAID: dict[str, Any] = {
    "danger": "no", "given_name": "Testina", "family_name": "Sampleford", "age": "adult", "happened": "someone_close",
    "phone": "07700 900123", "phone_safe": "yes", "times": ["evening"], "others": "Say you are the club shop",
    "notes": "It was by gate B.", "agreed": True,
}  # fmt: skip


@contextmanager
def at_work(world: World, person: str) -> Iterator[Actor]:
    by = world.actor(person)
    with transaction.atomic(), inside(by.realm, orgs=by.orgs, user=by.user_id):
        yield by


def occasion(world: World, **said: Any) -> Occasion:
    """An event that goes on now, at which a provider works too."""
    now = timezone.now()
    details = {"name": "City against United", "kind": "match_day", "place": "Sample Ground", "council": COUNCIL,
               "starts_at": now - timedelta(hours=2), "ends_at": now + timedelta(hours=3), "services": [],
               "organisations": [world.provider.pk]}  # fmt: skip
    with at_work(world, "hub_manager") as by:
        return actions.set_up(by=by, at=now, **{**details, **said})


def phone(world: World, found: Occasion, person: str = "triage_officer") -> str:
    """The token of a phone that a worker made ready."""
    with at_work(world, person) as by:
        return actions.take_phone(found, by=by, at=timezone.now())


def sealed(found: Occasion, entry: UUID, said: Any = None, text: str | None = None) -> bytes:
    words = json.dumps(SAID if said is None else said) if text is None else text
    return rules.seal(bytes(found.public_key), rules.bound(found.pk, entry), words, nonce=os.urandom(12))


def sent(
    token: str, found: Occasion, said: Any = None, *, entry: UUID | None = None, text: str | None = None,
    envelope: bytes | None = None, at: datetime | None = None, taken: object = None,
) -> UUID:  # fmt: skip
    """Sent from a phone, in the public's realm."""
    key = entry or uuid4()
    with transaction.atomic(), inside(Realm.PUBLIC):
        actions.send(token, key, envelope or sealed(found, key, said, text), taken, at=at or timezone.now())
    return key


def opened(key: UUID) -> Entry:
    """Opened by the worker."""
    with transaction.atomic(), inside(Realm.WORKER):
        actions.open_(Entry.objects.get(pk=key), by=SYSTEM_ACTOR, at=timezone.now())
    return Entry.objects.get(pk=key)


def body(found: Occasion, said: Any = None) -> dict[str, object]:
    """What a phone posts."""
    key = uuid4()
    return {"id": str(key), "envelope": b64encode(sealed(found, key, said)).decode(), "taken": 1}
