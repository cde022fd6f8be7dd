"""Waiting lists for tests: a list of a provider, with people on it who are made up."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from alongside.core import clocks
from alongside.core.rows.realms import Realm
from alongside.core.rows.realms import inside as realm
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted, inside, service_of
from alongside.support.cases.waiting import actions, setting
from alongside.support.cases.waiting.models import Entry, Place, WaitingList
from tests.world import World

SETTINGS: dict[str, Any] = {
    "limit_people": 30, "limit_weeks": 26, "review_weeks": 8, "contact_weeks": 4, "answer_days": 5, "declines_talk": 2,
    "workers": 2, "each": 5,
}  # fmt: skip
WEIGHTS = {"need": 4, "risk": 6, "week": 1}


def a_list(world: World, person: str = "service_manager", modality: str = "counselling", **changes: Any) -> WaitingList:
    """A list of the person's organisation."""
    place = "neighbour" if person.startswith("neighbour") else "provider"
    by, service = world.actor(person), service_of(world, place)
    with transaction.atomic(), inside(world, person):
        return setting.set_up(service, by=by, at=world.now, modality=modality, **WEIGHTS, **{**SETTINGS, **changes})


def joined(
    world: World, held: WaitingList, person: str = "caseworker", *, case: Case | None = None, **said: Any
) -> Entry:  # fmt: skip
    """Somebody on the list: a fresh case of the person's organisation, a day after it was accepted."""
    case = case or accepted(world, person, source_ref=said.pop("source_ref", f"TEST-{Case.objects.count()}"))
    at = said.pop("at", later(world, days=1))
    with transaction.atomic(), inside(world, person):
        return actions.join(case, held, by=world.actor(person), at=at, **{"need": "soon", **said})


def later(world: World, **span: float) -> datetime:
    """A moment after the world began."""
    return world.now + timedelta(**span)


def done(world: World, verb: Any, row: Any, *words: Any, person: str = "caseworker", **said: Any) -> Any:
    """An action as the person would do it, in their realm."""
    at = said.pop("at", later(world, days=2))
    with transaction.atomic(), inside(world, person):
        return verb(row, *words, by=world.actor(person), at=at, **said)


def offered(world: World, entry: Entry, *, worker: str = "caseworker", days: float = 12, **said: Any) -> Place:
    """A place offered to somebody, with a worker, that begins some days on."""
    place: Place = done(
        world, actions.offer, entry, worker=world.people[worker].pk, starts_at=later(world, days=days), **said
    )
    return place


def fresh(entry: Entry) -> Entry:
    return Entry.objects.select_related("list", "case").get(pk=entry.pk)


def as_worker() -> Any:
    return realm(Realm.WORKER)


def day(world: World, days: int = 0) -> date:
    return clocks.london_date(later(world, days=days))
