"""Appointments in words: rows of lists, one in full, what is due, what happened, and a calendar of times alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from icalendar import Calendar, Event

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.core.pages.beside import Card, LooseEnd, Said, Tab, Titles, lines
from alongside.core.pages.filters import date_words, datetime_words, hours_words, plural, time_words
from alongside.core.privacy import crypt
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.cases.agenda.rules import Kind
from alongside.support.cases.appointments import lifecycle, queries, rules
from alongside.support.cases.appointments.models import Appointment
from alongside.support.cases.appointments.queries import Day, Exact
from alongside.support.cases.casework.models import Case

Words = Mapping[str, Mapping[str, str]]
Names = Mapping[UUID, str]
COLOURS = {"PLANNED": "blue", "HELD": "green", "MISSED": "orange", "CANCELLED": "grey", "MOVED": "grey"}
INTERPRETERS = {"to_book": "red", "booked": "yellow", "confirmed": "green", "came": "green", "absent": "orange"}
FORMER = "A former colleague"
AHEAD = 60  # more than a year of weekly ones
ENGAGED = {"group": "groups:register"}  # where what is about no one case is opened


@dataclass(frozen=True)
class Row:
    """A line of a list of appointments."""

    one: Appointment
    title: str
    when: str
    hours: str
    who: str
    place: str
    tag: dict[str, str]
    why: str
    interpreter: dict[str, str] | None
    holiday: bool
    due: bool
    may_record: bool
    may_take_back: bool


def row(
    one: Appointment, *, words: Words, names: Names, by: Actor, at: datetime, undo: int, early: int
) -> Row:  # fmt: skip
    undone = one.settled_at is not None and one.state in (lifecycle.HELD, lifecycle.MISSED) and rules.may_take_back(
        settled_at=one.settled_at, settled_by=one.settled_by, by=by.user_id, at=at, minutes=undo
    )  # fmt: skip
    day = clocks.london_date(one.starts_at)
    return Row(
        one=one, title=title(one, words), when=date_words(one.starts_at), hours=hours(one),
        who=worker(one, names), place=words["appointment_places"].get(one.place, one.place),
        tag={"word": one.get_state_display(), "colour": COLOURS[one.state]},
        why=words["not_held_reasons"].get(one.why, one.why), interpreter=_interpreter(one),
        holiday=bool(rules.bank_holidays([day])), may_take_back=undone,
        may_record=one.state == lifecycle.PLANNED and one.starts_at <= at + timedelta(minutes=early),
        due=one.state == lifecycle.PLANNED and one.starts_at <= at,
    )  # fmt: skip


def title(one: Appointment, words: Words) -> str:
    return words["appointment_kinds"].get(one.kind, one.kind)


def hours(one: Appointment) -> str:
    return hours_words(*(moment.astimezone(clocks.LONDON).time() for moment in (one.starts_at, one.ends_at)))


def worker(one: Appointment, names: Names) -> str:
    return names.get(one.worker, FORMER) if one.worker else "Nobody"


def _interpreter(one: Appointment) -> dict[str, str] | None:
    if not one.interpreter:
        return None
    word = f"Interpreter: {one.get_interpreter_display().lower()}"
    return {"word": word, "colour": INTERPRETERS[one.interpreter]}


def facts(one: Appointment, exact: Exact, *, words: Words, names: Names) -> list[dict[str, Any]]:
    """One appointment in full."""
    language = words["languages"].get(one.language, one.language)
    rows = [
        ("When", f"{date_words(one.starts_at)}, {hours(one)}"), ("Who", worker(one, names)),
        ("Kind of place", words["appointment_places"].get(one.place, one.place)), ("Exact place", exact.whereabouts),
        ("Repeats", one.get_repeats_display() if one.repeats else ""),
        ("Interpreter", f"{language}: {one.get_interpreter_display().lower()}" if one.interpreter else ""),
        ("Agency and reference", exact.booking),
        ("How it took place", words["appointment_ways"].get(one.way, one.way)),
        ("Minutes", str(one.minutes) if one.minutes else ""), ("Travel", _travel(one)),
        ("Why", words["not_held_reasons"].get(one.why, one.why)), ("What is known of it", exact.note),
    ]  # fmt: skip
    return [{"key": key, "value": value, "written": key == "What is known of it"} for key, value in rows if value]


def _travel(one: Appointment) -> str:
    said = [f"{one.travel_minutes} minutes"] if one.travel_minutes else []
    return ", ".join([*said, *([f"{one.travel_km} km"] if one.travel_km else [])])


def history(found: Iterable[Appointment], *, words: Words, names: Names) -> list[str]:
    """What it was moved from, in words."""
    return [
        f"It was planned for {datetime_words(one.starts_at)}. "
        f"Moved by {names.get(one.settled_by, FORMER) if one.settled_by else FORMER}: "
        f"{words['not_held_reasons'].get(one.why, one.why)}."
        for one in found
    ]


@dataclass(frozen=True)
class DayShown:
    """A day of a calendar: its heading, its rows in order, and what else keeps people busy."""

    day: date
    heading: str
    holiday: bool
    today: bool
    rows: tuple[Row, ...]
    busy: tuple[dict[str, Any], ...]


def days(
    found: Iterable[Day], *, words: Words, names: Names, by: Actor, at: datetime, undo: int, early: int
) -> list[DayShown]:  # fmt: skip
    today = clocks.london_date(at)
    return [
        DayShown(
            day=one.day, heading=f"{one.day:%A} {date_words(one.day)}", holiday=bool(rules.bank_holidays([one.day])),
            today=one.day == today, busy=tuple(_busy(one, words, names)),
            rows=tuple(
                row(entry, words=words, names=names, by=by, at=at, undo=undo, early=early)
                for entry in one.appointments
            ),
        )
        for one in found
    ]  # fmt: skip


def _busy(day: Day, words: Words, names: Names) -> Iterable[dict[str, Any]]:
    for one in day.engagements:
        view = ENGAGED.get(one.kind)
        yield {
            "title": words["appointment_kinds"].get(one.kind, one.kind), "who": names.get(one.worker, FORMER),
            "hours": f"{time_words(one.starts_at)} to {time_words(one.ends_at)}",
            "href": reverse(view, args=[one.about]) if view else "",
        }  # fmt: skip


def tabs(case: Case, *, by: Actor) -> tuple[Tab, ...]:
    return (Tab("Appointments", "appointments", "appointments:of_case", often=True),) if by.may(P.CASE_WORK) else ()


def beside_case(case: Case, *, by: Actor, at: datetime) -> Iterable[Card]:
    """On the page of a case: the next two."""
    if by.realm != Realm.PROVIDER or not by.may(P.CASE_WORK):
        return
    if found := queries.next_of(case, by=by, at=at, most=queries.NEXT):
        words = queries.words(clocks.london_date(at))
        said = [f"{title(one, words)}: {date_words(one.starts_at)}, {hours(one)}" for one in found]
        yield lines(
            "Next appointments", said, link=("All appointments", reverse("appointments:of_case", args=[case.pk]))
        )


def _kind(details: Mapping[str, Any], titles: Titles) -> str:
    return titles("appointment_kinds").get(details["kind"], details["kind"])


def _reason(details: Mapping[str, Any], titles: Titles) -> str:
    return titles("not_held_reasons").get(details["why"], details["why"])


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _day(text: str) -> str:
    return date_words(date.fromisoformat(text))


def _planned(details: Mapping[str, Any], titles: Titles) -> str:
    many = f", {details['count']} times from that day" if details["count"] > 1 else ""
    return f"{_kind(details, titles)} planned for {_day(details['day'])}{many}"


def _said(words: Any) -> Said:
    return Said(words, kind="session", view="appointments:of_case")


TOLD: Mapping[str, Said] = {
    "appointment.planned": _said(_planned),
    "appointment.moved": _said(lambda details, titles: (
        f"{_kind(details, titles)} moved from {_day(details['was'])} to {_day(details['day'])}: "
        f"{_lower(_reason(details, titles))}"
    )),
    "appointment.cancelled": _said(lambda details, titles: (
        f"{plural(details['count'], 'appointment')} cancelled: {_lower(_reason(details, titles))}"
    )),
    "appointment.missed": _said(lambda details, titles: (
        f"{_kind(details, titles)} did not happen: {_lower(_reason(details, titles))}"
    )),
    "appointment.taken_back": _said(lambda details, titles: (
        f"{_kind(details, titles)}: what was recorded is taken back"
    )),
    "appointment.handed_over": _said(lambda details, titles: (
        f"{_kind(details, titles)} has no worker: a colleague has left"
    )),
    "appointment.followed": _said(lambda details, titles: (
        f"{plural(details['count'], 'planned appointment')} went with the case"
        + (f"; {details['clashes']} at the same time as something else" if details["clashes"] else "")
    )),
    "appointment.all_ended": _said(lambda details, titles: (
        f"{plural(details['count'], 'planned appointment')} ended with the case"
    )),
}  # fmt: skip

DUE: Mapping[str, Kind] = {
    "appointment.due": Kind(
        words=_kind, view="appointments:record", group="appointments", of="about",
    ),
    "appointment.interpreter": Kind(
        words=lambda details, titles: "Interpreter to be confirmed" if details["asked"] else "Book an interpreter",
        view="appointments:book_interpreter", group="appointments", of="about",
    ),
    "appointment.missed": Kind(
        words=lambda details, titles: (
            f"{plural(details['count'], 'appointment')}{' in a row' if details['count'] > 1 else ''} did not happen: "
            "are they safe?"
        ),
        view="appointments:of_case", group="risk",
    ),
}  # fmt: skip


def calendar(found: Sequence[tuple[UUID, datetime, datetime]], *, token: str, at: datetime) -> bytes:
    """Times at which somebody is busy, as iCalendar: no title, place, reference or person."""
    shown = Calendar()
    shown.add("prodid", "-//Alongside//Busy times//EN")
    shown.add("version", "2.0")
    shown.add("method", "PUBLISH")
    shown.add("x-wr-calname", "Busy times")
    for key, starts, ends in found:
        event = Event()
        event.add("uid", crypt.blind("calendar-entry", f"{token}|{key}").hex())
        event.add("dtstamp", at)
        event.add("dtstart", starts.astimezone(clocks.LONDON))
        event.add("dtend", ends.astimezone(clocks.LONDON))
        event.add("summary", "Busy")
        event.add("class", "PRIVATE")
        shown.add_component(event)
    shown.add_missing_timezones()
    return shown.to_ical()


def closing(case: Case, *, by: Actor, at: datetime) -> Iterable[LooseEnd]:
    """Appointments ahead are cancelled with the case: whoever is to come has to be told."""
    if found := queries.next_of(case, by=by, at=at, most=AHEAD):
        words = f"{plural(len(found), 'appointment')} ahead, the next on {date_words(found[0].starts_at)}"
        yield LooseEnd(f"{words}: cancelled with the case, so tell them", "appointments:of_case")
