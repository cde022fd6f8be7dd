"""Keeping a record longer, by the hub's manager alone; and the operator's page of nights."""

from datetime import date

import pytest

from alongside.core.models import Erasure, Look
from alongside.support.keeping.retention import actions
from alongside.support.keeping.retention.models import Hold
from tests.story import RECEIVED, Story
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(world: World) -> Hold:
    return actions.hold(
        Story(world).referral().victim, by=world.actor("hub_manager"), at=RECEIVED, reason="complaint",
        words="Canary words", review_on=date(2026, 8, 1),
    )  # fmt: skip


def test_a_manager_keeps_a_record_and_ends_it(world: World) -> None:
    victim, manager = Story(world).referral().victim, world.client("hub_manager")
    assert "Nothing keeps it longer" in manager.get(f"/retention/{victim.pk}/").text
    asked = {"reason": "civil_claim", "words": "A solicitor wrote"}
    missing = manager.post(f"/retention/{victim.pk}/hold/", asked)
    assert "Enter the" in missing.text
    past = {**asked, "review_on_day": "1", "review_on_month": "1", "review_on_year": "2020"}
    assert "in the future" in manager.post(f"/retention/{victim.pk}/hold/", past).text
    shown = manager.post(f"/retention/{victim.pk}/hold/", {**past, "review_on_year": "2040"}, follow=True).text
    assert "A solicitor wrote" in shown and "1 January 2040" in shown
    assert victim.full_name in manager.get("/retention/").text
    hold = Hold.objects.get()
    assert "Ended" in manager.post(f"/retention/holds/{hold.pk}/end/", follow=True).text
    assert "already" in manager.post(f"/retention/holds/{hold.pk}/end/", follow=True).text
    assert victim.full_name not in manager.get("/retention/").text


def test_a_hold_to_be_looked_at_says_so_and_the_look_is_logged(world: World, held: Hold) -> None:
    assert "Look again" in world.client("hub_manager").get("/retention/").text
    assert held.victim_id in Look.objects.latest("at").subjects


@pytest.mark.parametrize("person", ["triage_officer", "caseworker", "officer", "office_administrator", "analyst"])
def test_nobody_else_may(world: World, held: Hold, person: str) -> None:
    client = world.client(person)
    assert client.get("/retention/").status_code == 403
    for address in (f"/retention/{held.victim_id}/", f"/retention/{held.victim_id}/hold/"):
        assert client.get(address).status_code in {403, 404}
    assert client.post(f"/retention/holds/{held.pk}/end/").status_code in {403, 404}
    assert Hold.objects.get().ended_at is None


@pytest.mark.parametrize("person", ["hub_manager", "office_administrator"])
def test_an_operator_sees_what_each_night_did(world: World, person: str) -> None:
    client = world.client(person)
    assert "No night yet" in client.get("/jobs/erasures/").text
    Erasure.objects.create(
        at=world.now, erased={"no_take_up": 3}, waiting={"support": 7}, soon={"not_reached": 2},
        kept={"open": 5, "held": 1, "not_yet": 9},
    )  # fmt: skip
    page = client.get("/jobs/erasures/").text
    assert "Referred but support not taken up: 3" in page and "Somebody holds it: 1" in page
    assert "6 weeks" in page and "No erasure ran last night" in page
    assert client.get("/jobs/").text.count("/jobs/erasures/") == 1
    assert world.client("caseworker").get("/jobs/erasures/").status_code == 403
