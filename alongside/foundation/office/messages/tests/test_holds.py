"""Contact that is held: no message leaves, nobody is called, and a manager alone lets it be, on record."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.models import Event
from alongside.foundation.office.messages import actions, queries, rules
from alongside.foundation.office.messages.models import ContactHold, Outgoing
from alongside.foundation.office.messages.tests.test_actions import Door, ask, point, send
from alongside.foundation.office.rulebook import actions as revising
from alongside.foundation.office.rulebook import queries as rulebook
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def held(world: World, person: UUID, *, days: int = 3, reason: str = "police_hold") -> ContactHold:
    return actions.hold(
        person, by=world.actor("triage_officer"), at=world.now, organisation_id=world.hub.pk, reason=reason,
        until=world.now.date() + days * DAY, cause=uuid7(),
    )  # fmt: skip


def state(item: Outgoing) -> tuple[str, str]:
    item.refresh_from_db()
    return item.state, item.refused_why


@pytest.fixture
def person(world: World) -> UUID:
    made = uuid7()
    point(world, made)
    return made


def test_a_message_waits_says_why_and_goes_when_the_day_has_come(world: World, person: UUID) -> None:
    held(world, person)
    item, door = ask(world, person), Door()
    assert state(item) == ("WAITING", "on_hold")
    assert item.not_before == rules.opens(date(2026, 9, 17))
    send(world, item, door)
    send(world, item, door, days=2, hours=12)
    assert state(item) == ("WAITING", "on_hold") and not door.sent
    send(world, item, door, days=3)
    assert state(item) == ("SENT", "") and len(door.sent) == 1


def test_what_was_asked_for_before_the_hold_waits_too(world: World, person: UUID) -> None:
    item, door = ask(world, person), Door()
    held(world, person)
    send(world, item, door)
    assert state(item) == ("WAITING", "on_hold") and not door.sent


def test_a_longer_hold_meanwhile_moves_it_and_one_that_is_ended_lets_it_go(world: World, person: UUID) -> None:
    first, item, door = held(world, person), ask(world, person), Door()
    second = held(world, person, days=5)
    send(world, item, door)
    assert item.__class__.objects.get(pk=item.pk).not_before == rules.opens(date(2026, 9, 19))
    for one in (first, second):
        actions.end_hold(one.cause_id, by=world.actor("triage_officer"), at=world.now + DAY)
        actions.end_hold(one.cause_id, by=world.actor("triage_officer"), at=world.now + DAY)
    assert Event.objects.filter(name="contact.let_go").count() == 2
    send(world, item, door, days=1)
    assert state(item) == ("SENT", "")


def test_safety_is_looked_at_anew_when_the_hold_ends(world: World, person: UUID) -> None:
    held(world, person)
    item, door = ask(world, person), Door()
    (way,) = queries.points_of(person)
    actions.change_safety(way, by=world.actor("triage_officer"), at=world.now, safe="no")
    send(world, item, door, days=3)
    assert state(item) == ("REFUSED", "not_safe") and not door.sent


def test_it_waits_on_for_its_safe_hour(world: World) -> None:
    person = uuid7()
    point(world, person, safe_times="10:00-12:00")
    held(world, person)
    item = ask(world, person)
    send(world, item, Door(), days=3, hours=9)
    assert state(item) == ("WAITING", "")
    send(world, item, door := Door(), days=4)
    assert state(item) == ("SENT", "") and door.sent


def test_a_reminder_whose_time_is_over_does_not_go(world: World, person: UUID) -> None:
    held(world, person)
    item = actions.ask(
        person, by=world.actor("triage_officer"), at=world.now, organisation_id=world.hub.pk, purpose="reminder",
        template="appointment", hidden=False,
    )  # fmt: skip
    send(world, item, door := Door(), days=3)
    assert state(item) == ("REFUSED", "too_late") and not door.sent


def test_whoever_may_not_be_written_to_is_refused_as_ever(world: World) -> None:
    person = uuid7()
    held(world, person)
    assert state(ask(world, person)) == ("REFUSED", "no_channel")
    assert not queries.may_send(person, at=world.now)


def test_a_provider_is_told_that_its_message_waits(world: World) -> None:
    assert rules.as_told("WAITING", rules.ON_HOLD, whole=False) == ("WAITING", rules.ON_HOLD)
    assert rules.as_told("WAITING", "", whole=False) == ("HANDED_OVER", "")


def test_the_same_message_asked_for_twice_waits_once(world: World, person: UUID) -> None:
    held(world, person)
    item = ask(world, person)
    again = queries.asked_again(person, "call_us", organisation_id=world.hub.pk, at=world.now)
    assert again == item


def check(world: World, person: UUID, by: str = "triage_officer", **words: Any) -> None:
    given = {"at": world.now + DAY, "moment": world.now + DAY, **words}
    actions.check_contact(person, by=world.actor(by), **given)


def test_contact_is_refused_in_words_that_say_who_asked_until_when_and_who_may_go_against_it(
    world: World, person: UUID
) -> None:
    check(world, person)
    held(world, person)
    words = r"The police asked us to hold .* no contact before 17 September 2026\. .* a manager records it"
    for by in ("triage_officer", "hub_manager"):
        with pytest.raises(RuleBroken, match=words):
            check(world, person, by)
    check(world, person, moment=world.now - DAY)
    check(world, person, at=world.now + 3 * DAY, moment=world.now + 3 * DAY)


def test_a_manager_lets_it_be_for_a_reason_of_the_rulebook_and_that_is_on_record(world: World, person: UUID) -> None:
    made = held(world, person)
    with pytest.raises(RuleBroken, match="The police asked"):
        check(world, person, despite="danger_now")
    with pytest.raises(RuleBroken, match="Choose why"):
        check(world, person, "hub_manager", despite="because")
    check(world, person, "hub_manager", despite="danger_now")
    told = Event.objects.get(name="contact.despite_hold")
    assert (told.subject, told.details) == (made.pk, {"why": "danger_now"})
    manager, officer = world.actor("hub_manager"), world.actor("triage_officer")
    assert dict(queries.hold_overrides(person, by=manager, at=world.now))["danger_now"]
    assert queries.hold_overrides(person, by=officer, at=world.now) == ()
    assert queries.hold_overrides(uuid7(), by=manager, at=world.now) == ()


def test_where_the_rulebook_says_so_nobody_goes_against_it(world: World, person: UUID) -> None:
    row, on = rulebook.rule("pause_reasons", "police_hold", date(2021, 4, 1)), timezone.now().date()
    revising.revise(
        "pause_reasons", "police_hold", by=SYSTEM_ACTOR, at=timezone.now(), title=row.title, source="Test", since=on,
        body={**row.body, "may_override": False},
    )  # fmt: skip
    actions.hold(
        person, by=SYSTEM_ACTOR, at=timezone.now(), organisation_id=world.hub.pk, reason="police_hold",
        until=on + 3 * DAY, cause=uuid7(),
    )  # fmt: skip
    later = timezone.now() + DAY
    with pytest.raises(RuleBroken, match="Nobody may go against it"):
        check(world, person, "hub_manager", at=later, moment=later, despite="danger_now")


def test_a_hold_for_a_reason_that_the_rulebook_has_no_more_still_holds(world: World, person: UUID) -> None:
    held(world, person, reason="gone_by_now")
    with pytest.raises(RuleBroken, match="Contact is held"):
        check(world, person)


def test_no_call_is_set_for_a_day_on_which_contact_is_held(world: World, person: UUID) -> None:
    actions.check_plan(person, world.now.date(), at=world.now)
    held(world, person)
    with pytest.raises(RuleBroken, match="no contact before"):
        actions.check_plan(person, world.now.date() + 2 * DAY, at=world.now)
    actions.check_plan(person, world.now.date() + 3 * DAY, at=world.now)
