"""Pages of freshness: as a manager, as the office, and as anyone who sees an error."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.tests.test_actions import made
from alongside.foundation.local.freshness import actions, forms, queries
from alongside.foundation.local.freshness.models import Flag, HearBack, Keeper
from tests.world import World


def page(client: Client, address: str, told: dict[str, Any] | None = None) -> str:
    found = client.get(address) if told is None else client.post(address, told, follow=True)
    assert found.status_code == 200
    return found.content.decode()


def aged(world: World, days: int | None, **words: Any) -> Service:
    """A service that was checked so many days before today."""
    service = made(world, **words)
    checked = None if days is None else timezone.localdate() - timedelta(days=days)
    Service.objects.filter(pk=service.pk).update(checked_on=checked)
    service.refresh_from_db()
    return service


def said(service: Service, **words: Any) -> dict[str, Any]:
    told = {"seen": actions.stamp(service), **words}
    return {f"{forms.prefix(service)}-{name}": value for name, value in told.items()}


def test_a_manager_confirms_several_at_once(world: World) -> None:
    first, second, third = (aged(world, days, name=f"Sample {days}", phone="01632 960 001") for days in (100, 80, 95))
    aged(world, 10, name="Checked lately")
    manager = world.client("service_manager")
    shown = page(manager, "/services/check/")
    assert shown.index("Sample 100") < shown.index("Sample 95") < shown.index("Sample 80")
    assert "01632 960 001" in shown and "Checked lately" not in shown
    assert "Checked lately" in page(manager, "/services/check/?view=all")
    told = {
        **said(first, right="on"), **said(second, right="on", places_free="2", wait_weeks="3"),
        **said(third, places_free="1"),
    }  # fmt: skip
    shown = page(manager, "/services/check/", told)
    assert "2 services are right today; room is said for 2 services" in shown
    assert "Sample 95" in shown and "Sample 100" not in shown
    second.refresh_from_db()
    assert (second.checked_on, second.places_free, second.wait_days) == (timezone.localdate(), 2, 21)


def test_what_is_not_different_is_not_said_again_unless_all_is_right(world: World) -> None:
    service = aged(world, 100)
    Service.objects.filter(pk=service.pk).update(places_free=2, wait_days=10, capacity_on=service.checked_on)
    manager = world.client("service_manager")
    typed = {"places_free": "2", "wait_weeks": "1"}
    assert "Nothing was ticked" in page(manager, "/services/check/", said(service, **typed))
    page(manager, "/services/check/?view=all", said(service, **typed, right="on"))
    service.refresh_from_db()
    assert (service.wait_days, service.capacity_on) == (10, timezone.localdate())


def test_one_that_could_not_be_confirmed_says_why_and_the_others_are(world: World) -> None:
    right, wrong, stale = (aged(world, 100, name=name, places=2) for name in ("Right", "Wrong", "Stale"))
    manager = world.client("service_manager")
    told = {**said(right, right="on"), **said(wrong, places_free="3"), **said(stale, right="on", seen="before")}
    shown = page(manager, "/services/check/", told)
    assert "1 service is right today" in shown and "There is a problem" in shown
    assert "Wrong: It is paid to help 2 people" in shown and "Stale: Somebody changed it" in shown
    assert f'href="#id_{forms.prefix(wrong)}-places_free">Wrong: ' in page(
        manager, "/services/check/", said(wrong, places_free="-3")
    )


def test_ones_own_come_first_and_are_counted_on_the_home_page(world: World) -> None:
    aged(world, 100, name="Of everybody")
    mine = aged(world, 80, name="Mine")
    manager = world.client("service_manager")
    assert "services to check" in page(manager, "/home/")
    keep = f"/services/{mine.pk}/keeper/"
    assert "Nobody in particular" in page(manager, keep)
    page(manager, keep, {"keeper": str(world.people["service_manager"].pk)})
    shown = page(manager, "/services/check/")
    assert shown.index("Mine") < shown.index("Of everybody") and "You look after it" in shown
    assert "services to check" in page(manager, "/home/")
    page(manager, keep, {"keeper": str(world.people["caseworker"].pk)})
    assert "service to check" in page(manager, "/home/")
    assert "Testa Caseworker looks after it" in page(manager, "/services/check/")
    assert "Somebody at Lantern Sample Charity" in page(world.client("hub_manager"), keep)
    page(manager, keep, {"keeper": ""})
    assert not Keeper.objects.exists()


def test_the_office_sees_how_fresh_the_directory_is(world: World) -> None:
    for days, name in ((10, "Fresh"), (80, "Due"), (100, "Late"), (None, "=Never")):
        aged(world, days, name=name)
    for who in ("hub_manager", "commissioning_officer", "service_manager"):
        shown = page(world.client(who), "/services/fresh/")
        assert "Showing 4 of 4 services" in shown and shown.index("=Never") < shown.index("Late") < shown.index("Fresh")
    assert "No service to show" in page(world.client("neighbour_manager"), "/services/fresh/")
    hub = world.client("hub_manager")
    shown = page(hub, "/services/fresh/?standing=overdue")
    assert "Showing 1 of 1 service." in shown
    file = page(hub, f"/services/fresh/?as=csv&whose={world.provider.pk}&standing=never")
    assert "'=Never,Lantern Sample Charity,Never checked,,,Open to referrals" in file
    assert "As at" in file and "Overdue: 1 of 4." in file
    assert Service.objects.count() == 4


def test_anyone_flags_an_error_without_a_cookie_and_the_provider_answers(world: World) -> None:
    cache.clear()
    service, anyone = made(world), Client(enforce_csrf_checks=True)
    address = f"/information/list/{service.pk}/note/"
    assert address in page(anyone, f"/information/list/{service.pk}/")
    page(anyone, address)
    assert "Choose what is wrong" in page(anyone, address, {"words": "Wrong"})
    told = {"wrong": "phone", "words": "It ends in 7", "mailbox": "anyone@mail.example"}
    assert "Thank you" in page(anyone, address, told)
    assert not anyone.cookies and HearBack.objects.count() == 1
    manager = world.client("service_manager")
    assert "error flagged in a service" in page(manager, "/home/")
    shown = page(manager, "/services/flags/")
    assert "The phone number is wrong" in shown and "They want to hear" in shown
    one = f"/services/flags/{Flag.objects.get().pk}/"
    shown = page(manager, one)
    assert "It ends in 7" in shown and "anyone@mail.example" not in shown
    assert "Choose what you found" in page(manager, one, {})
    assert "They hear it by email" in page(manager, one, {"answer": "MENDED"})
    assert "Nothing waits" in page(manager, "/services/flags/")
    assert "Put right" in page(world.client("hub_manager"), "/services/flags/?state=all")
    assert "Answered on" in page(manager, one)


def test_whoever_sends_too_many_is_asked_to_come_back(world: World) -> None:
    cache.clear()
    address = f"/information/list/{made(world).pk}/note/"
    found = [Client().post(address, {"wrong": "phone"}).status_code for _ in range(13)]
    assert found == [302] * 12 + [429]
    assert Client().post(address, {"wrong": "phone"})["Retry-After"] == "3600"


def test_two_forwarding_proxies_do_not_make_everybody_one_connection(world: World, settings: Any) -> None:
    cache.clear()
    settings.TRUSTED_PROXY_COUNT = 1
    address = f"/information/list/{made(world).pk}/note/"
    for number in range(13):
        told = {"X-Forwarded-For": f"192.0.2.{number}"}
        assert Client().post(address, {"wrong": "phone"}, headers=told).status_code == 302


def test_what_is_not_there_cannot_be_flagged(world: World) -> None:
    service = made(world)
    Service.objects.filter(pk=service.pk).update(opens_on=timezone.localdate() + timedelta(days=9))
    assert Client().get(f"/information/list/{service.pk}/note/").status_code == 404


def test_what_is_wrong_is_chosen_from_the_rulebook(world: World) -> None:
    assert Client().post(f"/information/list/{made(world).pk}/note/", {"wrong": "nonsense"}).status_code == 200
    assert not Flag.objects.exists()
    assert ("closed", "It has closed or moved") in queries.faults(timezone.localdate())


@pytest.mark.parametrize("size", [1, 4])
def test_confirming_more_does_not_ask_the_database_more_to_show_them(
    world: World, size: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(size):
        aged(world, 100, name=f"Sample {number}")
    client = world.client("service_manager")
    client.get("/services/check/")
    with django_assert_max_num_queries(40):
        client.get("/services/check/")
