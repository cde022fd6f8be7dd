"""Who may set up a source: the hub's manager, for the hub's own forces; and nobody sees a neighbour's."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from alongside.core.rows.realms import Realm, inside
from alongside.support.arrivals.feeds.models import SourceVersion
from alongside.support.arrivals.sources.models import Draft
from alongside.support.arrivals.sources.tests import steps
from tests.world import World

pytestmark = pytest.mark.django_db
STEPS = ("columns", "codes", "try-out", "keep", "throw-away")


@pytest.fixture(autouse=True)
def _spool(tmp_path: Path, settings: Any) -> None:
    settings.SPOOL = tmp_path / "spool"


def far(world: World, model: type[Any], **more: Any) -> Any:
    """A row of the hub of another area."""
    moments = {SourceVersion: {"number": 1, "saved_at": timezone.now()},
               Draft: {"begun_at": timezone.now(), "begun_by": uuid4()}}  # fmt: skip
    made = model(hub_id=world.far_hub.pk, source=world.force, name="Far", contact="Far", columns={}, **moments[model])
    made.save(force_insert=True)
    return made


def test_a_neighbouring_hubs_set_up_is_as_if_it_were_not_there(world: World) -> None:
    version, draft = far(world, SourceVersion), far(world, Draft)
    client = world.client("hub_manager")
    absent = client.get(f"/feeds/sources/versions/{uuid4()}/")
    assert client.get(f"/feeds/sources/versions/{version.pk}/").content == absent.content
    assert client.get(f"/feeds/sources/versions/{version.pk}/reschedule/").content == absent.content
    for step in STEPS:
        answer = client.post(f"/feeds/sources/{draft.pk}/{step}/")
        assert answer.status_code == absent.status_code == 404
    assert "Version 1" not in client.get("/feeds/sources/").content.decode()


@pytest.mark.parametrize("person", ["triage_officer", "caseworker", "service_manager", "referrer", "officer",
                                    "commissioning_officer"])  # fmt: skip
def test_only_the_hubs_manager_sets_up_sources(world: World, person: str) -> None:
    steps.begin(world.client("hub_manager"), world.force)
    client = world.client(person)
    assert {client.get(address).status_code for address in ("/feeds/sources/", "/feeds/sources/set-up/")} == {403}
    assert {client.post(f"/feeds/sources/{steps.draft().pk}/{step}/").status_code for step in STEPS} <= {403, 404}


def test_a_force_of_another_area_is_not_offered(world: World) -> None:
    other = type(world.force).objects.create(
        code="far-force", kind="force", force_id="cumbria", name="Far Police", since=world.force.since
    )
    assert steps.begin(world.client("hub_manager"), other).status_code == 200
    assert not Draft.objects.exists()


@pytest.mark.parametrize("table", [SourceVersion, Draft])
@pytest.mark.parametrize("realm", [Realm.PROVIDER, Realm.COMMISSIONING, Realm.REFERRER, Realm.PUBLIC])
def test_other_realms_are_refused_by_the_database(world: World, realm: Realm, table: type[Any]) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), inside(realm):
        table.objects.count()


@pytest.mark.parametrize("table", [SourceVersion, Draft])
def test_the_database_shows_a_hub_its_own_alone(world: World, table: type[Any]) -> None:
    far(world, table)
    seen = []
    for hub in (world.hub, world.far_hub):
        with transaction.atomic(), inside(Realm.HUB, orgs=[hub.pk]):
            seen.append(table.objects.count())
    assert seen == [0, 1]


@pytest.mark.parametrize("realm", [Realm.HUB, Realm.WORKER])
def test_the_database_lets_nobody_change_a_version(world: World, realm: Realm) -> None:
    far(world, SourceVersion)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), inside(realm):
        SourceVersion.objects.update(name="Changed")
