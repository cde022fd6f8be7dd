"""Somebody who comes back: their earlier cases here are shown, and what was left starts the plan by one press."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case, Need
from alongside.support.cases.casework.tests.cases import accepted, inside
from alongside.support.cases.closing import actions, queries
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def before(world: World) -> Case:
    """A case that was closed with one need met and one left."""
    case, by = accepted(world), world.actor("caseworker")
    with transaction.atomic(), inside(world, "caseworker"):
        met = casework.find_need(case, by=by, at=world.now, code="money", goal="Pay the rent")
        casework.settle_need(met, by=by, at=world.now, state=Need.State.MET, seen=1)
        casework.find_need(case, by=by, at=world.now, code="health", goal="Sleep again")
        casework.close(case, by=by, at=world.now + DAY, reason="moved_away", unmeasured_why="not_wanted")
    return Case.objects.get(pk=case.pk)


def back(world: World, before: Case) -> Case:
    with transaction.atomic(), inside(world, "caseworker"):
        return casework.begin(before.referral, by=world.actor("caseworker"), at=world.now + 60 * DAY,
                              provider=before.provider_id, service=before.service_id, offered_as=uuid7())  # fmt: skip


def test_whoever_comes_back_starts_from_what_was_left(world: World, before: Case) -> None:
    case, by, at = back(world, before), world.actor("caseworker"), world.now + 61 * DAY
    assert [one.pk for one in queries.earlier(case, by)] == [before.pk]
    assert queries.earlier(before, by) == () and queries.to_carry(before, by) == ()
    with transaction.atomic(), inside(world, "caseworker"):
        assert actions.carry_on(case, by=by, at=at) == 1
        assert list(Need.objects.filter(case=case).values_list("code", flat=True)) == ["health"]
        with pytest.raises(RuleBroken, match="in the plan already"):
            actions.carry_on(case, by=by, at=at)


def test_the_page_says_that_they_were_here_before(world: World, before: Case) -> None:
    case, client = back(world, before), world.client("caseworker")
    text = client.get(reverse("casework:show", args=[case.pk])).content.decode()
    assert "Came back: here 1 time before" in text and "Start the plan from what was left" in text
    assert reverse("casework:show", args=[before.pk]) in text
    text = client.post(reverse("closing:carry_on", args=[case.pk]), follow=True).content.decode()
    assert "it is a start" in text and "Sleep again" in text


def test_a_neighbour_knows_of_no_earlier_case(world: World, before: Case) -> None:
    case, by = back(world, before), world.actor("neighbour_caseworker")
    with transaction.atomic(), inside(world, "neighbour_caseworker"):
        assert queries.earlier(case, by) == ()
    assert world.client("neighbour_caseworker").post(reverse("closing:carry_on", args=[case.pk])).status_code == 404
