"""Who sees a document that was passed on: its provider and the hub. Nobody else, by no page and no query."""

from typing import Any

import pytest
from django.db import Error, ProgrammingError, transaction

from alongside.core.models import Look
from alongside.core.rows.realms import Realm, inside
from alongside.support.arrivals.referrals.tests.arrivals import at_work
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.cases.papers.models import Passed
from alongside.support.cases.papers.tests.passing import attached, on_a_case
from tests.world import World

pytestmark = pytest.mark.django_db


def rows(world: World, person: str) -> tuple[int, int]:
    """How many a person sees with both locks, and with the database's alone."""
    with at_work(world, person) as by:
        return Passed.objects.visible_to(by).count(), Passed.objects.count()


def test_the_provider_and_the_hub_see_it_and_no_other_provider_or_hub(world: World) -> None:
    _, one = on_a_case(world)
    assert rows(world, "caseworker") == rows(world, "triage_officer") == (1, 1)
    for person in ("neighbour_caseworker", "neighbour_manager", "far_caseworker", "far_triage_officer"):
        assert rows(world, person) == (0, 0), person
        assert world.client(person).get(f"/casework/documents/{one.pk}/").status_code == 404, person
    for person in ("referrer", "commissioning_officer", "privacy_officer", "triage_officer"):
        assert world.client(person).get(f"/casework/documents/{one.pk}/").status_code in (403, 404), person


def test_another_provider_of_the_same_person_sees_nothing_of_it(world: World) -> None:
    _, one = on_a_case(world)
    other = accepted(world, "neighbour_caseworker")
    assert rows(world, "neighbour_caseworker") == (0, 0)
    page = world.client("neighbour_caseworker").get(f"/casework/cases/{other.pk}/").content.decode()
    assert "Documents from the hub" not in page and str(one.pk) not in page


def test_only_the_hub_chooses_and_takes_back(world: World) -> None:
    case, one = on_a_case(world)
    document = attached(world, case.referral_id)
    for person in ("caseworker", "service_manager", "neighbour_caseworker", "referrer", "far_triage_officer"):
        client: Any = world.client(person)
        given = {"what": "Words", "checked": "on"}
        assert client.post(f"/referrals/documents/{document.pk}/pass-on/", given).status_code in (403, 404), person
        address = f"/referrals/documents/passed-on/{one.pk}/take-back/"
        assert client.post(address).status_code in (403, 404), person
    assert Passed.objects.get().state == "PASSED"


@pytest.mark.parametrize("change", [{"state": "PASSED"}, {"what": b"x"}, {"provider_id": 1}])
def test_a_provider_writes_nothing_and_the_hub_changes_neither_whom_nor_what(
    world: World, change: dict[str, object]
) -> None:
    on_a_case(world)
    with pytest.raises(ProgrammingError, match="permission denied"), at_work(world, "caseworker"):
        Passed.objects.update(**change)
    if "state" not in change:
        with pytest.raises(ProgrammingError, match="permission denied"), at_work(world, "triage_officer"):
            Passed.objects.update(**change)


def test_nobody_lets_themselves_in_by_a_row_of_their_own(world: World) -> None:
    _, one = on_a_case(world)
    with (
        pytest.raises(Error),
        transaction.atomic(),
        inside(Realm.PROVIDER, orgs=[world.neighbour.pk]),
    ):
        Passed.objects.create(
            hub_id=world.hub.pk, victim_id=one.victim_id, referral_id=one.referral_id, offer_id=one.offer_id,
            attachment_id=one.pk, provider=world.neighbour, kind="txt", size=1, came_at=world.now, chosen_at=world.now,
        )  # fmt: skip


def test_whoever_opens_it_is_in_the_log_with_the_person_whom_it_is_of(world: World) -> None:
    case, one = on_a_case(world)
    world.client("caseworker").get(f"/casework/documents/{one.pk}/")
    look = Look.objects.get(route="papers:document")
    assert look.user_id == world.people["caseworker"].pk and look.fields == "document"
    assert {one.pk, case.pk, case.victim_id} == set(look.subjects)
    page = world.client("service_manager").get(f"/casework/cases/{case.pk}/looks/").content.decode()
    assert "document opened" in page.lower()
