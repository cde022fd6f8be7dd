"""Judging two records, and finding those to judge."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.privacy import fields
from alongside.foundation.office.messages import actions as messages
from alongside.support.people.victims import actions, queries
from alongside.support.people.victims.actions import Identity
from alongside.support.people.victims.models import Agreement, Basis, Correction, SamePerson, Victim
from alongside.support.people.victims.rules import STALE
from tests.world import World

pytestmark = pytest.mark.django_db
TESTINA = Identity(given_name="Testina", family_name="Sampleford", birth_date=date(1990, 1, 1))


def record(world: World, identity: Identity = TESTINA, *, hub: str = "hub", phone: str = "") -> Victim:
    hub_id = getattr(world, hub).pk
    victim = actions.record(identity, by=SYSTEM_ACTOR, at=world.now, hub_id=hub_id)
    if phone:
        messages.add(
            victim.pk, by=SYSTEM_ACTOR, at=world.now, organisation_id=hub_id, kind="phone", value=phone, safe="yes"
        )
    return victim


def judgement_of(left: Victim, right: Victim) -> str:
    return next((match.judgement for match in queries.matches(left, {right.pk: ("Alike",)})), "none")


def test_a_judgement_is_a_persons_and_can_be_changed_and_undone(world: World) -> None:
    left, right = record(world), record(world)
    officer = world.actor("triage_officer")
    first = actions.judge(left, right, by=officer, at=world.now, judgement="same")
    assert actions.judge(right, left, by=officer, at=world.now, judgement="same") == first
    changed = actions.judge(right, left, by=officer, at=world.now, judgement="not_same")
    assert judgement_of(left, right) == "not_same"
    actions.undo_judgement(changed, by=officer, at=world.now)
    assert judgement_of(right, left) == ""
    assert SamePerson.objects.filter(ended_at=None).count() == 0
    assert Victim.objects.count() == 2
    assert queries.matches(left, {left.pk: ("Alike",)}) == ()


def test_records_of_two_hubs_or_one_alone_are_not_judged(world: World) -> None:
    ours, theirs = record(world), record(world, hub="far_hub")
    for other in (ours, theirs):
        with pytest.raises(RuleBroken, match="two records of this hub"):
            actions.judge(ours, other, by=world.actor("triage_officer"), at=world.now, judgement="same")


def put_right(victim: Victim, world: World, person: str = "triage_officer", seen: int = 1, **changes: object) -> None:
    """A correction by somebody at work who saw this version of the record."""
    victim.refresh_from_db()
    identity = replace(actions.identity_of(victim), **changes)  # type: ignore[arg-type]
    actions.correct(
        victim, by=world.actor(person), at=world.now, identity=identity, reason="mistyped", seen=seen
    )  # fmt: skip


def test_a_correction_changes_the_record_and_keeps_what_it_said_sealed(world: World) -> None:
    victim = record(world, replace(TESTINA, ethnicity="white_irish", access_needs="Large print"))
    put_right(
        victim, world, family_name="Fakename", birth_date=date(1991, 2, 3), ethnicity="asian_indian",
        access_needs="Braille",
    )  # fmt: skip
    victim.refresh_from_db()
    assert (victim.full_name, victim.birth_date, victim.version) == ("Testina Fakename", date(1991, 2, 3), 2)
    assert fields.read(victim, "access_needs") == "Braille"
    made, event = Correction.objects.get(), Event.objects.get(name="victim.corrected")
    assert made.changed == ["family_name", "birth_date", "ethnicity", "access_needs"]
    assert b"Sampleford" not in bytes(made.before)
    assert json.loads(fields.read(made, "before")) == {"family_name": "Sampleford", "birth_date": "1990-01-01"}
    assert event.details == {"changed": made.changed, "reason": "mistyped"}


def test_a_corrected_name_is_found_and_the_wrong_one_is_not(world: World) -> None:
    victim = record(world)
    put_right(victim, world, family_name="Fakename")
    assert Victim.objects.filter(name_key__begins="fakename").count() == 1
    assert Victim.objects.filter(name_key__begins="sampleford").count() == 0


def test_whoever_comes_second_is_told_and_changes_nothing(world: World) -> None:
    victim = record(world)
    put_right(victim, world, family_name="Fakename")
    with pytest.raises(RuleBroken, match=STALE[:30]):
        put_right(victim, world, "hub_manager", given_name="Testo")
    victim.refresh_from_db()
    assert victim.full_name == "Testina Fakename"
    put_right(victim, world, "hub_manager", seen=2, given_name="Testo")
    victim.refresh_from_db()
    assert victim.full_name == "Testo Fakename"


def test_the_same_correction_twice_is_made_once(world: World) -> None:
    victim = record(world)
    for _ in range(2):
        put_right(victim, world, family_name="Fakename")
    assert Correction.objects.count() == 1


def test_a_correction_needs_a_reason_of_the_rulebook(world: World) -> None:
    victim = record(world)
    with pytest.raises(RuleBroken, match="Choose why"):
        actions.correct(
            victim, by=world.actor("triage_officer"), at=world.now, identity=Identity(), reason="because", seen=1
        )


def test_only_the_hub_says_that_a_place_need_not_be_protected(world: World) -> None:
    victim = record(world)
    put_right(victim, world, "caseworker", location_protected=True)
    with pytest.raises(RuleBroken, match="Only the hub"):
        put_right(victim, world, "caseworker", seen=2, location_protected=False)
    put_right(victim, world, "caseworker", seen=2, given_name="Testo")
    put_right(victim, world, "triage_officer", seen=3, location_protected=False)
    victim.refresh_from_db()
    assert (victim.location_protected, victim.given_name) == (False, "Testo")


def test_an_answer_sent_twice_is_kept_once_and_a_changed_mind_each_time(world: World) -> None:
    victim, by = record(world), world.actor("triage_officer")
    for seconds, given in ((0, True), (5, True), (10, False), (15, True), (200, True)):
        actions.agree(victim, by=by, at=world.now + timedelta(seconds=seconds), about="support", given=given)
    assert list(Agreement.objects.order_by("recorded_at").values_list("given", flat=True)) == [True, False, True, True]
    latest = Agreement.objects.latest("recorded_at")
    actions.withdraw(latest, by=by, at=world.now + timedelta(seconds=201))
    actions.agree(victim, by=by, at=world.now + timedelta(seconds=202), about="support", given=True)
    assert Agreement.objects.count() == 5


def test_a_basis_sent_twice_is_kept_once(world: World) -> None:
    victim, by = record(world), world.actor("triage_officer")
    for seconds, basis in ((0, "public_task"), (5, "public_task"), (6, "consent"), (200, "public_task")):
        actions.state_basis(
            victim, by=by, at=world.now + timedelta(seconds=seconds), purpose="support", basis=basis
        )  # fmt: skip
    assert Basis.objects.count() == 3
