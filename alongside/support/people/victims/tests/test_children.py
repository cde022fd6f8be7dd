"""A child is contacted through an adult, by the rulebook's ages, and no message goes to one who is too young."""

from datetime import date

import pytest
from django.test import Client

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.privacy import fields
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.messages.models import Outgoing
from alongside.support.people.victims import actions, queries, rules
from alongside.support.people.victims.actions import Identity
from alongside.support.people.victims.models import Responsible, Victim
from tests.world import World

pytestmark = pytest.mark.django_db
ON = date(2026, 9, 14)


def child(world: World, age: int | None, *, kind: str = "person", phone: str = "07700 900123") -> Victim:
    born = date(2026 - age, 1, 1) if age is not None else None
    identity = Identity(kind=kind, given_name="Dottie", family_name="Sampleford", birth_date=born)
    victim = actions.record(identity, by=SYSTEM_ACTOR, at=world.now, hub_id=world.hub.pk)
    messages.add(victim.pk, by=SYSTEM_ACTOR, at=world.now, organisation_id=world.hub.pk, kind="phone",
                 value=phone, safe="yes", verified_how="by voice")  # fmt: skip
    return victim


def named(
    world: World, victim: Victim, *, judged: bool = False, why: str = "", name: str = "Nan Sample"
) -> Responsible:
    officer = world.actor("triage_officer")
    return actions.name_adult(victim, by=officer, at=world.now, name=name, relation="parent", judged=judged, why=why)


def send(world: World, victim: Victim) -> Outgoing:
    return actions.send(victim, by=world.actor("triage_officer"), at=world.now, template="call_us")


@pytest.mark.parametrize("age", [0, 12, 13, 15])
def test_no_message_goes_to_a_child_below_the_age(world: World, age: int) -> None:
    victim = child(world, age)
    with pytest.raises(RuleBroken, match="No message goes to a child"):
        send(world, victim)
    assert not queries.may_send(victim, by=world.actor("triage_officer"), at=world.now)
    assert not Outgoing.objects.exists()


@pytest.mark.parametrize("age", [16, 40, None])
def test_who_is_old_enough_or_of_unknown_age_is_contacted_like_anybody(world: World, age: int | None) -> None:
    victim = child(world, age)
    assert queries.footing(victim, ON) is None and queries.note_of(victim, ON) == ""
    assert send(world, victim).state == "WAITING"
    assert queries.may_send(victim, by=world.actor("triage_officer"), at=world.now)


def test_from_13_a_worker_may_judge_that_they_choose_and_below_nobody_may(world: World) -> None:
    older, younger = child(world, 14), child(world, 9, phone="07700 900456")
    with pytest.raises(RuleBroken, match="what shows"):
        named(world, older, judged=True)
    named(world, older, judged=True, why="Explained it back in her own words")
    assert send(world, older).state == "WAITING"
    assert "may be contacted directly" in queries.note_of(older, ON)
    with pytest.raises(RuleBroken, match="only through an adult"):
        named(world, younger, judged=True, why="Clever")
    named(world, older)
    with pytest.raises(RuleBroken, match="No message"):
        send(world, older)


def test_the_adult_is_sealed_and_stands_in_the_note(world: World) -> None:
    victim = child(world, 9)
    assert queries.note_of(victim, ON).endswith("No adult is recorded yet.")
    made = named(world, victim)
    assert b"Nan" not in bytes(made.name) and fields.read(made, "name") == "Nan Sample"
    assert queries.note_of(victim, ON).endswith("The adult is Nan Sample (Parent or guardian).")
    with pytest.raises(RuleBroken, match="Enter the name"):
        named(world, victim, name=" ")


def test_an_adult_is_recorded_for_somebody_whose_age_nobody_knows(world: World) -> None:
    victim = child(world, None)
    actions.name_adult(victim, by=SYSTEM_ACTOR, at=world.now, name="Nan Sample", relation="", judged=False, why="")
    assert queries.note_of(victim, ON) == "Contact goes through an adult with responsibility. The adult is Nan Sample."
    assert not queries.through_adult(None, ON)


def test_a_business_is_no_child(world: World) -> None:
    assert queries.footing(child(world, 5, kind="business"), ON) is None


def test_a_rule_by_itself_says_what_it_says() -> None:
    assert rules.footing("direct", "x", adult="", judged=False) is None
    assert rules.footing("", "", adult="", judged=None) is None
    found = rules.footing("judgement", "13 to 15", adult="Nan", judged=None)
    assert found and found.note == "13 to 15 The adult is Nan." and not found.directly


@pytest.fixture
def officer(world: World) -> Client:
    return world.client("triage_officer")


def test_the_page_names_the_adult_and_says_so_wherever_contact_is_made(world: World, officer: Client) -> None:
    victim = child(world, 9)
    address = f"/victims/{victim.pk}/name-adult/"
    assert "Under 13" in officer.get(address).content.decode()
    refused = officer.post(address, {"name": "", "relation": ""}).content.decode()
    assert "Enter the name of the adult" in refused
    page = officer.post(address, {"name": "Nan Sample", "relation": "parent"}, follow=True).content.decode()
    assert "The adult is Nan Sample" in page
    page = officer.post(f"/victims/{victim.pk}/send/", {"template": "call_us"}).content.decode()
    assert "No message goes to a child directly" in page


def test_nobody_else_reads_who_the_adult_is(world: World) -> None:
    victim = child(world, 9)
    for person in ("caseworker", "far_triage_officer", "referrer"):
        assert world.client(person).get(f"/victims/{victim.pk}/name-adult/").status_code in (403, 404)
