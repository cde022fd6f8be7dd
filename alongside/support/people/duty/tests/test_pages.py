"""The rota as an officer and a manager see it."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alongside.core.ids import uuid7
from alongside.support.people.duty import actions, forms, queries
from alongside.support.people.duty.models import Turn
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(world: World) -> Client:
    return world.client("hub_manager")


def text(client: Client, view: str = "rota") -> str:
    return client.get(reverse(f"duty:{view}")).content.decode()


def day_words(days: int, person: str, world: World) -> dict[str, str]:
    day = timezone.localdate() + timedelta(days=days)
    return {"day_day": str(day.day), "day_month": str(day.month), "day_year": str(day.year),
            "person": str(world.people[person].pk)}  # fmt: skip


def test_a_manager_sets_the_week_and_everybody_at_the_hub_reads_it(world: World, manager: Client) -> None:
    assert "Whoever’s turn it is" in text(manager, "set_week")
    week = {f"weekday_{day}": str(world.people["other_triage_officer"].pk) for day in range(7)}
    assert manager.post(reverse("duty:set_week"), week).status_code == 302
    officer = world.client("triage_officer")
    page = text(officer)
    assert page.count("Every week") == 14
    assert "Set the week" not in page
    assert "On duty today: Testa Other Triage Officer" in officer.get("/referrals/").content.decode()


def test_one_day_is_set_and_taken_back(world: World, manager: Client) -> None:
    assert "Who is on duty?" in text(manager, "set_day")
    for days in (1, 40):
        assert manager.post(reverse("duty:set_day"), day_words(days, "hub_manager", world)).status_code == 302
    page = text(manager)
    assert page.count("For this day alone") == 1 and "Later days" in page
    for turn in Turn.objects.all():
        assert manager.post(reverse("duty:clear_day", args=[turn.pk])).status_code == 302
    assert "For this day alone" not in text(manager)
    assert "Error:" in manager.post(reverse("duty:set_day"), day_words(-1, "hub_manager", world)).content.decode()


def test_somebody_who_left_meanwhile_is_refused(world: World, manager: Client) -> None:
    stranger = {"weekday_0": str(world.people["caseworker"].pk)}
    assert "Error:" in manager.post(reverse("duty:set_week"), stranger).content.decode()
    assert Turn.objects.count() == 0


def test_only_a_manager_changes_the_rota_and_nobody_elsewhere_finds_it(world: World, manager: Client) -> None:
    manager.post(reverse("duty:set_day"), day_words(1, "hub_manager", world))
    address = reverse("duty:clear_day", args=[Turn.objects.get().pk])
    absent = reverse("duty:clear_day", args=[uuid7()])
    assert world.client("triage_officer").post(address).status_code == 403
    for who in ("far_triage_officer", "caseworker", "analyst"):
        foreign, nothing = (world.client(who).post(path) for path in (address, absent))
        assert (foreign.status_code, foreign.content) == (404, nothing.content)
    for view in ("set_week", "set_day"):
        assert world.client("triage_officer").get(reverse(f"duty:{view}")).status_code == 403
        assert world.client("caseworker").get(reverse(f"duty:{view}")).status_code == 403


@pytest.mark.parametrize(
    ("day", "looked_at", "alone", "kept"),
    [
        (date(2026, 9, 18), 0, 1, 2),  # a Friday, and its weekend
        (date(2026, 9, 18), 1, 0, 2),  # the same, read on the Saturday
        (date(2026, 9, 19), 0, 1, 0),  # a Saturday
        (date(2026, 9, 20), 0, 1, 0),  # a Sunday
        (date(2026, 8, 28), 0, 1, 3),  # the Friday before the bank holiday of August
        (date(2026, 8, 31), 0, 1, 0),  # the bank holiday
    ],
)
def test_a_day_set_beside_closed_days_is_read_without_fault(
    world: World, manager: Client, monkeypatch: pytest.MonkeyPatch, day: date, looked_at: int, alone: int, kept: int
) -> None:
    at = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("Europe/London"))
    actions.set_day(
        world.hub.pk, by=world.actor("hub_manager"), at=at, day=day, person=world.people["hub_manager"].pk
    )  # fmt: skip
    monkeypatch.setattr(forms, "today", lambda: day + timedelta(days=looked_at))
    answer = manager.get(reverse("duty:rota"))
    page = answer.content.decode()
    assert answer.status_code == 200
    counts = (page.count("For this day alone"), page.count("From the last working day"), page.count("Take it back"))
    assert counts == (alone, kept, alone)


def test_a_day_years_away_is_refused_and_says_why(world: World, manager: Client) -> None:
    refused = manager.post(reverse("duty:set_day"), day_words(800, "hub_manager", world)).content.decode()
    assert "Choose a day within the next two years." in refused and Turn.objects.count() == 0
    assert manager.post(reverse("duty:set_day"), day_words(700, "hub_manager", world)).status_code == 302


def test_a_week_that_somebody_changed_meanwhile_is_not_put_back_and_nothing_is_lost(
    world: World, manager: Client
) -> None:
    officer, other = (str(world.people[who].pk) for who in ("triage_officer", "other_triage_officer"))
    manager.post(reverse("duty:set_week"), {"weekday_0": officer})
    seen = re.search(r'name="seen" value="([^"]*)"', text(manager, "set_week"))
    assert seen and officer in seen[1]
    manager.post(reverse("duty:set_week"), {"weekday_0": other, "seen": seen[1]})
    mine = {"weekday_0": officer, "weekday_1": officer, "seen": seen[1]}
    page = manager.post(reverse("duty:set_week"), mine).content.decode()
    assert "Somebody changed the week meanwhile" in page
    assert "Now: Testa Other Triage Officer" in page and "Now: whoever’s turn it is" in page
    assert page.count(f'value="{officer}" selected') == 2
    fresh = re.search(r'name="seen" value="([^"]*)"', page)
    assert fresh and queries.week(world.hub.pk) == {0: world.people["other_triage_officer"].pk}
    assert manager.post(reverse("duty:set_week"), {**mine, "seen": fresh[1]}).status_code == 302
    assert set(queries.week(world.hub.pk)) == {0, 1}


def test_a_day_for_which_somebody_is_down_is_given_to_another_on_purpose(world: World, manager: Client) -> None:
    address = reverse("duty:set_day")
    manager.post(address, day_words(3, "hub_manager", world))
    other = day_words(3, "triage_officer", world)
    page = manager.post(address, other).content.decode()
    assert "Testa Hub Manager is down for that day already" in page
    held = re.search(r'name="instead_of" value="([^"]*)"', page)
    assert held and manager.post(address, {**other, "instead_of": held[1]}).status_code == 302
    assert manager.post(address, other).status_code == 302, "the same again is no change"
    first = Turn.objects.order_by("set_at")[0]
    said = manager.post(reverse("duty:clear_day", args=[first.pk]), follow=True).content.decode()
    assert "Somebody changed this day meanwhile" in said and "For this day alone" in said
