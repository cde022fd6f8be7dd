"""Who reads and writes pathways and leads, by page and by row security."""

import pytest
from django.db import connection, transaction
from django.test import Client

from alongside.core.access.actor import PUBLIC_ACTOR, SYSTEM_ACTOR
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.local.pathways.models import Draft, Lead
from alongside.foundation.local.pathways.tests.test_actions import drafted, led
from tests.world import PEOPLE, World

WRITERS = {"hub_manager", "office_administrator"}
FAR = {"far_triage_officer", "far_caseworker"}


def test_everybody_with_an_account_reads_and_the_public_does_not(world: World) -> None:
    for person in sorted(PEOPLE):
        for place in ("", "on/fgm/", "on/fgm/history/", "leads/", "compare/"):
            assert world.client(person).get(f"/what-to-do/{place}").status_code == 200, (person, place)
        status = world.client(person).get("/what-to-do/on/fgm/write/").status_code
        assert (status == 200) is (person in WRITERS), person
    assert Client().get("/what-to-do/on/fgm/").status_code == 302


def test_a_draft_is_seen_by_its_own_office_alone(world: World) -> None:
    draft = drafted(world)
    for person in sorted(PEOPLE):
        status = world.client(person).get(f"/what-to-do/drafts/{draft.pk}/").status_code
        assert (status == 200) is (person == "hub_manager"), person
    for verb in ("publish", "drop"):
        for person in ("office_administrator", "service_manager", "far_triage_officer", "triage_officer"):
            assert world.client(person).post(f"/what-to-do/drafts/{draft.pk}/{verb}/").status_code in (403, 404)
    assert Draft.objects.count() == 1


def test_a_lead_is_named_to_staff_of_the_police_area_and_to_nobody_else(world: World) -> None:
    led(world)
    for person in sorted(PEOPLE):
        for place in ("leads/", "on/fgm/"):
            shown = "Testa Lead" in world.client(person).get(f"/what-to-do/{place}").content.decode()
            assert shown is (person not in FAR), (person, place)
    assert "Testa Lead" not in world.client("referrer").get("/what-to-do/on/fraud/").content.decode()


@pytest.mark.parametrize("verb", ["", "confirm/", "take-off/"])
def test_only_the_hubs_manager_keeps_a_lead(world: World, verb: str) -> None:
    lead = led(world)
    for person in ("service_manager", "triage_officer", "office_administrator", "far_triage_officer", "referrer"):
        assert world.client(person).post(f"/what-to-do/leads/{lead.pk}/{verb}").status_code in (403, 404), person
    assert Lead.objects.count() == 1


def test_row_security_shows_leads_to_the_area_and_drafts_to_their_office(world: World) -> None:
    led(world)
    drafted(world)
    seen = {}
    for name, realm, place in (("hub", Realm.HUB, world.hub), ("provider", Realm.PROVIDER, world.provider),
                               ("body", Realm.COMMISSIONING, world.body), ("partner", Realm.REFERRER, world.partner),
                               ("far hub", Realm.HUB, world.far_hub),
                               ("far", Realm.PROVIDER, world.far_provider)):  # fmt: skip
        with transaction.atomic(), inside(realm, orgs=[place.pk]):
            seen[name] = Lead.objects.count()
            if realm in (Realm.HUB, Realm.COMMISSIONING):
                assert Draft.objects.count() == (1 if name == "hub" else 0)
    assert seen == {"hub": 1, "provider": 1, "body": 1, "partner": 1, "far hub": 0, "far": 0}


@pytest.mark.parametrize("realm", [Realm.PUBLIC, Realm.AUTH])
def test_the_public_cannot_read_leads_at_all(world: World, realm: Realm) -> None:
    with pytest.raises(Exception, match="permission denied"), transaction.atomic(), inside(realm):
        connection.cursor().execute("SELECT 1 FROM pathways_lead")


@pytest.mark.parametrize("realm", [Realm.PROVIDER, Realm.REFERRER, Realm.COMMISSIONING])
def test_nobody_but_a_hub_writes_a_lead(world: World, realm: Realm) -> None:
    led(world)
    with pytest.raises(Exception, match="permission denied"), transaction.atomic(), inside(realm, orgs=[world.hub.pk]):
        connection.cursor().execute("UPDATE pathways_lead SET phone = ''")


def test_the_first_lock_shows_whoever_has_no_account_none(world: World) -> None:
    led(world)
    assert Lead.objects.visible_to(PUBLIC_ACTOR).count() == 0
    assert Lead.objects.visible_to(SYSTEM_ACTOR).count() == 1
