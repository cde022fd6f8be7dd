"""Who sees a way through justice: the provider of its case. No neighbour, no hub, no commissioner, by page or query."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from alongside.core.models import Look
from alongside.support.arrivals.referrals.tests.arrivals import at_work
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.cases.justice.models import Chase, Proceeding, Turn
from alongside.support.cases.justice.tests.ways import begun, turned
from tests.world import World

pytestmark = pytest.mark.django_db
OTHERS = ("neighbour_caseworker", "neighbour_manager", "far_caseworker", "triage_officer", "hub_manager",
          "commissioning_officer", "referrer")  # fmt: skip


def addresses(proceeding: Proceeding, turn: Turn) -> list[str]:
    return [
        reverse("justice:show", args=[proceeding.case_id]), reverse("justice:start", args=[proceeding.case_id]),
        reverse("justice:add", args=[proceeding.pk]), reverse("justice:add_turn", args=[proceeding.pk, "arrested"]),
        *(reverse(f"justice:{verb}", args=[turn.pk])
          for verb in ("postpone", "tell", "chase", "reassess", "strike_out")),
    ]  # fmt: skip


@pytest.mark.parametrize("person", OTHERS)
def test_nobody_else_opens_a_page_of_it_or_writes(world: World, person: str) -> None:
    one = begun(world)
    turn = turned(world, one, "arrested")
    client: Any = world.client(person)
    for address in addresses(one, turn):
        assert client.get(address).status_code in (403, 404), address
        assert client.post(address, {}).status_code in (403, 404), address
    assert client.post(reverse("justice:hold", args=[turn.pk]), {"seen": 1}).status_code in (403, 404)


def test_the_database_shows_a_neighbour_no_row_of_it(world: World) -> None:
    one = begun(world)
    turned(world, one, "arrested")
    accepted(world, "neighbour_caseworker")
    for person, count in (("caseworker", 1), ("neighbour_caseworker", 0), ("far_caseworker", 0)):
        with at_work(world, person) as by:
            seen = (Proceeding.objects.count(), Proceeding.objects.visible_to(by).count())
            assert seen == (count, count), person
            assert (Turn.objects.count() > 0, Chase.objects.count()) == (bool(count), 0), person


def test_the_list_across_cases_shows_ones_own_organisation_alone(world: World) -> None:
    one = begun(world)
    turned(world, one, "charged", days=1)
    turned(world, one, "trial", days=2, on=date(2026, 11, 30))
    manager: Any = world.client("service_manager")
    assert one.case.reference in manager.get(reverse("justice:ahead") + "?due=182").text
    neighbour: Any = world.client("neighbour_manager")
    assert one.case.reference not in neighbour.get(reverse("justice:ahead") + "?due=182").text
    for person in ("triage_officer", "commissioning_officer", "referrer"):
        assert world.client(person).get(reverse("justice:ahead")).status_code == 403, person


def test_a_caseworker_takes_no_list_away(world: World) -> None:
    assert world.client("caseworker").post(reverse("justice:download")).status_code == 403


def test_every_look_is_in_the_log_with_whose_it_is(world: World) -> None:
    one = begun(world)
    world.client("caseworker").get(reverse("justice:show", args=[one.case_id]))
    look = Look.objects.filter(route="justice:show").get()
    assert {one.case_id, one.victim_id} <= set(look.subjects)
