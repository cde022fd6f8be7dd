"""Restricted records for tests: one that a marker restricts as it arrives, and one that somebody restricts by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils import timezone

from alongside.core.access.actor import Actor
from alongside.core.models import Event
from alongside.core.rows import records
from alongside.core.rows.realms import Realm, inside
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.keeping.restricted import actions
from alongside.support.people.victims.models import Victim
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


def sees(world: World, person: str, case: Case) -> bool:
    with acting(world, person):
        return Victim.objects.filter(pk=case.victim_id).exists()


def named(case: Case | Referral) -> set[object]:
    return {one.user_id for one in records.named(case.victim_id)}


def people(world: World, *words: str) -> set[object]:
    return {world.people[word].pk for word in words}


def victim_of(case: Case | Referral) -> Victim:
    found: Victim = Victim.objects.get(pk=case.victim_id)
    return found


def take_away(world: World, case: Case, person: str) -> None:
    with acting(world, "hub_manager") as by:
        actions.unname(victim_of(case), by=by, at=world.now, person=world.people[person].pk)


def break_it(world: World, typed: str, person: str = "other_triage_officer") -> actions.Opened | None:
    with acting(world, person) as by:
        return actions.break_seal(
            typed, by=by, at=timezone.now(), reason="life_in_danger", words="She rang from outside"
        )
