"""What each realm may do with centres and reports, tried on real PostgreSQL, and who may open which page."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import ProgrammingError, transaction

from alongside.core.models import Look
from alongside.core.rows.realms import Realm, inside
from alongside.support.desk.centres.models import Added, Centre, Report, Slip
from alongside.support.desk.centres.tests.reporting import answers, as_public, centre, named, sent, worker
from tests.world import World

pytestmark = pytest.mark.django_db
VERBS = ("take", "answer", "pass-on", "read-added")


@pytest.fixture(autouse=True)
def _no_counts(db: None) -> None:
    cache.clear()


@pytest.mark.parametrize("model", [Report, Added])
@pytest.mark.parametrize("realm", [Realm.PUBLIC, Realm.REFERRER, Realm.PROVIDER, Realm.COMMISSIONING])
def test_nobody_but_the_hub_reads_a_report(world: World, realm: Realm, model: Any) -> None:
    sent(answers(), centre(world))
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with refused, transaction.atomic(), inside(realm, orgs=[world.partner.pk]):
        model.objects.count()


def test_the_public_sees_the_centre_of_the_poster_that_it_presents_and_no_other(world: World) -> None:
    centre(world)
    with as_public():
        assert (Centre.objects.count(), Slip.objects.count()) == (0, 0)


def test_the_database_shows_a_hub_its_own_alone(world: World) -> None:
    sent(answers(), centre(world))
    for model in (Centre, Report, Slip):
        seen = []
        for hub in (world.hub, world.far_hub):
            with transaction.atomic(), inside(Realm.HUB, orgs=[hub.pk]):
                seen.append(model._default_manager.count())
        assert seen == [1, 0], model


def test_a_centre_sees_what_its_workers_sent_and_not_what_came_by_its_poster(world: World) -> None:
    found, (by, client) = centre(world), worker(world)
    poster = sent(answers(), found)["reference"]
    client.post("/centre/report/", {name: value for said in answers().values() for name, value in said.items()})
    page = client.get("/centre/reports/").content.decode()
    mine = Slip.objects.exclude(reference=poster).get().reference
    assert mine in page and poster not in page
    with transaction.atomic(), inside(Realm.REFERRER, orgs=by.orgs):
        assert [slip.reference for slip in Slip.objects.all()] == [mine]
    with transaction.atomic(), inside(Realm.REFERRER, orgs=[world.force.pk]):
        assert not Slip.objects.exists() and not Centre.objects.exists()


def test_the_hub_changes_nothing_of_what_was_said(world: World) -> None:
    sent(answers(), centre(world))
    changes: list[dict[str, Any]] = [{"words": b""}, {"police": "with_name"}, {"named": True}, {"strands": []}]
    for change in changes:
        refused = pytest.raises(ProgrammingError, match="permission denied")
        with refused, transaction.atomic(), inside(Realm.HUB, orgs=[world.hub.pk]):
            Report.objects.update(**change)


def test_another_hubs_report_is_as_if_it_were_not_there(world: World) -> None:
    found = centre(world)
    sent(answers(), found)
    report, client = Report.objects.get(), world.client("far_triage_officer")
    absent = client.get(f"/reports/{uuid4()}/").content
    assert client.get(f"/reports/{report.pk}/").content == client.get(f"/centres/{found.pk}/").content == absent
    assert {client.post(f"/reports/{report.pk}/{verb}/").status_code for verb in VERBS} == {404}
    assert report.reference not in client.get("/reports/?view=all").content.decode()


@pytest.mark.parametrize("person", ["caseworker", "service_manager", "referrer", "officer", "commissioning_officer",
                                    "analyst", "board_member", "office_administrator"])  # fmt: skip
def test_only_the_hub_opens_reports_and_centres(world: World, person: str) -> None:
    found = centre(world)
    sent(answers(), found)
    client, report = world.client(person), Report.objects.get()
    assert {client.get(where).status_code for where in ("/reports/", "/centres/", "/centre/report/")} == {403}
    assert client.get(f"/reports/{report.pk}/").status_code == 404
    assert client.get("/centres/invite/test-partner/").status_code == 403


def test_a_triage_officer_reads_centres_and_sets_none_up(world: World) -> None:
    found, client = centre(world), world.client("triage_officer")
    assert client.get(f"/centres/{found.pk}/").status_code == client.get("/centres/").status_code == 200
    for where in ("/centres/set-up/", f"/centres/{found.pk}/change/", "/centres/invite/test-partner/"):
        assert client.get(where).status_code == 403, where


def test_a_worker_of_an_organisation_that_is_no_centre_reports_nothing(world: World) -> None:
    _, client = worker(world)
    page = client.post("/centre/report/", {"danger": "no"}).content.decode()
    assert "not a reporting centre now" in page and not Report.objects.exists()


def test_nobody_is_invited_to_an_organisation_of_another_area_or_kind(world: World) -> None:
    client = world.client("hub_manager")
    for code in ("test-far-provider", "test-provider", "nobody"):
        assert client.get(f"/centres/invite/{code}/").status_code == 404


def test_every_look_at_a_report_is_logged(world: World) -> None:
    sent(named(support={"support": "no"}), centre(world))
    report = Report.objects.get()
    world.client("triage_officer").get(f"/reports/{report.pk}/")
    looks = Look.objects.filter(subjects__contains=[report.pk])
    assert [look.route for look in looks] == ["centres:report"]
