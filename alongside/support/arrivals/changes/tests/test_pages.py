"""The caseworker's pages of what the police sent again; and nobody else's."""

from pathlib import Path

import pytest

from alongside.core.models import Look
from alongside.support.arrivals.changes.models import Change
from alongside.support.arrivals.changes.tests.held_cases import held
from alongside.support.arrivals.feeds.models import KeptRow
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_change_is_found_from_home_and_decided_difference_by_difference(world: World, tmp_path: Path) -> None:
    held(world, tmp_path, family_name="Changed", phone="07700 900321", consent="no", notes="Testo saw it")
    worker, change = world.client("caseworker"), Change.objects.get()
    assert "change sent by the police" in worker.get("/home/").content.decode()
    assert f"/changes/{change.pk}/" in worker.get("/changes/").content.decode()
    shown = worker.get(f"/changes/{change.pk}/").content.decode()
    assert "With us: Sampleford. Sent now: Changed." in shown and "does not agree to be contacted any more" in shown
    assert "Testo" not in shown and "checked" not in shown
    assert change.victim_id in Look.objects.filter(route="changes:decide").latest("at").subjects
    assert "There is a problem" in worker.post(f"/changes/{change.pk}/", {"d0": "take"}).content.decode()
    fields = {name: "keep" for name in ("d0", "d1", "d2", "d3", "d4", "d5") if f'name="{name}"' in shown}
    assert "Decided." in worker.post(f"/changes/{change.pk}/", fields, follow=True).content.decode()
    assert "This was decided" in worker.get(f"/changes/{change.pk}/").content.decode()
    assert "Nothing waits" in worker.get("/changes/").content.decode()


def test_the_hub_sees_that_it_was_passed_on_and_may_still_close_it(world: World, tmp_path: Path) -> None:
    row = held(world, tmp_path, family_name="Changed")
    hub, address = world.client("triage_officer"), f"/feeds/rows/{row.pk}/"
    shown = hub.get(address).content.decode()
    assert "passed on to Lantern Sample Charity" in shown and "Take the new details" not in shown
    hub.post(f"{address}set-aside/", {"reason": "other", "words": ""})
    assert KeptRow.objects.get().settled_how == "closed" and Change.objects.get().state == "DONE"


@pytest.mark.parametrize("person", ["neighbour_caseworker", "far_caseworker", "officer", "commissioning_officer"])
def test_nobody_else_finds_a_change(world: World, tmp_path: Path, person: str) -> None:
    held(world, tmp_path, family_name="Changed")
    client, change = world.client(person), Change.objects.get()
    absent = client.get("/no-such-page/").content
    answer = client.get(f"/changes/{change.pk}/")
    assert (answer.status_code, answer.content) == (404, absent)
    assert client.get("/changes/").status_code in (200, 403)
    assert str(change.pk) not in client.get("/changes/").content.decode()
