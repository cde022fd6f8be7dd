"""Describing records, finding those of one person, and who may see any of it."""

from datetime import date, timedelta
from io import StringIO
from json import loads
from uuid import UUID

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import ProgrammingError, transaction

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.ids import uuid7
from alongside.core.models import Event
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.messages.models import ContactPoint
from alongside.support.people.matching import actions, jobs, queries
from alongside.support.people.matching.models import Pair, Profile
from alongside.support.people.matching.training import Linked
from alongside.support.people.victims import actions as victims
from alongside.support.people.victims.actions import Identity
from alongside.support.people.victims.models import Victim
from tests.world import World

pytestmark = pytest.mark.django_db
TESTINA = Identity(given_name="Testina", family_name="Sample-Förd", birth_date=date(1990, 2, 3), sex="female")
HOME = "Flat 3, 12 Sample Street, Testford ZZ1 2AB"


def record(world: World, identity: Identity = TESTINA, *, hub: str = "hub", **points: str) -> Victim:
    hub_id = getattr(world, hub).pk
    victim = victims.record(identity, by=SYSTEM_ACTOR, at=world.now, hub_id=hub_id)
    for kind, value in points.items():
        messages.add(
            victim.pk, by=SYSTEM_ACTOR, at=world.now, organisation_id=hub_id, kind=kind, value=value, safe="no"
        )
    return victim


def described(world: World) -> None:
    actions.describe_new(by=SYSTEM_ACTOR, at=world.now, whole=True)


def found(world: World, victim: Victim, person: str = "triage_officer") -> list[UUID]:
    actor = world.actor(person)
    with transaction.atomic(), inside(actor.realm, orgs=actor.orgs, user=actor.user_id):
        return [one.victim_id for one in queries.likely(victim, world.now.date())]


def test_a_record_is_described_without_a_word_that_reaches_anybody(world: World) -> None:
    victim = record(world, phone="07700 900123", email="testina@sample.example", address=HOME)
    described(world)
    profile = Profile.objects.get()
    assert (profile.given, profile.family, profile.born) == ("testina", "sample ford", "1990-02-03")
    assert all(len(bytes(getattr(profile, name))) == 16 for name in queries.KINDS)
    again = record(world, address="3/12 SAMPLE ST, TESTFORD, zz12ab")
    described(world)
    assert bytes(Profile.objects.get(pk=again.pk).address or b"") == bytes(profile.address or b"")
    assert Event.objects.filter(name="matching.described").count() == 2
    assert victim.pk == profile.pk


def test_the_number_in_use_is_compared_and_an_old_one_only_where_there_is_no_other(world: World) -> None:
    victim = record(world, phone="07700 900123")
    ContactPoint.objects.update(retired_at=world.now, recorded_at=world.now + timedelta(days=1))
    described(world)
    old = bytes(Profile.objects.get().phone or b"")
    messages.add(
        victim.pk, by=SYSTEM_ACTOR, at=world.now, organisation_id=world.hub.pk, kind="phone", value="07700 900456",
        safe="no",
    )  # fmt: skip
    jobs.describe_again(event="", subject=str(victim.pk))
    assert bytes(Profile.objects.get().phone or b"") != old
    jobs.describe_again(event="", subject=str(uuid7()))


def test_one_person_is_found_by_name_by_phone_and_by_a_turned_name(world: World) -> None:
    ours = record(world, phone="07700 900123", address=HOME)
    typing = record(world, Identity(given_name="Testnia", family_name="Sample-Ford", birth_date=date(1990, 2, 3)))
    married = record(
        world, Identity(given_name="Testina", family_name="Harbour", birth_date=date(1990, 2, 3)), phone="07700900123"
    )
    turned = record(
        world, Identity(given_name="Sample-Ford", family_name="Testina", birth_date=date(1990, 2, 3))
    )  # fmt: skip
    record(world, Identity(given_name="Bernard", family_name="Quayside", birth_date=date(1951, 7, 9)))
    record(world, hub="far_hub", phone="07700 900123")
    described(world)
    assert set(found(world, ours)) == {typing.pk, married.pk, turned.pk}


def test_a_sister_on_one_phone_comes_last_and_is_said_to_differ(world: World) -> None:
    ours = record(world, phone="07700 900123", address=HOME)
    sister = record(
        world, Identity(given_name="Bernarda", family_name="Sample-Ford", birth_date=date(1994, 7, 9), sex="female"),
        phone="07700 900123", address=HOME,
    )  # fmt: skip
    same = record(world, Identity(given_name="Testina", birth_date=date(1990, 2, 3)))
    described(world)
    likely, apart = queries.likely(ours, world.now.date())
    assert (likely.victim_id, likely.weighed.apart) == (same.pk, False)
    assert (apart.victim_id, apart.weighed.apart) == (sister.pk, True)


def test_a_business_is_compared_with_businesses_alone(world: World) -> None:
    shop = Identity(kind=Victim.Kind.BUSINESS, business_name="Sample Stores")
    ours, branch = record(world, shop, phone="01632 960001"), record(world, shop, phone="01632 960001")
    record(world, Identity(family_name="Sample Stores"), phone="01632 960001")
    described(world)
    assert Profile.objects.get(pk=ours.pk).given is None
    assert found(world, ours) == [branch.pk]


def test_a_record_of_which_nothing_is_known_matches_nobody(world: World) -> None:
    nameless = record(world, Identity())
    record(world, Identity())
    described(world)
    assert found(world, nameless) == []


def test_another_hub_learns_of_no_candidate(world: World) -> None:
    ours = record(world)
    record(world)
    described(world)
    assert found(world, ours, "far_triage_officer") == []


def test_the_database_keeps_providers_out_and_shows_a_hub_its_own(world: World) -> None:
    record(world)
    described(world)
    for table in (Profile, Pair):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            inside(Realm.PROVIDER, orgs=[world.provider.pk]),
        ):
            table.objects.count()
    for hub, seen in (("hub", 1), ("far_hub", 0)):
        with inside(Realm.HUB, orgs=[getattr(world, hub).pk]):
            assert Profile.objects.count() == seen


def test_describing_nobody_writes_nothing(world: World) -> None:
    assert actions.describe([uuid7()], by=SYSTEM_ACTOR, at=world.now) == 0
    assert not Event.objects.filter(name="matching.described").exists()


def test_jobs_describe_what_is_new_once(world: World) -> None:
    record(world)
    for job in (jobs.describe_new, jobs.describe_all, jobs.describe_new):
        job()
    assert Profile.objects.count() == 1
    assert Event.objects.filter(name="matching.described").count() == 1


def test_the_rows_of_a_delivery_are_described_when_it_is_loaded(world: World) -> None:
    fresh = record(world)
    jobs.describe_delivery(event="", subject=str(uuid7()))
    assert Profile.objects.filter(pk=fresh.pk).exists()


def test_a_record_of_a_feed_is_not_passed_over_for_one_that_came_later_and_was_described_at_once(world: World) -> None:
    described(world)
    early, late = record(world), record(world, phone="07700 900123")
    actions.describe_anew(late.pk, by=SYSTEM_ACTOR, at=world.now)
    jobs.describe_new()
    assert Profile.objects.filter(pk=early.pk).exists()


def test_a_new_record_is_paired_with_whom_it_is_likely_to_be(world: World) -> None:
    first = record(world, phone="07700 900123", address=HOME)
    described(world)
    assert not Pair.objects.exists()
    again = record(world, phone="07700 900123")
    record(world, Identity(given_name="Bernarda", family_name="Sample-Ford", birth_date=date(1994, 7, 9)), address=HOME)
    jobs.describe_new()
    pair = Pair.objects.get()
    assert {pair.left_id, pair.right_id} == {first.pk, again.pk}
    assert actions.link([again.pk], by=SYSTEM_ACTOR, at=world.now) == 1
    assert Pair.objects.count() == 1
    jobs.link_all()
    assert Pair.objects.count() == 1


def test_a_whole_linking_takes_the_place_of_the_one_before(world: World) -> None:
    left, right = sorted((record(world).pk, record(world).pk))
    pair = Linked(str(left), str(right), 12.5)
    for linked in ([pair], [pair], []):
        kept = actions.keep_pairs(linked, hub_id=world.hub.pk, number=0, by=SYSTEM_ACTOR, at=world.now)
        assert kept == Pair.objects.count() == len(linked)


def run(*words: str) -> dict[str, object]:
    told = StringIO()
    call_command("match", *words, "--json", stdout=told)
    return dict(loads(told.getvalue()))


def test_the_command_links_weighs_and_reports(world: World) -> None:
    left, right = record(world, phone="07700 900123"), record(world, phone="07700 900123")
    assert run("run") == {"model": 0, "pairs": {str(world.hub.pk): 1}}
    told = run("score", str(left.pk), str(right.pk))
    assert told["apart"] is False
    assert isinstance(told["weight"], float)
    assert told["weight"] > 20
    assert run("report")["described"] == 2
    for words, why in ((["score", str(left.pk)], "ids of two"), (["score", str(left.pk), str(uuid7())], "no record")):
        with pytest.raises(CommandError, match=why):
            run(*words)
    with pytest.raises(CommandError, match="2 records to train on"):
        run("train")


def test_a_trained_model_is_kept_under_the_next_number(world: World) -> None:
    shipped = queries.trained(queries.SHIPPED)
    for number in (1, 2):
        made = type(shipped)(shipped.settings, (("given", "testina", 0.01),), shipped.floor, 5_000, "ab" * 32)
        kept = actions.keep_model(made, by=SYSTEM_ACTOR, at=world.now, made_with="splink 5")
        assert (kept.number, queries.number_in_use()) == (number, number)
    assert queries.trained(2).shares == (("given", "testina", 0.01),)
    told = run("report")
    assert (told["model"], told["trained_on"], told["shares"]) == (2, 5_000, 1)
    ours, _ = record(world), record(world)
    described(world)
    assert len(found(world, ours)) == 1
