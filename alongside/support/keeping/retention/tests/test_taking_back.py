"""A caseload that was brought along is taken back: erased whole, but those with whom somebody has worked since."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.models import Event, Grant, PersonKey
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import inside
from alongside.support.cases.imports import actions as imports
from alongside.support.cases.imports.models import Batch, Origin
from alongside.support.cases.imports.tests.sheets import brought, case_of, fresh, mapped, states, waiting_list
from alongside.support.cases.notes import actions as notes
from alongside.support.cases.others import actions as others
from alongside.support.cases.waiting.models import Entry
from alongside.support.keeping.retention import actions
from alongside.support.keeping.retention.models import Hold
from alongside.support.people.victims.models import Victim
from tests.world import World

pytestmark = pytest.mark.django_db


def undone(world: World, batch: Batch, at: datetime) -> None:
    with transaction.atomic(), inside(world, "service_manager"):
        imports.undo(batch, by=world.actor("service_manager"), at=at)
    actions.take_back(batch.pk, by=SYSTEM_ACTOR, now=lambda: at)


def test_undo_erases_everybody_who_came_and_leaves_no_trace_of_them(world: World) -> None:
    waiting_list(world)
    batch = brought(world)
    people = list(Origin.objects.values_list("victim_id", flat=True))
    undone(world, batch, world.now + timedelta(days=3))
    now = fresh(batch)
    assert (now.state, now.undone, now.kept, now.done) == ("MAPPED", 2, 0, 0)
    assert not Case.objects.exists() and not Victim.objects.exists() and not Referral.objects.exists()
    assert not PersonKey.objects.filter(person_id__in=people).exists() and not Grant.objects.exists()
    assert states(batch) == {4: "READY", 5: "READY", 6: "MEND"}


def test_undo_keeps_whom_somebody_has_worked_with(world: World) -> None:
    batch = brought(world)
    case = case_of(batch, 4)
    with transaction.atomic(), inside(world, "caseworker"):
        notes.add_note(case, by=world.actor("caseworker"), at=world.now + timedelta(days=1), words="Made up: called.")
    undone(world, batch, world.now + timedelta(days=2))
    assert list(Case.objects.values_list("pk", flat=True)) == [case.pk]
    assert (fresh(batch).state, fresh(batch).kept, fresh(batch).undone) == ("BROUGHT", 1, 1)


def test_undo_keeps_a_case_of_which_there_is_more_and_a_person_whom_somebody_holds(world: World) -> None:
    waiting_list(world)
    batch = brought(world)
    one, two = case_of(batch, 4), case_of(batch, 5)
    Entry.objects.filter(case=two).delete()
    one.contacts.create(victim_id=one.victim_id, channel="phone", result="spoke", reached=True,
                        happened_at=world.now, recorded_at=world.now)  # fmt: skip
    Hold.objects.create(victim_id=two.victim_id, reason="complaint", review_on=world.now.date(), set_at=world.now)
    undone(world, batch, world.now + timedelta(days=1))
    assert Case.objects.count() == 2 and fresh(batch).kept == 2


def test_undo_minds_neither_who_looked_nor_what_the_night_made(world: World) -> None:
    batch = brought(world)
    case = case_of(batch, 4)
    with transaction.atomic(), inside(world, "caseworker"):
        notes.here(case, by=world.actor("caseworker"), at=world.now, writing=False)
    assert others.index_all(by=SYSTEM_ACTOR, at=world.now) == 2
    undone(world, batch, world.now + timedelta(days=1))
    assert not Case.objects.exists() and fresh(batch).undone == 2


def test_undo_is_logged_in_counts_and_safe_to_run_again(world: World) -> None:
    batch = brought(world)
    undone(world, batch, world.now + timedelta(days=1))
    actions.take_back(batch.pk, by=SYSTEM_ACTOR, now=lambda: world.now + timedelta(days=1))
    (told,) = Event.objects.filter(name="import.taken_back")
    assert told.details == {"erased": 2, "kept": 0} and told.organisation_id == world.provider.pk


def test_who_was_taken_back_can_be_brought_in_again(world: World) -> None:
    batch = brought(world)
    undone(world, batch, world.now + timedelta(days=1))
    assert set(states(mapped(world)).values()) == {"READY", "MEND"}
