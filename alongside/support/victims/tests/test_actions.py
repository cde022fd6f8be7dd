"""Judging two records, and finding those to judge."""

from datetime import date

import pytest

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.messages import actions as messages
from alongside.support.victims import actions, queries
from alongside.support.victims.actions import Identity
from alongside.support.victims.models import SamePerson, Victim
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


def test_records_with_one_name_and_birth_date_or_one_phone_may_be_one_person(world: World) -> None:
    ours = record(world, phone="07700 900123")
    same = record(world, phone="+44 7700 900123")
    phone = record(world, Identity(given_name="Testo"), phone="07700900123")
    record(world, Identity(given_name="Testina", family_name="Sampleford"))
    record(world, hub="far_hub", phone="07700 900123")
    with inside(Realm.HUB, orgs=[world.hub.pk]):
        found = {match.victim_id: match.reasons for match in queries.possible_matches(ours)}
    assert found == {same.pk: (queries.SAME_NAME, queries.SAME_PHONE), phone.pk: (queries.SAME_PHONE,)}


def test_a_person_without_a_birth_date_or_phone_matches_nobody(world: World) -> None:
    nameless = record(world, Identity())
    record(world, Identity())
    assert queries.possible_matches(nameless) == ()


def test_a_judgement_is_a_persons_and_can_be_changed_and_undone(world: World) -> None:
    left, right = record(world), record(world)
    officer = world.actor("triage_officer")
    first = actions.judge(left, right, by=officer, at=world.now, judgement="same")
    assert actions.judge(right, left, by=officer, at=world.now, judgement="same") == first
    changed = actions.judge(right, left, by=officer, at=world.now, judgement="not_same")
    assert queries.possible_matches(left)[0].judgement == "not_same"
    actions.undo_judgement(changed, by=officer, at=world.now)
    assert queries.possible_matches(right)[0].judgement == ""
    assert SamePerson.objects.filter(ended_at=None).count() == 0
    assert Victim.objects.count() == 2


def test_records_of_two_hubs_or_one_alone_are_not_judged(world: World) -> None:
    ours, theirs = record(world), record(world, hub="far_hub")
    for other in (ours, theirs):
        with pytest.raises(RuleBroken, match="two records of this hub"):
            actions.judge(ours, other, by=world.actor("triage_officer"), at=world.now, judgement="same")
