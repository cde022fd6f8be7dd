"""What stands on the page of a case beside it: that the police sent something again, for whoever holds it to decide."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from alongside.core.models import Look
from alongside.core.rows.realms import inside
from alongside.support.arrivals.changes.models import Change
from alongside.support.arrivals.changes.tests.held_cases import offered, sent_again
from alongside.support.arrivals.feeds.tests.test_actions import NOW
from alongside.support.cases.casework import actions
from alongside.support.cases.casework.models import Case
from tests.world import World

pytestmark = pytest.mark.django_db


def sent_otherwise(world: World, folder: Path, **cells: str) -> Case:
    """A case whose victim's row came again otherwise."""
    offer, by = offered(world, folder), world.actor("caseworker")
    with transaction.atomic(), inside(by.realm, orgs=by.orgs, user=by.user_id):
        case = actions.accept(offer, by=by, at=NOW + timedelta(hours=2))
    sent_again(world, folder, **cells)
    return case


def test_the_case_says_that_the_police_sent_other_details_until_somebody_decided(world: World, tmp_path: Path) -> None:
    case = sent_otherwise(world, tmp_path, family_name="Changed")
    worker, change, where = world.client("caseworker"), Change.objects.get(), f"/casework/cases/{case.pk}/"
    shown = worker.get(where).text
    assert "Testshire Police sent other details" in shown and f"/changes/{change.pk}/" in shown
    assert "Nothing on this record has changed" in shown and ">Changed<" not in shown
    assert change.victim_id in Look.objects.filter(route="casework:show").latest("at").subjects
    worker.post(f"/changes/{change.pk}/", {"d0": "keep"})
    assert "sent other details" not in worker.get(where).text


def test_a_refusal_that_the_police_sent_is_named_as_one(world: World, tmp_path: Path) -> None:
    case = sent_otherwise(world, tmp_path, consent="no")
    assert "Testshire Police sent a refusal" in world.client("caseworker").get(f"/casework/cases/{case.pk}/").text


@pytest.mark.parametrize("person", ["triage_officer", "neighbour_caseworker", "far_caseworker"])
def test_nobody_else_reads_that_a_change_waits(world: World, tmp_path: Path, person: str) -> None:
    case = sent_otherwise(world, tmp_path, family_name="Changed")
    assert "sent other details" not in world.client(person).get(f"/casework/cases/{case.pk}/").text
