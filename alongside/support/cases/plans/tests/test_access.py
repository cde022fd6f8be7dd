"""Who sees a plan: the provider of its case. Nobody else, by no page and no query."""

import pytest
from django.db import Error, transaction

from alongside.support.arrivals.referrals.tests.arrivals import at_work
from alongside.support.cases.plans.models import Given, Review, Sitting
from alongside.support.cases.plans.tests.planning import given, planned, scored
from tests.world import World

pytestmark = pytest.mark.django_db
STRANGERS = ("neighbour_caseworker", "neighbour_manager", "far_caseworker", "triage_officer", "hub_manager",
             "commissioning_officer", "referrer")  # fmt: skip


def rows(world: World, person: str) -> list[int]:
    """How many a person sees with both locks, and with the database's alone; none where it may not even ask."""
    counts = []
    with at_work(world, person) as by:
        for model in (Sitting, Review, Given):
            try:
                with transaction.atomic():
                    counts += [model.objects.visible_to(by).count(), model.objects.count()]
            except Error:
                counts += [0, 0]
    return counts


def test_the_provider_alone_sees_scores_reviews_and_what_was_given(world: World) -> None:
    case, need, _ = planned(world)
    scored(world, case)
    one = given(world, case, need)
    assert rows(world, "caseworker") == rows(world, "service_manager") == [1] * 6
    for person in STRANGERS:
        assert rows(world, person) == [0] * 6, person
        for address in (f"/casework/plans/{one.pk}/", f"/casework/cases/{case.pk}/plan/score/",
                        f"/casework/cases/{case.pk}/plan/give/"):  # fmt: skip
            assert world.client(person).get(address).status_code in (403, 404), (person, address)
        for verb in ("print", "withdraw"):
            address = f"/casework/plans/{one.pk}/{verb}/"
            assert world.client(person).post(address).status_code in (403, 404), (person, address)


def test_what_was_scored_and_given_is_not_rewritten_in_the_database(world: World) -> None:
    case, need, _ = planned(world)
    scored(world, case)
    given(world, case, need)
    for model, change in ((Sitting, {"answers": {}}), (Review, {"due_on": None}), (Given, {"content": b""})):
        with pytest.raises(Error), at_work(world, "caseworker"):
            model.objects.update(**change)
