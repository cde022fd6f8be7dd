"""Writes about people who wait: their day stays, offers are fair, nobody falls off by a clock."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import ProgrammingError, transaction

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.rows import records
from alongside.foundation.local.directory.models import Service
from alongside.support.cases.agenda.models import Item
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case, Contact
from alongside.support.cases.casework.tests.cases import accepted, inside
from alongside.support.cases.waiting import actions, queries
from alongside.support.cases.waiting.models import Entry, Place
from alongside.support.cases.waiting.tests.lists import a_list, as_worker, day, done, fresh, joined, later, offered
from tests.world import World

pytestmark = pytest.mark.django_db


def due(entry: Entry) -> dict[str, str]:
    """What the agenda says of somebody: kind and day."""
    return {one.kind: one.due_at.date().isoformat() for one in Item.objects.filter(about=entry.pk)}


def told(name: str) -> dict[str, Any]:
    return dict(Event.objects.filter(name=name).latest("at", "id").details)


def close(world: World, case: Case) -> None:
    said = {"reason": "lost_contact", "unmeasured_why": "lost_contact", "at": later(world, days=9)}
    done(world, casework.close, case, person="service_manager", **said)


def end(case: Case, world: World) -> int:
    with transaction.atomic(), as_worker():
        return actions.end_of_case(case, by=SYSTEM_ACTOR, at=later(world, days=10))


def test_joining_puts_review_and_contact_on_the_agenda(world: World) -> None:
    one = joined(world, a_list(world), wishes=["evenings", "mornings", "nonsense"])
    assert (one.joined_on, one.wishes, one.state) == (day(world, 1), ["mornings", "evenings"], "WAITING")
    assert due(one) == {
        "waiting.contact": day(world, 29).isoformat(), "waiting.review": day(world, 57).isoformat()
    }  # fmt: skip
    assert told("waiting.joined") == {"entry": str(one.pk), "modality": "counselling", "need": "soon", "again": False}


def test_the_day_may_be_one_since_the_case_was_accepted(world: World) -> None:
    held = a_list(world)
    assert joined(world, held, joined_on=day(world), at=later(world, days=9)).joined_on == day(world)
    with pytest.raises(RuleBroken, match="before you accepted"):
        joined(world, held, joined_on=day(world, -1))


def test_joining_twice_is_once_and_a_colleague_is_told(world: World) -> None:
    held = a_list(world)
    one = joined(world, held)
    assert joined(world, held, case=one.case) == one
    with pytest.raises(RuleBroken, match="on this list already, since 15 September 2026"):
        joined(world, held, "other_caseworker", case=one.case)
    with pytest.raises(RuleBroken, match="on this list already"):
        joined(world, held, case=one.case, at=later(world, days=3))
    assert Entry.objects.count() == 1


def test_a_closed_list_and_a_closed_service_take_nobody_new(world: World) -> None:
    held, case = a_list(world), accepted(world)
    held.__class__.objects.update(state="CLOSED", closed_on=day(world))
    with pytest.raises(RuleBroken, match="closed to new people"):
        joined(world, held, case=case)
    held.__class__.objects.update(state="OPEN", closed_on=None)
    Service.objects.filter(pk=held.service_id).update(state="CLOSED", closed_on=day(world))
    with pytest.raises(RuleBroken, match="service is closed"):
        joined(world, held, case=case)
    Service.objects.filter(pk=held.service_id).update(state="OPEN", closed_on=None)
    with pytest.raises(RuleBroken, match="how much they need"):
        joined(world, held, case=case, need="")


def test_no_realm_may_change_the_day_on_which_somebody_joined(world: World) -> None:
    one = joined(world, a_list(world))
    for realm in (as_worker, lambda: inside(world, "service_manager")):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), realm():
            Entry.objects.filter(pk=one.pk).update(joined_on=day(world, 5))


def test_a_pause_keeps_the_day_and_asks_again_when_it_is_over(world: World) -> None:
    one = joined(world, a_list(world))
    for _ in range(2):
        done(world, actions.pause, one, why="trial", until=day(world, 30))
    paused = fresh(one)
    assert (paused.state, paused.joined_on, paused.paused_why) == ("PAUSED", one.joined_on, "trial")
    assert due(one)["waiting.decide"] == day(world, 30).isoformat()
    assert Event.objects.filter(name="waiting.paused").count() == 1
    for _ in range(2):
        done(world, actions.resume, one)
    assert (fresh(one).state, fresh(one).paused_until) == ("WAITING", None) and "waiting.decide" not in due(one)
    assert Event.objects.filter(name="waiting.resumed").count() == 1
    with pytest.raises(RuleBroken, match="Choose why"):
        done(world, actions.pause, one, why="", until=day(world, 30))
    with pytest.raises(RuleBroken, match="within 183 days"):
        done(world, actions.pause, one, why="trial", until=day(world, 300))


def test_a_review_changes_what_they_need_and_when_it_is_due_again(world: World) -> None:
    one = joined(world, a_list(world))
    at = later(world, days=20)
    done(world, actions.review, one, at=at, need="urgent", wishes=["online"], seen=1)
    now = fresh(one)
    assert (now.need, now.wishes, now.review_due_on, now.version) == ("urgent", ["online"], day(world, 76), 2)
    assert told("waiting.reviewed")["before"] == "soon"
    with pytest.raises(RuleBroken, match="Somebody else changed this"):
        done(world, actions.review, one, at=at, need="steady", wishes=[], seen=1)
    done(world, actions.leave, one, why="better")
    with pytest.raises(RuleBroken, match="do not wait on this list any more"):
        done(world, actions.review, one, at=at, need="steady", wishes=[], seen=3)


def test_a_contact_while_they_wait_is_a_contact_of_the_case(world: World) -> None:
    one, at = joined(world, a_list(world)), later(world, days=21)
    said: dict[str, Any] = {
        "channel": "phone",
        "result": "spoke",
        "minutes": 15,
        "note": "Sample words.",
        "happened_at": at,
    }
    for _ in range(2):
        done(world, actions.keep_in_touch, one, at=at + timedelta(minutes=1), **said)
    now = fresh(one)
    assert (Contact.objects.count(), now.contact_due_on) == (1, day(world, 49))
    assert due(one)["waiting.contact"] == day(world, 49).isoformat()
    assert Event.objects.filter(name="waiting.contacted").count() == 1


def test_an_attempt_that_reached_nobody_leaves_the_contact_due(world: World) -> None:
    one, at = joined(world, a_list(world)), later(world, days=21)
    done(world, actions.keep_in_touch, one, at=at, channel="phone", result="no_answer", happened_at=at)
    assert Contact.objects.count() == 1 and fresh(one).contact_due_on == one.contact_due_on


def test_an_offer_has_a_time_to_answer_and_says_where_they_stood(world: World) -> None:
    one = joined(world, a_list(world))
    place = offered(world, one)
    assert (place.position, place.rule, place.out_of_turn, place.state) == (1, 1, "", "OFFERED")
    assert fresh(one).state == "OFFERED"
    assert due(one)["waiting.answer"] == place.answer_by.date().isoformat() == "2026-09-23"
    assert offered(world, one) == place and Place.objects.count() == 1


def test_two_workers_cannot_offer_one_person_two_places(world: World) -> None:
    one = joined(world, a_list(world))
    offered(world, one)
    with pytest.raises(RuleBroken, match="been offered a place already"):
        offered(world, one, person="other_caseworker")


def test_two_workers_cannot_offer_the_same_place_to_two_people(world: World) -> None:
    held = a_list(world)
    one, two = joined(world, held), joined(world, held)
    offered(world, one)
    with pytest.raises(RuleBroken, match="offered this very place"):
        offered(world, two, person="other_caseworker")
    done(world, actions.decline_place, one, reason="time")
    offered(world, two, person="other_caseworker", why="asked")


def test_many_share_a_place_in_a_group(world: World) -> None:
    held = a_list(world, modality="counselling_group")
    for one in [joined(world, held) for _ in range(3)]:
        offered(world, one)
    assert Place.objects.filter(shared=True, state="OFFERED").count() == 3


def test_out_of_turn_needs_a_reason_which_is_kept(world: World) -> None:
    held = a_list(world)
    joined(world, held, need="urgent")
    two = joined(world, held, need="steady")
    with pytest.raises(RuleBroken, match="There is 1 person before them"):
        offered(world, two)
    place = offered(world, two, why="wishes")
    assert (place.position, place.out_of_turn) == (2, "wishes")
    assert told("waiting.offered")["out_of_turn"] == "wishes"


def test_a_worker_who_left_and_one_who_may_not_open_the_record_are_refused(world: World) -> None:
    one = joined(world, a_list(world))
    with pytest.raises(RuleBroken, match="works for this organisation now"):
        offered(world, one, worker="neighbour_caseworker")
    with transaction.atomic(), inside(world, "service_manager"):
        records.close_to(one.victim_id, world.people["other_caseworker"].pk)
    with pytest.raises(RuleBroken, match="not open to them"):
        offered(world, one, worker="other_caseworker")


def test_yes_begins_and_frees_them_of_reviews(world: World) -> None:
    one = joined(world, a_list(world))
    offered(world, one)
    for _ in range(2):
        done(world, actions.take_place, one)
    now = fresh(one)
    assert (now.state, now.worker, now.joined_on) == ("STARTED", world.people["caseworker"].pk, one.joined_on)
    assert due(one) == {} and told("waiting.place_taken")["days"] == 1
    for _ in range(2):
        done(world, actions.finish, one, at=later(world, days=60))
    assert fresh(one).state == "DONE" and Event.objects.filter(name="waiting.finished").count() == 1
    assert joined(world, one.list, case=one.case, at=later(world, days=61)).joined_on == day(world, 61), "a new wait"


def test_no_costs_nothing_and_several_call_for_a_talk(world: World) -> None:
    one = joined(world, a_list(world))
    for number in (1, 2):
        offered(world, one, days=10 + number)
        done(world, actions.decline_place, one, reason="time")
        assert (fresh(one).state, fresh(one).declines, fresh(one).joined_on) == ("WAITING", number, one.joined_on)
    assert fresh(one).decide == "DECLINES" and "waiting.decide" in due(one)
    for _ in range(2):
        done(world, actions.keep, one)
    assert (fresh(one).decide, fresh(one).declines) == ("", 0) and "waiting.decide" not in due(one)
    assert Event.objects.filter(name="waiting.kept").count() == 1
    with pytest.raises(RuleBroken, match="Choose what they said"):
        done(world, actions.decline_place, one, reason="")
    with pytest.raises(RuleBroken, match="You cannot decline place"):
        done(world, actions.decline_place, one, reason="time")


def test_no_answer_frees_the_place_and_leaves_the_rest_to_a_person(world: World) -> None:
    one = joined(world, a_list(world))
    place = offered(world, one)
    for moment, lapsed in (
        (place.answer_by, 0),
        (place.answer_by + timedelta(seconds=1), 1),
        (later(world, days=30), 0),
    ):
        with transaction.atomic(), as_worker():
            assert actions.lapse_all(by=SYSTEM_ACTOR, at=moment) == lapsed
    now = fresh(one)
    assert (now.state, now.decide, now.joined_on) == ("WAITING", "NO_ANSWER", one.joined_on)
    assert "waiting.decide" in due(one) and "waiting.answer" not in due(one)
    event = Event.objects.get(name="waiting.place_unanswered")
    assert (event.subject, event.organisation_id) == (one.case_id, world.provider.pk)
    with transaction.atomic(), as_worker():
        assert actions.lapse(place, by=SYSTEM_ACTOR, at=later(world, days=30)) is False


def test_what_we_take_back_is_no_answer_of_theirs(world: World) -> None:
    one = joined(world, a_list(world))
    offered(world, one)
    done(world, actions.take_back, one)
    assert (fresh(one).state, fresh(one).declines, Place.objects.get().state) == ("WAITING", 0, "TAKEN_BACK")
    Entry.objects.filter(pk=one.pk).update(state="OFFERED")
    with pytest.raises(RuleBroken, match="No offer waits"):
        done(world, actions.take_back, one)


def test_moving_to_another_list_keeps_the_day_and_the_pause(world: World) -> None:
    held, other = a_list(world), a_list(world, modality="counselling_remote")
    one = joined(world, held)
    done(world, actions.pause, one, why="health", until=day(world, 40))
    at = later(world, days=20)
    two = done(world, actions.move, one, other, at=at)
    assert (two.joined_on, two.added_at, two.follows_id, two.state) == (one.joined_on, at, one.pk, "PAUSED")
    assert (fresh(one).state, fresh(one).ended_at, due(one)) == ("MOVED", at, {})
    assert due(two)["waiting.decide"] == day(world, 40).isoformat()
    with pytest.raises(RuleBroken, match="on that list already"):
        done(world, actions.move, two, other)
    other.__class__.objects.filter(pk=held.pk).update(state="CLOSED", closed_on=day(world))
    with pytest.raises(RuleBroken, match="closed to new people"):
        done(world, actions.move, two, held)


def test_whoever_comes_back_in_time_has_their_day_again(world: World) -> None:
    held = a_list(world)
    one = joined(world, held)
    for _ in range(2):
        done(world, actions.leave, one, why="better", at=later(world, days=10))
    assert Event.objects.filter(name="waiting.left").count() == 1
    again = joined(world, held, case=one.case, at=later(world, days=90))
    assert (again.joined_on, again.follows_id) == (one.joined_on, one.pk) and told("waiting.joined")["again"] is True
    done(world, actions.leave, again, why="better", at=later(world, days=100))
    late = joined(world, held, case=one.case, at=later(world, days=193))
    assert late.joined_on == day(world, 193)
    with pytest.raises(RuleBroken, match="Choose why they leave"):
        done(world, actions.leave, late, why="case_closed")


def test_leaving_with_an_offer_takes_the_offer_back(world: World) -> None:
    one = joined(world, a_list(world))
    offered(world, one)
    done(world, actions.leave, one, why="moved_away")
    assert (Place.objects.get().state, due(one)) == ("TAKEN_BACK", {})


def test_a_case_that_closes_waits_for_nothing_any_more(world: World) -> None:
    held, other = a_list(world), a_list(world, modality="isva")
    one = joined(world, held)
    begun = joined(world, other, case=one.case)
    offered(world, begun)
    done(world, actions.take_place, begun)
    assert end(one.case, world) == 0, "it is open"
    close(world, one.case)
    assert [end(one.case, world), end(one.case, world)] == [2, 0]
    assert (fresh(one).ended_why, fresh(begun).state) == ("case_closed", "DONE")
    with pytest.raises(RuleBroken, match="This case is closed"):
        joined(world, held, case=one.case)


def test_ten_thousand_people_are_put_in_order(world: World) -> None:
    held = a_list(world)
    case = accepted(world)
    said = {"list": held, "victim_id": case.victim_id, "added_at": world.now, "review_due_on": day(world),
            "contact_due_on": day(world), "state": "WAITING"}  # fmt: skip
    cases = [
        Case(reference=f"T{number:07d}", provider_id=case.provider_id, hub_id=case.hub_id, service_id=case.service_id,
             referral_id=case.referral_id, victim_id=case.victim_id, offer_id=_uuid(number), crime_type=case.crime_type,
             high_risk=number % 7 == 0, accepted_at=world.now)
        for number in range(10_000)
    ]  # fmt: skip
    Case.objects.bulk_create(cases)
    needs = ("urgent", "soon", "steady")
    Entry.objects.bulk_create(
        Entry(case=one, need=needs[number % 3], joined_on=day(world, -(number % 500)), **said)
        for number, one in enumerate(cases)
    )
    found = queries.order_now(held, day(world))
    assert len(found) == 10_000 and queries.length(held).people == 10_000
    assert found[0].total >= found[1].total >= found[-1].total
    by, rule = world.actor("service_manager"), queries.rule_on(held, day(world))
    page = queries.found(held, rule, asked={}, by=by, skip="9950", today=day(world))
    assert (len(page.lines), page.count, page.beside) == (50, 10_000, (9_900, None))
    assert page.lines[-1].stand.position == 10_000


def _uuid(number: int) -> Any:
    return UUID(int=number + 1)
