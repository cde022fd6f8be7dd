"""Restricted records for tests: one that a marker restricts as it arrives, and one that somebody restricts by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from alongside.core.access.actor import Actor
from alongside.core.models import Event
from alongside.core.rows.realms import Realm, inside
from alongside.support.casework.models import Case
from alongside.support.casework.tests.cases import accepted
from alongside.support.restricted import actions
from alongside.support.victims.models import Victim
from tests.world import World


@contextmanager
def acting(world: World, person: str) -> Iterator[Actor]:
    """The realm of a person's request, with what is open and closed to them at this moment."""
    by = world.actor_now(person)
    with transaction.atomic(), inside(by.realm, orgs=by.orgs, user=by.user_id, closed=by.closed, own=by.own):
        yield by


@contextmanager
def working() -> Iterator[None]:
    """The worker's realm, as a job has it."""
    with transaction.atomic(), inside(Realm.WORKER):
        yield


def restricted(world: World, *people: str, case: Case | None = None, by: str = "triage_officer") -> Case:
    """A case whose person's records somebody has put behind themselves and these colleagues."""
    case = case or accepted(world)
    names = [world.people[person].pk for person in people or ("hub_manager", "privacy_officer")]
    with acting(world, by):
        actions.restrict(
            Victim.objects.get(pk=case.victim_id), by=world.actor(by), at=world.now, reason="staff",
            words="Works in the next office", people=names,
        )  # fmt: skip
    return case


def run(job: Any, event: str) -> None:
    """What the worker does after the latest event of a name."""
    found = Event.objects.filter(name=event).latest("at", "id")
    with working():
        job.func.__wrapped__(event=str(found.pk), subject=str(found.subject))
