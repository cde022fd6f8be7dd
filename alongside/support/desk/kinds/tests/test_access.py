"""Whoever died is the hub's to know: no provider, no other hub, no commissioner."""

import pytest
from django.db import ProgrammingError

from alongside.support.arrivals.referrals.tests.arrivals import at_work, taken
from alongside.support.desk.kinds.models import Part
from alongside.support.desk.kinds.tests.test_actions import described
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("person", "seen"), [("triage_officer", 1), ("far_triage_officer", 0)])
def test_a_hub_reads_the_parts_of_its_own_people(world: World, person: str, seen: int) -> None:
    described(world, taken(world), kind="bereaved", relation="parent", died="Fictiona Sampleford")
    with at_work(world, person) as by:
        assert Part.objects.visible_to(by).count() == Part.objects.count() == seen


@pytest.mark.parametrize("person", ["caseworker", "referrer", "analyst"])
def test_nobody_else_may_ask(world: World, person: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), at_work(world, person):
        Part.objects.count()


@pytest.mark.parametrize("page", ["part", "part/relative"])
@pytest.mark.parametrize(("person", "status"), [("hub_manager", 200), ("far_triage_officer", 404), ("caseworker", 404)])
def test_the_pages_are_the_hubs(world: World, page: str, person: str, status: int) -> None:
    assert world.client(person).get(f"/referrals/{taken(world).pk}/{page}/").status_code == status
