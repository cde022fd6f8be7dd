"""Rules and lists for tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.local.directory.models import Service
from alongside.support.arrivals.routing import actions
from alongside.support.arrivals.routing.models import Version
from alongside.support.arrivals.routing.rules import AT_ONCE, SUGGEST, Known, Rule, Then, When

ON = date(2026, 9, 14)


def known(**said: Any) -> Known:
    """What is known of a burglary in an office hour, with anything changed."""
    given: dict[str, Any] = {
        "crime_type": "burglary", "risk": "other", "council": "E08000025", "age": "35_to_44", "sex": "female",
        "source": "partner", "sender": "7", "feed": "not_known", "reported": "yes", "victim": "victim",
        "language": "en", "hours": "office",
        "markers": frozenset(), "needs": frozenset(),
    }  # fmt: skip
    return Known(**given | said)


def rule(name: str = "All", *, does: str = "keep", service: Service | UUID | str = "", **said: Any) -> Rule:
    """A rule of this name. What it asks, and the rest of it, are told apart by their names."""
    asks = {one: said.pop(one) for one in list(said) if one in When.__dataclass_fields__}
    then = Then(
        does, service=str(getattr(service, "pk", service)), route=said.pop("route", ""), tell=said.pop("tell", False)
    )
    key = said.pop("key", "") or str(uuid7())
    return Rule(id=key, name=name, when=When(**asks), then=then, **said)


def live(hub: int, *listed: Rule, by: Actor, at: datetime, since: datetime | None = None) -> Version:
    """A list made live, from now on or from a moment."""
    draft = actions.begin(hub, by=by, at=at)
    draft.rules = [one.as_json() for one in listed]
    draft.save(update_fields=["rules"])
    return actions.make_live(draft, by=by, at=at, since=since or at, reason="A test", seen=draft.stamp)


def at_once(service: Service, **said: Any) -> Rule:
    return rule("At once", does=AT_ONCE, service=service, **said)


def suggest(service: Service, **said: Any) -> Rule:
    return rule("Suggest", does=SUGGEST, service=service, **said)


@contextmanager
def working() -> Iterator[None]:
    """As a job works."""
    with transaction.atomic(), inside(Realm.WORKER):
        yield
