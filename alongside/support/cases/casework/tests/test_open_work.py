"""An organisation does not end while somebody would be left with nobody: what it has in hand is counted first."""

from datetime import date
from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from alongside.core.errors import RuleBroken
from alongside.core.rows.realms import Realm
from alongside.core.rows.realms import inside as in_realm
from alongside.foundation.local.directory import queries as directory
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.organisations import actions, queries
from alongside.foundation.office.organisations.models import Membership, Organisation
from alongside.support.arrivals.feeds.models import Delivery
from alongside.support.arrivals.referrals.models import Offer, Referral
from alongside.support.cases.casework import queries as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted, offered, service_of
from tests.world import World

pytestmark = pytest.mark.django_db
HEIR: dict[str, Any] = {"name": "Beacon Sample Charity", "since": date(2026, 9, 1)}
TYPED = {"name": "Beacon Sample Charity", "since_day": 1, "since_month": 9, "since_year": 2026}


def succeed(world: World, body: Organisation, person: str = "office_administrator") -> Organisation:
    with transaction.atomic(), in_realm(Realm.AUTH):
        return actions.succeed(body, by=world.actor(person), at=world.now, **HEIR)


def refused(world: World, body: Organisation, person: str = "office_administrator") -> str:
    with pytest.raises(RuleBroken) as broken:
        succeed(world, body, person)
    body.refresh_from_db()
    assert body.until is None
    assert not Organisation.objects.filter(succeeds=body).exists()
    return broken.value.message


def test_a_charity_with_a_case_does_not_end_and_its_people_keep_it(world: World) -> None:
    accepted(world)
    said = refused(world, world.provider)
    assert "Cases that are not closed: 1." in said
    assert "Services that take referrals: 1." in said
    assert Membership.objects.current().filter(organisation=world.provider).count() == 3
    assert Case.objects.visible_to(world.actor("caseworker")).count() == 1


def test_a_charity_with_an_offer_that_waits_does_not_end(world: World) -> None:
    offered(world)
    Service.objects.update(state="CLOSED")
    said = refused(world, world.provider)
    assert "Offers that wait for an answer: 1." in said
    assert "Cases" not in said


def test_a_charity_ends_once_nothing_is_open(world: World) -> None:
    accepted(world)
    Case.objects.update(state="CLOSED", closed_at=world.now)
    Service.objects.update(state="CLOSED")
    assert queries.open_work(world.provider) == ()
    heir = succeed(world, world.provider)
    assert Membership.objects.current().filter(organisation=heir).count() == 3


def test_a_neighbours_work_keeps_nobody_from_ending(world: World) -> None:
    accepted(world)
    assert queries.open_work(world.neighbour) == queries.open_work(world.far_hub) == ()


def test_a_hub_with_referrals_in_hand_does_not_end(world: World) -> None:
    offered(world)
    said = refused(world, world.hub)
    assert "Offers that wait for an answer: 1." in said
    assert "Referrals at this hub that are not closed: 1." in said
    Referral.objects.update(state="CLOSED", closed_at=world.now)
    Offer.objects.update(state="WITHDRAWN")
    assert queries.open_work(world.hub) == ()


def test_a_force_in_whose_name_a_feed_came_keeps_its_record(world: World) -> None:
    Delivery.objects.create(
        hub_id=world.hub.pk, source=world.force, file="sample.csv", sha256="0" * 64, charset="utf-8",
        received_at=world.now, sent=0, accepted=0, duplicate=0,
    )  # fmt: skip
    assert "Deliveries of a police feed in its name: 1." in refused(world, world.force)


@pytest.mark.parametrize("place", ["hub", "body"])
def test_a_hub_manager_succeeds_neither_the_hub_nor_the_policing_body(world: World, place: str) -> None:
    body = world.organisations[place]
    assert "Only the policing body" in refused(world, body, "hub_manager")
    client = world.client("hub_manager")
    assert client.get(f"/organisations/{body.code}/succeed/").status_code == 403
    assert client.post(f"/organisations/{body.code}/succeed/", TYPED).status_code == 403
    assert "Another body takes its place" not in client.get(f"/organisations/{body.code}/").text
    assert "Another body takes its place" in client.get(f"/organisations/{world.provider.code}/").text


@pytest.mark.parametrize("person", ["office_administrator", "hub_manager"])
def test_the_page_says_what_is_open_and_what_to_do_first(world: World, person: str) -> None:
    accepted(world)
    client, address = world.client(person), f"/organisations/{world.provider.code}/succeed/"
    shown = client.get(address).text
    assert "This cannot be done yet" in shown
    assert "it has to be run down first" in shown
    assert "Cases that are not closed" in shown and "refer the victim on first" in shown
    assert ('href="/casework/cases/">Cases that are not closed' in shown) == (person == "hub_manager")
    assert "Close it and open the new body" not in shown
    assert "This cannot be done yet" in client.post(address, TYPED).text
    assert Organisation.objects.get(pk=world.provider.pk).until is None


@pytest.mark.parametrize("realm", [Realm.PUBLIC, Realm.REFERRER, Realm.PROVIDER, Realm.HUB, Realm.COMMISSIONING])
def test_no_other_role_counts_a_neighbours_work(world: World, realm: Realm) -> None:
    asked = in_realm(realm, orgs=[world.neighbour.pk])
    with pytest.raises(ProgrammingError, match="not for this role"), transaction.atomic(), asked:
        casework.open_work(world.provider.pk)


def test_nothing_is_offered_to_a_charity_that_has_ended(world: World) -> None:
    Organisation.objects.filter(pk=world.provider.pk).update(until=date(2026, 9, 1))
    with pytest.raises(RuleBroken, match="does not take referrals"):
        offered(world)
    assert not Offer.objects.exists()


def test_an_organisation_that_receives_a_referral_is_held_and_one_that_ended_receives_none(world: World) -> None:
    service = service_of(world)
    with transaction.atomic(), in_realm(Realm.HUB, orgs=[world.hub.pk]):
        assert directory.receiver(service) == world.provider
    Organisation.objects.filter(pk=world.provider.pk).update(until=date(2026, 9, 1))
    assert directory.receiver(service) is None
