"""Who may see deliveries and kept rows: a hub its own, and nobody else anything."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, transaction

from alongside.core.rows.realms import Realm, inside
from alongside.support.arrivals.feeds.models import Delivery, KeptRow, Upload
from alongside.support.arrivals.feeds.tests.samples import sample
from alongside.support.arrivals.feeds.tests.test_actions import feed, load
from tests.world import World

pytestmark = pytest.mark.django_db
VERBS = ("", "release/", "take-new-details/", "send-back/", "set-aside/")


def addresses(delivery: Delivery, row: KeptRow) -> list[str]:
    return [f"/feeds/{delivery.pk}/", *(f"/feeds/rows/{row.pk}/{verb}" for verb in VERBS)]


@pytest.fixture
def kept(world: World, tmp_path: Path) -> KeptRow:
    load(feed(tmp_path, sample(consent="no")), world.force)
    return KeptRow.objects.get()


def test_a_neighbouring_hub_finds_nothing_and_the_same_as_what_is_not_there(world: World, kept: KeptRow) -> None:
    client = world.client("far_triage_officer")
    absent = client.get(f"/feeds/{uuid4()}/")
    for address in addresses(kept.delivery, kept):
        answer = client.get(address)
        assert (answer.status_code, answer.content) == (404, absent.content)
    assert b"No delivery here" in client.get("/feeds/").content
    assert b"Nothing is held" in client.get("/feeds/held/").content


@pytest.mark.parametrize("person", ["caseworker", "service_manager", "referrer", "officer", "commissioning_officer"])
def test_nobody_outside_the_hub_has_feeds(world: World, kept: KeptRow, person: str) -> None:
    client = world.client(person)
    assert {client.get(address).status_code for address in ("/feeds/", "/feeds/held/", "/feeds/load/")} == {403}
    assert {client.get(address).status_code for address in addresses(kept.delivery, kept)} <= {403, 404}


def test_an_officer_of_the_hub_reads_and_settles_but_does_not_load(world: World, kept: KeptRow) -> None:
    client = world.client("triage_officer")
    assert client.get(f"/feeds/rows/{kept.pk}/").status_code == 200
    assert client.get("/feeds/load/").status_code == 403
    upload = Upload.objects.create(
        hub_id=world.hub.pk, source=world.force, file="x.csv", lines=1, uploaded_at=world.now, uploaded_by=uuid4()
    )
    assert client.get(f"/feeds/loading/{upload.pk}/").status_code == 403
    assert world.client("far_triage_officer").get(f"/feeds/loading/{upload.pk}/").status_code == 404


def test_a_hub_may_not_load_for_a_force_of_another_area(world: World) -> None:
    far = type(world.force).objects.create(
        code="far-force", kind="force", force_id="cumbria", name="Far Police", since=world.force.since
    )
    file = SimpleUploadedFile("feed.csv", b"source_ref\n")
    answer = world.client("hub_manager").post("/feeds/load/", {"source": far.pk, "file": file})
    assert answer.status_code == 200 and not Upload.objects.exists()


@pytest.mark.parametrize("table", [Delivery, KeptRow, Upload])
@pytest.mark.parametrize("realm", [Realm.PROVIDER, Realm.COMMISSIONING, Realm.REFERRER, Realm.PUBLIC])
def test_other_realms_are_refused_by_the_database(world: World, realm: Realm, table: type) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), inside(realm):
        table.objects.count()  # type: ignore[attr-defined]


def test_the_database_shows_a_hub_its_own_rows_alone(world: World, kept: KeptRow) -> None:
    seen = []
    for hub in (world.hub, world.far_hub):
        with transaction.atomic(), inside(Realm.HUB, orgs=[hub.pk]):
            seen.append((Delivery.objects.count(), KeptRow.objects.count()))
    assert seen == [(1, 1), (0, 0)]
