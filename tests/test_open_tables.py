"""Tables in which a realm may write every row: each with the reason why that is harmless. Read from the catalogues."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import Error, connection, transaction
from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR, Actor
from alongside.core.rows.realms import Realm, inside, role_name
from alongside.foundation.local.directory import actions as directory
from alongside.foundation.local.directory.actions import Details
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.organisations import actions as organisations
from alongside.foundation.office.organisations.models import Organisation
from alongside.foundation.office.rulebook.models import Rule
from tests.world import World

pytestmark = pytest.mark.django_db

SIGN_IN = "sign-in's own role, before anybody is known; it has no grant on a victim's table"
WRITTEN_OPENLY = {
    ("core_denial", "auth"): "insert alone: what was refused is noted in a transaction of its own",
    ("core_event", "auth"): f"insert alone: {SIGN_IN}",
    ("core_personkey", "public"): "insert alone: a key sealed by a master key that the database never holds",
    ("core_personkey", "referrer"): "insert alone: the same",
    ("core_personkey", "provider"): "insert alone: the same",
    ("core_personkey", "hub"): "insert alone: the same",
    ("core_cache", "auth"): "counts of tries, and word to a browser that its session ended",
    ("core_cache", "public"): "counts of tries; no other realm may touch it",
    ("organisations_organisation", "auth"): f"succession of bodies, public facts; {SIGN_IN}",
    ("organisations_organisation", "hub"): "name and telephone alone, and in its own area: a trigger",
    ("organisations_organisation", "commissioning"): "the same",
    ("rulebook_rule", "hub"): "a version is added, or told its last day; nothing that stands is overwritten",
    ("rulebook_rule", "commissioning"): "the same",
    ("finding_asking", "public"): "a digest is added and a day; nothing of a person, nothing is changed",
    ("finding_missed", "public"): "insert alone: words of nobody, which it cannot read again",
    ("finding_missed", "hub"): "words are said to be learnt or set aside; nothing else of them changes",
    ("finding_missed", "commissioning"): "the same",
    ("rulebook_edition", "hub"): "one stamp that says that something changed",
    ("rulebook_edition", "commissioning"): "the same",
    **{
        (table, "auth"): SIGN_IN
        for table in (
            "accounts_user", "accounts_invitation", "organisations_membership", "organisations_reset",
            "django_session", "account_emailaddress", "mfa_authenticator", "usersessions_usersession",
        )
    },
}  # fmt: skip
_OPEN = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
   AND (has_any_column_privilege(%(role)s, oid, 'INSERT') OR has_any_column_privilege(%(role)s, oid, 'UPDATE')
        OR has_table_privilege(%(role)s, oid, 'DELETE, TRUNCATE'))
   AND (NOT relrowsecurity OR EXISTS (
     SELECT FROM pg_policies WHERE tablename = relname AND %(role)s = ANY (roles) AND cmd <> 'SELECT'
        AND (qual = 'true' OR with_check = 'true')))
"""


def test_no_realm_writes_every_row_of_a_table_without_a_reason() -> None:
    found = set()
    for realm in Realm:
        with connection.cursor() as cursor:
            cursor.execute(_OPEN, {"role": role_name(realm)})
            found |= {(table, str(realm)) for (table,) in cursor.fetchall() if realm != Realm.WORKER}
    assert found == WRITTEN_OPENLY.keys()


@contextmanager
def refused(realm: Realm, body: Organisation) -> Iterator[None]:
    says_no = pytest.raises(Error, match=r"permission denied|row-level security|not for this role")
    with says_no, transaction.atomic(), inside(realm, orgs=[body.pk]):
        yield


def wrote(realm: Realm, body: Organisation, statement: str) -> int:
    """How many rows a statement wrote."""
    with transaction.atomic(), inside(realm, orgs=[body.pk]), connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.rowcount)


@pytest.fixture
def services(world: World) -> dict[str, Service]:
    return {
        name: directory.add(Details(name=f"{name} sample"), by=SYSTEM_ACTOR, at=world.now, provider=provider)
        for name, provider in world.organisations.items() if provider.kind in ("provider", "hub")
    }  # fmt: skip


RENAME = "UPDATE directory_service SET name = 'x', updated_at = now()"


def test_a_provider_changes_its_own_services_and_reads_all(world: World, services: dict[str, Service]) -> None:
    assert wrote(Realm.PROVIDER, world.provider, "UPDATE directory_service SET wait_days = 7") == 1
    services["provider"].refresh_from_db()
    assert services["provider"].wait_days == 7
    with inside(Realm.PROVIDER, orgs=[world.provider.pk]):
        assert Service.objects.count() == len(services)


@pytest.mark.parametrize("column", ["provider_id", "code", "source", "source_id", "name", "phone", "location", "sites"])
def test_a_provider_does_not_change_whose_a_service_is_nor_how_it_is_reached(world: World, column: str) -> None:
    with refused(Realm.PROVIDER, world.provider):
        connection.cursor().execute(f"UPDATE directory_service SET {column} = {column}")


def test_a_hub_looks_after_the_services_of_its_area_and_of_no_other(world: World, services: dict[str, Service]) -> None:
    assert wrote(Realm.HUB, world.hub, RENAME) == 3
    assert {name for name, one in services.items() if Service.objects.get(pk=one.pk).name != "x"} == {
        "far_hub", "far_provider"
    }  # fmt: skip
    Service.objects.filter(pk=services["far_provider"].pk).update(provider=None)
    assert wrote(Realm.HUB, world.hub, RENAME) == 4
    with refused(Realm.HUB, world.hub):
        Service.objects.filter(pk=services["provider"].pk).update(provider=world.far_provider)


@pytest.mark.parametrize("realm", [Realm.HUB, Realm.COMMISSIONING])
def test_a_body_is_renamed_in_its_own_area_and_made_nothing_else(world: World, realm: Realm) -> None:
    rename = "UPDATE organisations_organisation SET name = name WHERE id = {}"
    assert wrote(realm, world.hub, rename.format(world.provider.pk)) == 1
    with refused(realm, world.hub):
        connection.cursor().execute(rename.format(world.far_provider.pk))
    for change in ("kind = 'hub'", "force_id = 'cumbria'", "until = NULL", "succeeds_id = NULL"):
        with refused(realm, world.hub):
            connection.cursor().execute(f"UPDATE organisations_organisation SET {change}")


def made(by: Actor, kind: str, force: str) -> Callable[[], Organisation]:
    return lambda: organisations.add(
        by=by, at=timezone.now(), name=f"New {kind} {force}", kind=kind, force=force, since=date(2026, 1, 1)
    )


@pytest.mark.parametrize(
    ("person", "kind"),
    [("hub_manager", "provider"), ("office_administrator", "provider"), ("office_administrator", "hub")],
)
def test_nobody_adds_a_body_to_another_area(world: World, person: str, kind: str) -> None:
    by = world.actor(person)
    with refused(by.realm, world.hub):
        made(by, kind, "cumbria")()


def test_a_hubs_role_adds_no_second_hub(world: World) -> None:
    by = world.actor("hub_manager")
    with refused(Realm.HUB, world.hub), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO organisations_organisation (code, name, kind, force_id, phone, since) "
            "VALUES ('other-hub', 'A Hub', 'hub', 'west-midlands', '', now())"
        )
    with transaction.atomic(), inside(Realm.HUB, orgs=[world.hub.pk]):
        assert made(by, "provider", "west-midlands")().pk


@pytest.mark.parametrize("realm", [Realm.HUB, Realm.COMMISSIONING])
def test_no_realm_overwrites_a_rule(world: World, realm: Realm) -> None:
    for change in ("title = 'x'", "body = '{}'", "version = 9", "since = now()", "code = 'x'"):
        with refused(realm, world.hub):
            connection.cursor().execute(f"UPDATE rulebook_rule SET {change}")
    assert wrote(realm, world.hub, "UPDATE rulebook_rule SET until = until") == Rule.objects.count()
