"""Wrong secrets: counted by address and by connection, told to the office, and refused from elsewhere than allowed."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils import timezone

from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.rows.realms import Realm, inside
from alongside.support.arrivals.deliveries import actions, queries, rules
from alongside.support.arrivals.deliveries.models import Connection, Token
from alongside.support.arrivals.deliveries.tests.calls import GOOD, System, opened
from tests.world import World

pytestmark = pytest.mark.django_db
WAYS = "/feeds/ways/"
HERE, THERE = "192.0.2.7", "198.51.100.9"


@pytest.fixture(autouse=True)
def _counts() -> None:
    cache.clear()


def ask(key: object, secret: str, address: str = HERE) -> Any:
    said = {"grant_type": "client_credentials", "client_id": key, "client_secret": secret}
    return Client(REMOTE_ADDR=address).post("/api/v1/token", said)


def wrong(key: object, times: int, address: str = HERE) -> list[int]:
    return [ask(key, "wrong", address).status_code for _ in range(times)]


def test_an_address_that_guesses_is_asked_to_wait_with_the_right_secret_too(world: World) -> None:
    connection, secret = opened(world)
    assert wrong(connection.pk, 11) == [*[401] * 10, 429]
    answer = ask(connection.pk, secret)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
    assert 1 <= int(answer.headers["Retry-After"]) <= 3600
    assert ask(connection.pk, secret, THERE).status_code == 200, "another address is not kept out by it"
    later = timezone.now() + timedelta(hours=1)
    with transaction.atomic(), inside(Realm.AUTH):
        assert actions.give_token(rules.Credentials(connection.pk, secret), at=later, origin=HERE)


def test_a_connection_that_is_guessed_at_from_many_addresses_waits_but_not_its_own_system(world: World) -> None:
    connection, secret = opened(world)
    assert {code for number in range(3) for code in wrong(connection.pk, 10, f"203.0.113.{number}")} == {401}
    assert ask(connection.pk, secret, THERE).status_code == 429
    actions.allow(connection, by=world.actor("hub_manager"), at=timezone.now(), allowed=f"{HERE}\n10.0.0.0/8")
    assert ask(connection.pk, secret, HERE).status_code == 200, "nobody locks out a system that is on the list"


def test_what_is_no_connection_is_counted_and_answered_alike(world: World) -> None:
    nobody = uuid4()
    assert wrong(nobody, 11, HERE) == [*[401] * 10, 429]
    known, _ = opened(world)
    first, second = ask(known.pk, "wrong", THERE), ask(uuid4(), "wrong", THERE)
    assert first.content == second.content and first.status_code == second.status_code == 401


def test_only_addresses_that_are_allowed_get_a_token_or_use_one(world: World) -> None:
    system = System.of(world)
    by, at = world.actor("hub_manager"), timezone.now()
    actions.allow(system.connection, by=by, at=at, allowed=f"{THERE}, 2001:db8::/48")
    assert system.send(GOOD).status_code == 401, "a token that was given before is refused too"
    assert ask(system.connection.pk, system.secret, HERE).status_code == 401
    assert ask(system.connection.pk, system.secret, THERE).status_code == 200
    assert ask(system.connection.pk, system.secret, "2001:db8::7").status_code == 200
    actions.allow(system.connection, by=by, at=at, allowed="")
    assert ask(system.connection.pk, system.secret, "203.0.113.9").status_code == 200


def test_the_office_is_told_without_an_e_mail_until_somebody_looked_into_it(world: World) -> None:
    connection, secret = opened(world)
    manager, where = world.client("hub_manager"), f"{WAYS}connections/{connection.pk}/"
    wrong(connection.pk, 4)
    assert "4 wrong secrets since" in manager.get(where).content.decode()
    assert "tried wrongly" not in manager.get("/home/").content.decode()
    assert not Event.objects.filter(name="connection.tried_wrongly").exists()
    wrong(connection.pk, 2)
    assert Event.objects.get(name="connection.tried_wrongly").subject == connection.pk
    assert "connection whose secret was tried wrongly" in manager.get("/home/").content.decode()
    assert "Somebody may be guessing" in manager.get(where).content.decode()
    assert "Secret tried wrongly" in manager.get(WAYS).content.decode()
    assert manager.post(f"{where}look-into-tries/").status_code == 302
    assert "wrong secrets since" not in manager.get(where).content.decode()
    assert "tried wrongly" not in manager.get("/home/").content.decode()
    actions.close_connection(connection, by=world.actor("hub_manager"), at=timezone.now())
    Connection.objects.update(wrong_tries=9)
    assert "wrong secrets since" not in manager.get(where).content.decode()
    assert not queries.tried_wrongly(world.actor("hub_manager"), timezone.now()).exists()
    assert ask(connection.pk, secret, THERE).status_code == 401


def test_where_a_connection_may_call_from_is_said_on_its_page(world: World) -> None:
    connection, _ = opened(world)
    manager, where = world.client("hub_manager"), f"{WAYS}connections/{connection.pk}/"
    assert "Any address that knows the secret" in manager.get(where).content.decode()
    for said, words in (("here", "is no address"), ("0.0.0.0/0", "every address there is"),
                        ("\n".join(f"10.0.{n}.1" for n in range(51)), "50 networks at most")):  # fmt: skip
        assert words in manager.post(f"{where}allow/", {"allowed": said}).content.decode()
    assert manager.post(f"{where}allow/", {"allowed": " 192.0.2.7 \n192.0.2.7\n192.0.2.9/24"}).status_code == 302
    connection.refresh_from_db()
    assert connection.allowed == ["192.0.2.7/32", "192.0.2.0/24"]
    assert "192.0.2.0/24" in manager.get(where).content.decode()
    assert "192.0.2.0/24" in manager.get(f"{where}allow/").content.decode()


@pytest.mark.parametrize("person", ["triage_officer", "caseworker", "officer", "far_triage_officer"])
def test_nobody_else_says_from_where_a_connection_may_call(world: World, person: str) -> None:
    connection, _ = opened(world)
    client = world.client(person)
    for where in ("allow", "look-into-tries"):
        assert client.post(f"{WAYS}connections/{connection.pk}/{where}/").status_code in (403, 404)


def test_sign_in_changes_nothing_of_a_connection_but_its_counts(world: World) -> None:
    connection, _ = opened(world)
    ask(connection.pk, "wrong")
    connection.refresh_from_db()
    assert connection.wrong_tries == 1 and connection.wrong_at is not None and not Token.objects.exists()
    actions.close_connection(connection, by=world.actor("hub_manager"), at=timezone.now())
    with pytest.raises(RuleBroken, match="closed already"):
        actions.look_into_tries(connection, by=world.actor("hub_manager"), at=timezone.now())


@pytest.mark.parametrize(
    ("address", "allowed", "may"),
    [
        ("192.0.2.7", [], True), ("", [], True), ("", ["192.0.2.0/24"], False), ("192.0.2.7", ["192.0.2.0/24"], True),
        ("::ffff:192.0.2.7", ["192.0.2.0/24"], True), ("192.0.3.7", ["192.0.2.0/24", "10.0.0.0/8"], False),
        ("2001:db8::1", ["192.0.2.0/24"], False),
    ],
)  # fmt: skip
def test_an_address_lies_in_a_network_or_not(address: str, allowed: list[str], may: bool) -> None:
    assert rules.comes_from(address, allowed) is may
