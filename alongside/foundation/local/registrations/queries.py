"""Reads of registrations: what waits, what was sent, which groups it may be, how many may be sent."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from alongside.core.access.actor import Actor
from alongside.core.privacy import crypt
from alongside.core.privacy import fields as sealed
from alongside.foundation.local.community import queries as community
from alongside.foundation.local.community.queries import Twin
from alongside.foundation.local.community.rules import About, Asked, alike, marks
from alongside.foundation.local.directory.queries import Choices
from alongside.foundation.local.registrations import lifecycle
from alongside.foundation.local.registrations.models import Registration
from alongside.foundation.local.registrations.rules import Sent, sent_from
from alongside.foundation.office.organisations.models import Council, Organisation
from alongside.foundation.office.organisations.queries import hub_for_force
from alongside.foundation.office.rulebook import queries as rulebook

REASONS = "registration_reasons"
COMPARED = 200  # others that wait, the latest: each is opened to be compared


def councils() -> Choices:
    """The councils of areas where a hub looks at what is sent."""
    served = Organisation.objects.filter(kind=Organisation.Kind.HUB, until=None).values("force")
    return list(Council.objects.current().filter(force__in=served).order_by("name").values_list("code", "name"))


def hub_of(council: str) -> Organisation | None:
    """The hub that looks at what is sent for a council's area."""
    found = Council.objects.filter(pk=council).first()
    return hub_for_force(found.force_id) if found else None


def choices(on: date) -> dict[str, Choices]:
    """Every choice of the public form, by book."""
    books = ("made_for", "group_needs")
    return {**{book: list(rulebook.choices(book, on)) for book in books}, "councils": councils()}


def allowed(on: date) -> int | None:
    """How many one connection may send in an hour; None where the office withdrew the limit."""
    row = rulebook.find("limits", "registrations_sent", on)
    return row.number("number") if row else None


def as_text(sent: Sent) -> str:
    return json.dumps(asdict(sent), ensure_ascii=False)


def sent(registration: Registration) -> Sent:
    """What was sent. Only of one that waits: of a decided one nothing is left."""
    kept: dict[str, Any] = json.loads(sealed.read(registration, "content"))
    parts = {name: sent_from(kept.pop(name)) for name in ("about", "asked")}
    return Sent(About(**parts["about"]), Asked(**parts["asked"]), **sent_from(kept))


def registrations(actor: Actor, state: str) -> QuerySet[Registration]:
    found = Registration.objects.visible_to(actor).select_related("group")
    return found.filter(state=state) if state else found


def waiting(actor: Actor) -> int:
    return registrations(actor, lifecycle.WAITING).count()


def names(found: list[Registration]) -> Mapping[object, str]:
    """What those that wait call themselves, by key."""
    open_ = [one for one in found if one.state == lifecycle.WAITING]
    crypt.load_keys([one.pk for one in open_])
    return {one.pk: sent(one).about.name for one in open_}


@dataclass(frozen=True)
class Other:
    """Another registration that waits and may be of the same group."""

    registration: Registration
    name: str
    why: tuple[str, ...]


@dataclass(frozen=True)
class Alike:
    """What a registration may be the same as."""

    twins: list[Twin]
    others: list[Other]


def like(registration: Registration, actor: Actor) -> Alike:
    said = sent(registration)
    mine = marks(said.public, community.indexes(said.asked))
    others: list[Other] = []
    waiting = registrations(actor, lifecycle.WAITING).exclude(pk=registration.pk).order_by("-sent_at")[:COMPARED]
    crypt.load_keys([one.pk for one in waiting])
    for one in waiting:
        theirs = sent(one)
        if why := alike(mine, marks(theirs.public, community.indexes(theirs.asked))):
            others.append(Other(one, theirs.about.name, tuple(why)))
    return Alike(community.twins(said.public, [said.asked], actor), others)


def reasons(on: date) -> Choices:
    return list(rulebook.choices(REASONS, on))
