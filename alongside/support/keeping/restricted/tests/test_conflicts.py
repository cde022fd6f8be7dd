"""Somebody who works here knows a person: the record is closed to them, and what they had in hand is a colleague's."""

from datetime import date
from uuid import UUID

import pytest
from django.db import IntegrityError

from alongside.core.errors import RuleBroken
from alongside.core.models import Closed, Event
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.referrals.tests.arrivals import received
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.keeping.restricted import conflicts, jobs, queries
from alongside.support.keeping.restricted.models import Conflict
from alongside.support.keeping.restricted.tests.sealed import acting, restricted, run
from alongside.support.people.victims.models import Victim
from tests.world import World

pytestmark = pytest.mark.django_db


def sees(world: World, person: str, victim: UUID) -> bool:
    with acting(world, person):
        return Victim.objects.filter(pk=victim).exists()


def declare(world: World, case: Case | Referral, person: str, whose: str | None = None) -> Conflict:
    victim = Victim.objects.get(pk=case.victim_id)
    with acting(world, person) as by:
        return conflicts.declare(victim, by=by, at=world.now, whose=world.people[whose or person].pk, relation="friend")


def declare_name(world: World, person: str, born: date | None = None, family: str = "Sampleford") -> Conflict:
    with acting(world, person) as by:
        return conflicts.declare_name(
            by=by, at=world.now, whose=world.people[person].pk, relation="family", given_name="Testina",
            family_name=family, birth_date=born,
        )  # fmt: skip


def test_declare_closes_the_record_to_whoever_knows_the_person(world: World) -> None:
    case = accepted(world)
    declare(world, case, "other_caseworker")
    assert not sees(world, "other_caseworker", case.victim_id)
    assert sees(world, "caseworker", case.victim_id)
    with acting(world, "other_caseworker") as by:
        assert not Case.objects.visible_to(by).exists()
        assert not Case.objects.exists()
    with pytest.raises(RuleBroken, match="already"):
        declare(world, case, "service_manager", "other_caseworker")


def test_what_they_had_in_hand_goes_to_a_colleague(world: World) -> None:
    case = accepted(world)
    worker, officer = world.people["caseworker"].pk, world.people["triage_officer"].pk
    Case.objects.filter(pk=case.pk).update(worker=worker)
    Referral.objects.filter(pk=case.referral_id).update(worker=officer)
    declare(world, case, "caseworker")
    run(jobs.hand_on, "conflict.declared")
    declare(world, case, "hub_manager", "triage_officer")
    run(jobs.hand_on, "conflict.declared")
    case.refresh_from_db()
    assert case.worker is None
    assert Referral.objects.get(pk=case.referral_id).worker is None
    assert Event.objects.filter(name="referral.let_go").count() == 1


def test_whoever_covers_hands_it_back_to_the_worker(world: World) -> None:
    case = accepted(world)
    worker, other = world.people["caseworker"].pk, world.people["other_caseworker"].pk
    Case.objects.filter(pk=case.pk).update(worker=worker, cover=other, cover_until=date(2026, 12, 1))
    declare(world, case, "other_caseworker")
    run(jobs.hand_on, "conflict.declared")
    case.refresh_from_db()
    assert (case.worker, case.cover) == (worker, None)


@pytest.mark.parametrize(
    ("person", "whose", "why"),
    [("caseworker", "other_caseworker", "Only a manager"), ("service_manager", "triage_officer", "works here")],
)
def test_who_may_declare_it_for_whom(world: World, person: str, whose: str, why: str) -> None:
    with pytest.raises(RuleBroken, match=why):
        declare(world, accepted(world), person, whose)


def test_declaring_asks_how_they_know_each_other(world: World) -> None:
    case = accepted(world)
    with pytest.raises(RuleBroken, match="how they know"), acting(world, "caseworker") as by:
        conflicts.declare(
            Victim.objects.get(pk=case.victim_id), by=by, at=world.now, whose=world.people["caseworker"].pk,
            relation="sworn enemy",
        )  # fmt: skip


def test_a_manager_lifts_it_and_nobody_does_so_for_themselves(world: World) -> None:
    case = accepted(world)
    made, own = declare(world, case, "other_caseworker"), declare(world, case, "service_manager")
    with pytest.raises(RuleBroken, match="Nobody lifts their own"), acting(world, "service_manager") as by:
        conflicts.lift(own, by=by, at=world.now, why="x")
    with pytest.raises(RuleBroken, match="may open the record itself"), acting(world, "service_manager") as by:
        conflicts.lift(made, by=by, at=world.now, why="x")
    with acting(world, "caseworker") as by:
        conflicts.lift(made, by=by, at=world.now, why="Another person of that name")
    assert sees(world, "other_caseworker", case.victim_id)
    with pytest.raises(RuleBroken, match="already"), acting(world, "caseworker") as by:
        conflicts.lift(made, by=by, at=world.now, why="x")
    with pytest.raises(IntegrityError, match="not_ones_own"):
        Conflict.objects.filter(pk=own.pk).update(lifted_by=own.user_id)


def test_a_declared_name_closes_what_is_there_and_what_comes(world: World) -> None:
    there = received(world)
    made = declare_name(world, "triage_officer")
    run(jobs.hand_on, "conflict.declared")
    comes = received(world, source_ref="later")
    for referral in (there, comes):
        assert not sees(world, "triage_officer", referral.victim_id)
        assert sees(world, "other_triage_officer", referral.victim_id)
    assert Conflict.objects.filter(user_id=made.user_id, victim_id__isnull=False).count() == 2


def test_a_date_of_birth_tells_two_people_of_one_name_apart(world: World) -> None:
    declare_name(world, "triage_officer", date(1961, 2, 3))
    assert sees(world, "triage_officer", received(world).victim_id)
    declare_name(world, "triage_officer", date(1990, 1, 1))
    assert not sees(world, "triage_officer", received(world, source_ref="later").victim_id)


def test_a_record_that_is_corrected_to_a_declared_name_is_closed_then(world: World) -> None:
    referral = received(world)
    declare_name(world, "triage_officer", family="Examplehurst")
    assert sees(world, "triage_officer", referral.victim_id)
    victim = Victim.objects.get(pk=referral.victim_id)
    victim.family_name, victim.name_key = "Examplehurst", "examplehurst testina"
    victim.save(update_fields=["family_name", "name_key"])
    assert not sees(world, "triage_officer", referral.victim_id)


def test_a_provider_learns_nothing_of_a_declared_name_elsewhere(world: World) -> None:
    """A declared name is held against every record; the manager sees only those that are the service's own."""
    theirs = accepted(world, "neighbour_caseworker")
    declare_name(world, "caseworker")
    run(jobs.hand_on, "conflict.declared")
    with acting(world, "service_manager") as by:
        rows = list(Conflict.objects.visible_to(by))
    assert [row.victim_id for row in rows] == [None]
    assert Closed.objects.filter(person=theirs.victim_id).count() == 1


def test_one_that_a_manager_lifted_stays_open(world: World) -> None:
    there = received(world)
    made = declare_name(world, "triage_officer")
    run(jobs.hand_on, "conflict.declared")
    found = Conflict.objects.get(victim_id=there.victim_id)
    with acting(world, "hub_manager") as by:
        conflicts.lift(found, by=by, at=world.now, why="Another person")
        conflicts.lift(made, by=by, at=world.now, why="No longer")
    assert sees(world, "triage_officer", there.victim_id)
    run(jobs.hand_on, "conflict.declared")
    assert sees(world, "triage_officer", there.victim_id)
    assert sees(world, "triage_officer", received(world, source_ref="later").victim_id)


def test_a_name_is_asked_for(world: World) -> None:
    with pytest.raises(RuleBroken, match="Enter their name"), acting(world, "caseworker") as by:
        conflicts.declare_name(
            by=by, at=world.now, whose=world.people["caseworker"].pk, relation="family", given_name="", family_name="-",
            birth_date=None,
        )  # fmt: skip


def test_the_only_one_who_is_named_cannot_close_a_record_to_everybody(world: World) -> None:
    case = restricted(world, "triage_officer")
    declare(world, case, "triage_officer")
    run(jobs.hand_on, "conflict.declared")
    assert sees(world, "hub_manager", case.victim_id)
    assert queries.sealed(case.victim_id)


def test_who_it_is_is_told_to_a_manager_who_may_open_the_record(world: World) -> None:
    case = accepted(world)
    made = declare(world, case, "other_caseworker")
    with acting(world, "service_manager") as by:
        shown = queries.known([made], by, world.now.date())[0]
    assert "Sampleford" in shown.person
    with acting(world, "neighbour_manager") as by:
        assert queries.known([made], by, world.now.date())[0].person == "A record that you may not open"
