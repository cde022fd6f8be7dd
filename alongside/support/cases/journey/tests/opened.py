"""Victims' own pages for tests: everybody in them is made up."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.models import Event
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.messages.contents import Content
from alongside.foundation.office.messages.models import ContactPoint, Outgoing
from alongside.support.arrivals.referrals.actions import Point
from alongside.support.arrivals.referrals.tests.arrivals import TESTINA
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted, inside
from alongside.support.cases.journey import actions, jobs
from alongside.support.cases.journey.models import Page
from tests.world import World

SAFE = (
    Point("phone", "07700 900123", "yes", verified_how="self"),
    Point("email", "testina@sample.example", "yes", verified_how="self"),
)


def case_of(world: World, born: date | None = date(1990, 1, 1), **changes: Any) -> Case:
    """A case of somebody who can be written to at any hour."""
    known: dict[str, Any] = {"crime_type": "domestic_abuse", "identity": replace(TESTINA, birth_date=born)}
    return accepted(world, points=SAFE, **known | changes)


def as_worker(world: World, verb: Any, *args: Any, person: str = "caseworker", **said: Any) -> Any:
    """An action of somebody at work, in their realm."""
    said = {"by": world.actor(person), "at": world.now + timedelta(hours=2), **said}
    with transaction.atomic(), inside(world, person):
        return verb(*args, **said)


def set_up(world: World, case: Case, **changes: Any) -> Page:
    known: dict[str, Any] = {"parts": [], "called": "", "words": "", "decoy": "library", "seen": 0}
    page: Page = as_worker(world, actions.set_up, case, **known | changes)
    return page


def turned_on(world: World, case: Case | None = None, **changes: Any) -> Case:
    """A case whose victim has a page."""
    case = case or case_of(world)
    set_up(world, case, **changes)
    as_worker(world, actions.turn_on, case)
    return case


def phrase_of(world: World, case: Case, *, decoy: bool = False) -> str:
    phrase: str = as_worker(world, actions.give_phrase, case, decoy=decoy)
    return phrase


def enter(case: Case, phrase: str, client: Client | None = None) -> Client:
    """A browser that has opened a page by reference and words, or has tried to."""
    client = client or Client()
    cache.clear()
    client.post("/page/", {"reference": case.reference, "phrase": phrase})
    return client


def opened(world: World, case: Case | None = None, **changes: Any) -> tuple[Case, Client]:
    case = turned_on(world, case, **changes)
    return case, enter(case, phrase_of(world, case))


def text(client: Client, address: str = "/page/now/") -> str:
    return client.get(address).content.decode()


def run(name: str) -> None:
    """The jobs that events of a name have started, the latest event's."""
    told = Event.objects.filter(name=name).latest("at")
    by_name = {"journey.opened": jobs.note_opened, "journey.said": jobs.tell, "voice.heard": jobs.tell_manager,
               "case.closed": jobs.end_of_case}  # fmt: skip
    by_name.get(name, jobs.refresh).func(event=str(told.pk), subject=str(told.subject))


class Caught:
    """A gateway that keeps what would have left."""

    def __init__(self) -> None:
        self.left: list[Content] = []

    def deliver(self, item: Any, kind: str, value: str, content: Content) -> str:
        self.left.append(content)
        return "caught"


def link_in(item: Outgoing, world: World) -> str:
    """Sends what waits and returns the address in it, without the site's."""
    caught = Caught()
    messages.send(item, by=SYSTEM_ACTOR, at=world.now + timedelta(hours=3), through=caught)
    return caught.left[0].link.removeprefix(settings.SITE_URL)


def close(world: World, case: Case, reason: str = "lost_contact") -> None:
    as_worker(world, casework.close, case, reason=reason, unmeasured_why="lost_contact")
    case.refresh_from_db()
    run("case.closed")


def points(case: Case) -> set[str]:
    return set(ContactPoint.objects.filter(person_id=case.victim_id).values_list("safe", flat=True))


def details(name: str) -> list[dict[str, Any]]:
    found = Event.objects.filter(name=name).order_by("at")
    return [json.loads(json.dumps(one.details)) for one in found]


def worked_on(world: World, case: Case, person: str = "caseworker") -> Case:
    as_worker(world, casework.assign, case, worker=world.people[person].pk)
    found: Case = Case.objects.get(pk=case.pk)
    return found
