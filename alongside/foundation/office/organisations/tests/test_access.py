"""Who may manage people: those of their own organisation alone, and never themselves."""

import pytest

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.foundation.office.accounts import actions as accounts
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.organisations import queries
from alongside.foundation.office.organisations.models import Membership
from tests.world import World

pytestmark = pytest.mark.django_db
MANAGERS = ("hub_manager", "service_manager", "office_administrator")
OTHERS = ("triage_officer", "caseworker", "referrer", "officer", "analyst", "board_member", "commissioning_officer")


def test_the_names_of_colleagues_are_visible_and_a_neighbours_are_not(world: World) -> None:
    visible = set(User.objects.visible_to(world.actor("caseworker")).values_list("name", flat=True))
    assert world.people["service_manager"].name in visible
    assert world.people["neighbour_caseworker"].name not in visible
    assert User.objects.visible_to(SYSTEM_ACTOR).count() == len(world.people)
    assert User.objects.get_by_natural_key("CASEWORKER@alongside.example") == world.people["caseworker"]


def test_each_area_has_its_own_hub(world: World) -> None:
    assert queries.hub_for_force("west-midlands") == world.hub
    assert queries.hub_for_force("cumbria") == world.far_hub
    assert queries.hub_for_force("kent") is None


def membership(world: World, person: str) -> Membership:
    return Membership.objects.get(user=world.people[person])


@pytest.mark.parametrize("person", MANAGERS)
def test_a_manager_sees_the_people_of_their_own_organisation(world: World, person: str) -> None:
    page = world.client(person).get("/people/").text
    assert world.people[person].name in page
    assert world.people["neighbour_caseworker"].name not in page


@pytest.mark.parametrize("person", OTHERS)
def test_nobody_else_sees_the_people_page(world: World, person: str) -> None:
    assert world.client(person).get("/people/").status_code == 403
    assert world.client(person).get("/people/invite/").status_code == 403


@pytest.mark.parametrize("verb", ["role", "remove", "reset"])
def test_a_neighbours_person_is_404_as_if_absent(world: World, verb: str) -> None:
    theirs = membership(world, "neighbour_caseworker")
    client = world.client("service_manager")
    foreign = client.post(f"/people/{theirs.pk}/{verb}/", {"role": "caseworker"})
    absent = client.post(f"/people/01890000-0000-7000-8000-000000000000/{verb}/", {"role": "caseworker"})
    assert (foreign.status_code, foreign.content) == (404, absent.content)
    theirs.refresh_from_db()
    assert theirs.until is None


def test_a_neighbours_invitation_cannot_be_withdrawn(world: World) -> None:
    invitation, _ = accounts.invite(
        "new@alongside.example",
        by=world.actor("neighbour_manager"),
        at=world.now,
        name="New Sample",
        organisation_id=world.neighbour.pk,
        role="caseworker",
    )
    answer = world.client("service_manager").post(f"/people/invitations/{invitation.pk}/withdraw/")
    assert answer.status_code == 404


@pytest.mark.parametrize("person", ["hub_manager", "office_administrator"])
def test_the_office_and_the_hub_manage_organisations_of_their_own_area(world: World, person: str) -> None:
    client = world.client(person)
    assert client.get(f"/organisations/{world.provider.code}/rename/").status_code == 200
    assert client.get(f"/organisations/{world.far_provider.code}/rename/").status_code == 403
    assert client.get("/organisations/nowhere/rename/").status_code == 404


@pytest.mark.parametrize("person", ["service_manager", "caseworker", "officer", "analyst"])
def test_others_read_about_organisations_and_change_none(world: World, person: str) -> None:
    client = world.client(person)
    assert client.get(f"/organisations/{world.hub.code}/").status_code == 200
    assert "Change its name" not in client.get(f"/organisations/{world.hub.code}/").text
    assert client.get(f"/organisations/{world.hub.code}/succeed/").status_code == 403
    assert client.get("/organisations/add/").status_code == 403
