"""The shell that a phone keeps holds nobody's words; sending, the hub's pages of events, and signing out."""

import json
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from alongside.support.arrivals.referrals.models import Referral
from alongside.support.desk.onthespot import jobs
from alongside.support.desk.onthespot.models import Entry, Occasion, Phone
from alongside.support.desk.onthespot.tests.spots import SAID, body, occasion, opened, phone, sent
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_counts(db: None) -> None:
    cache.clear()


def post(token: str, said: object) -> Any:
    return Client().post(
        "/spot/send/", json.dumps(said), content_type="application/json", headers={"X-Spot-Token": token}
    )


def test_the_shell_is_the_same_for_everybody_and_names_nobody(world: World) -> None:
    mine, anybodys = world.client("triage_officer").get("/spot/"), Client().get("/spot/")
    assert mine.content == anybodys.content and b"Testa" not in mine.content and b"csrf" not in mine.content
    assert "script-src 'self'" in mine["Content-Security-Policy"] and not re.search(rb"<script>|style=", mine.content)


def test_the_worker_keeps_the_shell_and_its_files_and_nothing_else_of_the_product(world: World) -> None:
    answer = Client().get("/spot/worker.js")
    kept = re.search(r"const KEPT = \[(.*?)\]", answer.content.decode().replace("SHELL", '"/spot/"'))
    assert answer["Content-Type"] == "text/javascript" and kept
    addresses = re.findall('"([^"]+)"', kept[1])
    assert addresses[0] == "/spot/" and all(one.startswith("/static/") for one in addresses[1:]) and len(addresses) == 5
    assert 'credentials: "omit"' in answer.content.decode()


def test_a_phone_sends_and_is_answered_the_same_when_it_sends_again(world: World) -> None:
    found = occasion(world)
    token, said = phone(world, found), body(found)
    assert [post(token, said).status_code for _ in range(2)] == [201, 200]
    jobs.open_(event="", subject=str(said["id"]))
    assert Referral.objects.get().source == "on_the_spot"


@pytest.mark.parametrize("said", [[], {}, {"id": "x", "envelope": "eA=="}, {"id": "x"}, "words"])
def test_what_is_no_entry_is_refused_without_a_word_of_it(world: World, said: object) -> None:
    answer = post(phone(world, occasion(world)), said)
    assert answer.status_code == 400 and json.loads(answer.content) == {"why": "not an entry"}


def test_a_phone_that_may_not_send_is_told_to_stop_and_one_that_sends_much_to_wait(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = occasion(world)
    token = phone(world, found)
    assert post("nonsense", body(found)).status_code == 410
    monkeypatch.setattr("alongside.support.desk.onthespot.queries.limit", lambda code, on: 0)
    assert post(token, body(found)).status_code == 429
    assert Client().get("/spot/send/").status_code == 405
    assert Client().post("/spot/give-back/", headers={"X-Spot-Token": token}).status_code == 204
    assert Phone.objects.get().stopped_why == "worker"


def test_what_a_phone_is_told_holds_no_private_key_and_no_name_of_a_person(world: World) -> None:
    found = occasion(world)
    page = world.client("caseworker").post(f"/on-the-spot/{found.pk}/phone/").content.decode()
    told = re.search('data-told="([^"]+)"', page)
    assert told
    kept = json.loads(told[1].replace("&#34;", '"').replace("&#39;", "'").replace("&amp;", "&"))
    assert kept.keys() == {"occasion", "name", "place", "token", "key", "ends", "until", "happened", "times",
                           "services", "send", "back", "sign_out"}  # fmt: skip
    assert "Testa" not in told[1]


def test_an_event_that_is_over_makes_no_phone_ready(world: World) -> None:
    found = occasion(world)
    Occasion.objects.update(starts_at=found.starts_at.replace(year=2025), ends_at=found.ends_at.replace(year=2025))
    assert world.client("caseworker").post(f"/on-the-spot/{found.pk}/phone/").status_code == 302
    assert not Phone.objects.exists()


def test_signing_out_empties_what_a_browser_kept(world: World) -> None:
    client = world.client("triage_officer")
    assert client.post(reverse("account_logout"))["Clear-Site-Data"] == '"storage"'
    assert "Clear-Site-Data" not in Client().get(reverse("account_login"))


# The hub.

SET_UP = {"name": "City against United", "kind": "match_day", "place": "Sample Ground", "council": "E08000025",
          "day_day": "21", "day_month": "11", "day_year": "2030", "starts": "13:00", "until_day_day": "21",
          "until_day_month": "11", "until_day_year": "2030", "ends": "18:30"}  # fmt: skip


def test_the_manager_sets_an_event_up_and_changes_it(world: World) -> None:
    client = world.client("hub_manager")
    assert client.get("/events/set-up/").status_code == 200
    assert client.post("/events/set-up/", {**SET_UP, "organisations": [world.provider.pk]}).status_code == 302
    found = Occasion.objects.get()
    assert found.visible_orgs == sorted([world.hub.pk, world.provider.pk])
    assert "To come" in client.get("/events/").content.decode()
    assert client.get(f"/events/{found.pk}/change/").status_code == 200
    assert "must be after" in client.post(f"/events/{found.pk}/change/", {**SET_UP, "ends": "12:00"}).content.decode()
    client.post(f"/events/{found.pk}/change/", {**SET_UP, "until_day_day": "22"})
    assert "to 22 November 2030" in client.get(f"/events/{found.pk}/").content.decode()
    assert "Enter a name" in client.post("/events/set-up/", {"name": ""}).content.decode()


def test_the_event_counts_by_hour_and_says_what_came_of_them(world: World) -> None:
    found = occasion(world)
    token = phone(world, found)
    opened(sent(token, found))
    opened(sent(token, found, {**SAID, "given_name": ""}))
    sent(token, found)
    page = world.client("triage_officer").get(f"/events/{found.pk}/").content.decode()
    for words in ("taken there", "on their way in", "No name was given", "Received", "Testa Triage Officer", "On now"):
        assert words in page
    assert "Testina" not in page
    listed = world.client("triage_officer").get("/events/").content.decode()
    assert "City against United" in listed and "Match day" in listed


def test_a_lost_phone_is_stopped(world: World) -> None:
    found = occasion(world)
    phone(world, found)
    client = world.client("hub_manager")
    client.post(f"/events/phones/{Phone.objects.get().pk}/stop/")
    assert "Stopped" in client.get(f"/events/{found.pk}/").content.decode()


def test_a_held_entry_is_shown_as_it_came_and_mended(world: World) -> None:
    found = occasion(world)
    entry = opened(sent(phone(world, found), found, {**SAID, "phone": "12"}))
    client, here = world.client("triage_officer"), f"/events/entries/{entry.pk}/"
    page = client.get(here).content.decode()
    assert "The phone number cannot be one" in page and 'value="Testina"' in page
    mended = {**SAID, "phone": "07700 900124", "agreed": "on"}
    assert "cannot be one" in client.post(here, {**mended, "phone": "13"}).content.decode()
    assert client.post(here, mended).status_code == 302 and Referral.objects.count() == 1
    assert "dealt with this entry already" in client.get(here).content.decode()


@pytest.mark.parametrize("text", ["not json", "[]"])
def test_what_is_no_form_is_shown_as_it_came_and_tried_again_or_set_aside(world: World, text: str) -> None:
    found = occasion(world)
    entry = opened(sent(phone(world, found), found, text=text))
    client, here = world.client("triage_officer"), f"/events/entries/{entry.pk}/"
    assert text in client.get(here).content.decode()
    client.post(f"{here}try-again/")
    opened(entry.pk)
    client.post(f"{here}set-aside/")
    assert Entry.objects.get().state == "SET_ASIDE"


def test_what_could_not_be_opened_says_so(world: World) -> None:
    found = occasion(world)
    entry = opened(sent(phone(world, found), found, envelope=b"junk"))
    page = world.client("triage_officer").get(f"/events/entries/{entry.pk}/").content.decode()
    assert "could not be opened, so nothing of it can be shown" in page


def test_the_hub_takes_a_referral_on_a_page(world: World) -> None:
    found, client = occasion(world), world.client("triage_officer")
    page = client.get(f"/events/{found.pk}/take/").content.decode()
    key = re.search('name="key" value="([^"]+)"', page)
    assert key
    said = {**SAID, "agreed": "on", "key": key[1]}
    assert (
        "Without their agreement" in client.post(f"/events/{found.pk}/take/", {**said, "agreed": ""}).content.decode()
    )
    for _ in range(2):
        assert client.post(f"/events/{found.pk}/take/", said).status_code == 302
    assert Referral.objects.count() == 1
