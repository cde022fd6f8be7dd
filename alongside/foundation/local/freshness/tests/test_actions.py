"""Writes of freshness: keepers, checks, reminders told once, flags and what those who flagged hear."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import transaction

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.models import Event, PersonKey
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.tests.test_actions import made
from alongside.foundation.local.freshness import actions, jobs, queries
from alongside.foundation.local.freshness.actions import Room
from alongside.foundation.local.freshness.models import Flag, HearBack, Keeper, Reminder
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.messages.contents import Content
from alongside.foundation.office.messages.gateway import GatewayFailed
from alongside.foundation.office.messages.models import Notice, Pointer
from alongside.foundation.office.organisations.models import Membership
from alongside.foundation.office.rulebook.models import Edition, Rule
from tests.world import World

CALLER = b"somebody"
WORKER = {"by": SYSTEM_ACTOR}


class Door:
    """Remembers what went through it; `fails`: of whom nothing does."""

    def __init__(self, fails: str = "") -> None:
        self.sent: list[tuple[str, str]] = []
        self.fails = fails

    def deliver(self, item: UUID, kind: str, value: str, content: Content) -> str:
        if value == self.fails:
            raise GatewayFailed("notify_503", again=True)
        self.sent.append((value, content.code))
        return f"door:{item}"

    def notify(self, item: UUID, mailbox: str, content: Content, link: str) -> str:
        assert link == ""
        self.sent.append((mailbox, content.code))
        return f"door:{item}"


def named(world: World, service: Service, who: str = "caseworker", by: str = "service_manager") -> Keeper:
    return actions.name_keeper(service, by=world.actor(by), at=world.now, user=world.people[who].pk)


def flagged(world: World, service: Service, at: datetime | None = None, **words: Any) -> Flag:
    told = {"wrong": "phone", "words": "It ends in 7", "mailbox": "", "caller": CALLER, **words}
    return actions.flag(service, at=at or world.now, **told)


def answered(world: World, flag: Flag, by: str = "service_manager", answer: str = "MENDED") -> Flag:
    return actions.answer(flag, by=world.actor(by), at=world.now, answer=answer)


def test_a_manager_names_a_person_of_their_own_organisation_and_frees_them(world: World) -> None:
    service = made(world)
    named(world, service)
    found, name = queries.keeper_of(service)
    assert found is not None and (found.user_id, name) == (world.people["caseworker"].pk, "Testa Caseworker")
    named(world, service, "service_manager")
    assert Keeper.objects.get().user_id == world.people["service_manager"].pk
    for _ in range(2):
        actions.free_keeper(service, by=world.actor("service_manager"), at=world.now)
    assert queries.keeper_of(service) == (None, "")
    names = list(Event.objects.filter(subject=service.pk).order_by("id").values_list("name", flat=True))
    assert names == ["service.added", "service.keeper_named", "service.keeper_named", "service.keeper_freed"]


@pytest.mark.parametrize("who", ["neighbour_manager", "triage_officer"])
def test_nobody_of_another_organisation_is_named(world: World, who: str) -> None:
    with pytest.raises(RuleBroken, match="somebody who works at your"):
        named(world, made(world), who)


def test_a_neighbour_names_nobody_and_confirms_nothing(world: World) -> None:
    service, by = made(world), world.actor("neighbour_manager")
    with pytest.raises(RuleBroken, match="another organisation"):
        named(world, service, "neighbour_manager", "neighbour_manager")
    with pytest.raises(RuleBroken, match="another organisation"):
        actions.check(service, by=by, at=world.now, seen=actions.stamp(service), right=True, room=None)


def test_a_leavers_services_fall_to_the_managers(world: World) -> None:
    service, other = made(world), made(world)
    named(world, service)
    named(world, other, "service_manager")
    left = world.people["caseworker"]
    Membership.objects.filter(user=left).update(until=world.now)
    assert queries.answers_for(service) == [world.people["service_manager"].pk]
    event = Event.objects.create(
        at=world.now, name="membership.ended", subject=left.pk, realm="auth",
        details={"user": str(left.pk), "organisation": world.provider.pk},
    )  # fmt: skip
    jobs.leave(event=str(event.pk), subject=str(left.pk))
    assert [one.service_id for one in Keeper.objects.all()] == [other.pk]


def test_where_a_provider_has_no_manager_the_hubs_are_told_and_otherwise_nobody(world: World) -> None:
    service = made(world)
    Membership.objects.filter(user=world.people["service_manager"]).update(until=world.now)
    assert queries.answers_for(service) == [world.people["hub_manager"].pk]
    world.hub.until = world.now.date()
    world.hub.save()
    assert queries.answers_for(Service.objects.get(pk=service.pk)) == []


def test_several_are_confirmed_with_their_room(world: World) -> None:
    service = made(world)
    by, later = world.actor("service_manager"), world.now + timedelta(days=80)
    actions.check(service, by=by, at=later, seen=actions.stamp(service), right=True, room=Room(2, 14))
    service.refresh_from_db()
    assert (service.checked_on, service.places_free, service.wait_days) == (later.date(), 2, 14)


def test_room_alone_is_not_a_check(world: World) -> None:
    service = made(world)
    later = world.now + timedelta(days=80)
    actions.check(service, by=world.actor("service_manager"), at=later, seen=actions.stamp(service), right=False,
                  room=Room(2, None))  # fmt: skip
    service.refresh_from_db()
    assert (service.checked_on, service.capacity_on) == (world.now.date(), later.date())


def test_what_changed_since_the_page_was_opened_has_to_be_read_again(world: World) -> None:
    service = made(world)
    seen, by, later = actions.stamp(service), world.actor("service_manager"), world.now + timedelta(days=80)
    actions.check(service, by=by, at=later, seen=seen, right=False, room=Room(1, None))
    with pytest.raises(RuleBroken, match="Somebody changed it"):
        actions.check(service, by=by, at=later, seen=seen, right=True, room=None)


def remind(world: World, after: int, door: Door) -> int:
    return actions.remind(**WORKER, at=world.now + timedelta(days=after), through=door)


def test_whoever_looks_after_services_is_told_once_for_each_step(world: World) -> None:
    service = made(world)
    made(world, name="Another")
    named(world, service)
    door = Door()
    assert remind(world, 75, door) == 0
    assert remind(world, 76, door) == 2
    assert sorted(door.sent) == [("caseworker@alongside.example", "come_and_see"),
                                 ("service_manager@alongside.example", "come_and_see")]  # fmt: skip
    assert remind(world, 76, door) == remind(world, 77, door) == 0
    assert remind(world, 88, door) == 2
    actions.check(service, by=world.actor("service_manager"), at=world.now + timedelta(days=89),
                  seen=actions.stamp(service), right=True, room=None)  # fmt: skip
    assert remind(world, 97, door) == 1
    assert remind(world, 500, door) == 2
    assert len(door.sent) == 7


def test_of_many_services_one_person_hears_once_a_day(world: World) -> None:
    for number in range(4):
        made(world, name=f"Sample {number}")
    door = Door()
    assert remind(world, 100, door) == 1
    assert (len(door.sent), Reminder.objects.count(), Notice.objects.count()) == (1, 4, 1)


def test_one_that_nobody_ever_checked_is_asked_about(world: World) -> None:
    service = made(world)
    Service.objects.filter(pk=service.pk).update(checked_on=None)
    assert remind(world, 7, Door()) == 1


def test_what_is_closed_is_not_asked_about(world: World) -> None:
    service = made(world)
    Service.objects.filter(pk=service.pk).update(state="CLOSED")
    assert remind(world, 300, Door()) == 0


def test_whom_the_mail_does_not_reach_is_told_tomorrow_and_the_others_today(world: World) -> None:
    service = made(world)
    made(world, name="Another")
    named(world, service)
    assert remind(world, 80, Door("caseworker@alongside.example")) == 1
    door = Door()
    assert remind(world, 81, door) == 1
    assert door.sent == [("caseworker@alongside.example", "come_and_see")]


def test_the_mornings_job_reminds(world: World) -> None:
    service = made(world)
    Service.objects.filter(pk=service.pk).update(checked_on=world.now.date() - timedelta(days=3650))
    User.objects.exclude(pk=world.people["service_manager"].pk).update(is_active=False)
    jobs.remind()
    assert Notice.objects.get().user_id == world.people["service_manager"].pk


def test_anyone_flags_an_error_and_nothing_is_kept_of_who(world: World) -> None:
    service = made(world)
    flag = flagged(world, service)
    assert (flag.state, flag.hears, queries.words_of(flag)) == ("WAITING", False, "It ends in 7")
    assert b"ends in" not in bytes(flag.words)
    event = Event.objects.get(subject=flag.pk)
    assert (event.name, event.user_id, event.details) == ("flag.sent", None, {"wrong": "phone"})
    assert queries.flags_of([service]) == {service.pk: 1}


@pytest.mark.parametrize(
    ("words", "told"), [({"wrong": "nonsense"}, "Choose what is wrong"), ({"words": "x" * 401}, "400 letters")]
)
def test_a_flag_says_one_of_the_things_of_the_rulebook_and_is_short(
    world: World, words: dict[str, Any], told: str
) -> None:
    with pytest.raises(RuleBroken, match=told):
        flagged(world, made(world), **words)


def test_one_connection_sends_so_many_in_an_hour(world: World) -> None:
    service = made(world)
    cache.clear()
    for _ in range(12):
        flagged(world, service)
    with pytest.raises(RuleBroken, match="Many were sent"):
        flagged(world, service)
    flagged(world, service, caller=b"somebody else")
    flagged(world, service, at=world.now + timedelta(hours=1))


def test_without_the_limit_nobody_is_stopped(world: World) -> None:
    service = made(world)
    Rule.objects.filter(book="limits", code="flags_sent").delete()
    Edition.objects.update(stamp=UUID(int=7))
    for _ in range(13):
        flagged(world, service)
    assert Flag.objects.count() == 13


@pytest.mark.parametrize(
    ("answer", "heard"), [("MENDED", "entry_mended"), ("RIGHT", "entry_right"), ("CANNOT_SAY", "entry_unknown")]
)
def test_whoever_left_an_address_hears_once_and_it_is_erased(world: World, answer: str, heard: str) -> None:
    flag = flagged(world, made(world), mailbox="anyone@mail.example")
    back = HearBack.objects.get()
    assert flag.hears and b"anyone" not in bytes(back.mailbox)
    assert actions.hear_back(flag, **WORKER, at=world.now) is False
    flag = answered(world, flag, answer=answer)
    for _ in range(2):
        jobs.hear_back(event="", subject=str(flag.pk))
    assert not HearBack.objects.exists() and not PersonKey.objects.filter(person_id=back.pk).exists()
    door = Door()
    for pointer in Pointer.objects.all():
        messages.bring(pointer, **WORKER, at=world.now, through=door)
    assert door.sent == [("anyone@mail.example", heard)]
    assert bytes(Pointer.objects.get().mailbox) == b""


def test_a_flag_is_answered_once_by_the_provider_or_the_hub(world: World) -> None:
    flag = flagged(world, made(world))
    with pytest.raises(RuleBroken, match="another organisation"):
        answered(world, flag, by="neighbour_manager")
    with pytest.raises(RuleBroken, match="Choose what you found"):
        answered(world, flag, answer="MAYBE")
    found = answered(world, flag, by="hub_manager", answer="RIGHT")
    assert (found.state, found.answer, found.answered_for_id) == ("ANSWERED", "RIGHT", world.hub.pk)
    with pytest.raises(RuleBroken, match="You cannot answer"):
        answered(world, flag)


def test_flags_and_addresses_past_their_time_are_erased_with_their_keys(world: World) -> None:
    service = made(world)
    old = flagged(world, service, mailbox="anyone@mail.example")
    flagged(world, service, at=world.now + timedelta(days=60), mailbox="other@mail.example")
    day = timedelta(days=1)
    gone = actions.forget(flags_before=world.now, addresses_before=world.now + day)
    assert (gone, Flag.objects.count(), HearBack.objects.count()) == ({"flag_address": 1, "flag": 0}, 2, 1)
    gone = actions.forget(flags_before=world.now + day, addresses_before=world.now)
    assert (gone, Flag.objects.count()) == ({"flag_address": 0, "flag": 1}, 1)
    assert not PersonKey.objects.filter(person_id=old.pk).exists()


def test_the_realms_do_it_with_what_they_are_granted(world: World) -> None:
    """As in production: the public writes and reads nothing, the provider answers, the worker sends and erases."""
    service, neighbour = made(world), world.actor("neighbour_manager")
    with transaction.atomic(), inside(Realm.PUBLIC):
        flagged(world, service, mailbox="anyone@mail.example")
    flag = Flag.objects.get()
    with transaction.atomic(), inside(Realm.PROVIDER, orgs=[world.neighbour.pk]):
        assert not Flag.objects.exists() and not queries.flags_waiting(neighbour)
    with transaction.atomic(), inside(Realm.PROVIDER, orgs=[world.provider.pk]):
        named(world, service)
        flag = answered(world, flag)
    with transaction.atomic(), inside(Realm.WORKER):
        assert actions.hear_back(flag, **WORKER, at=world.now)
        assert remind(world, 80, Door()) == 1
        assert actions.leave(world.people["caseworker"].pk, world.provider.pk, **WORKER, at=world.now) == 1
        later = world.now + timedelta(days=999)
        assert actions.forget(flags_before=later, addresses_before=later)["flag"] == 1
