"""Under a broken seal somebody reads and does not write: tried through the ORM, in the database, past every view."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import Error, connection, transaction
from django.utils import timezone

from alongside.core.access.actor import Actor
from alongside.core.rows import records
from alongside.core.rows.realms import inside
from alongside.foundation.office.messages.models import ContactPoint
from alongside.support.arrivals.clocks.models import Pause
from alongside.support.arrivals.referrals.models import Attempt, Referral
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.people.victims.models import Agreement, SamePerson, Victim
from tests.world import World

pytestmark = pytest.mark.django_db
READER, NAMED = "other_triage_officer", "triage_officer"
READ_ONLY = r"row-level security|only read under a broken seal"


@contextmanager
def acting(by: Actor) -> Iterator[None]:
    with transaction.atomic(), inside(by.realm, orgs=by.orgs, user=by.user_id, closed=by.closed, own=by.own):
        yield


@pytest.fixture
def case(world: World) -> Case:
    """A case of a sealed person, whose seal a colleague has broken."""
    made = accepted(world)
    Agreement.objects.create(victim=made.victim, about="contact", given=True, recorded_at=world.now)
    ContactPoint.objects.create(person_id=made.victim_id, recorded_by=world.hub.pk, kind="email", recorded_at=world.now)
    user, place = world.people[NAMED].pk, world.hub.pk
    records.name(made.victim_id, user, place, why="chosen")
    records.name(made.victim_id, world.people["caseworker"].pk, world.provider.pk, why="chosen")
    records.seal(made.victim_id)
    reader = world.actor_now(READER)
    ends = timezone.now() + timedelta(hours=1)
    with transaction.atomic(), inside(reader.realm, orgs=reader.orgs, user=reader.user_id):
        cursor = connection.cursor()
        cursor.execute("RESET ROLE")
        cursor.execute("SELECT rows_break('referral', %s, %s)", [made.referral_id, ends])
    return made


def again(case: Case, **changes: object) -> Referral:
    found: Referral = Referral.objects.get(pk=case.referral_id)
    for name, value in {"pk": uuid4(), "reference": "NEW-REF", "source_ref": "new", **changes}.items():
        setattr(found, name, value)
    return found


def attempt(world: World, case: Case) -> Attempt:
    return Attempt(
        referral_id=case.referral_id, victim_id=case.victim_id, channel="phone", result="no_answer", reached=False,
        attempted_at=world.now, recorded_at=world.now,
    )  # fmt: skip


WRITES: dict[str, Callable[[World, Case], Any]] = {
    "change the person": lambda world, case: Victim.objects.filter(pk=case.victim_id).update(family_name="x"),
    "change the referral": lambda world, case: Referral.objects.filter(pk=case.referral_id).update(high_risk=True),
    "change a way of contact": lambda world, case: ContactPoint.objects.filter(person_id=case.victim_id).update(
        safe="yes"
    ),
    "change what hangs on the person": lambda world, case: Agreement.objects.filter(victim_id=case.victim_id).update(
        given=False
    ),
    "add to the person": lambda world, case: Agreement.objects.create(
        victim_id=case.victim_id, about="contact", given=True, recorded_at=world.now
    ),
    "add to the referral": lambda world, case: attempt(world, case).save(force_insert=True),
    "add a referral": lambda world, case: again(case).save(force_insert=True),
    "add a way of contact": lambda world, case: ContactPoint.objects.create(
        person_id=case.victim_id, recorded_by=world.hub.pk, kind="phone", recorded_at=world.now
    ),
    "pause its clocks": lambda world, case: Pause.objects.create(
        referral_id=case.referral_id, victim_id=case.victim_id, reason="victim_away", clocks=[], paused_at=world.now,
        since=world.now.date(), until=world.now.date() + timedelta(days=2),
    ),
    "name oneself": lambda world, case: records.name(
        case.victim_id, world.people[READER].pk, world.hub.pk, why="me"
    ),
    "lift it": lambda world, case: records.unseal(case.victim_id),
    "share it": lambda world, case: records.share("victim", case.victim_id, world.neighbour.pk, why="me"),
    "offer it": lambda world, case: records.offer("referral", case.referral_id, world.neighbour.pk, why="me"),
    "withdraw it": lambda world, case: records.withdraw("victim", case.victim_id, world.provider.pk),
}  # fmt: skip


@pytest.mark.parametrize("write", list(WRITES))
def test_whoever_broke_the_seal_reads_and_writes_nothing(world: World, case: Case, write: str) -> None:
    reader = world.actor_now(READER)
    with acting(reader):
        assert Victim.objects.filter(pk=case.victim_id).exists()
        assert Victim.objects.select_for_update().filter(pk=case.victim_id).exists(), "to lock is not to write"
    with pytest.raises(Error, match=READ_ONLY), acting(reader):
        WRITES[write](world, case)


@pytest.mark.parametrize("write", [name for name in WRITES if name not in {"name oneself", "lift it"}])
def test_whoever_is_named_writes_as_ever(world: World, case: Case, write: str) -> None:
    with acting(world.actor_now(NAMED)):
        WRITES[write](world, case)


def test_of_other_records_whoever_broke_a_seal_writes_as_ever(world: World, case: Case) -> None:
    """The hour under a broken seal is an hour of other people's work too."""
    other = accepted(world)
    with acting(world.actor_now(READER)):
        assert Victim.objects.filter(pk=other.victim_id).update(family_name="Sampleton") == 1
        attempt(world, other).save(force_insert=True)
        again(other).save(force_insert=True)
        records.share("victim", other.victim_id, world.neighbour.pk, why="accepted")


def test_nothing_is_said_of_two_records_one_of_which_is_only_lent(world: World, case: Case) -> None:
    other = accepted(world)
    left, right = sorted((case.victim_id, other.victim_id))
    with pytest.raises(Error, match=READ_ONLY), acting(world.actor_now(READER)):
        SamePerson.objects.create(
            id=uuid4(), hub_id=world.hub.pk, left_id=left, right_id=right, judgement="same",
            judged_by=world.people[READER].pk, judged_at=world.now,
        )  # fmt: skip


def test_whoever_is_named_and_broke_the_seal_of_another_record_writes_on_their_own(world: World, case: Case) -> None:
    own = accepted(world)
    records.name(own.victim_id, world.people[READER].pk, world.hub.pk, why="chosen")
    records.seal(own.victim_id)
    with acting(world.actor_now(READER)):
        assert Victim.objects.filter(pk=own.victim_id).update(family_name="Sampleton") == 1
        again(own).save(force_insert=True)
        attempt(world, own).save(force_insert=True)


def test_every_record_that_a_seal_may_lend_has_the_policy(world: World) -> None:
    """A table that is written in a realm whose people break seals, and that follows somebody's record, has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_policies WHERE policyname = 'alongside_hub_lent'")
        guarded = {name for (name,) in cursor.fetchall()}
    assert {"victims_victim", "referrals_referral", "messages_contactpoint", "feeds_keptrow", "mending_mend",
            "victims_sameperson", "referrals_attempt", "clocks_pause"} <= guarded  # fmt: skip
