"""The wallboard: counts for a room, nobody's name, and a session that can do nothing else."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from alongside.core.clocks import LONDON
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.referrals.tests.arrivals import added, at_work, received, taken
from alongside.support.desk.triage import presenters, queries
from tests.world import World

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def on_the_wall(world: World, at: datetime) -> dict[str, Any]:
    with at_work(world, "triage_officer") as by:
        return presenters.wall(queries.wall(by, at=at), at)


def counts(shown: dict[str, Any]) -> dict[str, str]:
    return {cell["words"]: cell["count"] for cell in shown["cells"] if cell["count"] != "0"}


def test_the_room_sees_what_waits_and_what_presses(world: World) -> None:
    received(world, source_ref="A", high_risk=True)
    added(received(world, source_ref="B", at=world.now - 4 * DAY), at=world.now)
    taken(world, source_ref="C")
    received(world, source_ref="FAR", hub_id=world.far_hub.pk)
    shown = on_the_wall(world, world.now)
    assert counts(shown) == {
        "High risk, not taken": "1",
        "Waiting, not taken": "2",
        "New from victims": "1",
        "Due today": "1",
    }
    assert [cell["words"] for cell in shown["cells"] if cell["press"]] == ["High risk, not taken"]
    assert shown["on_duty"] in ("Testa Other Triage Officer", "Testa Triage Officer")
    later = counts(on_the_wall(world, world.now + 2 * DAY))
    assert (later["Due today"], later["Late"]) == ("2", "1")


def test_calls_of_this_hour_and_those_missed_are_apart(world: World) -> None:
    row = taken(world)
    Referral.objects.filter(pk=row.pk).update(
        next_attempt_at=world.now + 2 * HOUR, next_attempt_until=world.now + 3 * HOUR
    )
    found = [counts(on_the_wall(world, world.now + hours * HOUR)) for hours in (0, 1.5, 2.5, 4)]
    assert [("Calls due this hour" in one, "Calls missed" in one) for one in found] == [
        (False, False), (True, False), (True, False), (False, True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("since", "words"),
    [
        (None, "Nobody waits"), (datetime(2026, 9, 14, 9, 50, tzinfo=LONDON), "Less than an hour"),
        (datetime(2026, 9, 14, 7, tzinfo=LONDON), "3 hours"),
        (datetime(2026, 9, 10, 9, tzinfo=LONDON), "2 working days"),
    ],
)  # fmt: skip
def test_how_long_the_oldest_waits_is_said_as_in_a_room(since: datetime | None, words: str) -> None:
    assert presenters.waits(since, datetime(2026, 9, 14, 10, tzinfo=LONDON)) == words


def test_nobody_is_named_and_no_record_is_reached(world: World) -> None:
    row = received(world, at=timezone.now(), high_risk=True)
    page = world.client("triage_officer").get("/referrals/wallboard/").content.decode()
    assert "High risk, not taken" in page and "Counted at" in page
    for secret in ("Sampleford", row.reference, str(row.pk), "Birmingham", "Burglary"):
        assert secret not in page
    for person in ("caseworker", "referrer", "analyst"):
        assert world.client(person).get("/referrals/wallboard/").status_code == 403
    far = world.client("far_triage_officer").get("/referrals/wallboard/").content.decode()
    assert "High risk, not taken</dt><dd>0" in far


def test_a_session_on_the_wall_opens_nothing_else_until_it_is_signed_out(world: World) -> None:
    client: Client = world.client("hub_manager")
    row = received(world, at=timezone.now())
    assert client.post("/referrals/wallboard/put-up/")["Location"] == "/referrals/wallboard/"
    page = client.get("/referrals/wallboard/").content.decode()
    assert "Sign out" in page and "Put this on the wall" not in page
    for address in ("/referrals/", "/referrals/counts/", f"/victims/{row.victim_id}/", "/people/", "/duty/",
                    f"/clocks/{row.pk}/pause/"):  # fmt: skip
        assert client.get(address).status_code in (403, 404), address
    assert client.get(f"/referrals/{row.pk}/").status_code == 403
    assert client.post(f"/referrals/{row.pk}/take/").status_code == 403
    world.clients.pop("hub_manager")
    assert world.client("hub_manager").get("/referrals/").status_code == 200


def test_a_count_of_the_wall_stops_at_its_limit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "WALL_UP_TO", 1)
    for number in range(4):
        received(world, source_ref=f"TEST-{number}")
    with at_work(world, "triage_officer") as by:
        assert queries.wall(by, at=world.now).counts["waiting"] == 2
