"""Calls that are due, as the queue shows them."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client

from alongside.support.arrivals.referrals import attempts
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.referrals.tests.arrivals import at_work, taken
from alongside.support.desk.triage import queue
from alongside.support.desk.triage.queue import Wanted
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def officer(world: World) -> Client:
    return world.client("triage_officer")


def planned(world: World, referral: Referral, day: date) -> None:
    hours: dict[str, Any] = {"from_time": time(10), "until_time": time(12)}
    with at_work(world, "triage_officer") as by:
        attempts.plan_attempt(referral, by=by, at=world.now, day=day, sure=False, **hours)


def called(world: World, at: datetime) -> list[Referral]:
    with at_work(world, "triage_officer") as by:
        return list(queue.wanted(Referral.objects.visible_to(by), Wanted("calls_due"), by=by, at=at))


def test_calls_due_today_and_those_missed_are_in_one_view(world: World, officer: Client) -> None:
    first, second, later = (taken(world, source_ref=f"TEST-{number}") for number in range(3))
    planned(world, second, world.now.date() + DAY)
    planned(world, first, world.now.date() + 2 * DAY)
    planned(world, later, world.now.date() + 3 * DAY)
    assert called(world, world.now) == []
    assert {row.pk for row in called(world, world.now + 2 * DAY)} == {first.pk, second.pk}
    page = officer.get("/referrals/?view=calls_due").content.decode()
    assert page.index(second.reference) < page.index(first.reference) < page.index(later.reference)
    assert "Calls due (3)" in page and "Call missed: it was due 10am to midday" in page
