"""Who is away and who covers: entered, in force, over; nobody away is in turn."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.support.people.duty import actions, queries
from alongside.support.people.duty.models import Absence
from alongside.support.people.duty.rules import Away
from tests.world import World

pytestmark = pytest.mark.django_db
DAYS = timedelta(days=1)


def today(world: World) -> date:
    return london_date(world.now)  # a Monday


def absent(
    world: World, person: str = "triage_officer", cover: str | None = "other_triage_officer", *, days: int = 4,
    first: int = 0, by: str = "hub_manager",
) -> Absence:  # fmt: skip
    since = today(world) + first * DAYS
    return actions.set_absence(
        world.hub.pk, by=world.actor(by), at=world.now, person=world.people[person].pk, since=since,
        until=since + days * DAYS, cover=world.people[cover].pk if cover else None,
    )  # fmt: skip


def on_duty(world: World, days: int = 0) -> queries.OnDuty:
    return queries.on_duty(world.hub.pk, today(world) + days * DAYS)


def set_monday(world: World, person: str) -> None:
    people = {0: world.people[person].pk}
    actions.set_week(world.hub.pk, by=world.actor("hub_manager"), at=world.now, people=people)


def test_whoever_is_away_is_not_in_turn(world: World) -> None:
    absent(world)
    assert {on_duty(world, days).name for days in range(5)} == {"Testa Other Triage Officer"}
    assert {one.name for one in queries.ahead(world.hub.pk, today(world))} > {"Testa Other Triage Officer"}


def test_the_cover_of_who_is_down_answers(world: World) -> None:
    set_monday(world, "triage_officer")
    absent(world, cover="hub_manager")
    assert (on_duty(world).name, on_duty(world).why) == ("Testa Hub Manager", "cover")
    assert (on_duty(world, 7).name, on_duty(world, 7).why) == ("Testa Triage Officer", "weekday")


def test_where_the_cover_is_away_too_or_nobody_covers_it_goes_in_turn(world: World) -> None:
    set_monday(world, "triage_officer")
    absent(world, cover="hub_manager")
    absent(world, person="hub_manager", cover=None)
    assert (on_duty(world).name, on_duty(world).why) == ("Testa Other Triage Officer", "turn")
    absent(world, person="other_triage_officer", cover=None)
    assert on_duty(world).user_id is None


def test_the_cover_and_who_sets_the_rota_look_after_the_work(world: World) -> None:
    absent(world)
    key = world.people["triage_officer"].pk
    found = {name: queries.covered_by(world.actor(name), today(world)) for name in
             ("other_triage_officer", "hub_manager", "triage_officer", "far_triage_officer")}  # fmt: skip
    assert found == {
        "other_triage_officer": (key,), "hub_manager": (key,), "triage_officer": (), "far_triage_officer": (),
    }  # fmt: skip
    assert queries.covered_by(world.actor("other_triage_officer"), today(world) + 5 * DAYS) == ()


def test_whoever_is_back_early_is_in_turn_again_and_not_twice(world: World) -> None:
    one = absent(world)
    later = world.now + 2 * DAYS
    actions.end_absence(one, by=world.actor("triage_officer"), at=later)
    assert list(queries.away(world.hub.pk, today(world) + DAYS)) == [world.people["triage_officer"].pk]
    assert not queries.away(world.hub.pk, today(world) + 2 * DAYS)
    with pytest.raises(RuleBroken, match="over already"):
        actions.end_absence(one, by=world.actor("hub_manager"), at=later)
    names = list(Event.objects.filter(subject=one.pk).order_by("at").values_list("name", flat=True))
    assert names == ["duty.absence_set", "duty.absence_ended"]
    assert queries.absences(world.hub.pk, later.date()) == ()


def test_an_absence_that_was_taken_back_never_was(world: World) -> None:
    one = absent(world, first=3)
    actions.end_absence(one, by=world.actor("hub_manager"), at=world.now)
    assert not queries.away(world.hub.pk, today(world) + 3 * DAYS)
    assert queries.absences(world.hub.pk, today(world)) == ()
    absent(world, first=3)


def test_an_officer_enters_their_own_absence_and_nobody_elses(world: World) -> None:
    absent(world, by="triage_officer")
    with pytest.raises(RuleBroken, match="Ask a manager"):
        absent(world, person="other_triage_officer", cover=None, by="triage_officer")
    other = absent(world, person="other_triage_officer", cover=None, first=9)
    with pytest.raises(RuleBroken, match="Ask a manager"):
        actions.end_absence(other, by=world.actor("triage_officer"), at=world.now)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"first": -9, "days": 2}, "over already"), ({"days": -1}, "on or after the first"),
        ({"days": 800}, "two years"), ({"cover": "triage_officer"}, "Somebody else"),
        ({"person": "caseworker"}, "works in triage"), ({"cover": "far_triage_officer"}, "works in triage"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(world: World, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(RuleBroken, match=words):
        absent(world, **changes)


def test_nobody_is_away_twice_and_nobody_away_covers(world: World) -> None:
    absent(world)
    with pytest.raises(RuleBroken, match="already"):
        absent(world, first=4)
    with pytest.raises(RuleBroken, match="away on some of these days too"):
        absent(world, person="other_triage_officer", cover="triage_officer")
    absent(world, first=5, cover=None)


def test_the_database_knows_that_nobody_covers_themselves(world: World) -> None:
    key = world.people["triage_officer"].pk
    given = {"hub_id": world.hub.pk, "user_id": key, "since": today(world), "until": today(world), "set_at": world.now}
    for wrong in ({"cover_id": key}, {"until": today(world) - DAYS}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Absence.objects.create(**given | wrong)


def test_days_meet_at_their_ends() -> None:
    one = Away(world_key(), None, date(2026, 9, 14), date(2026, 9, 18), back_on=date(2026, 9, 16))
    assert one.meets(date(2026, 9, 10), date(2026, 9, 14)) and one.meets(date(2026, 9, 15), date(2026, 9, 30))
    assert not one.meets(date(2026, 9, 16), date(2026, 9, 30))


def world_key() -> Any:
    return Absence().pk


def test_the_rota_says_who_is_away_and_an_officer_says_that_they_are_back(world: World) -> None:
    officer, day = world.client("triage_officer"), date.today()
    given = {"person": str(world.people["triage_officer"].pk), "cover": str(world.people["hub_manager"].pk)}
    for name in ("since", "until"):
        given |= {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}
    page = officer.post("/duty/absence/", given, follow=True).content.decode()
    assert "The absence is entered" in page and "Away today" in page and "Back today" in page
    one = Absence.objects.get()
    assert world.client("far_triage_officer").post(f"/duty/absence/{one.pk}/end/").status_code == 404
    assert world.client("caseworker").post(f"/duty/absence/{one.pk}/end/").status_code == 404
    assert "Back today" not in world.client("other_triage_officer").get("/duty/").content.decode()
    refused = officer.post("/duty/absence/", given).content.decode()
    assert "already" in refused
    assert (
        "Nothing changed hands meanwhile" in officer.post(f"/duty/absence/{one.pk}/end/", follow=True).content.decode()
    )
