"""What is left behind: nothing in an address, a title, a history or a device."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from alongside.support.arrivals.intake.models import Visit
from alongside.support.arrivals.intake.tests.visitors import ANSWERS, CRIME, filled, kept, page, visitor
from alongside.support.arrivals.referrals.models import Referral
from tests.world import World

pytestmark = pytest.mark.django_db
PUBLIC = ("/support/", "/support/return/", "/support/elsewhere/")


def token_of(words: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', words)
    assert found
    return found.group(1)


def test_addresses_and_titles_give_nothing_away(world: World) -> None:
    client = filled()
    steps = [f"/support/step/{step}/" for step in ANSWERS]
    for address in (*PUBLIC, *steps, "/support/check/"):
        words = page(client, address)
        assert not CRIME.search(address)
        assert re.findall(r"<title>(.*?)</title>", words) == ["Support and information"]
        assert "Exit this page" in words
        assert 'href="tel:' in words
        assert "999" in words
    assert client.get("/support/").headers["Cache-Control"] == "no-store"


def test_the_browser_holds_one_opaque_cookie_that_ends_with_it(world: World) -> None:
    cookie = visitor().cookies["visit"]
    assert (cookie["max-age"], cookie["expires"], cookie["httponly"], cookie["samesite"]) == ("", "", True, "Lax")


@pytest.mark.parametrize("way", ["get", "post"])
def test_the_way_out_forgets_everything(world: World, way: str) -> None:
    client = filled()
    response = getattr(client, way)("/leave/")
    assert response.status_code == (302 if way == "get" else 204)
    if way == "get":
        assert response.headers["Location"] == "https://www.bbc.co.uk/weather"
    assert "cookies" in response.headers["Clear-Site-Data"]
    assert client.cookies["visit"].value == ""
    assert not Visit.objects.exists()
    assert client.get("/support/check/").headers["Location"] == "/support/"


def test_the_way_out_needs_no_token_and_signs_staff_out(world: World) -> None:
    client = world.client("triage_officer")
    client.handler.enforce_csrf_checks = True
    assert client.post("/leave/").status_code == 204
    assert client.get("/refer/").status_code == 302


def test_finishing_clears_the_device_and_the_way_back_shows_nothing(world: World) -> None:
    client = filled()
    client.post("/support/check/")
    reference, _ = kept(client)
    response = client.post("/support/finish/")
    assert "cookies" in response.headers["Clear-Site-Data"]
    assert reference not in response.content.decode()
    for address in ("/support/finish/", "/support/kept/", "/support/check/", "/support/step/name/"):
        assert client.get(address).headers["Location"] == "/support/"


def test_a_visit_that_ended_is_told_and_offers_the_ways_on(world: World) -> None:
    client = filled()
    Visit.objects.update(seen_at=timezone.now() - timedelta(minutes=16))
    response = client.post("/support/check/", follow=True)
    words = response.content.decode()
    assert response.redirect_chain[-1][0] == "/support/ended/"
    assert "nothing was sent" in words
    assert 'href="/support/"' in words
    assert not Referral.objects.exists()
    assert not Visit.objects.exists()


def test_an_answer_whose_cookie_was_lost_is_told_and_not_taken_for_a_fresh_start(world: World) -> None:
    client = Client()
    assert client.post("/support/step/now/", {"danger": "no"}).headers["Location"] == "/support/ended/"
    assert client.get("/support/step/now/").headers["Location"] == "/support/"


def test_what_is_far_too_long_is_answered_with_the_phone_and_the_visit_goes_on(
    world: World, settings: Settings
) -> None:
    client = filled()
    response = client.post("/support/step/more/", {"telling": "x" * 3_000_000})
    assert response.status_code == 413
    assert settings.HELP_PHONE in response.content.decode()
    assert client.get("/support/check/").status_code == 200


def test_a_page_that_somebody_writes_on_keeps_the_visit(world: World) -> None:
    client = visitor()
    Visit.objects.update(seen_at=timezone.now() - timedelta(minutes=14))
    assert client.get("/support/stay/").status_code == 204
    assert timezone.now() - Visit.objects.get().seen_at < timedelta(minutes=1)


def test_a_form_from_another_site_is_refused(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/support/").status_code == 403
    token = token_of(page(client, "/support/"))
    assert client.post("/support/", {"csrfmiddlewaretoken": token}).status_code == 302
