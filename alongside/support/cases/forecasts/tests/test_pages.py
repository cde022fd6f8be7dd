"""How long a new person would wait, as people read it, and who may."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import ProgrammingError
from django.test import Client
from django.utils import timezone

from alongside.support.arrivals.referrals.tests.arrivals import at_work
from alongside.support.cases.forecasts import queries, rules
from alongside.support.cases.forecasts.models import Forecast
from alongside.support.cases.forecasts.tests.test_actions import OWN, asked, history, play
from alongside.support.cases.waiting.models import WaitingList
from alongside.support.cases.waiting.tests.lists import a_list, joined
from tests.world import World

pytestmark = pytest.mark.django_db
RANGE = {"low": 14, "middle": 18, "high": 22}


@pytest.fixture(autouse=True)
def _small(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few plays, and a world that is of this moment."""
    monkeypatch.setattr(rules, "RUNS", 60)
    world.now = timezone.now() - timedelta(days=1)


def page(client: Client, address: str, **sent: Any) -> str:
    response: Any = client.post(address, sent, follow=True) if sent else client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return str(response.content.decode())


def how_long(held: WaitingList) -> str:
    return f"/waiting/lists/{held.pk}/how-long/"


def reckoned(world: World, held: WaitingList, *, week: int | None = 13, of_hundred: int = 70, **wait: int) -> Forecast:
    """A reckoning of a list with a history, whose outcome is set."""
    history(world, held)
    found = play(asked(world, held))
    limit = {"of_hundred": of_hundred, "week": week}
    found.outcome = {"wait": {**RANGE, **wait}, "limit": limit}
    found.more = {"wait": {"low": 5, "middle": 7, "high": 9}, "limit": {"of_hundred": 0, "week": None}}
    found.save()
    return found


def test_before_it_was_reckoned_and_with_too_little_it_says_so(world: World) -> None:
    held, client = a_list(world), world.client("caseworker")
    assert "It has not been reckoned yet" in page(client, f"/waiting/lists/{held.pk}/")
    assert "Not reckoned yet" in page(client, how_long(held))
    shown = page(client, f"{how_long(held)}ask/", sent="1")
    assert "Reckoning from the list as it is now" in shown and "data-again" in shown
    assert "It is being reckoned." in page(client, f"/waiting/lists/{held.pk}/")
    play(Forecast.objects.get())
    assert "too little to go on" in page(client, how_long(held))
    assert "There is too little to go on. This list has been kept for 0 weeks" in page(
        client, f"/waiting/lists/{held.pk}/"
    )


def test_the_range_what_it_comes_from_and_one_more_worker_stand_side_by_side(world: World) -> None:
    held = a_list(world)
    reckoned(world, held)
    shown = page(world.client("caseworker"), how_long(held))
    for words in (
        "Between 14 and 22 weeks for 8 of 10 people",
        "Based on 30 people who started in the last 40 weeks, as at",
        "With one more worker",
        "between 5 and 9 weeks for 8 of 10 people",
        "18 weeks",
        "2 workers, 5 people each: 10 at one time",
        "3 workers, 5 people each: 15 at one time",
        "More likely than not by",
        "In none of the plays",
        "40 people joined in the last 40 weeks",
        "no promise",
        "with seed 11",
        "As the list is set up",
    ):
        assert words in shown, words


def test_the_list_warns_early_that_it_will_pass_its_limits(world: World) -> None:
    held = a_list(world, limit_weeks=16)
    found = reckoned(world, held)
    shown = page(world.client("caseworker"), f"/waiting/lists/{held.pk}/")
    assert "likely to pass its limit of 30 people by" in shown and "longer than its limit of 16 weeks" in shown
    assert "Between 14 and 22 weeks" in shown
    for outcome in ({"wait": RANGE, "limit": {"of_hundred": 20, "week": None}}, {"wait": RANGE, "limit": None}):
        Forecast.objects.filter(pk=found.pk).update(outcome=outcome)
        assert "likely to pass" not in page(world.client("caseworker"), f"/waiting/lists/{held.pk}/")
        said = "In 20 of 100 plays" if outcome["limit"] else "The list has no limit"
        assert said in page(world.client("caseworker"), how_long(held))


def test_a_list_that_says_nothing_of_its_workers_is_taken_as_it_is(world: World) -> None:
    held = a_list(world, workers=None, each=None, limit_weeks=None)
    reckoned(world, held)
    assert "As many as are helped now" in page(world.client("caseworker"), how_long(held))


def test_other_assumptions_are_tried_and_said_to_be_ones_own(world: World) -> None:
    held, client = a_list(world), world.client("service_manager")
    joined(world, held)
    wrong = page(client, how_long(held), joins="x", length="0", leave="5", workers="0", each="5")
    assert "Enter a number from 0 to 200" in wrong and "Enter a whole number from 1 to 200" in wrong
    said = {"joins": "1", "length": "0", "leave": "5", "workers": "1", "each": "5"}
    assert "Enter how many weeks support takes" in page(client, how_long(held), **said)
    shown = page(client, how_long(held), **{**said, "length": "12"})
    assert "Playing the list forward" in shown and "See how far it is" in shown
    found = play(Forecast.objects.get())
    shown = page(client, f"/waiting/how-long/{found.pk}/")
    assert "These are assumptions of yours" in shown and "What you entered" in shown
    assert "From what you assume, and the 1 person on the list" in shown and "As assumed" in shown


def test_a_neighbour_and_a_hub_read_none_of_it(world: World) -> None:
    held = a_list(world)
    made = asked(world, held, assumed=OWN)
    for person in ("neighbour_caseworker", "neighbour_manager", "far_caseworker", "triage_officer", "hub_manager"):
        client = world.client(person)
        for address in (how_long(held), f"/waiting/how-long/{made.pk}/"):
            assert client.get(address).status_code in (403, 404), (person, address)
    for person, count in (("caseworker", 1), ("neighbour_manager", 0)):
        with at_work(world, person) as by:
            assert (Forecast.objects.count(), Forecast.objects.visible_to(by).count()) == (count, count)


def test_a_hub_reads_how_long_people_wait_in_its_area_and_of_nobody(world: World) -> None:
    client = world.client("triage_officer")
    assert "No service of this area keeps a waiting list" in page(client, "/waiting/area/")
    held, closed = a_list(world), a_list(world, "neighbour_manager", modality="isva")
    one = joined(world, held)
    reckoned(world, held)
    WaitingList.objects.filter(pk=closed.pk).update(
        state="CLOSED", closed_on=timezone.localdate(), closed_why="No room.", meanwhile="The group on Tuesdays."
    )
    shown = page(client, "/waiting/area/")
    assert "Between 14 and 22 weeks for 8 of 10 people" in shown and "Too little to go on" in shown
    assert "The group on Tuesdays." in shown and one.case.reference not in shown and "Sampleford" not in shown
    assert "No service of this area" in page(world.client("far_triage_officer"), "/waiting/area/")
    for person in ("caseworker", "service_manager", "referrer", "commissioning_officer"):
        assert world.client(person).get("/waiting/area/").status_code == 403, person
    with pytest.raises(ProgrammingError, match="not for this role"), at_work(world, "caseworker"):
        queries.waits()
