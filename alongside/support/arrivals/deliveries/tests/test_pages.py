"""The office's pages: a system is connected, its secret shown once, renewed, closed; a folder is opened and closed."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from alongside.core.ids import uuid7
from alongside.core.models import Event
from alongside.support.arrivals.deliveries import actions
from alongside.support.arrivals.deliveries.models import Connection, Folder
from alongside.support.arrivals.deliveries.tests.calls import GOOD, System, opened, work
from alongside.support.arrivals.feeds.models import Upload
from tests.world import World

pytestmark = pytest.mark.django_db
WAYS = "/feeds/ways/"


@pytest.fixture
def manager(world: World) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.cookies = world.client("hub_manager").cookies
    return client


def post(client: Client, where: str, **said: Any) -> Any:
    page = client.get(WAYS).content.decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found
    return client.post(where, {"csrfmiddlewaretoken": found[1], **said})


def secret_on(page: str) -> str:
    found = re.search(r"<code>([A-Za-z0-9_-]{43})</code>", page)
    return found[1] if found else ""


def test_open_connection_shows_the_secret_once_and_it_works(world: World, manager: Client) -> None:
    answer = post(manager, f"{WAYS}connect/", source=world.force.pk, name="Crime system")
    assert answer.status_code == 302
    connection = Connection.objects.get()
    assert str(connection.pk) in answer.headers["Location"]
    secret = secret_on(manager.get(answer.headers["Location"]).content.decode())
    assert secret and secret not in str(manager.session.items())
    assert not secret_on(manager.get(answer.headers["Location"]).content.decode())
    assert System(connection, secret).sign_in().status_code == 200


def test_a_secret_that_waits_is_no_use_to_another_browser(world: World, manager: Client) -> None:
    answer = post(manager, f"{WAYS}connect/", source=world.force.pk, name="Crime system")
    other = Client()
    other.cookies["session"] = manager.cookies["session"].value
    assert not secret_on(other.get(answer.headers["Location"]).content.decode())


def test_renew_secret_and_close_connection_by_the_page(world: World, manager: Client) -> None:
    connection, first = opened(world)
    where = f"{WAYS}connections/{connection.pk}/"
    answer = post(manager, f"{where}renew-secret/")
    second = secret_on(manager.get(answer.headers["Location"]).content.decode())
    assert [System(connection, one).sign_in().status_code for one in (first, second)] == [200, 200]
    assert "The secret before works until" in manager.get(where).content.decode()
    assert manager.get(f"{where}renew-secret/").status_code == 302
    post(manager, f"{where}close/")
    assert System(connection, second).sign_in().status_code == 401
    page = manager.get(where).content.decode()
    assert "Closed" in page and "Make a new secret" not in page
    post(manager, f"{where}close/")
    assert "closed already" in manager.get(WAYS).content.decode()
    assert Event.objects.filter(name="connection.closed").count() == 1


def test_what_a_system_sent_is_on_its_page_and_leads_to_the_receipt(world: World) -> None:
    system = System.of(world)
    system.send(GOOD)
    client = world.client("hub_manager")
    where = f"{WAYS}connections/{system.connection.pk}/"
    assert ">Waiting</strong>" in client.get(where).content.decode()
    assert "1 referral from Testshire Police, Crime system" in client.get(WAYS).content.decode()
    work()
    page = client.get(where).content.decode()
    receipt = re.search(r'href="(/feeds/[0-9a-f-]{36}/)"', page)
    assert receipt and "By API: Crime system" in client.get("/feeds/").content.decode()
    assert client.get(receipt[1]).status_code == 200
    assert "Sampleford" not in page


def test_the_same_name_is_refused_in_words(world: World, manager: Client) -> None:
    opened(world)
    page = post(manager, f"{WAYS}connect/", source=world.force.pk, name="Crime system").content.decode()
    assert "has this name already" in page and Connection.objects.count() == 1


def test_a_folder_is_opened_and_closed(world: World, manager: Client) -> None:
    post(manager, f"{WAYS}folders/open/test-force/")
    folder = Folder.objects.get()
    assert (folder.name, folder.closed_at) == ("test-force", None)
    assert "Not looked into yet" in manager.get(WAYS).content.decode()
    post(manager, f"{WAYS}folders/open/test-force/")
    assert "has its folder already" in manager.get(WAYS).content.decode()
    Folder.objects.update(looked_at=world.now)
    assert "Tell the people who look after" in manager.get(WAYS).content.decode()
    Folder.objects.update(looked_at=timezone.now())
    assert ">Looked into</strong>" in manager.get(WAYS).content.decode()
    Folder.objects.update(trouble="Something is wrong.")
    assert "Something is wrong." in manager.get(WAYS).content.decode()
    post(manager, f"{WAYS}folders/{folder.pk}/close/")
    post(manager, f"{WAYS}folders/{folder.pk}/close/")
    assert "closed already" in manager.get(WAYS).content.decode()
    assert post(manager, f"{WAYS}folders/open/test-partner/").status_code == 404


def test_why_a_file_was_refused_is_on_the_deliveries_page_until_it_is_noted(world: World, manager: Client) -> None:
    upload = actions.refuse_file(
        by=world.actor("hub_manager"), at=timezone.now(), source=world.force, file="feed.csv", key=uuid7(),
        why="The file is empty.",
    )  # fmt: skip
    assert "The file is empty." in world.client("triage_officer").get("/feeds/").content.decode()
    post(manager, f"/feeds/refusals/{upload.pk}/note/")
    assert "The file is empty." not in world.client("triage_officer").get("/feeds/").content.decode()
    post(manager, f"/feeds/refusals/{upload.pk}/note/")
    assert "noted this already" in manager.get("/feeds/").content.decode()
    assert Upload.objects.get().noted_at is not None


@pytest.mark.parametrize("person", ["triage_officer", "caseworker", "officer", "commissioning_officer"])
def test_only_the_hubs_manager_opens_ways(world: World, person: str) -> None:
    connection, _ = opened(world)
    client = world.client(person)
    for where in (WAYS, f"{WAYS}connect/"):
        assert client.get(where).status_code == 403
    for where in ("renew-secret", "close"):
        assert client.post(f"{WAYS}connections/{connection.pk}/{where}/").status_code in (403, 404)
    assert client.post(f"{WAYS}folders/open/test-force/").status_code == 403
    assert Connection.objects.open().exists() and not Folder.objects.exists()


def test_the_guide_is_open_to_all_and_its_people_are_made_up(world: World) -> None:
    page = Client().get("/feeds/guide/").content.decode()
    assert "grant_type=client_credentials" in page and "Sampleford" in page and "/api/v1/openapi.json" in page
