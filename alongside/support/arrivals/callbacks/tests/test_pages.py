"""The short form of asking to be called, what triage sees of it, and that nothing public gives it away."""

import re
from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from alongside.core import clocks
from alongside.support.arrivals.callbacks.models import CallBack
from alongside.support.arrivals.callbacks.tests.asking import SAID, begun, sent
from alongside.support.arrivals.intake import queries as intake
from alongside.support.arrivals.intake.models import Visit
from alongside.support.arrivals.intake.tests.visitors import CRIME
from alongside.support.arrivals.referrals.models import Referral
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_counts(db: None) -> None:
    cache.clear()


def test_danger_comes_first_and_says_what_to_do(world: World) -> None:
    client = Client()
    assert "Say whether anybody is in danger" in client.post("/support/call/", {}).content.decode()
    assert client.post("/support/call/", {"danger": "yes"})["Location"] == "/support/call/now/"
    assert 'href="tel:999"' in client.get("/support/call/now/").content.decode()
    assert client.post("/support/call/now/")["Location"] == "/support/call/when/"
    client.post("/support/call/when/", SAID)
    assert Referral.objects.get().high_risk


def test_one_page_asks_and_the_next_says_when_with_the_way_back(world: World) -> None:
    client = begun()
    answer = client.post("/support/call/when/", SAID)
    assert answer["Location"] == "/support/call/kept/"
    page = client.get("/support/call/kept/").content.decode()
    assert "Any day, from 1 to 3 in the afternoon" in page and Referral.objects.get().reference in page
    assert client.post("/support/call/when/", SAID)["Location"] == "/support/call/kept/"
    assert Referral.objects.count() == 1
    client.post("/support/finish/")
    assert not Visit.objects.exists()


def test_whoever_begins_in_the_middle_begins_at_the_beginning(world: World) -> None:
    assert Client().get("/support/call/when/")["Location"] == "/support/"
    client = Client()
    client.post("/support/")
    assert client.get("/support/call/when/")["Location"] == "/support/call/"
    assert client.get("/support/call/kept/")["Location"] == "/support/call/"


def test_what_is_missing_is_asked_for_and_what_was_typed_stays(world: World) -> None:
    client = begun()
    page = client.post("/support/call/when/", {"number": "12", "name": "Inventa"}).content.decode()
    for words in ("Enter a phone number", "Choose a day", "Choose hours", "Say whether we may leave a message",
                  'value="Inventa"'):  # fmt: skip
        assert words in page
    assert not Referral.objects.exists()


def test_a_day_and_the_same_day_left_out_contradict_each_other(world: World) -> None:
    day = intake.call_days(clocks.london_date(timezone.now()))[2][0]
    weekday = str(date.fromisoformat(day).weekday())
    page = begun().post("/support/call/when/", SAID | {"day": day, "never": [weekday]}).content.decode()
    assert "You chose this day above" in page
    page = begun().post("/support/call/when/", SAID | {"never": ["0", "1", "2", "3", "4"]}).content.decode()
    assert "Leave at least one day" in page


def test_a_place_elsewhere_ends_the_visit_and_keeps_nothing(world: World) -> None:
    client = begun()
    assert client.post("/support/call/when/", SAID | {"council": "elsewhere"})["Location"] == "/support/elsewhere/"
    assert not Visit.objects.exists() and not Referral.objects.exists()


def test_a_flood_from_one_connection_is_asked_to_phone(world: World) -> None:
    from_here = [Client().post("/support/call/", {"danger": "no"}).status_code for _ in range(61)]
    assert from_here[:60] == [302] * 60 and from_here[60] == 429


def test_nothing_public_says_in_its_address_or_title_what_it_is_about(world: World) -> None:
    client, _ = sent()
    for where in ("/support/call/", "/support/call/now/", "/support/call/kept/"):
        answer = client.get(where)
        title = re.search("<title>(.*?)</title>", answer.content.decode(), re.DOTALL)
        assert title and not CRIME.search(title[1]) and not CRIME.search(where)
        assert answer["Cache-Control"] == "no-store" and "data-leave" in answer.content.decode()


def test_triage_sees_who_asked_in_a_view_of_their_own_and_what_was_missed(world: World) -> None:
    _, referral = sent()
    officer = world.client("triage_officer")
    page = officer.get("/referrals/?view=call_backs").content.decode()
    assert referral.reference in page and "Asked us to call" in page and "Call due 1pm to 3pm" in page
    assert "They asked us to call" in officer.get(f"/referrals/{referral.pk}/").content.decode()
    CallBack.objects.update(due_at=timezone.now())
    assert "Late: asked us to call" in officer.get("/referrals/?view=call_backs").content.decode()
    CallBack.objects.update(missed=2, never=[0, 2])
    page = officer.get(f"/referrals/{referral.pk}/").content.decode()
    assert "Missed 2 times, and offered again" in page and "Not on a Monday, Not on a Wednesday" in page
    assert "Missed 2 times: asked us to call" in officer.get("/referrals/?view=call_backs").content.decode()
    assert "Calls missed" in world.client("hub_manager").get("/referrals/wallboard/").content.decode()
