"""Nobody is sent to an organisation that has ended, nor shown it: not by the hub, not in public."""

from datetime import date

import pytest
from django.test import Client

from alongside.foundation.local.directory import queries
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.rules import Seeker
from alongside.foundation.local.directory.tests.test_actions import made
from alongside.foundation.office.organisations.models import Organisation
from tests.world import World

pytestmark = pytest.mark.django_db
BIRMINGHAM = "E08000025"
ANYONE = Seeker(council=BIRMINGHAM)


@pytest.fixture
def lantern(world: World) -> Service:
    return made(world, name="Sample Lantern Outreach", councils=(BIRMINGHAM,), phone="01632 960 401")


def end(world: World) -> None:
    Organisation.objects.filter(pk=world.provider.pk).update(until=date(2026, 9, 1))


def test_the_hub_is_proposed_no_service_of_an_organisation_that_has_ended(world: World, lantern: Service) -> None:
    assert [one.service for one in queries.services_for(ANYONE)] == [lantern]
    end(world)
    assert queries.services_for(ANYONE) == ()
    assert not Service.objects.routable().exists()
    assert queries.receiver(lantern) is None


def test_find_help_and_the_public_list_leave_it_out(world: World, lantern: Service) -> None:
    browser = Client()
    addresses = {"/information/": {"council": BIRMINGHAM}, "/information/list/": {"q": "lantern"}}
    for address, asked in addresses.items():
        assert "Sample Lantern Outreach" in browser.post(address, asked).text
    end(world)
    for address, asked in addresses.items():
        assert "Sample Lantern Outreach" not in browser.post(address, asked).text


def test_its_own_page_is_gone_for_the_public_and_staff_read_that_it_ended(world: World, lantern: Service) -> None:
    browser, staff = Client(), world.client("triage_officer")
    assert browser.get(f"/information/list/{lantern.pk}/").status_code == 200
    assert "(ended)" not in staff.get("/services/").text
    end(world)
    assert browser.get(f"/information/list/{lantern.pk}/").status_code == 404
    assert "Lantern Sample Charity (ended)" in staff.get("/services/").text
    assert "Lantern Sample Charity (ended)" in staff.get(f"/services/{lantern.pk}/").text


def test_what_another_directory_lists_stays(world: World) -> None:
    Service.objects.create(
        name="Sample Coffee Morning", code="elsewhere-1", source="sample-list", source_id="1", takes_referrals=False,
        provider_name="Sample Club", updated_at=world.now,
    )  # fmt: skip
    end(world)
    assert "Sample Coffee Morning" in Client().post("/information/list/", {"q": "coffee"}).text
