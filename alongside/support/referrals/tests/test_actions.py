"""What each verb writes, under the realm that calls it."""

from dataclasses import replace
from unittest.mock import patch

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from alongside.core.access.actor import PUBLIC_ACTOR, SYSTEM_ACTOR, Actor
from alongside.core.models import Event
from alongside.core.privacy import fields
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.messages.models import ContactPoint
from alongside.support.referrals import actions, rules
from alongside.support.referrals.models import Referral, Standing
from alongside.support.referrals.tests.arrivals import arrival
from alongside.support.victims.models import Agreement, Victim
from tests.world import World

pytestmark = pytest.mark.django_db


def receive_as(actor: Actor, world: World, **changes: object) -> Referral:
    with transaction.atomic(), inside(actor.realm, orgs=actor.orgs, user=actor.user_id):
        return actions.receive(arrival(world, **changes), by=actor, at=world.now)


def test_a_partner_leaves_a_referral_that_the_hub_sees_whole(world: World) -> None:
    left = receive_as(world.actor("referrer"), world)
    with transaction.atomic(), inside(Realm.HUB, orgs=[world.hub.pk]):
        referral = Referral.objects.get(pk=left.pk)
        victim, point = Victim.objects.get(), ContactPoint.objects.get()
        assert (referral.state, referral.age_at_receipt, victim.name_key) == (
            "RECEIVED",
            36,
            "sampleford testina",
        )
        assert fields.read(referral, "notes") == "Testina is staying with a friend."
        assert fields.read(point, "value") == "07700 900123"
        assert fields.read(victim, "access_needs") == "Large print"
        assert point.verified_at is None


def test_a_partner_follows_its_own_referral_and_reads_nothing_else(world: World) -> None:
    receive_as(world.actor("referrer"), world)
    with transaction.atomic(), inside(Realm.REFERRER, orgs=[world.partner.pk]):
        assert Standing.objects.get().word == "received"
    with transaction.atomic(), inside(Realm.REFERRER, orgs=[world.force.pk]):
        assert not Standing.objects.exists()
    for model in (Referral, Victim, ContactPoint):
        with (
            pytest.raises(ProgrammingError),
            transaction.atomic(),
            inside(Realm.REFERRER, orgs=[world.partner.pk]),
        ):
            model._default_manager.count()


def test_the_public_leaves_a_referral_and_reads_none(world: World) -> None:
    left = receive_as(PUBLIC_ACTOR, world, source="self", source_organisation=None, reported=False)
    assert Event.objects.get(name="referral.received").subject == left.pk
    assert not Standing.objects.exists()
    with pytest.raises(ProgrammingError), transaction.atomic(), inside(Realm.PUBLIC):
        Referral.objects.count()


@pytest.mark.parametrize("source", ["self", "partner"])
def test_nobody_leaves_an_event_in_another_name(world: World, source: str) -> None:
    forged = replace(PUBLIC_ACTOR, organisation_id=world.hub.pk)
    with pytest.raises(ProgrammingError), transaction.atomic(), inside(Realm.PUBLIC):
        actions.receive(arrival(world, source=source, source_organisation=None), by=forged, at=world.now)


@pytest.mark.parametrize(("said", "expected"), [("yes", [True]), ("no", [False]), ("unknown", [])])
def test_what_the_source_said_of_agreement_is_recorded_where_the_realm_may(
    world: World, said: str, expected: list[bool]
) -> None:
    receive_as(world.actor("triage_officer"), world, consent=said)
    assert [agreement.given for agreement in Agreement.objects.all()] == expected


def test_agreement_that_a_partner_passed_on_is_recorded_once_afterwards(world: World) -> None:
    left = receive_as(world.actor("referrer"), world)
    assert not Agreement.objects.exists()
    for _ in range(2):
        actions.note_consent(left, by=SYSTEM_ACTOR, at=world.now)
    assert Agreement.objects.get().how == "partner"


def test_a_reference_that_is_taken_is_drawn_again(world: World) -> None:
    first = receive_as(PUBLIC_ACTOR, world, source="self", source_organisation=None)
    with patch.object(rules, "new_reference", side_effect=[first.reference, "AL-7777-7777"]):
        second = receive_as(PUBLIC_ACTOR, world, source="self", source_organisation=None)
    assert second.reference == "AL-7777-7777"
    with (
        patch.object(rules, "new_reference", return_value=first.reference),
        pytest.raises(IntegrityError),
        transaction.atomic(),
    ):
        actions.receive(arrival(world), by=SYSTEM_ACTOR, at=world.now)


def test_the_same_row_of_a_police_feed_is_not_taken_in_twice(world: World) -> None:
    receive_as(SYSTEM_ACTOR, world, source="police_feed")
    with pytest.raises(IntegrityError), transaction.atomic():
        receive_as(SYSTEM_ACTOR, world, source="police_feed")
