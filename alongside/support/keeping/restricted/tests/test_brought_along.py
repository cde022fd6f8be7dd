"""Who is brought along with a crime that the office restricts is behind names from the first moment, as by referral."""

from typing import Any

import pytest
from django.urls import reverse

from alongside.core.models import Event
from alongside.core.rows import records
from alongside.support.cases.casework.models import Case
from alongside.support.cases.imports.models import Batch, Row
from alongside.support.cases.imports.tests.sheets import ROWS, WORDS, brought, case_of, mapped, row, user, workbook
from alongside.support.keeping.restricted.models import Restriction
from alongside.support.keeping.restricted.tests.sealed import acting
from tests.world import World

pytestmark = pytest.mark.django_db
MARRIED, PLAIN = (*ROWS[0][:6], "FM", *ROWS[0][7:]), ROWS[1]


def said(world: World, worker: str = "caseworker") -> dict[str, Any]:
    return {
        "words": {**WORDS, "crime_type": {"fm": "forced_marriage"}, "worker": {"testa c": str(user(world, worker))}}
    }


def restricted(world: World) -> Batch:
    return brought(world, workbook([MARRIED, PLAIN]), **said(world))


def sees(world: World, person: str) -> set[str]:
    """The families' names of the cases that somebody may open."""
    with acting(world, person):
        return set(Case.objects.values_list("victim__family_name", flat=True))


def test_a_restricted_crime_is_behind_names_as_it_is_brought_in(world: World) -> None:
    batch = restricted(world)
    case = case_of(batch, 4)
    held = Restriction.objects.get()
    assert (held.victim_id, held.hub_id, held.restricted_by) == (case.victim_id, world.provider.pk, None)
    assert all(number < 0 for one in (case, case.victim, case.referral) for number in one.visible_orgs)
    assert not case_of(batch, 5).restricted
    assert Event.objects.filter(name="record.restricted", subject=case.victim_id).count() == 1


def test_managers_and_their_worker_open_it_and_nobody_else(world: World) -> None:
    batch = restricted(world)
    named = {one.user_id: one.why for one in records.named(case_of(batch, 4).victim_id)}
    assert named == {user(world, "service_manager"): "by_rule", user(world, "caseworker"): "works_on_it"}
    assert sees(world, "caseworker") == sees(world, "service_manager") == {"Sample", "Specimen"}
    assert sees(world, "other_caseworker") == {"Specimen"}
    for person in ("hub_manager", "privacy_officer", "neighbour_manager", "far_caseworker"):
        assert sees(world, person) == set()


def test_without_a_worker_the_managers_alone_are_named(world: World) -> None:
    nobody = (*MARRIED[:7], "", *MARRIED[8:])
    batch = brought(world, workbook([nobody]), **said(world))
    assert {one.user_id for one in records.named(case_of(batch, 4).victim_id)} == {user(world, "service_manager")}


def test_the_preview_says_how_many_will_be(world: World) -> None:
    batch = mapped(world, workbook([MARRIED, PLAIN]), **said(world))
    assert [row(batch, number).guarded for number in (4, 5)] == [True, False]
    page = world.client("service_manager").get(reverse("imports:show", args=[batch.pk])).content.decode()
    assert "1 of these is of a kind that the office restricts" in page
    plain = mapped(world, workbook([PLAIN]), **said(world))
    page = world.client("service_manager").get(reverse("imports:show", args=[plain.pk])).content.decode()
    assert "the office restricts" not in page


def test_a_row_of_a_case_that_is_not_theirs_to_open_is_not_there_for_a_manager_who_is_not_named(world: World) -> None:
    """Two managers: one takes the other from the names."""
    batch = restricted(world)
    case = case_of(batch, 4)
    records.unname(case.victim_id, user(world, "service_manager"), world.provider.pk)
    client, one = world.client("service_manager"), row(batch, 4)
    page = client.get(reverse("imports:show", args=[batch.pk])).content.decode()
    assert "Sample" not in page.split("<table")[1] and "Specimen" in page
    assert client.get(reverse("imports:mend", args=[one.pk])).status_code == 404
    assert Row.objects.visible_to(world.actor_now("service_manager")).count() == 1
