"""Who may read and who may change the rules."""

import pytest
from django.test import Client

from tests.world import World

pytestmark = pytest.mark.django_db
CHANGES = ("clocks/revise/first_offer/", "clocks/withdraw/first_offer/", "clocks/add/")
MAY = ("hub_manager", "office_administrator")
MAY_NOT = ("triage_officer", "caseworker", "service_manager", "referrer", "analyst", "board_member")


@pytest.mark.parametrize("person", MAY)
def test_the_office_and_the_hubs_manager_may_change_rules(world: World, person: str) -> None:
    assert [world.client(person).get(f"/rulebook/{page}").status_code for page in CHANGES] == [200, 200, 200]


@pytest.mark.parametrize("person", MAY_NOT)
def test_others_may_not_change_rules(world: World, person: str) -> None:
    client = world.client(person)
    assert [client.get(f"/rulebook/{page}").status_code for page in CHANGES] == [403, 403, 403]
    assert [client.post(f"/rulebook/{page}").status_code for page in CHANGES] == [403, 403, 403]


def test_nobody_reads_the_rulebook_without_signing_in(client: Client) -> None:
    assert client.get("/rulebook/").status_code == 302
