"""Writes of proposals: who may, what is refused, what the directory says afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.rows.realms import inside
from alongside.foundation.local.directory import actions as directory
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.parts import Site
from alongside.foundation.local.directory.tests.test_actions import made
from alongside.foundation.local.proposals import actions, jobs, queries
from alongside.foundation.local.proposals.models import Proposal
from tests.world import World


@contextmanager
def acting(world: World, person: str) -> Iterator[None]:
    """The realm of a person's request."""
    actor = world.actor(person)
    with transaction.atomic(), inside(actor.realm, orgs=actor.orgs, user=actor.user_id):
        yield


def begun(world: World, service: Service | None = None, person: str = "service_manager", **words: Any) -> Proposal:
    """A change that somebody has begun and worded, by default of the hours."""
    proposal = actions.begin(service or made(world), by=world.actor(person), at=world.now)
    return put(world, proposal, person, **words or {"hours": "Evenings"})


def put(world: World, proposal: Proposal, person: str = "service_manager", **words: Any) -> Proposal:
    return actions.put(proposal, words, by=world.actor(person), at=world.now, seen=proposal.stamp)


def sent(world: World, proposal: Proposal, person: str = "service_manager", **how: Any) -> Proposal:
    return actions.send(proposal, by=world.actor(person), at=world.now, **how)


def agreed(world: World, proposal: Proposal) -> Proposal:
    seen = queries.version_of(proposal.service)
    return actions.agree(proposal, by=world.actor("hub_manager"), at=world.now, seen=seen)


def test_what_a_provider_proposes_is_shown_once_the_hub_agrees(world: World) -> None:
    service = made(world)
    proposal = sent(world, begun(world, service))
    service.refresh_from_db()
    assert (proposal.state, service.hours) == ("SENT", "")
    proposal = agreed(world, proposal)
    service.refresh_from_db()
    assert (proposal.state, proposal.before, service.hours) == ("LIVE", {"hours": ""}, "Evenings")
    names = Event.objects.filter(subject=proposal.pk).order_by("id").values_list("name", flat=True)
    assert list(names) == [
        "proposal.begun",
        "proposal.worded",
        "proposal.sent",
        "proposal.agreed",
        "proposal.published",
    ]
    assert [one.number for one in queries.versions(service)] == [2, 1]


def test_each_step_holds_under_the_realm_that_takes_it(world: World) -> None:
    service = made(world)
    with acting(world, "service_manager"):
        proposal = sent(world, begun(world, service))
    with acting(world, "hub_manager"):
        agreed(world, proposal)
    service.refresh_from_db()
    assert service.hours == "Evenings"


def test_a_hubs_own_change_is_so_at_once(world: World) -> None:
    service = made(world)
    assert sent(world, begun(world, service, "hub_manager"), "hub_manager").state == "LIVE"
    service.refresh_from_db()
    assert service.hours == "Evenings"


def test_a_new_service_is_in_the_directory_when_it_is_agreed(world: World) -> None:
    by = world.actor("service_manager")
    proposal = actions.begin_new(world.provider, by=by, at=world.now, name=" Sample New ")
    with pytest.raises(RuleBroken, match="Say what it does"):
        sent(world, proposal)
    site = Site(address_1="1 Open Street", city="Sampleton", postcode="B1 1BB").kept()
    proposal = put(world, proposal, summary="Words", sites=[site])
    proposal = agreed(world, sent(world, proposal))
    assert proposal.service is not None
    assert (proposal.service.name, proposal.service.provider_id) == ("Sample New", world.provider.pk)
    assert proposal.service.sites == [{**site, "access": []}]


@pytest.mark.parametrize(("person", "place"), [
    ("service_manager", "neighbour"), ("service_manager", "hub"), ("hub_manager", "far_provider"),
    ("hub_manager", "force"),
])  # fmt: skip
def test_nobody_proposes_for_another_organisation(world: World, person: str, place: str) -> None:
    with pytest.raises(RuleBroken, match="of your own area"):
        actions.begin_new(world.organisations[place], by=world.actor(person), at=world.now, name="A")


def test_a_new_service_needs_a_name(world: World) -> None:
    with pytest.raises(RuleBroken, match="a name"):
        actions.begin_new(world.provider, by=world.actor("service_manager"), at=world.now, name=" ")


def test_a_change_that_is_open_is_gone_on_with(world: World) -> None:
    service = made(world)
    first = begun(world, service)
    assert actions.begin(service, by=world.actor("service_manager"), at=world.now) == first
    with pytest.raises(RuleBroken, match="another organisation"):
        actions.begin(service, by=world.actor("neighbour_manager"), at=world.now)


def test_two_people_do_not_write_over_each_other(world: World) -> None:
    proposal = begun(world)
    with pytest.raises(RuleBroken, match="meanwhile"):
        actions.put(proposal, {"hours": "x"}, by=world.actor("service_manager"), at=world.now, seen=proposal.stamp - 1)


def test_what_is_so_already_is_no_change_and_can_be_taken_out_again(world: World) -> None:
    proposal = put(world, begun(world), hours="", phone="01632 960 001")
    assert proposal.changes == {"phone": "01632 960 001"}
    proposal = put(world, proposal, phone="")
    with pytest.raises(RuleBroken, match="Nothing is different"):
        sent(world, proposal)


def test_a_place_that_becomes_secret_goes_from_every_proposal_too(world: World) -> None:
    site = Site(address_1="2 Former Street", city="Sampleton", postcode="B1 1BB").kept()
    service = made(world, location_public=True, location="1 Former Street")
    agreed(world, sent(world, begun(world, service, sites=[site])))
    proposal = begun(world, service, location="3 Former Street", hours="Evenings")
    proposal = put(world, proposal, location_protected=True, location_public=True, location="3 Former Street")
    assert proposal.changes == {
        "hours": "Evenings", "location_protected": True, "location_public": False, "location": "",
    }  # fmt: skip
    with acting(world, "service_manager"):
        proposal = sent(world, proposal)
    with acting(world, "hub_manager"):
        agreed(world, proposal)
    assert "Former" not in str(list(Proposal.objects.values_list("changes", "before")))
    assert "Former" not in str([one.details for one in queries.versions(service)])


@pytest.mark.parametrize(("words", "field"), [
    ({"age_from": 9, "age_to": 3}, "age_to"), ({"phone": "javascript:1"}, "phone"),
    ({"web": "http://x.example"}, "web"),
])  # fmt: skip
def test_what_cannot_be_is_refused_before_it_is_kept(world: World, words: dict[str, Any], field: str) -> None:
    proposal = begun(world)
    with pytest.raises(RuleBroken) as fault:
        put(world, proposal, **words)
    assert fault.value.field == field


def test_what_is_paid_is_the_hubs_to_change(world: World) -> None:
    with pytest.raises(RuleBroken, match="Only the hub"):
        put(world, begun(world), award="AW-1")
    assert begun(world, made(world), "hub_manager", award="AW-1").changes == {"award": "AW-1"}


def test_what_was_sent_is_not_changed_until_it_is_taken_back(world: World) -> None:
    proposal = sent(world, begun(world))
    with pytest.raises(RuleBroken, match="Take it back"):
        put(world, proposal, hours="x")
    proposal = actions.take_back(proposal, by=world.actor("service_manager"), at=world.now)
    assert put(world, proposal, hours="x").changes == {"hours": "x"}


def test_the_hub_gives_it_back_with_what_should_be_different(world: World) -> None:
    proposal, hub = sent(world, begun(world)), world.actor("hub_manager")
    with pytest.raises(RuleBroken, match="Say what"):
        actions.give_back(proposal, by=hub, at=world.now, answer=" ")
    with pytest.raises(RuleBroken, match="The hub answers"):
        actions.give_back(proposal, by=world.actor("service_manager"), at=world.now, answer="x")
    proposal = actions.give_back(proposal, by=hub, at=world.now, answer="Say which evenings")
    assert (proposal.state, proposal.answer) == ("RETURNED", "Say which evenings")
    assert sent(world, put(world, proposal, hours="Mondays")).state == "SENT"


def test_only_the_hub_agrees_and_only_to_what_it_saw(world: World) -> None:
    proposal = sent(world, begun(world))
    with pytest.raises(RuleBroken, match="The hub agrees"):
        actions.agree(proposal, by=world.actor("service_manager"), at=world.now, seen=1)
    assert proposal.service is not None
    changed = directory.Details("Sample Outreach", "Other words.")
    directory.revise(proposal.service, changed, by=world.actor("hub_manager"), at=world.now)
    with pytest.raises(RuleBroken, match="changed meanwhile"):
        actions.agree(proposal, by=world.actor("hub_manager"), at=world.now, seen=1)
    agreed(world, proposal)
    held = Service.objects.get(pk=proposal.service.pk)
    assert (held.summary, held.hours) == ("Other words.", "Evenings")


def test_a_change_with_a_day_to_come_is_made_on_that_day(world: World) -> None:
    day = world.now.date() + timedelta(days=40)
    proposal = agreed(world, sent(world, begun(world), applies_on=day))
    assert proposal.state == "AGREED"
    assert actions.publish_due(by=SYSTEM_ACTOR, at=world.now) == {}
    proposal.refresh_from_db()
    assert proposal.state == "AGREED"
    actions.publish_due(by=SYSTEM_ACTOR, at=world.now + timedelta(days=40))
    proposal.refresh_from_db()
    assert proposal.state == "LIVE"
    assert proposal.service is not None
    assert queries.versions(proposal.service)[0].organisation is None


def test_the_hub_calls_off_what_it_agreed_to_before_its_day(world: World) -> None:
    day = world.now.date() + timedelta(days=40)
    proposal = agreed(world, sent(world, begun(world), applies_on=day))
    with pytest.raises(RuleBroken, match="Ask the hub"):
        actions.call_off(proposal, by=world.actor("service_manager"), at=world.now)
    proposal = actions.call_off(proposal, by=world.actor("hub_manager"), at=world.now)
    assert actions.drop(proposal, by=world.actor("service_manager"), at=world.now).state == "DROPPED"


def test_what_cannot_go_live_on_its_day_is_a_draft_again_with_why(world: World) -> None:
    closing, other = made(world), made(world, name="Sample Other")
    hub, day = world.actor("hub_manager"), world.now.date() + timedelta(days=4)
    proposal = actions.begin(closing, by=hub, at=world.now, kind="CLOSE")
    proposal = sent(world, proposal, "hub_manager", applies_on=day, moves_to=other)
    directory.close(other, by=hub, at=world.now)
    failed = actions.publish_due(by=SYSTEM_ACTOR, at=world.now + timedelta(days=4))
    assert set(failed) == {proposal.pk}
    proposal.refresh_from_db()
    closing.refresh_from_db()
    assert (proposal.state, closing.state) == ("DRAFT", "OPEN")
    assert "another service that is open" in proposal.answer


def test_a_closing_names_who_helps_its_people(world: World) -> None:
    closing, other = made(world), made(world, name="Sample Other")
    proposal = actions.begin(closing, by=world.actor("service_manager"), at=world.now, kind="CLOSE")
    assert (str(other.pk), "Sample Other (Sample Charity)")[0] in dict(queries.destinations(proposal))
    agreed(world, sent(world, proposal, moves_to=other))
    closing.refresh_from_db()
    assert (closing.state, closing.moves_to_id) == ("CLOSED", other.pk)
    again = actions.begin(closing, by=world.actor("service_manager"), at=world.now, kind="CLOSE")
    agreed(world, sent(world, again))  # closed already: only who helps its people is different
    closing.refresh_from_db()
    assert closing.moves_to_id is None


@pytest.mark.parametrize(("how", "field"), [
    ({"applies_on": -1}, "applies_on"), ({"words": "x" * 2001}, "words"),
])  # fmt: skip
def test_a_day_that_is_past_and_too_many_words_are_refused(world: World, how: dict[str, Any], field: str) -> None:
    if "applies_on" in how:
        how = {"applies_on": world.now.date() + timedelta(days=how["applies_on"])}
    with pytest.raises(RuleBroken) as fault:
        sent(world, begun(world), **how)
    assert fault.value.field == field


def test_a_neighbour_touches_nothing(world: World) -> None:
    with pytest.raises(RuleBroken, match="another organisation"):
        actions.drop(begun(world), by=world.actor("neighbour_manager"), at=world.now)


def test_the_job_makes_due_ones_live_and_says_how_many_could_not(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    closing, other = made(world), made(world, name="Sample Other")
    proposal = actions.begin(closing, by=world.actor("hub_manager"), at=world.now, kind="CLOSE")
    Proposal.objects.filter(pk=proposal.pk).update(state="AGREED", moves_to=other)
    directory.close(other, by=world.actor("hub_manager"), at=world.now)
    jobs.publish_due.func.__wrapped__()
    assert "1 agreed proposals could not go live" in caplog.text
    jobs.publish_due.func.__wrapped__()
    assert len(caplog.records) == 1
