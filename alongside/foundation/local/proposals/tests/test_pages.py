"""Pages of proposals, as a service's manager and the hub use them."""

from datetime import timedelta
from typing import Any

from django.test import Client

from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.tests.test_actions import made
from alongside.foundation.local.proposals.models import Proposal
from alongside.foundation.local.proposals.tests.test_actions import begun, sent
from tests.world import World


def page(client: Client, address: str, told: dict[str, Any] | None = None) -> str:
    found = client.get(address) if told is None else client.post(address, told, follow=True)
    assert found.status_code == 200
    return found.content.decode()


def test_a_manager_changes_a_service_section_by_section_and_the_hub_agrees(world: World) -> None:
    service, manager, hub = made(world), world.client("service_manager"), world.client("hub_manager")
    assert "Nothing yet." in page(manager, f"/services/changes/of/{service.pk}/begin/", {})
    here = f"/services/changes/{Proposal.objects.get().pk}/"
    assert 'value="Sample Outreach"' in page(manager, f"{here}section/about/")
    told = {"stamp": "1", "name": "Sample Outreach", "summary": "New words", "hours": "Evenings", "cost": "Free"}
    shown = page(manager, f"{here}section/about/", told)
    assert "2 changed" in shown and "Evenings" in shown
    assert "changed this meanwhile" in page(manager, f"{here}section/about/", told)
    assert "With the hub" in page(manager, f"{here}send/", {"words": "New hours"})
    assert "Sample Outreach" in page(hub, "/services/changes/")
    assert "New hours" in page(hub, here)
    assert "Live" in page(hub, f"{here}agree/", {"seen": "1"})
    assert Service.objects.get(pk=service.pk).hours == "Evenings"
    past = page(manager, f"/services/changes/of/{service.pk}/history/")
    assert "Version 2" in past and "The first of which a record is kept" in past


def test_a_post_and_a_place_have_pages_of_their_own(world: World) -> None:
    service, manager = made(world), world.client("service_manager")
    begun(world, service)
    here = f"/services/changes/{Proposal.objects.get().pk}/"
    post = {
        "stamp": "2",
        "title": "Adviser for Polish speakers",
        "state": "filled",
        "languages": ["pl"],
        "age_from": "18",
        "hours_a_week": "20",
    }
    assert "Adviser for Polish speakers (Polish, aged 18 or over; 20 hours a week)" in page(
        manager, f"{here}part/posts/", post
    )
    assert "must not be above" in page(manager, f"{here}part/posts/0/", {**post, "stamp": "3", "age_to": "3"})
    assert 'value="Adviser for Polish speakers"' in page(manager, f"{here}part/posts/0/")
    assert "; away for a while)" in page(manager, f"{here}part/posts/0/", {**post, "stamp": "3", "state": "away"})
    place = {
        "stamp": "4",
        "name": "Sample Centre",
        "address_1": "1 Open Street",
        "city": "Sampleton",
        "postcode": "B1 1BB",
    }
    assert "Sample Centre, 1 Open Street" in page(manager, f"{here}part/sites/", place)
    assert "Taken out." in page(manager, f"{here}part/sites/0/remove/", {"stamp": "5"})
    assert "meanwhile" in page(manager, f"{here}part/posts/0/remove/", {"stamp": "x"})
    assert Proposal.objects.get().changes.keys() == {"hours", "posts"}
    for wrong in ("part/cats/", "part/posts/9/", "section/cats/", "section/paid/"):
        assert manager.get(f"{here}{wrong}").status_code == 404
    assert manager.post(f"{here}part/cats/0/remove/").status_code == 404


def test_a_secret_place_takes_no_address(world: World) -> None:
    manager = world.client("service_manager")
    begun(world, made(world, location_protected=True))
    assert "Its place is secret" in page(manager, f"/services/changes/{Proposal.objects.get().pk}/section/places/")


def test_a_provider_proposes_a_new_service_and_a_hub_adds_one_for_anyone_of_its_area(world: World) -> None:
    manager, hub = world.client("service_manager"), world.client("hub_manager")
    assert world.neighbour.name not in page(manager, "/services/changes/new/")
    assert world.neighbour.name in page(hub, "/services/changes/new/")
    assert "Give it a name" in page(hub, "/services/changes/new/", {"provider": str(world.provider.pk)})
    shown = page(hub, "/services/changes/new/", {"provider": str(world.provider.pk), "name": "Sample Added"})
    assert "Say what it does" in shown
    here = f"/services/changes/{Proposal.objects.get().pk}/"
    assert "Not ready yet" in page(hub, f"{here}send/", {})
    page(hub, f"{here}section/about/", {"stamp": "1", "name": "Sample Added", "summary": "Words"})
    assert "Live" in page(hub, f"{here}send/", {})
    assert Service.objects.get(name="Sample Added").provider_id == world.provider.pk


def test_a_name_that_is_only_spaces_is_refused_beside_its_field(world: World) -> None:
    told = {"provider": str(world.provider.pk), "name": "   "}
    assert "Give it a name" in page(world.client("hub_manager"), "/services/changes/new/", told)


def test_the_hub_gives_back_and_the_manager_reads_why(world: World) -> None:
    sent(world, begun(world))
    here, hub, manager = (
        f"/services/changes/{Proposal.objects.get().pk}/",
        world.client("hub_manager"),
        world.client("service_manager"),
    )
    assert "Say what should be different" in page(hub, f"{here}give-back/", {"answer": ""})
    assert "Given back" in page(hub, f"{here}give-back/", {"answer": "Say which evenings"})
    assert "Say which evenings" in page(manager, here)
    assert "With the hub" in page(manager, f"{here}send/", {})
    assert "It is yours to change again" in page(manager, f"{here}move/", {"move": "take_back"})
    assert "Dropped" in page(manager, f"{here}move/", {"move": "drop"})
    assert manager.post(f"{here}move/", {"move": "fly"}).status_code == 404


def test_a_closing_has_a_day_and_says_where_its_people_go(world: World) -> None:
    closing, other = made(world), made(world, name="Sample Other")
    hub = world.client("hub_manager")
    page(hub, f"/services/changes/of/{closing.pk}/begin/", {"kind": "close"})
    here, day = f"/services/changes/{Proposal.objects.get().pk}/", world.now.date() + timedelta(days=4000)
    boxes = {"applies_on_day": day.day, "applies_on_month": day.month, "applies_on_year": day.year}
    assert "within the next two years" in page(hub, f"{here}send/", boxes)
    assert "There is a problem" in page(hub, f"{here}send/", {"moves_to": "cats"})
    assert "Sample Other helps its people then" in page(hub, f"{here}send/", {"moves_to": str(other.pk)})
    assert hub.get(f"{here}section/about/").status_code == 404
    assert Service.objects.get(pk=closing.pk).state == "CLOSED"


def test_what_another_directory_lists_is_not_changed_here(world: World) -> None:
    service = made(world)
    Service.objects.filter(pk=service.pk).update(provider=None, source="sample", source_id="1")
    assert world.client("hub_manager").post(f"/services/changes/of/{service.pk}/begin/").status_code == 403


def test_the_list_says_what_each_is_about(world: World) -> None:
    begun(world, name="Sample New", hours="x", cost="y", phone="01632 960 001")
    manager = world.client("service_manager")
    assert "Name, When it is open, What it costs and 1 more" in page(manager, "/services/changes/")
    assert "Nothing waits" in page(world.client("hub_manager"), "/services/changes/")
