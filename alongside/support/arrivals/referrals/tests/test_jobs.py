"""What the referrals' jobs do when they are told, once or twice."""

from datetime import date

import pytest

from alongside.core import events
from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.ids import uuid7
from alongside.support.arrivals.referrals import jobs
from alongside.support.arrivals.referrals.tests.arrivals import events_of, received, taken
from alongside.support.people.matching.models import Profile
from alongside.support.people.victims.models import Victim
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_job_frees_what_a_leaver_had_taken(world: World) -> None:
    referral, leaver = taken(world), world.people["triage_officer"]
    details = {"user": str(leaver.pk), "organisation": world.hub.pk}
    ended = events.record("test.ended", leaver.pk, by=SYSTEM_ACTOR, at=world.now, **details)
    for _ in range(2):
        jobs.let_go(event=str(ended.pk), subject=str(leaver.pk))
    referral.refresh_from_db()
    assert referral.worker is None
    assert events_of(referral).count("referral.let_go") == 1


def test_ages_follow_a_corrected_birth_date(world: World) -> None:
    referral = received(world)
    for born, age in ((date(2010, 1, 1), 16), (None, None)):
        Victim.objects.update(birth_date=born)
        for _ in range(2):
            jobs.reckon_age(event="", subject=str(referral.victim_id))
        referral.refresh_from_db()
        assert referral.age_at_receipt == age
    assert events_of(referral).count("referral.age_reckoned") == 2
    jobs.reckon_age(event="", subject=str(uuid7()))


def test_who_came_can_be_recognised_at_once(world: World) -> None:
    referral = received(world)
    for _ in range(2):
        jobs.describe(event="", subject=str(referral.pk))
    assert Profile.objects.get().victim_id == referral.victim_id
    jobs.describe(event="", subject=str(uuid7()))
