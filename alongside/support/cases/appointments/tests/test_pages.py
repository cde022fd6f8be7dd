"""Pages of appointments as a worker, a manager and a neighbour meet them; and the address that gives nothing away."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from alongside.core.models import Event, Look
from alongside.core.rows.realms import Realm
from alongside.core.rows.realms import inside as in_realm
from alongside.support.cases.appointments import actions, calendars
from alongside.support.cases.appointments.models import Appointment, Engagement, Feed
from alongside.support.cases.appointments.rules import Repeat
from alongside.support.cases.appointments.tests.planned import DAY, at_ten, planned
from alongside.support.cases.casework.models import Case, Contact
from alongside.support.cases.casework.tests.cases import accepted, inside
from tests.world import World

pytestmark = pytest.mark.django_db
PLACE = "12 Sample Street"
VERBS = ("show", "record", "miss", "revise", "move", "cancel", "book_interpreter")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets what the views take for now."""

    def to(at: datetime) -> None:
        monkeypatch.setattr("alongside.support.cases.appointments.views.timezone.now", lambda: at)

    to(at_ten(hour=11, minute=30))
    return to


def where(view: str, *about: Any) -> str:
    return reverse(f"appointments:{view}", args=[getattr(one, "pk", one) for one in about])


def text(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def sent(client: Client, address: str, **said: Any) -> str:
    return client.post(address, said, follow=True).content.decode()


def day(at: Any = DAY) -> dict[str, str]:
    return {"day_day": str(at.day), "day_month": str(at.month), "day_year": str(at.year)}


def test_a_worker_plans_a_series_and_reads_of_bank_holidays_and_clashes(world: World, clock: Any) -> None:
    case, client = accepted(world), world.client("caseworker")
    clock(world.now + timedelta(hours=2))
    assert "Nothing is planned" in text(client, where("of_case", case))
    christmas = datetime(2026, 12, 18).date()
    said = {"kind": "session", "from_time": "10:00", "minutes": "50", "place": "ours", "whereabouts": PLACE,
            "worker": str(world.people["caseworker"].pk), "repeats": "weekly", "times": "3",
            **day(christmas)}  # fmt: skip
    page = sent(client, where("plan", case), **said)
    assert "It is planned." in page and "Bank holiday: 25 December 2026, 1 January 2027" in page
    assert page.count("Move<span") == 3 and PLACE not in page
    page = sent(client, where("plan", case), **{**said, "repeats": "", "times": "", "kind": "court"})
    assert "already has something on 18 December 2026" in page


def test_what_cannot_be_planned_says_why_beside_its_field(world: World, clock: Any) -> None:
    case, client = accepted(world), world.client("caseworker")
    clock(world.now + timedelta(hours=2))
    said = {"kind": "call", "from_time": "15:00", "minutes": "30", "place": "remote", "worker": ""}
    assert "It is safe to call from 10am to midday only" in sent(client, where("plan", case), **said, **day())
    assert "Enter the day" in sent(client, where("plan", case), **said)
    manager = world.client("service_manager")
    page = sent(manager, where("plan", case), **said, **day())
    assert "Outside the hours that are safe: why?" in page
    assert "It is planned." in sent(manager, where("plan", case), **said, **day(), despite="they_asked")


def test_a_session_is_recorded_with_what_is_filled_in_already(world: World, clock: Any) -> None:
    one, client = planned(world), world.client("caseworker")
    page = text(client, where("record", one))
    assert 'value="50"' in page and 'value="in_person" checked' in page
    said = {"seen": "1", "way": "in_person", "minutes": "50"}
    page = sent(client, where("record", one), **said)
    assert "Recorded. It counts as a contact too." in page and "Take back" in page
    assert Contact.objects.count() == 1
    page = sent(client, where("record", one) + "?by=calendar", **said)
    assert Contact.objects.count() == 1 and "<h1" in page and "Calendar" in page
    page = sent(client, where("take_back", one) + "?by=calendar")
    assert "is taken back" in page and Appointment.objects.get().state == "PLANNED"


def test_what_is_still_to_come_is_shown_instead(world: World, clock: Any) -> None:
    one, client = planned(world), world.client("caseworker")
    clock(world.now + timedelta(hours=3))
    assert client.get(where("record", one)).headers["Location"] == where("show", one)
    assert "It happened" not in text(client, where("show", one))


def test_from_the_day_it_leads_back_to_the_day(world: World, clock: Any) -> None:
    one, client = planned(world), world.client("caseworker")
    came = client.get(where("record", one), headers={"Referer": "http://testserver" + reverse("day:mine")})
    assert 'name="by" value="day"' in came.content.decode()
    said = {"seen": "1", "way": "in_person", "minutes": "50", "by": "day"}
    assert client.post(where("record", one), said).headers["Location"] == reverse("day:mine")


def test_what_somebody_wrote_is_kept_when_another_was_faster(world: World, clock: Any) -> None:
    one, client = planned(world), world.client("caseworker")
    said = {"from_time": "14:00", "minutes": "30", "place": "ours", "worker": "", "seen": "1"}
    clock(world.now + timedelta(hours=3))
    assert "It is changed." in sent(world.client("other_caseworker"), where("revise", one), **said)
    page = sent(client, where("revise", one), **{**said, "minutes": "45"})
    assert "Somebody else changed this appointment" in page and 'value="45"' in page
    assert '<input type="hidden" name="seen" value="2">' in page and "2pm to 2:30pm" in page


def test_several_that_did_not_happen_are_read_with_care(world: World, clock: Any) -> None:
    case, client = accepted(world), world.client("caseworker")
    for hour in (9, 10):
        one = planned(world, case, from_time=at_ten(hour=hour).time())
        page = sent(client, where("miss", one), seen="1", reason="no_show")
    assert "2 appointments in a row did not happen. Think of danger before anything else." in page
    assert "Ask whether they are safe" in text(client, where("miss", planned(world, accepted(world, source_ref="b"))))
    summary = text(client, reverse("casework:show", args=[case.pk]))
    assert "2 appointments in a row did not happen: are they safe?" in summary


def test_it_is_moved_cancelled_and_interpreted_from_its_own_page(world: World, clock: Any) -> None:
    one, client = planned(world, whereabouts=PLACE), world.client("caseworker")
    clock(world.now + timedelta(hours=3))
    assert PLACE in text(client, where("show", one))
    assert Look.objects.filter(fields__contains="place").exists()
    page = sent(client, where("book_interpreter", one), seen="1", state="booked", language="pl", booking="Agency 7")
    assert "The booking is noted." in page and "Interpreter: asked for" in page
    page = text(client, where("move", one)) + text(client, where("revise", one))
    assert page.count('value="10:00"') == 2
    assert "The booking is noted." in sent(client, where("book_interpreter", one), seen="2", state="none")
    assert "Interpreter:" not in text(client, where("of_case", one.case))
    said = {"seen": "3", "from_time": "11:00", "minutes": "50", "reason": "travel"}
    assert "It is moved." in sent(client, where("move", one), **said, **day(DAY + timedelta(days=1)))
    new = Appointment.objects.get(state="PLANNED")
    page = text(client, where("show", new))
    assert "It was planned for 16 September 2026 at 10am. Moved by Testa Caseworker" in page and PLACE in page
    assert "It is cancelled." in sent(client, where("cancel", new), seen=str(new.version), reason="we_cancelled")
    case_page = text(client, reverse("casework:show", args=[one.case_id]))
    assert "1 appointment cancelled: we cancelled" in case_page or "Appointments" in case_page


def test_something_unplanned_begins_with_what_was_recorded_last(world: World, clock: Any) -> None:
    case, client = accepted(world), world.client("caseworker")
    page = text(client, where("record_new", case))
    assert 'value="call" checked' in page and 'value="30"' in page
    said = {"kind": "visit", "way": "in_person", "minutes": "75", "place": "home", "from_time": "09:00", **day(DAY)}
    assert "Recorded." in sent(client, where("record_new", case), **said)
    page = text(client, where("record_new", case))
    assert 'value="visit" checked' in page and 'value="75"' in page


def test_a_calendar_shows_ones_own_and_to_a_manager_the_teams(world: World, clock: Any) -> None:
    one = planned(world)
    nobodys = planned(world, accepted(world, source_ref="b"), worker=None, from_time=at_ten(hour=13).time())
    Engagement.objects.create(
        organisation_id=world.provider.pk, worker=world.people["caseworker"].pk, kind="training", about=one.pk,
        starts_at=at_ten(hour=15), ends_at=at_ten(hour=16),
    )  # fmt: skip
    mine = text(world.client("caseworker"), where("calendar"), whose="team")
    assert one.case.reference in mine and nobodys.case.reference not in mine and "3pm to 4pm" in mine
    manager = world.client("service_manager")
    assert one.case.reference not in text(manager, where("calendar"))
    team = text(manager, where("calendar"), whose="team")
    assert one.case.reference in team and nobodys.case.reference in team
    assert nobodys.case.reference in text(manager, where("calendar"), whose="nobody", view="day", day=DAY.isoformat())
    hers = text(manager, where("calendar"), whose=str(world.people["caseworker"].pk))
    assert one.case.reference in hers and nobodys.case.reference not in hers
    assert "Nothing planned." in text(manager, where("calendar"), day="2027-05-05", whose="wrong")


def test_what_one_covers_for_a_colleague_is_in_ones_own_calendar(world: World, clock: Any) -> None:
    one = planned(world)
    client, of = world.client("other_caseworker"), {"day": DAY.isoformat()}
    assert one.case.reference not in text(client, where("calendar"), **of)
    cover = {"cover": world.people["other_caseworker"].pk, "cover_until": DAY + timedelta(days=2)}
    Case.objects.update(worker=world.people["caseworker"].pk, **cover)
    assert one.case.reference in text(client, where("calendar"), **of)
    Case.objects.update(cover_until=DAY - timedelta(days=9))
    assert one.case.reference not in text(client, where("calendar"), **of)


def test_a_print_of_the_day_has_no_name_and_no_address(world: World, clock: Any) -> None:
    planned(world, whereabouts=PLACE)
    client = world.client("caseworker")
    assert client.get(where("print_day")).status_code == 302
    page = client.post(where("print_day"), {"day": DAY.isoformat()}).content.decode()
    assert "Support session" in page and "At our place" in page
    assert "Sampleford" not in page and PLACE not in page
    assert Event.objects.filter(name="print.made").exists()


def test_an_address_is_made_shown_once_renewed_and_stopped(world: World, clock: Any) -> None:
    planned(world, whereabouts=PLACE)
    client = world.client("caseworker")
    assert "Make an address" in text(client, where("feed"))
    page = sent(client, where("make_feed"))
    address = page.split('data-copy="')[1].split('"')[0]
    assert address not in text(client, where("feed")) and "Your address was made on" in text(client, where("feed"))
    answer = Client().get(address)
    assert answer.status_code == 200 and not answer.cookies
    body = answer.content.decode()
    for word in ("Sampleford", "session", "Sample", "AL-", PLACE, str(Appointment.objects.get().pk), "LOCATION"):
        assert word not in body
    (event,) = Calendar.from_ical(body).walk("VEVENT")
    assert (event["SUMMARY"], event.decoded("DTSTART")) == ("Busy", at_ten())
    assert "TZID=Europe/London" in body and "BEGIN:VTIMEZONE" in body
    sent(client, where("make_feed"))
    assert Client().get(address).status_code == 410
    assert "shows nothing any more" in sent(client, where("stop_feed"))
    assert Feed.objects.filter(stopped_at=None).count() == 0


def test_an_unknown_address_and_too_many_requests_tell_nothing(
    world: World, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = Client().get(where("busy", "not-an-address"))
    assert answer.status_code == 410 and not answer.cookies
    assert Client().post(where("busy", "not-an-address")).status_code == 405
    monkeypatch.setattr(calendars, "limit", lambda code, on: 1)
    answer = Client().get(where("busy", "not-an-address"))
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3600")


@pytest.mark.parametrize("person", ["neighbour_caseworker", "neighbour_manager", "far_caseworker", "triage_officer"])
def test_a_neighbour_and_the_hub_find_nothing(world: World, clock: Any, person: str) -> None:
    one, client = planned(world), world.client(person)
    for verb in (*VERBS, "take_back"):
        assert client.post(where(verb, one)).status_code == 404, verb
    for view in ("of_case", "plan", "record_new"):
        assert client.get(where(view, one.case)).status_code in (403, 404), view
    shown = client.get(where("calendar"), {"whose": "team"})
    assert shown.status_code == 403 or one.case.reference not in shown.content.decode()


@pytest.mark.parametrize("model", [Appointment, Engagement, Feed])
def test_the_database_shows_a_neighbour_nothing_without_the_first_lock(world: World, model: Any) -> None:
    one, worker = planned(world), world.people["caseworker"].pk
    with transaction.atomic(), inside(world, "caseworker"):
        actions.engage(one.pk, [worker], actions.Span(one.starts_at, one.ends_at), by=world.actor("caseworker"),
                       at=world.now, kind="group", organisation_id=world.provider.pk)  # fmt: skip
        calendars.make_feed(by=world.actor("caseworker"), at=world.now)
        assert model.objects.count() == 1
    with transaction.atomic(), inside(world, "neighbour_caseworker"):
        assert model.objects.count() == 0
    for realm in (Realm.HUB, Realm.PUBLIC, Realm.COMMISSIONING):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), in_realm(realm):
            model.objects.count()


def test_a_closed_case_has_no_buttons_and_every_form_opens(world: World, clock: Any) -> None:
    one, client = planned(world, interpreter=True, repeat=Repeat("weekly", times=2)), world.client("caseworker")
    for verb in VERBS:
        assert "Support session" in text(client, where(verb, one)), verb
    assert "Did the interpreter come?" in text(client, where("record", one))
    Case.objects.update(state="CLOSED", closed_at=world.now)
    page = text(client, where("of_case", one.case))
    assert "Plan an appointment" not in page and "Move<span" not in page
