"""Setting the rota, and who answers by it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.office.organisations.models import Membership
from alongside.support.people.duty import actions, queries
from alongside.support.people.duty.models import Turn
from tests.world import World

pytestmark = pytest.mark.django_db
DAYS = timedelta(days=1)


def today(world: World) -> date:
    return london_date(world.now)  # a Monday


def on_duty(world: World, days: int = 0) -> queries.OnDuty:
    return queries.on_duty(world.hub.pk, today(world) + days * DAYS)


def set_week(world: World, days_later: int = 0, **people: str | None) -> None:
    """Weekdays as m, t, w: the person's word, or None."""
    at = world.now + days_later * DAYS
    chosen = {"mtw".index(day): world.people[person].pk if person else None for day, person in people.items()}
    actions.set_week(world.hub.pk, by=world.actor("hub_manager"), at=at, people=chosen)


def test_whoever_is_down_for_the_weekday_is_on_duty(world: World) -> None:
    set_week(world, m="hub_manager", t="other_triage_officer")
    assert [(on_duty(world, days).name, on_duty(world, days).why) for days in (0, 1, 7)] == [
        ("Testa Hub Manager", "weekday"), ("Testa Other Triage Officer", "weekday"), ("Testa Hub Manager", "weekday"),
    ]  # fmt: skip
    assert on_duty(world, 2).why == "turn"


def test_a_changed_week_keeps_what_it_was_before_and_is_one_event(world: World) -> None:
    set_week(world, m="hub_manager", t="triage_officer")
    set_week(world, 7, m="triage_officer", t="triage_officer", w=None)
    assert (on_duty(world).name, on_duty(world, 7).name) == ("Testa Hub Manager", "Testa Triage Officer")
    set_week(world, 7, m="triage_officer")
    events = Event.objects.filter(name="duty.week_set").order_by("at")
    assert [event.details for event in events] == [
        {"Monday": str(world.people["hub_manager"].pk), "Tuesday": str(world.people["triage_officer"].pk)},
        {"Monday": str(world.people["triage_officer"].pk)},
    ]
    assert Turn.objects.count() == 3


def test_a_week_left_to_nobody_goes_in_turn(world: World) -> None:
    set_week(world, m="hub_manager")
    set_week(world, m=None)
    assert on_duty(world).why == "turn"


def test_one_day_comes_before_the_week_and_can_be_taken_back(world: World) -> None:
    by = world.actor("hub_manager")
    set_week(world, t="triage_officer")
    tuesday, person = today(world) + DAYS, world.people["other_triage_officer"].pk
    for _ in range(2):
        turn = actions.set_day(world.hub.pk, by=by, at=world.now, day=tuesday, person=person)
    assert (on_duty(world, 1).user_id, on_duty(world, 1).why) == (person, "day")
    actions.clear_day(turn, by=by, at=world.now)
    with pytest.raises(RuleBroken, match="changed this day meanwhile"):
        actions.clear_day(turn, by=by, at=world.now)
    assert on_duty(world, 1).name == "Testa Triage Officer"
    assert Event.objects.filter(name="duty.day_cleared").count() == 1
    with pytest.raises(RuleBroken, match="today or a day to come"):
        actions.set_day(world.hub.pk, by=by, at=world.now, day=today(world) - DAYS, person=person)


def test_only_people_of_the_hub_are_put_on_duty(world: World) -> None:
    for who in ("caseworker", "far_triage_officer"):
        with pytest.raises(RuleBroken, match="works in triage here"):
            set_week(world, m=who)
        with pytest.raises(RuleBroken, match="works in triage here"):
            actions.set_day(
                world.hub.pk, by=world.actor("hub_manager"), at=world.now, day=today(world), person=world.people[who].pk
            )
    assert Turn.objects.count() == 0


def test_a_leaver_is_on_duty_no_more(world: World) -> None:
    set_week(world, m="other_triage_officer")
    Membership.objects.filter(user=world.people["other_triage_officer"]).update(until=world.now)
    assert (on_duty(world).name, on_duty(world).why) == ("Testa Triage Officer", "turn")


def test_a_newcomer_takes_no_turn_for_some_days_and_can_be_named_sooner(world: World) -> None:
    newcomer = world.people["other_triage_officer"]
    Membership.objects.exclude(user=newcomer).update(since=world.now - 30 * DAYS)
    assert {on_duty(world, days).name for days in range(13)} == {"Testa Triage Officer"}
    assert {on_duty(world, days).name for days in range(14, 18)} >= {"Testa Other Triage Officer"}
    set_week(world, t="other_triage_officer")
    assert on_duty(world, 1).user_id == newcomer.pk


def test_where_everybody_is_new_everybody_takes_turns(world: World) -> None:
    assert len({on_duty(world, days).user_id for days in range(4)}) == 2


def test_a_hub_without_officers_is_answered_by_its_manager_and_without_people_by_nobody(world: World) -> None:
    Membership.objects.filter(role="triage_officer").update(until=world.now)
    assert on_duty(world).name == "Testa Hub Manager"
    assert queries.on_duty(world.far_provider.pk, today(world)) == queries.OnDuty(today(world), None, "", "turn")


def test_another_hub_and_a_provider_read_no_rota(world: World) -> None:
    set_week(world, m="hub_manager")
    with transaction.atomic(), inside(Realm.HUB, orgs=[world.far_hub.pk]):
        assert Turn.objects.count() == 0
    with transaction.atomic(), inside(Realm.HUB, orgs=[world.hub.pk]):
        assert Turn.objects.count() == 1
    for realm in (Realm.PROVIDER, Realm.COMMISSIONING, Realm.PUBLIC):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), inside(realm):
            Turn.objects.count()


def test_two_people_are_never_down_for_one_weekday(world: World) -> None:
    set_week(world, m="hub_manager")
    with pytest.raises(IntegrityError), transaction.atomic():
        Turn.objects.create(
            hub_id=world.hub.pk, user_id=world.people["triage_officer"].pk, weekday=0, since=today(world),
            set_at=world.now,
        )  # fmt: skip
