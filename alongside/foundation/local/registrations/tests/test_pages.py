"""Pages of registrations: as a volunteer on a phone, and as the hub that looks."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client

from alongside.core.models import Look
from alongside.foundation.local.community.models import ContactPerson, Group
from alongside.foundation.local.community.tests.test_actions import OFFICER, mapped
from alongside.foundation.local.registrations import queries
from alongside.foundation.local.registrations.models import Registration
from alongside.foundation.local.registrations.tests.test_actions import sent, soup
from tests.world import PEOPLE, World

pytestmark = pytest.mark.django_db
ADDRESS = "/information/groups/"
HUB = {"hub_manager", OFFICER}


@pytest.fixture(autouse=True)
def _nothing_counted_yet() -> None:
    cache.clear()


def told(**words: Any) -> dict[str, Any]:
    return {
        "once": str(uuid4()), "name": "Sample Soup", "council": "E08000025", "what": "We cook", "reaches": ["older"],
        "needs": ["insurance"], "place": "14 Placeholder Street", "a_home": "yes", "person_name": "Parveen",
        "person_phone": "07700 900 452", "agrees": "on", **words,
    }  # fmt: skip


def page(client: Client, address: str, said: dict[str, Any] | None = None) -> str:
    found = client.get(address) if said is None else client.post(address, said, follow=True)
    assert found.status_code == 200
    return found.content.decode()


def test_anyone_makes_a_group_known_without_a_cookie(world: World) -> None:
    anyone = Client(enforce_csrf_checks=True)
    shown = page(anyone, ADDRESS)
    assert "not listed as a service" in shown and "<title>Support and information</title>" in shown
    assert "find help" in shown and "<script" not in shown.split("<main")[1].split("</main")[0]
    shown = page(anyone, ADDRESS, {"name": "Tŷ Sŵp"})
    for words in ("Choose where your group is", "Say what your group does", "Enter your name", "please ask your group",
                  "Enter a phone number or an email address"):  # fmt: skip
        assert words in shown
    assert "Thank you" in page(anyone, ADDRESS, told(name="Tŷ Sŵp"))
    assert not anyone.cookies and queries.sent(Registration.objects.get()).about.name == "Tŷ Sŵp"


def test_sending_twice_makes_one_and_says_thank_you_both_times(world: World) -> None:
    said = told()
    for _ in range(2):
        assert "Thank you" in page(Client(), ADDRESS, said)
    page(Client(), ADDRESS, told(once="nonsense"))
    page(Client(), ADDRESS, told(once=""))
    assert Registration.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"a_home": ""}, "Say whether this address is somebody"), ({"name": "x" * 10_000}, "200"),
        ({"person_phone": "", "person_email": "no mailbox"}, "email address"), ({"council": "X"}, "Choose"),
        ({"a_home": "perhaps"}, "There is a problem"),
        ({"postcode": "B1 1BB", "place": "", "a_home": ""}, "Say whether"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_at_its_box(world: World, wrong: dict[str, Any], words: str) -> None:
    assert words in page(Client(), ADDRESS, told(**wrong))
    assert not Registration.objects.exists()


def test_a_name_of_signs_alone_is_none(world: World) -> None:
    assert "Enter the name of the group" in page(Client(), ADDRESS, told(name="!!!"))


def test_an_area_without_a_hub_is_no_choice(world: World) -> None:
    world.hub.until = world.now.date()
    world.hub.save(update_fields=["until"])
    assert "Cumberland" in page(Client(), ADDRESS) and "Birmingham" not in page(Client(), ADDRESS)


def test_whoever_sends_too_many_is_asked_to_come_back(world: World) -> None:
    found = [Client().post(ADDRESS, told()).status_code for _ in range(7)]
    assert found == [302] * 6 + [429]
    assert Client().post(ADDRESS, told())["Retry-After"] == "3600"


def test_the_hub_looks_and_puts_it_on_the_map(world: World) -> None:
    page(Client(), ADDRESS, told(name="Soup <script>", hears="on", person_email="parveen@post.example"))
    client, held = world.client(OFFICER), Registration.objects.get()
    assert "group that registered itself" in page(client, "/home/")
    assert "Soup &lt;script&gt;" in page(client, "/groups/registered/")
    one = f"/groups/registered/{held.pk}/"
    shown = page(client, one)
    for words in ("Parveen", "14 Placeholder Street", "perhaps a home", "They want one email", "Insurance"):
        assert words in shown
    assert {key for look in Look.objects.all() for key in look.subjects} == {held.pk}
    shown = page(client, f"{one}accept/", {})
    assert "On the map" in shown and "Placeholder" not in shown and "Parveen" not in shown
    assert ContactPerson.objects.count() == 1
    assert "Somebody else has decided" in page(client, f"{one}accept/", {})
    assert "What was sent is erased" in page(client, one)
    assert "Soup &lt;script&gt;" in page(client, "/groups/registered/?state=all")
    assert "Nothing to check" in page(client, "/groups/registered/")


def test_the_same_group_is_shown_side_by_side_and_merged(world: World) -> None:
    group, client = mapped(world, "Sample Soup", what="Ours"), world.client(OFFICER)
    held, twice = sent(world, soup(web="https://soup.example")), sent(world, soup("Soup Sample"))
    one = f"/groups/registered/{held.pk}/"
    shown = page(client, one)
    assert "It may be here already" in shown and "Also waiting" in shown and f"/{twice.pk}/" in shown
    assert "mapped already" in page(client, f"{one}accept/", {})
    side = f"{one}merge/{group.pk}/"
    shown = page(client, side)
    assert "https://soup.example" in shown and "We cook" in shown and "Ours" in shown
    stale = page(client, side, {"seen": "before", "take": ["web"]})
    assert "Somebody else changed" in stale and "checked" in stale
    seen = shown.split('name="seen" value="')[1].split('"')[0]
    assert "There is a problem" in page(client, side, {"seen": seen, "take": ["web", "nonsense"]})
    assert "Merged" in page(client, side, {"seen": seen, "take": ["web"]})
    group.refresh_from_db()
    assert (group.what, group.web) == ("Ours", "https://soup.example")
    assert client.get(side).status_code == 404


def test_nothing_different_is_said(world: World) -> None:
    group = mapped(world, "Sample Soup", what="We cook")
    held = sent(world)
    assert "nothing that we do not hold" in page(
        world.client(OFFICER), f"/groups/registered/{held.pk}/merge/{group.pk}/"
    )
    guessed = world.client(OFFICER).get(f"/groups/registered/{held.pk}/merge/{uuid4()}/")
    assert guessed.status_code == 404


def test_it_is_declined_with_a_reason(world: World) -> None:
    held, client = sent(world), world.client(OFFICER)
    one = f"/groups/registered/{held.pk}/"
    assert "Choose why" in page(client, f"{one}decline/", {})
    assert "Declined. What was sent is erased." in page(client, f"{one}decline/", {"reason": "elsewhere"})
    assert "It works in another police area" in page(client, one)
    assert "It works in another police area" in page(client, "/groups/registered/?state=all")
    assert not Group.objects.exists()


def test_only_the_hub_of_the_area_opens_a_registration(world: World) -> None:
    held, group = sent(world), mapped(world)
    one = f"/groups/registered/{held.pk}/"
    for person in sorted(PEOPLE):
        for address in (one, f"{one}merge/{group.pk}/"):
            status = world.client(person).get(address).status_code
            assert status == 200 if person in HUB else status in (403, 404), (person, address, status)
    for address in (f"{one}accept/", f"{one}decline/", f"{one}merge/{group.pk}/"):
        answer = world.client("far_triage_officer").post(address, {"reason": "twice", "seen": "x"})
        assert answer.status_code == 404
    assert Registration.objects.get().state == "WAITING"
