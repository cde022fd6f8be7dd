"""Writes of the directory: who may, what is recorded, what is refused."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from alongside.core.access.actor import SYSTEM_ACTOR, Actor
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.rows import realms
from alongside.foundation.local.directory import actions
from alongside.foundation.local.directory.actions import Details
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.parts import Post, Site
from tests.world import World


def made(world: World, **words: Any) -> Service:
    details = Details(**{"name": "Sample Outreach", "summary": "Somebody to talk to.", **words})
    return actions.add(details, by=world.actor("hub_manager"), at=world.now, provider=world.provider)


def events(service: Service) -> list[str]:
    return list(Event.objects.filter(subject=service.pk).order_by("id").values_list("name", flat=True))


def test_the_hub_adds_a_service_for_a_provider(world: World) -> None:
    service = made(world, crime_types=("stalking",))
    assert (service.code, service.state, service.checked_on) == ("sample-outreach", "OPEN", world.now.date())
    assert events(service) == ["service.added"]
    assert made(world).code == "sample-outreach-2"
    assert made(world, name="!!!").code == "service"


def test_a_provider_asks_the_hub_to_add_one(world: World) -> None:
    with pytest.raises(RuleBroken, match="Ask the hub"):
        actions.add(Details("A"), by=world.actor("service_manager"), at=world.now, provider=world.provider)


def test_a_service_is_run_by_a_provider_or_the_hub(world: World) -> None:
    with pytest.raises(RuleBroken, match="Choose a provider"):
        actions.add(Details("A"), by=SYSTEM_ACTOR, at=world.now, provider=world.force)


def test_a_location_that_is_not_public_is_not_held(world: World) -> None:
    assert made(world, location="1 Secret Street").location == ""
    assert made(world, location="1 Open Street", location_public=True).location == "1 Open Street"


def test_a_revision_names_the_fields_that_changed_and_nothing_else(world: World) -> None:
    service = made(world)
    changed = Details("Sample Outreach", "Somebody to talk to.", hours="Weekdays 9 to 5")
    actions.revise(service, changed, by=world.actor("hub_manager"), at=world.now)
    event = Event.objects.get(subject=service.pk, name="service.revised")
    assert event.details == {"fields": ["hours"]}
    actions.revise(service, changed, by=world.actor("hub_manager"), at=world.now)
    assert events(service) == ["service.added", "service.revised"]
    first, second = service.versions.order_by("number")
    assert (first.details["hours"], second.details["hours"], second.organisation_id) == (
        "",
        "Weekdays 9 to 5",
        world.hub.pk,
    )


def test_a_provider_sends_the_hub_its_changes(world: World) -> None:
    with pytest.raises(RuleBroken, match="Send it the change"):
        actions.revise(made(world), Details("A"), by=world.actor("service_manager"), at=world.now)


def test_a_protected_place_is_held_nowhere(world: World) -> None:
    site = Site(address_1="1 Hidden Street", city="Sampleton", postcode="B1 1BB")
    service = made(world, location_protected=True, location_public=True, location="1 Hidden Street", sites=(site,))
    assert (service.location, service.location_public, service.sites) == ("", False, [])
    assert "Hidden" not in str(service.versions.get().details)
    for column, value in {"location": "1 Hidden Street", "sites": [site.kept()], "location_public": True}.items():
        with pytest.raises(IntegrityError, match="directory_service_protected"), transaction.atomic():
            Service.objects.filter(pk=service.pk).update(**{column: value})


def test_a_place_that_becomes_secret_goes_from_every_version_too(world: World) -> None:
    site = Site(address_1="2 Former Street", city="Sampleton", postcode="B1 1BB")
    service = made(world, location_public=True, location="1 Former Street", sites=(site,))
    Service.objects.filter(pk=service.pk).update(
        oddities=[{"kind": "bad", "field": "address", "value": "1 Former Street"}]
    )
    hub = world.actor("hub_manager")
    words = actions.details_from({**actions.worded(service), "location_protected": True})
    with transaction.atomic(), realms.inside(hub.realm, orgs=hub.orgs, user=hub.user_id):
        actions.revise(service, words, by=hub, at=world.now)
    service.refresh_from_db()
    held = [one.details for one in service.versions.order_by("number")]
    assert [one["location_protected"] for one in held] == [False, True]
    assert "Former" not in f"{held}{service.location}{service.sites}{service.oddities}"


def test_no_other_realm_writes_a_version_again(world: World) -> None:
    service, by = made(world), world.actor("service_manager")
    inside = realms.inside(by.realm, orgs=by.orgs, user=by.user_id)
    with pytest.raises(Exception, match="permission denied"), transaction.atomic(), inside:
        service.versions.update(details={})


def test_details_come_back_from_what_is_kept_of_them(world: World) -> None:
    told = Details(
        "Sample", posts=(Post("Adviser", languages=("pl",)),), sites=(Site(city="Sampleton"),),
        opens_on=date(2027, 4, 1), location_public=True, location="1 Open Street",
    )  # fmt: skip
    assert actions.details_from(actions.as_json(told)) == told
    assert actions.details_from({**actions.plain(), "gone": 1}) == Details("")
    assert Post.read([{"title": "Adviser", "unknown": 1}]) == (Post("Adviser"),)


def test_a_service_says_how_much_room_it_has(world: World) -> None:
    service, manager = made(world, places=10), world.actor("service_manager")
    said = actions.say_capacity(service, by=manager, at=world.now, places_free=2, wait_days=21)
    assert (said.places_free, said.wait_days, said.capacity_on) == (2, 21, world.now.date())
    assert events(service)[-1] == "service.capacity_said"
    with pytest.raises(RuleBroken, match="paid to help 10"):
        actions.say_capacity(service, by=manager, at=world.now, places_free=11, wait_days=None)
    with pytest.raises(RuleBroken, match="two years"):
        actions.say_capacity(service, by=manager, at=world.now, places_free=None, wait_days=1000)


def test_the_hub_says_who_helps_the_people_of_one_that_closed(world: World) -> None:
    closing, other = made(world), made(world, name="Sample Other")
    hub = world.actor("hub_manager")
    actions.close(closing, by=hub, at=world.now)
    assert actions.hand_on(closing, by=hub, at=world.now, to=other).moves_to_id == other.pk
    assert actions.hand_on(closing, by=hub, at=world.now, to=None).moves_to_id is None
    closing.refresh_from_db()
    for wrong in (closing, other):
        with pytest.raises(RuleBroken, match="another service that is open"):
            actions.hand_on(other, by=hub, at=world.now, to=wrong)
    with pytest.raises(RuleBroken, match="The hub says"):
        actions.hand_on(closing, by=world.actor("service_manager"), at=world.now, to=other)
    closing.refresh_from_db()
    assert closing.closed_on == world.now.date()
    assert actions.open(closing, by=hub, at=world.now).closed_on is None


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"age_from": 20, "age_to": 10}, "age_to"),
        ({"posts": (Post("Adviser", age_from=9, age_to=3),)}, "age_to"),
        ({"web": "http://x.example"}, "web"),
        ({"phone": "javascript:alert(1)"}, "phone"),
        ({"email": "a@b@c.example"}, "email"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(world: World, words: dict[str, Any], field: str) -> None:
    service = made(world, age_from=10, age_to=20)
    with pytest.raises(RuleBroken) as fault:
        actions.revise(service, Details("A", **words), by=world.actor("hub_manager"), at=world.now)
    assert fault.value.field == field


def test_confirming_dates_the_entry(world: World) -> None:
    service, later = made(world), world.now + timedelta(days=40)
    actions.confirm(service, by=world.actor("service_manager"), at=later)
    service.refresh_from_db()
    assert (service.checked_on, events(service)[-1]) == (later.date(), "service.confirmed")


def test_a_service_closes_and_opens_with_a_waiting_list(world: World) -> None:
    service, manager = made(world), world.actor("service_manager")
    assert actions.close(service, by=manager, at=world.now).state == "CLOSED"
    assert actions.open(service, by=manager, at=world.now, waiting=True).state == "WAITING"
    assert actions.open(service, by=manager, at=world.now).state == "OPEN"
    assert events(service) == ["service.added", "service.closed", "service.opened", "service.opened"]
    with pytest.raises(RuleBroken, match="already"):
        actions.open(service, by=manager, at=world.now)


@pytest.mark.parametrize("person", ["neighbour_manager", "far_triage_officer"])
def test_only_its_keepers_change_a_service(world: World, person: str) -> None:
    service = made(world)
    with pytest.raises(RuleBroken, match="another organisation"):
        actions.close(service, by=world.actor(person), at=world.now)


@pytest.mark.parametrize("person", ["hub_manager", "service_manager"])
def test_the_realm_holds_the_grants_that_its_actions_need(world: World, person: str) -> None:
    service, actor = made(world), world.actor(person)
    with transaction.atomic(), realms.inside(actor.realm, orgs=actor.orgs, user=actor.user_id):
        actions.confirm(service, by=actor, at=world.now)
        if person == "hub_manager":
            made(world)


def test_an_operator_keeps_everything(world: World) -> None:
    assert _keeps(SYSTEM_ACTOR, made(world))


def _keeps(actor: Actor, service: Service) -> bool:
    return Service.objects.managed_by(actor).filter(pk=service.pk).exists()
