"""What may be planned, moved, recorded and taken back, and that each is counted once."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import transaction

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.models import Event
from alongside.core.privacy import fields
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.organisations.models import Membership
from alongside.support.cases.agenda.models import Item
from alongside.support.cases.appointments import actions, calendars, jobs, queries, rules
from alongside.support.cases.appointments.models import Appointment, Engagement, Feed
from alongside.support.cases.appointments.rules import Repeat
from alongside.support.cases.appointments.tests.planned import DAY, at_ten, planned, wanted
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case, Contact
from alongside.support.cases.casework.tests.cases import accepted, inside
from alongside.support.cases.casework.tests.test_stop import ask_to_stop
from tests.world import World

pytestmark = pytest.mark.django_db
AFTER = at_ten(hour=11, minute=5)
HELD: dict[str, Any] = {"way": "in_person", "minutes": 50}


@pytest.fixture(autouse=True)
def one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alongside.core.jobs.close_old_connections", lambda: None)


def act(world: World, verb: Any, about: Any, *, person: str = "caseworker", at: datetime = AFTER, **said: Any) -> Any:
    """In the person's own realm, as a request does it; what is about an appointment says which version was seen."""
    if isinstance(about, Appointment) and verb is not actions.take_back:
        said.setdefault("seen", Appointment.objects.get(pk=about.pk).version)
    with transaction.atomic(), inside(world, person):
        return verb(about, by=world.actor(person), at=at, **said)


def due(kind: str = "due") -> int:
    return Item.objects.filter(kind=f"appointment.{kind}").count()


def hold(world: World, case: Case) -> None:
    messages.hold(
        case.victim_id, by=world.actor("triage_officer"), at=world.now, organisation_id=world.hub.pk,
        reason="police_hold", until=DAY + timedelta(days=1), cause=uuid7(),
    )  # fmt: skip


def test_an_appointment_is_planned_once_however_often_it_is_pressed(world: World) -> None:
    case = accepted(world)
    first, second = (planned(world, case, whereabouts="12 Sample Street") for _ in range(2))
    assert first.pk == second.pk and due() == 1
    assert b"Sample Street" not in bytes(first.whereabouts) and fields.read(first, "whereabouts") == "12 Sample Street"
    told = Event.objects.get(name="appointment.planned")
    assert told.subject == case.pk and "Sample" not in str(told.details)
    assert first.kind_ref == "session@1"


def test_a_series_is_planned_at_the_same_hour_through_the_change_of_the_clocks(world: World) -> None:
    first = planned(world, day=date(2026, 10, 21), repeat=Repeat("weekly", times=3))
    found = Appointment.objects.filter(series=first.series).order_by("starts_at")
    assert [one.starts_at.hour for one in found] == [9, 10, 10]  # in UTC
    assert due() == 1 and Event.objects.get(name="appointment.planned").details["count"] == 3


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"kind": "nothing"}, "what kind"), ({"place": "nowhere"}, "kind of place"),
        ({"day": date(2026, 9, 1)}, "passed"),
        ({"day": date(2028, 9, 1)}, "Check the year"), ({"worker": uuid7()}, "works for this organisation"),
        ({"kind": "call", "from_time": time(15)}, "safe to call from 10am to midday only"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_not_planned(world: World, changes: dict[str, Any], says: str) -> None:
    with pytest.raises(RuleBroken, match=says):
        planned(world, **changes)


def test_a_manager_goes_against_the_hours_with_a_reason_that_is_on_record(world: World) -> None:
    late: dict[str, Any] = {"kind": "call", "from_time": time(15), "person": "service_manager"}
    case = accepted(world)
    with pytest.raises(RuleBroken, match="say why it goes against their hours") as broken:
        planned(world, case, **late)
    assert broken.value.field == "despite"
    made = planned(world, case, despite="they_asked", **late)
    assert made.despite == "they_asked"
    assert Event.objects.get(name="appointment.planned").details["why"] == "they_asked"
    inside_hours = planned(world, case, kind="call", minutes=30, despite="they_asked", person="service_manager")
    assert inside_hours.despite == ""


def test_nothing_is_planned_for_a_day_on_which_contact_is_held(world: World) -> None:
    case = accepted(world)
    hold(world, case)
    with pytest.raises(RuleBroken, match="Make no contact before"):
        planned(world, case)
    assert planned(world, case, day=DAY + timedelta(days=1)).state == "PLANNED"


def test_nothing_is_planned_for_who_asked_us_to_stop_or_on_a_closed_case(world: World) -> None:
    case = accepted(world)
    ask_to_stop(world, case.referral)
    with pytest.raises(RuleBroken, match="asked us to stop"):
        planned(world, case, at=world.now + timedelta(hours=3))
    casework.close(case, by=world.actor("caseworker"), at=AFTER, reason="victim_stopped", unmeasured_why="declined")
    with pytest.raises(RuleBroken, match="closed"):
        planned(world, case)


def test_who_did_not_see_the_latest_version_is_told_so(world: World) -> None:
    one = planned(world)
    act(world, actions.revise, one, at=world.now, wanted=wanted(world, minutes=30))
    with pytest.raises(RuleBroken, match="Somebody else changed"):
        act(world, actions.record, one, seen=1, **HELD)


def test_one_is_changed_alone_or_with_all_that_follow(world: World) -> None:
    first = planned(world, repeat=Repeat("weekly", times=3))
    second, third = Appointment.objects.exclude(pk=first.pk).order_by("starts_at")
    other = wanted(world, from_time=time(14), worker=world.people["other_caseworker"].pk, whereabouts="Room 2")
    act(world, actions.revise, first, at=world.now, wanted=other)
    act(world, actions.revise, second, at=world.now, wanted=wanted(world, from_time=time(16)), following=True)
    hours = [one.starts_at.astimezone(AFTER.tzinfo).hour for one in Appointment.objects.order_by("starts_at")]
    assert hours == [14, 16, 16]
    act(world, actions.cancel, second, at=world.now, reason="we_cancelled", following=True)
    assert [one.state for one in Appointment.objects.order_by("starts_at")] == ["PLANNED", "CANCELLED", "CANCELLED"]
    alone = planned(world, first.case, day=DAY + timedelta(days=1))
    act(world, actions.cancel, alone, at=world.now, reason="we_cancelled", following=True)
    assert due() == 1
    with pytest.raises(RuleBroken, match="You cannot revise"):
        act(world, actions.revise, third, at=world.now, wanted=other)


def test_what_is_moved_keeps_its_history_and_its_interpreter(world: World) -> None:
    old = planned(world, interpreter=True)
    later = wanted(world, day=DAY + timedelta(days=7))
    with pytest.raises(RuleBroken, match="for that time already"):
        act(world, actions.move, old, at=world.now, wanted=wanted(world), reason="they_cancelled")
    with pytest.raises(RuleBroken, match="Choose why"):
        act(world, actions.move, old, at=world.now, wanted=later, reason="no_show")
    new = act(world, actions.move, old, at=world.now, wanted=later, reason="they_cancelled")
    old.refresh_from_db()
    assert (old.state, old.why, new.replaces_id, new.interpreter) == ("MOVED", "they_cancelled", old.pk, "to_book")
    assert (due(), due("interpreter"), queries.moves_of(new)) == (1, 1, (old,))
    again = act(world, actions.move, new, at=world.now, wanted=wanted(world, day=DAY + timedelta(days=8)),
                reason="they_were_ill")  # fmt: skip
    assert len(queries.moves_of(again)) == 2
    plain = planned(world, old.case, day=DAY + timedelta(days=2))
    assert act(world, actions.move, plain, at=world.now, wanted=later, reason="travel").interpreter == ""


def test_it_happened_is_one_contact_however_often_it_is_pressed(world: World) -> None:
    one = planned(world)
    first = act(world, actions.record, one, note="They came with a friend", travel_km=4, travel_minutes=15, **HELD)
    act(world, actions.record, one, seen=1, note="They came with a friend", **HELD)
    contact = Contact.objects.get()
    case = Case.objects.get()
    assert (first.state, first.contact_id, first.travel_km) == ("HELD", contact.pk, 4)
    assert (contact.result, contact.channel, contact.minutes, contact.happened_at) == ("met", "in_person", 50, at_ten())
    assert (case.state, case.first_contact_at, due()) == ("OPEN", at_ten(), 0)
    names = list(Event.objects.filter(subject=case.pk, at=AFTER).order_by("id").values_list("name", flat=True))
    assert names == ["case.contacted", "appointment.held"]
    with pytest.raises(RuleBroken, match="You cannot record"):
        act(world, actions.record, one, at=AFTER + timedelta(hours=1), **HELD)
    with pytest.raises(RuleBroken, match="You cannot miss"):
        act(world, actions.miss, one, person="other_caseworker", reason="no_show")


@pytest.mark.parametrize(
    ("said", "says"),
    [({"way": "letter", "minutes": 5}, "how it took place"), ({"way": "phone", "minutes": 0}, "minutes")],
)
def test_what_makes_no_sense_is_not_recorded(world: World, said: dict[str, Any], says: str) -> None:
    with pytest.raises(RuleBroken, match=says):
        act(world, actions.record, planned(world), **said)
    assert not Contact.objects.exists()


def test_what_is_days_away_did_not_happen_yet(world: World) -> None:
    with pytest.raises(RuleBroken, match="still to come"):
        act(world, actions.record, planned(world), at=world.now + timedelta(hours=3), **HELD)


def test_under_a_hold_it_is_recorded_by_a_manager_with_the_reason(world: World) -> None:
    one = planned(world)
    hold(world, one.case)
    with pytest.raises(RuleBroken, match="Make no contact"):
        act(world, actions.record, one, **HELD)
    held = act(world, actions.record, one, person="service_manager", despite="they_came", **HELD)
    assert held.state == "HELD" and Event.objects.filter(name="contact.despite_hold").count() == 1


def test_who_did_not_come_is_an_attempt_and_several_are_put_before_the_worker(world: World) -> None:
    case = accepted(world)
    for number in range(2):
        one = planned(world, case, day=DAY + timedelta(days=number))
        act(world, actions.miss, one, at=AFTER + timedelta(days=number), reason="no_show", note="Waited 15 minutes")
        act(world, actions.miss, one, at=AFTER + timedelta(days=number), reason="no_show", seen=1)
    assert list(Contact.objects.values_list("result", "reached")) == [("no_answer", False)] * 2
    assert (queries.missed_in_a_row(case.pk, DAY), due("missed")) == (2, 1)
    step = queries.step(2, DAY)
    assert step is not None and "danger" in step.title.lower()
    cancelled = planned(world, case, day=DAY + timedelta(days=3))
    act(world, actions.miss, cancelled, at=AFTER + timedelta(days=3), reason="we_cancelled")
    assert Contact.objects.count() == 2 and queries.missed_in_a_row(case.pk, DAY) == 2
    came = planned(world, case, day=DAY + timedelta(days=4))
    act(world, actions.record, came, at=AFTER + timedelta(days=4), **HELD)
    assert (queries.missed_in_a_row(case.pk, DAY), due("missed")) == (0, 0)


def forget(name: str = "appointment.taken_back") -> None:
    for _ in range(2):
        told = Event.objects.filter(name=name).latest("at", "id")
        jobs.forget_contact(event=str(told.pk), subject=str(told.subject))


def test_what_is_taken_back_is_as_it_was_before(world: World) -> None:
    one = planned(world)
    act(world, actions.record, one, **HELD)
    with pytest.raises(RuleBroken, match="Only whoever recorded it"):
        act(world, actions.take_back, Appointment.objects.get(), person="other_caseworker")
    act(world, actions.take_back, Appointment.objects.get(), at=AFTER + timedelta(minutes=9))
    forget()
    case, one = Case.objects.get(), Appointment.objects.get()
    assert (one.state, one.contact_id, one.settled_at, due()) == ("PLANNED", None, None, 1)
    assert (case.state, case.first_attempt_at, case.first_contact_at, case.last_contact_at) == ("WAITING", *[None] * 3)
    assert not Contact.objects.exists()
    assert Event.objects.filter(name="case.contact_taken_back").count() == 1


def test_what_is_recorded_again_before_the_job_came_is_counted_once(world: World) -> None:
    one = planned(world)
    act(world, actions.record, one, **HELD)
    act(world, actions.take_back, Appointment.objects.get(), at=AFTER)
    act(world, actions.record, one, **HELD)
    forget()
    assert Contact.objects.count() == 1 and Case.objects.get().state == "OPEN"


def test_an_earlier_contact_stays_the_first_when_a_later_one_is_taken_back(world: World) -> None:
    one = planned(world)
    act(world, actions.record_new, one.case, wanted=wanted(world, day=DAY, from_time=time(9)), way="phone")
    act(world, actions.record, one, **HELD)
    act(world, actions.take_back, Appointment.objects.get(pk=one.pk), at=AFTER)
    forget()
    case = Case.objects.get()
    assert (case.state, case.first_contact_at, case.last_contact_at) == ("OPEN", at_ten(hour=9), at_ten(hour=9))


def test_one_that_did_not_happen_is_taken_back_without_a_contact(world: World) -> None:
    one = planned(world)
    act(world, actions.miss, one, reason="we_cancelled")
    act(world, actions.take_back, Appointment.objects.get(), at=AFTER)
    forget()
    assert Appointment.objects.get().state == "PLANNED"


def test_what_was_not_planned_is_recorded_in_one_go_once(world: World) -> None:
    case = accepted(world)
    said: dict[str, Any] = {"wanted": wanted(world, kind="call", from_time=time(9)), "way": "phone", "note": "Rang us"}
    first, second = (act(world, actions.record_new, case, **said) for _ in range(2))
    assert first.pk == second.pk and first.unplanned and Contact.objects.count() == 1
    assert queries.last_choices(world.actor("caseworker"))["kind"] == "call"
    assert queries.last_choices(world.actor("other_caseworker")) == {}
    act(world, actions.take_back, first, at=AFTER)
    forget()
    assert (Appointment.objects.get().state, Appointment.objects.get().why) == ("CANCELLED", "mistake")
    assert not Contact.objects.exists()


def test_an_interpreter_is_on_the_agenda_until_confirmed_and_said_to_have_come(world: World) -> None:
    one = planned(world, interpreter=True)
    item = Item.objects.get(kind="appointment.interpreter")
    assert item.due_at == at_ten(date(2026, 9, 14), 12)
    with pytest.raises(RuleBroken, match="language"):
        act(world, actions.book_interpreter, one, at=world.now, state="booked")
    act(world, actions.book_interpreter, one, at=world.now, state="booked", language="pl", booking="Agency 123")
    assert due("interpreter") == 1
    act(world, actions.book_interpreter, one, at=world.now, state="confirmed", language="pl", booking="Agency 123")
    assert due("interpreter") == 0
    assert queries.exact(Appointment.objects.get()).booking == "Agency 123"
    act(world, actions.record, one, interpreter="absent", **HELD)
    assert Appointment.objects.get().interpreter == "absent"


def test_an_interpreter_that_is_not_needed_is_not_booked(world: World) -> None:
    one = planned(world, interpreter=True)
    act(world, actions.book_interpreter, one, at=world.now, state="", booking="Agency 123")
    assert (due("interpreter"), queries.exact(Appointment.objects.get()).booking) == (0, "")


def test_somebodys_time_is_taken_by_appointments_and_by_what_else_they_do(world: World) -> None:
    one, worker = planned(world), world.people["caseworker"].pk
    span = rules.span(DAY, time(10, 30), 60)
    by = world.actor("caseworker")
    with transaction.atomic(), inside(world, "caseworker"):
        about = uuid7()
        for _ in range(2):
            actions.engage(
                about, [worker], span, by=by, at=world.now, kind="group", organisation_id=world.provider.pk
            )  # fmt: skip
        assert [found.kind for found in queries.taken(worker, [span])] == ["session", "group"]
        assert [found.kind for found in queries.taken(worker, [span], but=[one.pk, about])] == []
        assert queries.taken(None, [span]) == queries.taken(worker, []) == ()
        actions.release(about, by=by, at=world.now)
    assert not Engagement.objects.exists()


def test_what_a_leaver_had_planned_is_nobodys_and_their_address_ends(world: World) -> None:
    one, by = planned(world), world.actor("caseworker")
    calendars.make_feed(by=by, at=world.now)
    ended = Event.objects.create(
        at=world.now, name="membership.ended", subject=uuid7(), realm="auth",
        details={"user": str(by.user_id), "organisation": world.provider.pk},
    )  # fmt: skip
    for _ in range(2):
        jobs.let_go(event=str(ended.pk), subject=str(ended.subject))
    one.refresh_from_db()
    assert one.worker is None and Feed.objects.get().stopped_at is not None
    assert Event.objects.filter(name="appointment.handed_over").count() == 1


def test_what_is_planned_goes_with_the_case_to_its_next_worker(world: World) -> None:
    one, manager, other = planned(world), world.actor("service_manager"), world.people["other_caseworker"].pk
    planned(world, worker=other)  # on another case, at the same time
    casework.assign(one.case, by=manager, at=world.now, worker=one.worker)
    casework.assign(one.case, by=manager, at=world.now, worker=other)
    given = Event.objects.get(name="case.assigned", subject=one.case_id, details__worker=str(other))
    for _ in range(2):
        jobs.follow(event=str(given.pk), subject=str(one.case_id))
    one.refresh_from_db()
    assert one.worker == other
    said = Event.objects.get(name="appointment.followed").details
    assert said == {"count": 1, "clashes": 1}
    casework.assign(one.case, by=manager, at=world.now, worker=None)
    taken = Event.objects.get(name="case.assigned", subject=one.case_id, details__worker="")
    jobs.follow(event=str(taken.pk), subject=str(one.case_id))
    one.refresh_from_db()
    assert one.worker is None


def test_a_case_that_closes_ends_what_is_planned(world: World) -> None:
    one = planned(world)
    jobs.end_all(event="", subject=str(one.case_id))
    assert Appointment.objects.get().state == "PLANNED"
    casework.close(one.case, by=world.actor("caseworker"), at=AFTER, reason="victim_stopped", unmeasured_why="declined")
    for _ in range(2):
        jobs.end_all(event="", subject=str(one.case_id))
    one.refresh_from_db()
    assert (one.state, one.why) == ("CANCELLED", "case_closed")
    assert Event.objects.filter(name="appointment.all_ended").count() == 1


def test_an_address_shows_times_alone_until_it_is_stopped(world: World) -> None:
    planned(world)
    by = world.actor("caseworker")
    first = calendars.make_feed(by=by, at=world.now)
    second = calendars.make_feed(by=by, at=world.now)
    span: dict[str, Any] = {"first": world.now, "last": world.now + timedelta(days=9)}
    assert first.encode() not in bytes(Feed.objects.get(stopped_at=None).lookup)
    assert queries.busy(first, **span) is None
    found = queries.busy(second, **span)
    assert found is not None and [(starts, ends) for _, starts, ends in found] == [
        (at_ten(), at_ten() + timedelta(minutes=50))
    ]
    calendars.stop_feed(by=by, at=world.now)
    assert queries.busy(second, **span) is None and queries.own_feed(by) is None
    with pytest.raises(RuleBroken, match="no address"):
        calendars.stop_feed(by=by, at=world.now)


def test_whoever_left_has_a_calendar_of_nothing_at_once(world: World) -> None:
    by = world.actor("caseworker")
    token = calendars.make_feed(by=by, at=world.now)
    Membership.objects.filter(user=world.people["caseworker"]).update(until=world.now)
    assert queries.busy(token, first=world.now, last=world.now + timedelta(days=9)) is None


def test_one_connection_does_not_ask_for_calendars_without_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendars, "limit", lambda code, on: 2)
    for _ in range(2):
        calendars.count_call(caller=b"one", at=world.now)
    with pytest.raises(RuleBroken, match="Too many"):
        calendars.count_call(caller=b"one", at=world.now)
    calendars.count_call(caller=b"two", at=world.now)
    calendars.count_call(caller=b"one", at=world.now + timedelta(hours=1))


def test_a_print_is_on_record(world: World) -> None:
    calendars.print_day(by=world.actor("caseworker"), at=world.now)
    assert Event.objects.get(name="print.made").details == {"what": "day"}


def test_a_forgotten_contact_is_forgotten_once(world: World) -> None:
    actions.forget_contact(uuid7(), by=SYSTEM_ACTOR, at=world.now)
    assert not Event.objects.filter(name="case.contact_taken_back").exists()


def test_of_a_series_the_next_alone_is_due_through_all_that_happens(world: World) -> None:
    first = planned(world, repeat=Repeat("weekly", times=3), interpreter=True)
    second, third = Appointment.objects.exclude(pk=first.pk).order_by("starts_at")

    def next_due() -> set[Any]:
        return set(Item.objects.filter(kind__startswith="appointment.").values_list("about", flat=True))

    assert next_due() == {first.pk} and (due(), due("interpreter")) == (1, 1)
    act(world, actions.record, first, **HELD)
    assert next_due() == {second.pk}
    act(world, actions.take_back, Appointment.objects.get(pk=first.pk), at=AFTER)
    assert next_due() == {first.pk}
    later = wanted(world, day=DAY + timedelta(days=20))
    moved = act(world, actions.move, first, at=world.now, wanted=later, reason="travel")
    assert next_due() == {second.pk}
    for one in (second, third, moved):
        act(world, actions.cancel, one, at=world.now, reason="we_cancelled")
    assert next_due() == set()
