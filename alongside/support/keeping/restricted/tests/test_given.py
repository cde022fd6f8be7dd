"""Work is given to a colleague who may open the record, and to nobody else; the rest of a batch goes ahead."""

import pytest
from django.db import Error
from django.utils import timezone

from alongside.core.errors import RuleBroken
from alongside.core.rows import records
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.referrals.tests.arrivals import received
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.desk.triage import actions as triage
from alongside.support.desk.triage.models import Batch
from alongside.support.keeping.restricted import actions, jobs
from alongside.support.keeping.restricted.tests.sealed import acting, restricted, run
from alongside.support.people.victims.models import Victim
from tests.world import World

pytestmark = pytest.mark.django_db
GIVER, OTHER = "triage_officer", "other_triage_officer"


@pytest.fixture
def sealed(world: World) -> Referral:
    """A referral that the officer and the manager may open."""
    made = received(world)
    with acting(world, GIVER) as by:
        actions.restrict(
            Victim.objects.get(pk=made.victim_id), by=by, at=world.now, reason="staff", words="x",
            people=[world.people["hub_manager"].pk],
        )  # fmt: skip
    return made


def give(world: World, *rows: Referral, to: str, by: str = GIVER) -> Batch:
    with acting(world, by) as giver:
        return triage.allocate(
            {row.pk: row.worker for row in rows}, by=giver, at=timezone.now(), worker=world.people[to].pk
        )


def worker(row: Referral) -> object:
    return Referral.objects.get(pk=row.pk).worker


def test_a_restricted_referral_is_not_given_to_who_is_not_named_and_the_others_are(
    world: World, sealed: Referral
) -> None:
    plain = received(world)
    batch = give(world, sealed, plain, to=OTHER)
    assert worker(sealed) is None
    assert worker(plain) == world.people[OTHER].pk
    assert batch.refused == [{"referral": str(sealed.pk), "why": "not_open"}]
    shown = world.client(GIVER).get("/referrals/").text
    assert "not open to them" in shown and "1 allocated to" in shown


def test_once_they_are_named_it_is_given_to_them(world: World, sealed: Referral) -> None:
    with acting(world, GIVER):
        records.name(sealed.victim_id, world.people[OTHER].pk, world.hub.pk, why="chosen")
    assert give(world, sealed, to=OTHER).refused == []
    assert worker(sealed) == world.people[OTHER].pk
    assert give(world, Referral.objects.get(pk=sealed.pk), to=GIVER).refused == []


def test_nothing_is_given_to_who_knows_the_person_and_the_words_say_no_more(world: World, sealed: Referral) -> None:
    plain = received(world)
    with acting(world, OTHER):
        records.close_to(plain.victim_id, world.people[OTHER].pk)
    closed, shut = give(world, plain, to=OTHER), give(world, sealed, to=OTHER)
    assert worker(plain) is None
    assert [row["why"] for row in (*closed.refused, *shut.refused)] == ["not_open", "not_open"]


def test_to_who_may_not_open_it_themselves_it_is_as_if_it_were_not_there(world: World, sealed: Referral) -> None:
    batch = give(world, sealed, to=OTHER, by=OTHER)
    absent = Referral(pk=sealed.victim_id)
    assert [row["why"] for row in batch.refused] == [row["why"] for row in give(
        world, absent, to=OTHER, by=OTHER).refused] == ["gone"]  # fmt: skip


def test_taking_an_allocation_back_gives_it_to_nobody_who_may_not_open_it_by_then(world: World) -> None:
    row = received(world)
    give(world, row, to=OTHER)
    batch = give(world, Referral.objects.get(pk=row.pk), to=GIVER)
    with acting(world, OTHER):
        records.close_to(row.victim_id, world.people[OTHER].pk)
    with acting(world, GIVER) as by:
        assert triage.undo(batch, by=by, at=timezone.now()) == (0, 1)
    assert worker(row) == world.people[GIVER].pk


def assign(world: World, case: Case, to: str, verb: str = "assign") -> None:
    with acting(world, "service_manager") as by:
        found = Case.objects.get(pk=case.pk)
        who = world.people[to].pk
        if verb == "assign":
            casework.assign(found, by=by, at=world.now, worker=who)
        else:
            casework.cover(found, by=by, at=world.now, worker=who, until=timezone.now().date())


@pytest.mark.parametrize("verb", ["assign", "cover"])
def test_a_case_is_not_given_to_a_colleague_who_may_not_open_the_record(world: World, verb: str) -> None:
    case = restricted(world)
    run(jobs.name_elsewhere, "record.restricted")
    Case.objects.filter(pk=case.pk).update(worker=world.people["service_manager"].pk)
    with pytest.raises(RuleBroken, match=r"not open to them\. Choose somebody else\. Or name them"):
        assign(world, case, "other_caseworker", verb)
    with acting(world, "service_manager"):
        records.name(case.victim_id, world.people["other_caseworker"].pk, world.provider.pk, why="chosen")
    assign(world, case, "other_caseworker", verb)


def test_nor_to_one_who_knows_the_person(world: World) -> None:
    case = accepted(world)
    with acting(world, "other_caseworker"):
        records.close_to(case.victim_id, world.people["other_caseworker"].pk)
    with pytest.raises(RuleBroken, match=r"Choose somebody else\.$"):
        assign(world, case, "other_caseworker")


def test_nobody_asks_of_another_organisations_people_or_of_records_that_they_may_not_open(
    world: World, sealed: Referral
) -> None:
    with pytest.raises(Error, match="another organisation"), acting(world, "service_manager"):
        records.open_to([sealed.victim_id], world.people[GIVER].pk, world.hub.pk)
    with acting(world, OTHER):
        assert records.open_to([sealed.victim_id], world.people[GIVER].pk, world.hub.pk) == set()
    with acting(world, GIVER):
        assert records.open_to([sealed.victim_id], world.people["hub_manager"].pk, world.hub.pk) == {sealed.victim_id}
