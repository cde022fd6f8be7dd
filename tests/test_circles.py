"""Restricted records and closed ones, tried in the database as each realm: named people alone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import Error, connection, transaction
from django.db.models import Model
from django.utils import timezone

from alongside.core.access.actor import Actor
from alongside.core.models import Closed, Grant, Named, Sealed, Seat
from alongside.core.rows import declared, records
from alongside.core.rows.realms import Realm, inside
from alongside.core.rows.scopes import Follows, Own
from alongside.foundation.office.messages.models import ContactPoint
from alongside.support.arrivals.referrals.models import Offer, Referral, Standing
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.cases.outcomes.models import Assessment
from alongside.support.people.victims.models import Agreement, Victim
from tests.world import World

pytestmark = pytest.mark.django_db
HUBS: tuple[type[Model], ...] = (Victim, Referral, Offer, Case, ContactPoint, Agreement)


@contextmanager
def acting(by: Actor) -> Iterator[None]:
    with transaction.atomic(), inside(by.realm, orgs=by.orgs, user=by.user_id, closed=by.closed, own=by.own):
        yield


def seen(by: Actor, case: Case) -> dict[str, int]:
    """How many rows of this person each table shows, with the first lock and without."""
    own: dict[type[Model], dict[str, object]] = {
        Victim: {"pk": case.victim_id}, ContactPoint: {"person_id": case.victim_id}, Case: {"pk": case.pk},
    }  # fmt: skip
    found = {}
    with acting(by):
        for model in HUBS:
            rows = model._default_manager.filter(**own.get(model, {"victim_id": case.victim_id}))
            found[model.__name__] = rows.count()
    plain = {
        model.__name__: model._default_manager.visible_to(by).filter(  # type: ignore[attr-defined]
            **own.get(model, {"victim_id": case.victim_id})
        ).count()
        for model in HUBS
    }  # fmt: skip
    assert found == plain, "the two locks differ"
    return found


def restrict(world: World, person: UUID, *people: str) -> None:
    for one in people:
        actor = world.actor_now(one)
        assert actor.user_id is not None and actor.organisation_id is not None
        records.name(person, actor.user_id, actor.organisation_id, why="chosen")
    records.seal(person)


@pytest.fixture
def case(world: World) -> Case:
    made = accepted(world)
    Agreement.objects.create(victim=made.victim, about="contact", given=True, recorded_at=world.now)
    ContactPoint.objects.create(person_id=made.victim_id, recorded_by=world.hub.pk, kind="email", recorded_at=world.now)
    return made


def test_whoever_works_somewhere_has_one_number_there_for_good(world: World) -> None:
    assert Seat.objects.count() == len(world.people)
    one = world.actor_now("triage_officer")
    assert one.number < 0
    assert one.orgs == (world.hub.pk, one.number)
    assert one.own == one.orgs


def test_only_the_named_see_a_sealed_record_and_all_that_hangs_on_it(world: World, case: Case) -> None:
    before = seen(world.actor_now("other_triage_officer"), case)
    assert all(before.values())
    restrict(world, case.victim_id, "triage_officer", "caseworker")
    assert seen(world.actor_now("triage_officer"), case) == before
    for outside in ("other_triage_officer", "hub_manager", "far_triage_officer", "service_manager",
                    "other_caseworker", "neighbour_caseworker"):  # fmt: skip
        assert not any(seen(world.actor_now(outside), case).values()), outside


def test_somebody_named_sees_what_their_own_organisation_is_let_into_and_no_more(world: World, case: Case) -> None:
    restrict(world, case.victim_id, "triage_officer", "neighbour_caseworker")
    assert not any(seen(world.actor_now("neighbour_caseworker"), case).values())


def test_what_is_added_to_a_sealed_person_is_sealed_whoever_adds_it(world: World, case: Case) -> None:
    restrict(world, case.victim_id, "triage_officer", "caseworker")
    number = world.actor_now("triage_officer").number
    point = ContactPoint(person_id=case.victim_id, recorded_by=world.hub.pk, kind="phone", recorded_at=world.now)
    point.visible_orgs = [world.hub.pk]
    with transaction.atomic(), inside(Realm.WORKER):
        point.save(force_insert=True)
    assert number in ContactPoint.objects.get(pk=point.pk).visible_orgs
    again = Referral.objects.get(pk=case.referral_id)
    again.pk, again.reference, again.source_ref = uuid4(), "NEW-REF", "new"
    with transaction.atomic(), inside(Realm.WORKER):
        again.save(force_insert=True)
    assert Referral.objects.get(pk=again.pk).visible_orgs == [number]
    with transaction.atomic(), inside(Realm.WORKER):
        made = Assessment.objects.create(
            case_id=case.pk, provider_id=world.provider.pk, victim_id=case.victim_id, stage="start",
            question_set="sample", set_version=1, assessed_at=world.now, visible_orgs=[world.provider.pk],
        )  # fmt: skip
    assert Assessment.objects.get(pk=made.pk).visible_orgs != [world.provider.pk]


def test_a_grant_to_another_organisation_opens_a_sealed_record_to_its_named_people_alone(
    world: World, case: Case
) -> None:
    restrict(world, case.victim_id, "triage_officer", "neighbour_manager")
    with acting(world.actor_now("triage_officer")):
        records.share("victim", case.victim_id, world.neighbour.pk, why="accepted")
    assert seen(world.actor_now("neighbour_manager"), case)["Victim"] == 1
    assert seen(world.actor_now("neighbour_caseworker"), case)["Victim"] == 0
    with acting(world.actor_now("triage_officer")):
        records.withdraw("victim", case.victim_id, world.neighbour.pk)
    assert seen(world.actor_now("neighbour_manager"), case)["Victim"] == 0


def test_lifting_the_seal_shows_it_to_whoever_is_let_in_by_then(world: World, case: Case) -> None:
    before = [seen(world.actor_now(one), case) for one in ("other_triage_officer", "other_caseworker")]
    restrict(world, case.victim_id, "triage_officer", "caseworker")
    with acting(world.actor_now("triage_officer")):
        records.unseal(case.victim_id)
    assert [seen(world.actor_now(one), case) for one in ("other_triage_officer", "other_caseworker")] == before
    assert not Sealed.objects.exists()
    assert not Named.objects.exists()


OUTSIDE: tuple[tuple[str, Callable[[World, UUID, Actor], object]], ...] = (
    ("name", lambda world, person, by: records.name(person, by.user_id, by.organisation_id, why="me")),  # type: ignore[arg-type]
    ("unname", lambda world, person, by: records.unname(person, by.user_id, by.organisation_id)),  # type: ignore[arg-type]
    ("seal", lambda world, person, by: records.seal(person)),
    ("unseal", lambda world, person, by: records.unseal(person)),
    ("named", lambda world, person, by: records.named(person)),
    ("close", lambda world, person, by: records.close_to(person, by.user_id)),  # type: ignore[arg-type]
    ("reopen", lambda world, person, by: records.reopen_to(person, world.people["hub_manager"].pk)),
    ("share", lambda world, person, by: records.share("victim", person, by.organisation_id, why="me")),  # type: ignore[arg-type]
)


@pytest.mark.parametrize("outsider", ["other_triage_officer", "other_caseworker", "neighbour_caseworker"])
@pytest.mark.parametrize("verb", [verb for verb, _ in OUTSIDE])
def test_nobody_outside_does_anything_with_a_sealed_record(world: World, case: Case, outsider: str, verb: str) -> None:
    restrict(world, case.victim_id, "triage_officer", "caseworker")
    by = world.actor_now(outsider)
    with pytest.raises(Error, match="no such record"), acting(by):
        dict(OUTSIDE)[verb](world, case.victim_id, by)


@pytest.mark.parametrize("realm", [realm for realm in Realm if realm != Realm.WORKER])
@pytest.mark.parametrize("call", [
    "rows_break('referral', '{0}', now())", "rows_put_name('{0}', '{0}', 1, 'x')", "rows_put_seal('{0}')",
    "rows_spread_person('{0}')", "rows_somebody('{0}')",
])  # fmt: skip
def test_no_realm_calls_what_asks_nobody(world: World, realm: Realm, call: str) -> None:
    with pytest.raises(Error, match="permission denied"), transaction.atomic(), inside(realm, orgs=[world.hub.pk]):
        connection.cursor().execute(f"SELECT {call.format(uuid4())}")


@pytest.mark.parametrize("table", ["core_sealed", "core_named", "core_closed", "core_seat"])
def test_no_realm_that_works_with_people_reads_who_is_named(world: World, table: str) -> None:
    for realm in (Realm.HUB, Realm.PROVIDER, Realm.REFERRER, Realm.PUBLIC, Realm.COMMISSIONING):
        with pytest.raises(Error, match="permission denied"), transaction.atomic(), inside(realm):
            connection.cursor().execute(f"SELECT * FROM {table}")


def test_the_last_who_is_named_stays(world: World, case: Case) -> None:
    with pytest.raises(Error, match="somebody must be named"), transaction.atomic():
        records.seal(case.victim_id)
    restrict(world, case.victim_id, "triage_officer", "hub_manager")
    manager, officer = (world.people[one].pk for one in ("hub_manager", "triage_officer"))
    with acting(world.actor_now("triage_officer")):
        records.unname(case.victim_id, manager, world.hub.pk)
    with pytest.raises(Error, match="somebody must be named"), acting(world.actor_now("triage_officer")):
        records.unname(case.victim_id, officer, world.hub.pk)
    assert [one.user_id for one in records.named(case.victim_id)] == [officer]


def broken(world: World, case: Case, person: str, until: timedelta) -> UUID | None:
    by = world.actor_now(person)
    with transaction.atomic(), inside(by.realm, orgs=by.orgs, user=by.user_id), connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("SELECT rows_break('referral', %s, %s)", [case.referral_id, timezone.now() + until])
        (found,) = cursor.fetchone()
    return found if found is None else UUID(str(found))


def test_a_broken_seal_shows_the_record_to_one_person_until_its_very_moment(world: World, case: Case) -> None:
    restrict(world, case.victim_id, "triage_officer", "caseworker")
    assert broken(world, case, "other_triage_officer", timedelta(hours=1)) == case.victim_id
    inside_now = world.actor_now("other_triage_officer")
    assert len(inside_now.unsealed) == 1
    assert inside_now.own == inside_now.orgs[:2]
    assert all(seen(inside_now, case).values())
    assert not any(seen(world.actor_now("hub_manager"), case).values())
    assert [one.until is not None for one in records.named(case.victim_id)] == [False, False, True]
    Named.objects.filter(breaks__isnull=False).update(until=timezone.now() - timedelta(minutes=9))
    assert world.actor_now("other_triage_officer").unsealed == ()
    assert not any(seen(world.actor_now("other_triage_officer"), case).values())
    with inside(Realm.WORKER):
        records.expire()
    assert not Named.objects.filter(breaks__isnull=False).exists()
    assert inside_now.unsealed[0] not in Victim.objects.get(pk=case.victim_id).visible_orgs


@pytest.mark.parametrize("person", ["neighbour_caseworker", "far_triage_officer"])
def test_nobody_breaks_the_seal_of_what_their_organisation_is_not_let_into(
    world: World, case: Case, person: str
) -> None:
    restrict(world, case.victim_id, "triage_officer")
    assert broken(world, case, person, timedelta(hours=1)) is None


def test_what_is_not_sealed_has_no_seal_to_break(world: World, case: Case) -> None:
    assert broken(world, case, "other_triage_officer", timedelta(hours=1)) is None


def test_a_record_is_closed_to_whoever_knows_the_person_and_open_to_the_rest(world: World, case: Case) -> None:
    officer = world.actor_now("triage_officer")
    with acting(officer):
        records.close_to(case.victim_id, world.people["triage_officer"].pk)
    assert not any(seen(world.actor_now("triage_officer"), case).values())
    assert all(seen(world.actor_now("other_triage_officer"), case).values())
    assert broken(world, case, "triage_officer", timedelta(hours=1)) is None
    with acting(world.actor_now("other_triage_officer")):
        records.reopen_to(case.victim_id, world.people["triage_officer"].pk)
    assert all(seen(world.actor_now("triage_officer"), case).values())
    assert not Closed.objects.exists()


def test_a_closed_record_stays_closed_when_somebody_is_named_on_it_or_shares_it(world: World, case: Case) -> None:
    with acting(world.actor_now("triage_officer")):
        records.close_to(case.victim_id, world.people["triage_officer"].pk)
    restrict(world, case.victim_id, "triage_officer", "hub_manager")
    assert not any(seen(world.actor_now("triage_officer"), case).values())
    with pytest.raises(Error, match="no such record"), acting(world.actor_now("triage_officer")):
        records.named(case.victim_id)


def test_nobody_opens_it_for_themselves_or_closes_it_to_a_stranger(world: World, case: Case) -> None:
    with pytest.raises(Error, match="not for oneself"), acting(world.actor_now("triage_officer")):
        records.reopen_to(case.victim_id, world.people["triage_officer"].pk)
    with pytest.raises(Error, match="another organisation"), acting(world.actor_now("triage_officer")):
        records.close_to(case.victim_id, world.people["caseworker"].pk)


def test_referrers_still_read_where_a_sealed_referral_stands(world: World, case: Case) -> None:
    referral = Referral.objects.get(pk=case.referral_id)
    Standing.objects.get_or_create(
        referral=referral,
        defaults={"id": uuid4(), "hub_id": world.hub.pk, "organisation_id": world.partner.pk,
                  "reference": referral.reference, "word": "accepted", "since": world.now,
                  "received_at": world.now},
    )  # fmt: skip
    Standing.objects.filter(referral=referral).update(organisation_id=world.partner.pk)
    restrict(world, case.victim_id, "triage_officer")
    with acting(world.actor_now("referrer")):
        assert Standing.objects.filter(referral_id=referral.pk).count() == 1
    with acting(world.actor_now("other_triage_officer")):
        assert Standing.objects.filter(referral_id=referral.pk).count() == 0


def test_every_record_says_which_person_it_is_of() -> None:
    """A record whose `Rows.scope` named no person would stay open when that person's records are sealed."""
    for table in declared.tables():
        if isinstance(table.scope, Own | Follows):
            assert table.scope.person in table.columns, table.name


def test_grants_below_a_seal_run_out_as_ever(world: World, case: Case) -> None:
    restrict(world, case.victim_id, "triage_officer", "caseworker")
    Grant.objects.filter(organisation=world.provider.pk, kind="victim").update(
        until=timezone.now() - timedelta(minutes=1)
    )
    with inside(Realm.WORKER):
        records.expire()
    assert seen(world.actor_now("caseworker"), case)["Victim"] == 0
    assert seen(world.actor_now("triage_officer"), case)["Victim"] == 1
