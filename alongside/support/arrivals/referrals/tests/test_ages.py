"""The age at receipt counts an age that was typed; "under 18" alone is no age and still means a child."""

from dataclasses import replace
from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.db import connection

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.support.arrivals.referrals import actions, presenters, queries
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.referrals.tests.arrivals import TESTINA, received
from alongside.support.people.victims import actions as victims
from tests.world import World

pytestmark = pytest.mark.django_db
migration = import_module("alongside.support.arrivals.referrals.migrations.0015_ages_that_were_said")


def told(world: World, **said: Any) -> Referral:
    return received(world, identity=replace(TESTINA, birth_date=None, **said))


@pytest.mark.parametrize(("said", "age"), [({"age_said": 34}, 34), ({"said_under": 18}, None), ({}, None)])
def test_a_typed_age_is_the_age_at_receipt(world: World, said: dict[str, int], age: int | None) -> None:
    assert told(world, **said).age_at_receipt == age


def test_the_birth_date_wins_once_it_is_known(world: World) -> None:
    referral = told(world, age_said=34)
    victim = referral.victim
    identity = replace(victims.identity_of(victim), birth_date=date(2000, 1, 1))
    victims.correct(victim, by=SYSTEM_ACTOR, at=world.now, identity=identity, reason="told_us", seen=victim.version)
    victim.refresh_from_db()
    actions.reckon_age(victim, by=SYSTEM_ACTOR, at=world.now)
    assert Referral.objects.get().age_at_receipt == 26


@pytest.mark.parametrize("said", [{"age_said": 15}, {"said_under": 18}])
def test_who_was_said_to_be_a_child_is_one_wherever_that_is_asked(world: World, said: dict[str, int]) -> None:
    referral = told(world, **said)
    assert "Under 18" in str(presenters.tags(referral, {}))
    on = world.now.date()
    assert queries.to_read(referral, on) != queries.to_read(received(world, source_ref="TEST-2"), on)


@pytest.mark.parametrize(
    ("said", "words"),
    [({"age_said": 15}, "Not known, said to be 15"), ({"said_under": 18}, "Not known, said to be under 18"),
     ({}, "Not known")],
)  # fmt: skip
def test_the_page_says_what_was_said(world: World, said: dict[str, int], words: str) -> None:
    referral = told(world, **said)
    page = world.client("triage_officer").get(f"/referrals/{referral.pk}/").text
    assert words in page


def test_ages_that_were_typed_before_are_counted_too(world: World) -> None:
    told(world, age_said=34)
    Referral.objects.update(age_at_receipt=None)
    for _ in range(2):
        with connection.cursor() as cursor:
            cursor.execute(migration.SAID)
    assert Referral.objects.get().age_at_receipt == 34
