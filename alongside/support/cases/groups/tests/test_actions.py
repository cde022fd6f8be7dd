"""Who may be in a group, and that a register counts once for each member, whatever is pressed and put right."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.models import Event
from alongside.foundation.office.messages import actions as messages
from alongside.support.arrivals.referrals.tests.arrivals import PHONE
from alongside.support.cases.appointments.models import Engagement
from alongside.support.cases.appointments.rules import Repeat
from alongside.support.cases.appointments.tests.planned import DAY, at_ten
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case, Contact
from alongside.support.cases.casework.tests.cases import accepted, inside
from alongside.support.cases.casework.tests.test_stop import ask_to_stop
from alongside.support.cases.groups import actions, jobs, queries
from alongside.support.cases.groups.models import Group, Mark, Meeting, Member
from alongside.support.cases.groups.rules import Marked
from alongside.support.cases.groups.tests.gathered import case_of, gathered, joined, met
from tests.world import World

pytestmark = pytest.mark.django_db
AFTER = at_ten(hour=11, minute=45)
CLOSING = {"reason": "victim_stopped", "unmeasured_why": "declined"}


@pytest.fixture(autouse=True)
def one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alongside.core.jobs.close_old_connections", lambda: None)


def act(world: World, verb: Any, about: Any, *, person: str = "caseworker", at: datetime = AFTER, **said: Any) -> Any:
    """In the person's own realm, as a request does it."""
    with transaction.atomic(), inside(world, person):
        return verb(about, by=world.actor(person), at=at, **said)


def take(world: World, meeting: Meeting, marks: dict[Member, str], **said: Any) -> Any:
    said.setdefault("seen", Meeting.objects.get(pk=meeting.pk).version)
    given = {one.pk: Marked(mark) for one, mark in marks.items()}
    return act(world, actions.register, meeting, marks=given, minutes=said.pop("minutes", 90), **said)


def run(job: Any, name: str) -> None:
    for _ in range(2):
        told = Event.objects.filter(name=name).latest("at", "id")
        job(event=str(told.pk), subject=str(told.subject))


def test_a_group_is_set_up_once_changed_by_who_saw_it_and_ended(world: World) -> None:
    group = gathered(world)
    assert gathered(world).pk == group.pk and group.kind_ref == "recovery@1"
    meeting = met(world, group)
    said: dict[str, Any] = {"name": "Friday group", "ends_on": None, "places": 9, "place": "elsewhere"}
    other = [world.people["other_caseworker"].pk]
    act(world, actions.change, group, person="service_manager", seen=1, leaders=other, **said)
    assert [one.worker for one in Engagement.objects.all()] == other
    with pytest.raises(RuleBroken, match="Somebody else changed"):
        act(world, actions.change, group, person="service_manager", seen=1, leaders=other, **said)
    member = joined(world, group, case_of(world, 0))
    act(world, actions.end, group, person="service_manager")
    run(jobs.end_of_group, "group.ended")
    member.refresh_from_db()
    meeting.refresh_from_db()
    assert (member.state, member.left_why, meeting.state, Group.objects.get().taken) == (
        "LEFT", "group_ended", "CANCELLED", 0,
    )  # fmt: skip
    assert not Engagement.objects.exists()
    with pytest.raises(RuleBroken, match="You cannot change"):
        met(world, group)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"kind": "nothing"}, "what kind"), ({"ends_on": date(2026, 8, 1)}, "last day"), ({"places": 0}, "room"),
        ({"leaders": []}, "at least one"), ({"leaders": [uuid7()]}, "works here now"),
    ],
)  # fmt: skip
def test_a_group_that_cannot_be_is_not_set_up(world: World, changes: dict[str, Any], says: str) -> None:
    with pytest.raises(RuleBroken, match=says):
        gathered(world, **changes)


def test_places_are_taken_once_and_free_again(world: World) -> None:
    group = gathered(world, places=1)
    first = joined(world, group, case := case_of(world, 0))
    assert joined(world, group, case).pk == first.pk
    with pytest.raises(RuleBroken, match="Every place is taken"):
        joined(world, group, case_of(world, 1))
    waiting = joined(world, group, Case.objects.exclude(pk=case.pk).get(), now=False)
    with pytest.raises(RuleBroken, match="Every place is taken"):
        act(world, actions.join, waiting)
    with pytest.raises(RuleBroken, match="Choose why"):
        act(world, actions.leave, first, reason="case_closed")
    act(world, actions.leave, first, reason="completed")
    act(world, actions.join, waiting)
    assert (Group.objects.get().taken, Member.objects.get(pk=waiting.pk).state) == (1, "IN")
    with pytest.raises(RuleBroken, match="You cannot join"):
        act(world, actions.join, waiting)
    act(world, actions.leave, joined(world, group, case, now=False), reason="practical")
    assert Group.objects.get().taken == 1


def test_who_asked_us_to_stop_or_whose_case_is_closed_is_put_into_no_group(world: World) -> None:
    group, case = gathered(world), accepted(world)
    waiting = joined(world, group, case, now=False)
    ask_to_stop(world, case.referral)
    with pytest.raises(RuleBroken, match="asked us to stop"):
        act(world, actions.join, waiting)
    casework.close(case, by=world.actor("caseworker"), at=AFTER, **CLOSING)
    run(jobs.end_of_case, "case.closed")
    assert Member.objects.get().left_why == "case_closed"
    with pytest.raises(RuleBroken, match="closed"):
        joined(world, group, case)


def test_people_who_may_know_each_other_are_warned_of(world: World) -> None:
    group = gathered(world)
    joined(world, group, accepted(world, points=(PHONE,)))
    sharer = accepted(world, source_ref="other", points=(PHONE,))
    with pytest.raises(RuleBroken, match="in common with them") as broken:
        joined(world, group, sharer)
    assert broken.value.field == "sure"
    joined(world, group, sharer, sure=True)
    assert Event.objects.filter(name="group.joined").latest("id").details["warned"] == 1
    same = accepted(world, source_ref="again")
    Case.objects.filter(pk=same.pk).update(victim_id=sharer.victim_id)
    same.refresh_from_db()
    assert "already" in queries.warnings(group, same)[0]


def test_a_leader_to_whom_a_record_is_closed_is_warned_of(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    group, case = gathered(world), case_of(world, 0)
    monkeypatch.setattr("alongside.support.cases.groups.queries.records.open_to", lambda people, user, org: set())
    assert "not open to everybody" in queries.warnings(group, case)[0]


def test_sessions_are_planned_once_and_their_leaders_are_busy(world: World) -> None:
    group = gathered(world)
    first = met(world, group, repeat=Repeat("weekly", times=3))
    assert met(world, group, repeat=Repeat("weekly", times=2)).pk == first.pk
    assert (Meeting.objects.count(), Engagement.objects.count()) == (3, 3)
    act(world, actions.cancel_meeting, first)
    assert Engagement.objects.count() == 2
    with pytest.raises(RuleBroken, match="You cannot register"):
        take(world, first, {})
    with pytest.raises(RuleBroken, match="passed"):
        met(world, group, day=date(2026, 9, 1))


def test_a_register_counts_once_for_each_member(world: World) -> None:
    group = gathered(world)
    members = [joined(world, group, case_of(world, number)) for number in range(3)]
    meeting = met(world, group)
    marks = dict(zip(members, ("came", "online", "absent"), strict=True))
    take(world, meeting, marks, note="Talked about sleep")
    take(world, meeting, marks, note="Talked about sleep", seen=1)
    found = list(
        Contact.objects.order_by("case__accepted_at", "id").values_list("channel", "result", "minutes", "reached")
    )
    assert found == [
        ("in_person", "met", 90, True), ("video", "video", 90, True), ("in_person", "no_answer", 0, False),
    ]  # fmt: skip
    held = Meeting.objects.get()
    assert (held.state, held.version, queries.note_of(held)) == ("HELD", 2, "Talked about sleep")
    with pytest.raises(RuleBroken, match="Somebody else changed"):
        take(world, meeting, {members[0]: "absent"}, seen=1)
    assert set(Event.objects.filter(name="group.register_taken").values_list("subject", flat=True)) == {group.pk}


def test_a_register_is_put_right_and_counts_what_it_says_now(world: World) -> None:
    group = gathered(world)
    one, meeting = joined(world, group, case_of(world, 0)), met(world, group)
    take(world, meeting, {one: "came"})
    take(world, meeting, {one: "apologies"})
    run(jobs.forget_contact, "group.mark_corrected")
    assert not Contact.objects.exists() and Mark.objects.get().contact_id is None
    assert Case.objects.get().state == "WAITING"
    take(world, meeting, {one: "came"})
    assert Contact.objects.count() == 1
    marked = {one.pk: Marked("came", "Left early")}
    act(world, actions.register, meeting, marks=marked, minutes=60, seen=4)
    assert (Contact.objects.count(), queries.marks_of(meeting)[one.pk][1].note) == (1, "Left early")


def test_a_mark_that_was_put_back_before_the_job_came_counts_once(world: World) -> None:
    group = gathered(world)
    one, meeting = joined(world, group, case_of(world, 0)), met(world, group)
    for mark in ("came", "apologies", "came"):
        take(world, meeting, {one: mark})
    run(jobs.forget_contact, "group.mark_corrected")
    assert Contact.objects.count() == 1 and Case.objects.get().state == "OPEN"


def test_what_makes_no_sense_is_in_no_register(world: World) -> None:
    group = gathered(world)
    one, meeting = joined(world, group, case_of(world, 0)), met(world, group)
    for said in ({"marks": {one: "late"}}, {"marks": {one: "came"}, "minutes": 0}):
        with pytest.raises(RuleBroken, match=r"marks of the register|minutes"):
            take(world, meeting, **said)
    with pytest.raises(RuleBroken, match="still to come"):
        take(world, meeting, {one: "came"}, at=world.now)
    assert not Mark.objects.exists()


def test_a_hold_on_contact_with_one_member_is_said_by_initials_and_stops_the_whole(world: World) -> None:
    group = gathered(world)
    one, other = (joined(world, group, case_of(world, number)) for number in range(2))
    meeting = met(world, group)
    messages.hold(
        other.victim_id, by=world.actor("triage_officer"), at=world.now, organisation_id=world.hub.pk,
        reason="police_hold", until=DAY + timedelta(days=1), cause=uuid7(),
    )  # fmt: skip
    with pytest.raises(RuleBroken, match=r"R\.T\.: The police asked us") as broken:
        take(world, meeting, {one: "came", other: "came"})
    assert broken.value.field == f"mark_{other.pk.hex}" and not Contact.objects.exists()
    take(world, meeting, {one: "came", other: "came"}, person="service_manager", despite="they_came")
    assert Contact.objects.count() == 2


def test_a_print_of_a_register_is_on_record(world: World) -> None:
    actions.print_register(met(world, gathered(world)), by=world.actor("caseworker"), at=world.now)
    assert Event.objects.get(name="print.made").details == {"what": "register"}


def test_whoever_left_leads_no_group(world: World) -> None:
    gathered(world, leaders=[world.people["caseworker"].pk, world.people["other_caseworker"].pk])
    Event.objects.create(
        at=world.now, name="membership.ended", subject=uuid7(), realm="auth",
        details={"user": str(world.people["caseworker"].pk), "organisation": world.provider.pk},
    )  # fmt: skip
    run(jobs.let_go, "membership.ended")
    assert Group.objects.get().leaders == [world.people["other_caseworker"].pk]
    assert Event.objects.filter(name="group.leader_left").count() == 1
