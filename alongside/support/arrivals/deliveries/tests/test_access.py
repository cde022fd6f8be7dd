"""Who may send, who may see what was sent, who may open a door: and nothing of one force reaches another's."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.privacy import crypt
from alongside.core.rows.realms import Realm, inside, present_ticket
from alongside.foundation.office.organisations.models import Organisation
from alongside.support.arrivals.deliveries import actions, queries, rules
from alongside.support.arrivals.deliveries.models import Batch, Call, Connection, Token
from alongside.support.arrivals.deliveries.tests.calls import GOOD, System, opened, row, work
from alongside.support.arrivals.referrals.models import Referral
from tests.world import World

pytestmark = pytest.mark.django_db
OTHERS = (Realm.PUBLIC, Realm.PROVIDER, Realm.COMMISSIONING)


@contextmanager
def refused(why: str, force: Organisation) -> Iterator[None]:
    """By the database, whatever the code asks for in the referrers' realm."""
    says_no = pytest.raises(ProgrammingError, match=why)
    with says_no, transaction.atomic(), inside(Realm.REFERRER, orgs=[force.pk]):
        yield


@pytest.fixture
def second(world: World) -> Organisation:
    """Another force of the same area, whose feed the same hub receives."""
    made: Organisation = Organisation.objects.create(
        code="second-force", kind="force", force_id="west-midlands", name="Second Police", since=world.force.since
    )
    return made


def test_a_token_of_one_force_neither_reads_nor_touches_anothers(world: World, second: Organisation) -> None:
    ours, theirs = System.of(world), System.of(world, second)
    batch = ours.send(GOOD, key="batch-0001").json()["id"]
    work()
    absent = theirs.receipt(uuid4())
    foreign = theirs.receipt(batch)
    assert (foreign.status_code, foreign.content) == (absent.status_code, absent.content) == (404, absent.content)
    assert theirs.send(row(2), key="batch-0001").status_code == 202
    assert theirs.send(GOOD).status_code == 202
    work()
    assert Referral.objects.filter(source_organisation=world.force.pk).count() == 1
    assert Referral.objects.filter(source_organisation=second.pk).count() == 2
    assert ours.receipt(batch).json()["accepted"] == 1


def test_another_connection_of_the_same_force_may_read_the_receipt(world: World) -> None:
    batch = System.of(world).send(GOOD).json()["id"]
    assert System.of(world, name="Second").receipt(batch).status_code == 200


def test_a_hub_sees_its_own_connections_and_batches_alone(world: World) -> None:
    System.of(world).send(GOOD)
    for model in (Connection, Batch):
        assert model.objects.visible_to(world.actor("hub_manager")).count() == 1
        assert model.objects.visible_to(world.actor("far_triage_officer")).count() == 0
    assert not Batch.objects.visible_to(world.actor("caseworker")).exists()
    for table in (Connection, Batch):
        seen = []
        for hub in (world.hub, world.far_hub):
            with transaction.atomic(), inside(Realm.HUB, orgs=[hub.pk]):
                seen.append(table.objects.count())
        assert seen == [1, 0]


@pytest.mark.parametrize("realm", OTHERS)
@pytest.mark.parametrize("table", [Connection, Token, Call, Batch])
def test_other_realms_are_refused_by_the_database(world: World, realm: Realm, table: type[Any]) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), inside(realm):
        table.objects.count()


def test_the_referrers_realm_sees_its_own_batches_and_no_secret(world: World, second: Organisation) -> None:
    System.of(world).send(GOOD)
    System.of(world, second).send(row(2))
    with transaction.atomic(), inside(Realm.REFERRER, orgs=[second.pk]):
        assert [batch.source_id for batch in Batch.objects.all()] == [second.pk]
    for table in (Connection, Token):
        with refused("permission denied", second):
            table.objects.count()


def test_the_referrers_realm_leaves_no_batch_for_another_force_and_changes_none(
    world: World, second: Organisation
) -> None:
    System.of(world).send(GOOD)
    batch = Batch.objects.get()
    batch.pk = uuid4()
    with refused("row-level security", second):
        batch.save(force_insert=True)
    with refused("permission denied", world.force):
        Batch.objects.update(state="LOADED")


def test_sign_in_sees_the_one_token_and_connection_that_are_presented(world: World) -> None:
    system, other = System.of(world), System.of(world, name="Second")
    with transaction.atomic(), inside(Realm.AUTH):
        assert Token.objects.count() == Connection.objects.count() == 0
        present_ticket(crypt.blind(queries.TOKEN, system.token))
        assert [token.connection_id for token in Token.objects.all()] == [system.connection.pk]
        assert Connection.objects.count() == 0
        present_ticket(other.connection.pk.bytes)
        assert Connection.objects.get() == other.connection
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Connection.objects.update(secret=b"0" * 16)


def test_a_connection_counts_its_own_calls_alone(world: World) -> None:
    System.of(world).send(GOOD)
    other = System.of(world, name="Second")
    with transaction.atomic(), inside(Realm.REFERRER, orgs=[world.force.pk], user=other.connection.pk):
        assert not Call.objects.exists()
    assert Call.objects.count() == 1


def test_close_connection_ends_its_tokens_at_once_and_loads_what_came_before(world: World) -> None:
    system = System.of(world)
    assert system.send(row(1)).status_code == 202
    actions.close_connection(system.connection, by=world.actor("hub_manager"), at=timezone.now())
    assert system.send(row(2)).status_code == 401
    assert system.sign_in().json()["error"] == "invalid_client"
    work()
    assert Referral.objects.count() == 1
    with pytest.raises(RuleBroken, match="closed already"):
        actions.close_connection(system.connection, by=world.actor("hub_manager"), at=timezone.now())
    names = Event.objects.filter(subject=system.connection.pk).order_by("at").values_list("name", flat=True)
    assert list(names) == ["connection.opened", "connection.token_given", "connection.closed"]


def test_a_force_that_has_ended_sends_nothing_more(world: World) -> None:
    system = System.of(world)
    Organisation.objects.filter(pk=world.force.pk).update(until=timezone.now().date())
    assert system.send(GOOD).status_code == 401


def test_where_no_hub_receives_nothing_is_taken(world: World) -> None:
    system = System.of(world)
    Organisation.objects.filter(pk=world.hub.pk).update(until=timezone.now().date())
    answer = system.send(GOOD)
    assert (answer.status_code, answer.json()["code"]) == (409, "no_hub")
    assert not Batch.objects.exists()


def test_renew_secret_leaves_the_earlier_one_some_hours(world: World) -> None:
    system, now = System.of(world), timezone.now()
    fresh = actions.renew_secret(system.connection, by=world.actor("hub_manager"), at=now)
    assert system.sign_in().status_code == system.sign_in(fresh).status_code == 200
    said, late = system.connection.pk, now + timedelta(hours=25)
    with transaction.atomic(), inside(Realm.AUTH):
        with pytest.raises(rules.GrantRefused):
            actions.give_token(rules.Credentials(said, system.secret), at=late, origin="192.0.2.7")
        assert actions.give_token(rules.Credentials(said, fresh), at=late, origin="192.0.2.7")
    third = actions.renew_secret(system.connection, by=world.actor("hub_manager"), at=now)
    assert [system.sign_in(secret).status_code for secret in (system.secret, fresh, third)] == [401, 200, 200]


def test_a_connection_is_opened_for_the_hubs_own_forces_each_with_a_name(world: World) -> None:
    by, at = world.actor("hub_manager"), timezone.now()
    opened(world)
    with pytest.raises(RuleBroken, match="this name already"):
        opened(world)
    with pytest.raises(RuleBroken, match="does not receive"):
        opened(world, world.partner)
    for number in range(actions.MOST_OPEN - 1):
        actions.open_connection(by=by, at=at, source=world.force, name=f"More {number}")
    with pytest.raises(RuleBroken, match="at most"):
        actions.open_connection(by=by, at=at, source=world.force, name="One more")


def test_a_connection_may_do_nothing_but_send(world: World) -> None:
    actor: Actor = queries.actor_for(opened(world)[0])
    assert (actor.realm, actor.permissions) == (Realm.REFERRER, {"feed.send"})
    assert "Crime system" not in repr(opened(world, name="Other")[0])
