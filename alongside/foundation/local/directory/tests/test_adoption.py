"""What another directory lists: adopted for an organisation here, left for signposting, and undone."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.rows import realms
from alongside.foundation.local.directory import actions, queries, rules
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.rules import Seeker
from alongside.foundation.local.directory.tests.test_actions import events, made
from alongside.foundation.local.directory.tests.test_pages import listed_elsewhere, page
from tests.world import World

pytestmark = pytest.mark.django_db
SEEKER = Seeker(crime_type="stalking", council="E08000025")


def adopted(world: World, service: Service, **words: Any) -> Service:
    told: dict[str, Any] = {"provider": world.provider, "crime_types": ("stalking",), "takes_referrals": True}
    return actions.adopt(service, by=world.actor("hub_manager"), at=world.now, **{**told, **words})


def routed(seeker: Seeker = SEEKER) -> list[str]:
    return [found.service.name for found in queries.services_for(seeker)]


# Actions


def test_adopt_matches_a_service_to_who_runs_it_and_people_can_be_sent_there(world: World) -> None:
    service = listed_elsewhere()
    assert routed() == []
    service = adopted(world, service)
    assert (service.provider, service.crime_types, rules.standing(service)) == (
        world.provider, ["stalking"], rules.ADOPTED,
    )  # fmt: skip
    assert routed() == ["Sample Coffee Morning"]
    assert Event.objects.get(subject=service.pk, name="service.adopted").details == {"provider": world.provider.pk}


def test_adopt_without_referrals_shows_it_to_the_public_and_sends_nobody(world: World) -> None:
    adopted(world, listed_elsewhere(), takes_referrals=False)
    assert routed() == []
    assert [found.service.name for found in queries.help_for(SEEKER)] == ["Sample Coffee Morning"]


def test_signpost_leaves_it_as_it_is_listed(world: World) -> None:
    service = actions.signpost(listed_elsewhere(), by=world.actor("hub_manager"), at=world.now)
    assert (rules.standing(service), service.provider, service.signposted_at) == (rules.SIGNPOSTED, None, world.now)
    assert events(service) == ["service.signposted"]
    assert routed() == []


@pytest.mark.parametrize("decided", ["adopt", "signpost"])
def test_release_takes_either_back_once(world: World, decided: str) -> None:
    service, manager = listed_elsewhere(), world.actor("hub_manager")
    if decided == "adopt":
        adopted(world, service)
    else:
        actions.signpost(service, by=manager, at=world.now)
    service = actions.release(service, by=manager, at=world.now)
    held = Service.objects.get(pk=service.pk)
    assert (rules.standing(held), held.takes_referrals, held.crime_types) == (rules.UNDECIDED, False, [])
    assert routed() == []
    with pytest.raises(RuleBroken, match="Nothing changed"):
        actions.release(service, by=manager, at=world.now)
    assert events(service)[-1] == "service.released"


def test_what_is_decided_is_not_decided_again_until_it_is_undone(world: World) -> None:
    service = adopted(world, listed_elsewhere())
    with pytest.raises(RuleBroken, match="Undo that first"):
        adopted(world, service)
    with pytest.raises(RuleBroken, match="Undo that first"):
        actions.signpost(service, by=world.actor("hub_manager"), at=world.now)


@pytest.mark.parametrize("place", ["far_hub", "force", "partner", "closed"])
def test_adopt_takes_the_hub_or_a_provider_of_the_same_area_that_still_works(world: World, place: str) -> None:
    if place == "closed":
        world.provider.until = world.now.date()
        world.provider.save(update_fields=["until"])
    with pytest.raises(RuleBroken, match="of your own area") as fault:
        adopted(world, listed_elsewhere(), provider=getattr(world, place, world.provider))
    assert fault.value.field == "provider"


def test_what_was_added_here_is_nobodys_to_adopt_or_release(world: World) -> None:
    service, manager = made(world), world.actor("hub_manager")
    for act in (actions.signpost, actions.release):
        with pytest.raises(RuleBroken, match="added here"):
            act(service, by=manager, at=world.now)


def test_a_provider_decides_nothing_even_of_its_own(world: World) -> None:
    service = adopted(world, listed_elsewhere())
    with pytest.raises(RuleBroken, match="The hub decides"):
        actions.release(service, by=world.actor("service_manager"), at=world.now)
    with pytest.raises(RuleBroken, match="of your own area"):
        actions.adopt(listed_elsewhere(code="x", source_id="2"), by=SYSTEM_ACTOR, at=world.now,
                      provider=world.provider, crime_types=(), takes_referrals=True)  # fmt: skip


def test_the_hub_of_another_area_cannot_undo_what_this_one_adopted(world: World) -> None:
    service = adopted(world, listed_elsewhere())
    with pytest.raises(RuleBroken, match="another organisation"):
        actions.release(service, by=world.actor("far_triage_officer"), at=world.now)


def test_the_hubs_realm_holds_the_grants_that_deciding_needs(world: World) -> None:
    service, by = listed_elsewhere(), world.actor("hub_manager")
    with transaction.atomic(), realms.inside(by.realm, orgs=by.orgs, user=by.user_id):
        adopted(world, service)
        actions.release(service, by=by, at=world.now)
        actions.signpost(service, by=by, at=world.now)


def test_nothing_is_adopted_and_only_signposted_at_once(world: World) -> None:
    service = adopted(world, listed_elsewhere())
    with pytest.raises(IntegrityError), transaction.atomic():
        Service.objects.filter(pk=service.pk).update(signposted_at=timezone.now())


# Pages


def test_the_hub_searches_and_filters_what_others_list(world: World) -> None:
    made(world, name="Sample Of Our Own")
    coffee = listed_elsewhere()
    walk = listed_elsewhere(name="Sample Walk", code="walk", source_id="2", provider_name="Ramblers Sample")
    swim = listed_elsewhere(name="Sample Swim", code="swim", source_id="1", source="another-list")
    adopted(world, walk)
    actions.signpost(swim, by=world.actor("hub_manager"), at=world.now)
    client = world.client("hub_manager")
    everything = page(client, "/services/listed/")
    for service in (coffee, walk, swim):
        assert service.name in everything
    assert "Sample Of Our Own" not in everything
    asked = {"standing=undecided": coffee, "standing=adopted": walk, "standing=signposted": swim, "q=rambl": walk,
             "q=coffee": coffee, "source=another-list": swim}  # fmt: skip
    for query, found in asked.items():
        shown = page(client, f"/services/listed/?{query}")
        assert [one.name for one in (coffee, walk, swim) if one.name in shown] == [found.name], query
    assert "No service to show" in page(client, "/services/listed/?q=nothing")


def test_adopt_chooses_the_organisation_of_the_same_name_and_asks_for_the_rest(world: World) -> None:
    service = listed_elsewhere(provider_name=f" {world.provider.name.upper()} ")
    client, address = world.client("hub_manager"), f"/services/{service.pk}/adopt/"
    assert f'<option value="{world.provider.pk}" selected' in page(client, address)
    wrong = page(client, address, {"provider": "", "takes_referrals": ""})
    assert "Choose who runs it" in wrong
    assert "Say whether the hub may send people to it" in wrong
    told = {"provider": str(world.provider.pk), "takes_referrals": "yes", "crime_types": ["stalking"]}
    shown = client.post(address, told, follow=True).content.decode()
    assert f"{world.provider.name} runs it here" in shown
    assert "Undo that first" in page(client, address, told)


def test_nobody_of_that_name_is_chosen_for_anybody(world: World) -> None:
    assert queries.namesake(listed_elsewhere(provider_name="Sample Club"), world.actor("hub_manager")) == ""


def test_signpost_and_release_are_one_press_each(world: World) -> None:
    service = listed_elsewhere()
    client, address = world.client("hub_manager"), f"/services/{service.pk}/"
    assert "Adopt it" in page(client, address)
    assert "sent nobody" in client.post(f"{address}signpost/", follow=True).content.decode()
    assert "nobody is sent there" in page(client, address)
    assert "Undone." in client.post(f"{address}release/", follow=True).content.decode()
    assert "Nothing changed" in client.post(f"{address}release/", follow=True).content.decode()


@pytest.mark.parametrize("person", ["service_manager", "caseworker", "triage_officer", "referrer", "analyst"])
def test_only_the_hubs_manager_decides_and_sees_the_buttons(world: World, person: str) -> None:
    service, client = adopted(world, listed_elsewhere()), world.client(person)
    assert client.get("/services/listed/").status_code == 403
    assert client.get(f"/services/{service.pk}/adopt/").status_code == 403
    for verb in ("adopt", "signpost", "release"):
        assert client.post(f"/services/{service.pk}/{verb}/").status_code == 403
    assert "What was decided about it" not in page(client, f"/services/{service.pk}/")
    assert rules.standing(Service.objects.get(pk=service.pk)) == rules.ADOPTED
