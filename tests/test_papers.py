"""A document that was passed on follows the people who are named on a restricted record, at the hub and elsewhere."""

import pytest

from alongside.support.cases.papers.models import Passed
from alongside.support.cases.papers.tests.passing import TEXT, attached, on_a_case, passed
from alongside.support.keeping.restricted import jobs
from alongside.support.keeping.restricted.tests.sealed import acting, restricted, run
from tests.world import World

pytestmark = pytest.mark.django_db


def rows(world: World, person: str) -> tuple[int, int]:
    """How many a person sees with both locks, and with the database's alone."""
    with acting(world, person) as by:
        return Passed.objects.visible_to(by).count(), Passed.objects.count()


def test_the_documents_of_a_restricted_record_follow_its_named_people(world: World) -> None:
    case, one = on_a_case(world)
    restricted(world, case=case)
    run(jobs.name_elsewhere, "record.restricted")
    assert rows(world, "triage_officer") == rows(world, "service_manager") == (1, 1)
    for person in ("other_triage_officer", "other_caseworker"):
        assert rows(world, person) == (0, 0), person
    assert world.client("other_caseworker").get(f"/casework/documents/{one.pk}/").status_code == 404
    later = passed(world, attached(world, case.referral_id))
    assert rows(world, "other_caseworker") == (0, 0) and rows(world, "service_manager") == (2, 2)
    assert world.client("service_manager").get(f"/casework/documents/{later.pk}/").content == TEXT
