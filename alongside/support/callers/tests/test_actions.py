"""A call becomes one referral, with ways that were given by voice."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from alongside.core.errors import RuleBroken
from alongside.core.events import Event
from alongside.core.rows.realms import inside
from alongside.foundation.messages.models import ContactPoint
from alongside.support.callers import actions
from alongside.support.callers.tests.calling import SAID
from alongside.support.referrals.models import Referral
from tests.world import World

pytestmark = pytest.mark.django_db


def taken_down(world: World, key: UUID, **also: Any) -> Referral:
    by = world.actor("triage_officer")
    with transaction.atomic(), inside(by.realm, orgs=by.orgs, user=by.user_id):
        return actions.take_down({**SAID, **also}, by=by, at=world.now, key=key)


def test_take_down_makes_a_referral_with_a_way_that_was_given_by_voice(world: World) -> None:
    referral = taken_down(world, uuid4())
    assert (referral.source, referral.hub_id, referral.consent) == ("self", world.hub.pk, "yes")
    assert referral.referred_by == world.actor("triage_officer").user_id and not referral.reported
    point = ContactPoint.objects.get(person_id=referral.victim_id)
    assert point.safe == "yes" and point.verified_how == "by_voice" and not point.leave_message
    assert Event.objects.filter(name="referral.taken_down", subject=referral.pk).count() == 1


def test_take_down_twice_with_one_page_makes_one_referral(world: World) -> None:
    key = uuid4()
    first = taken_down(world, key)
    assert taken_down(world, key) == first and Referral.objects.count() == 1
    assert taken_down(world, uuid4()) != first


def test_take_down_marks_a_child_and_somebody_in_danger(world: World) -> None:
    referral = taken_down(world, uuid4(), birth_date=date(world.now.year - 14, 1, 1), danger="yes", phone_safe="no")
    assert referral.markers == ["child"] and referral.high_risk
    assert ContactPoint.objects.get().verified_how == ""
    grown = taken_down(world, uuid4(), birth_date=date(1980, 1, 1), reported="unknown", interpreter="", phone="")
    assert grown.markers == [] and grown.why_not_reported


def test_take_down_keeps_nothing_without_agreement(world: World) -> None:
    with pytest.raises(RuleBroken, match="Without their agreement"):
        taken_down(world, uuid4(), agreed=False)
    assert not Referral.objects.exists()
