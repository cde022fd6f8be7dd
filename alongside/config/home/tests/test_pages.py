"""The front door: public pages open to anyone, home shows each role its own work."""

import pytest
from django.test import Client
from django.urls import reverse

from alongside.foundation.office.organisations.models import Membership
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address", ["/", "/privacy/", "/accessibility/", "/help/", "/healthz/", "/robots.txt", "/components/"]
)
def test_public_pages_open_to_anyone(address: str) -> None:
    assert Client().get(address).status_code == 200


def test_robots_are_asked_to_stay_away() -> None:
    assert "Disallow: /" in Client().get("/robots.txt").text


def test_the_first_page_offers_help_and_a_staff_door(world: World) -> None:
    page = Client().get("/").text
    doors = ("finding:find", "intake:start", "intake:return_", "account_login")
    assert all(f'href="{reverse(door)}"' in page for door in doors)
    assert world.client("caseworker").get("/")["Location"] == "/home/"


def test_home_asks_a_stranger_to_sign_in() -> None:
    answer = Client().get("/home/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


def test_home_greets_each_role_with_its_own_organisation(world: World) -> None:
    assert "Testshire Victim Hub" in world.client("hub_manager").get("/home/").text
    assert "Lantern Sample Charity" in world.client("caseworker").get("/home/").text


def test_home_counts_what_waits_for_those_who_work_on_it(world: World) -> None:
    assert "not taken by anybody" in world.client("triage_officer").get("/home/").text
    assert "app-stats" in world.client("caseworker").get("/home/").text
    assert "app-stats" not in world.client("analyst").get("/home/").text


def test_somebody_who_works_nowhere_now_is_told_so(world: World) -> None:
    Membership.objects.filter(user=world.people["caseworker"]).update(until=world.now)
    assert "Nothing is open to you yet" in world.client("caseworker").get("/home/").text


def test_home_without_a_second_factor_leads_to_setting_one_up(world: World) -> None:
    client = Client()
    client.force_login(world.people["caseworker"], backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/home/")["Location"] == "/sign-in/factor/"


def test_staff_are_warned_before_their_session_ends_and_may_stay(world: World) -> None:
    assert 'data-idle="600"' in world.client("officer").get("/home/").text
    session = world.client("caseworker").session
    session["idle"] = 1200
    session.save()
    assert 'data-idle="1200"' in world.client("caseworker").get("/home/").text
    assert world.client("caseworker").get("/stay/").status_code == 204
    assert Client().get("/stay/").status_code == 302


def test_an_absent_address_is_404() -> None:
    assert Client().get("/nowhere/").status_code == 404
