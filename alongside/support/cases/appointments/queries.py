"""Reads of appointments: those of a case, a worker's calendar, who is busy when, and what the rulebook says of them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.privacy import crypt, fields
from alongside.core.rows import ahead
from alongside.foundation.office.messages import queries as messages
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.arrivals.referrals import queries as referrals
from alongside.support.cases.appointments import lifecycle, rules
from alongside.support.cases.appointments.models import Appointment, Engagement, Feed
from alongside.support.cases.appointments.rules import Span, Step, Taken
from alongside.support.cases.casework.models import Case
from alongside.support.cases.others import queries as others

MOST_SHOWN = 300
LOOKED_BACK = 20
NEXT = 2  # on the first page of a case


def kind(code: str, on: date) -> RuleRow:
    """A kind of appointment; refused where there is none by this code."""
    row = rulebook.find("appointment_kinds", code, on)
    if row is None:
        raise RuleBroken("Choose what kind of appointment it is.", "kind")
    return row


def result_of(way: str, on: date) -> str:
    """What an appointment that took place this way counts as among the contacts of the case."""
    row = rulebook.find("appointment_ways", way, on)
    if row is None:
        raise RuleBroken("Choose how it took place.", "way")
    return row.text("result")


def reason(code: str, on: date, *, when: str) -> RuleRow:
    """Why an appointment did not happen: chosen before its time, or after it."""
    row = rulebook.find("not_held_reasons", code, on)
    if row is None or not row.flag(when):
        raise RuleBroken("Choose why.", "reason")
    return row


def reasons(on: date, *, when: str) -> tuple[tuple[str, str], ...]:
    """What may be chosen then: codes and words."""
    return tuple((row.code, row.title) for row in rulebook.current("not_held_reasons", on) if row.flag(when))


def check_place(code: str, on: date) -> None:
    if rulebook.find("appointment_places", code, on) is None:
        raise RuleBroken("Choose what kind of place it is.", "place")


def visits(found: Iterable[Appointment], on: date) -> dict[UUID, str]:
    """What whoever goes there must know, by appointment: of those that are planned and to which the worker travels."""
    there = {row.code for row in rulebook.current("appointment_places", on) if row.flag("travel")}
    planned = [one for one in found if one.place in there and one.state == lifecycle.PLANNED]
    warned = others.visit_warnings({one.case_id for one in planned}, on) if planned else {}
    return {one.pk: warned[one.case_id] for one in planned if one.case_id in warned}


BOOKS = ("appointment_kinds", "appointment_places", "appointment_ways", "not_held_reasons", "languages")


def words(on: date) -> Mapping[str, Mapping[str, str]]:
    """The words of every book that these pages speak with."""
    return {book: rulebook.titles(book, on) for book in BOOKS}


def again(case: Case, *, by: Actor, at: datetime, kind: str, starts_at: datetime) -> Appointment | None:
    """The same appointment, planned by the same person moments ago: its form was sent twice."""
    recent = Appointment.objects.filter(case=case, planned_by=by.user_id, planned_at__gt=at - rules.MOMENTS)
    return recent.filter(kind=kind, starts_at=starts_at, unplanned=False).order_by("starts_at").first()


def taken(worker: UUID | None, wanted: Collection[Span], *, but: Collection[UUID] = ()) -> tuple[Taken, ...]:
    """What a worker has around these times, as far as the caller may know of it."""
    if worker is None or not wanted:
        return ()
    first, last = min(span.starts for span in wanted), max(span.ends for span in wanted)
    around = Q(worker=worker, starts_at__lt=last, ends_at__gt=first)
    planned = Appointment.objects.filter(around, state=lifecycle.PLANNED).exclude(pk__in=but)
    engaged = Engagement.objects.filter(around).exclude(about__in=but)
    rows = [*planned.values_list("starts_at", "ends_at", "kind"), *engaged.values_list("starts_at", "ends_at", "kind")]
    return tuple(Taken(*row) for row in sorted(rows))


def series_from(appointment: Appointment) -> "QuerySet[Appointment]":
    """This one and all of its series that are planned after it."""
    if appointment.series is None:
        return Appointment.objects.filter(pk=appointment.pk)
    return Appointment.objects.filter(
        series=appointment.series, state=lifecycle.PLANNED, starts_at__gte=appointment.starts_at
    )


def next_of_series(appointment: Appointment) -> list[Appointment]:
    """The two of its series that are planned next."""
    planned = Appointment.objects.filter(series=appointment.series, state=lifecycle.PLANNED)
    return list(planned.order_by("starts_at", "id")[:2])


def missed_in_a_row(case_id: UUID, on: date) -> int:
    """How many of the latest did not happen for a reason that counts, since one last happened."""
    counts = {row.code for row in rulebook.current("not_held_reasons", on) if row.flag("counts")}
    settled = Appointment.objects.filter(
        case_id=case_id, state__in=(lifecycle.HELD, lifecycle.MISSED, lifecycle.CANCELLED)
    )
    latest = settled.order_by("-starts_at", "-id").values_list("state", "why")[:LOOKED_BACK]
    return rules.in_a_row((state, why in counts) for state, why in latest)


def step(missed: int, on: date) -> Step | None:
    """What the office says is to be done after so many."""
    rows = rulebook.current("missed_steps", on)
    return rules.step(missed, [Step(row.number("from"), row.title, row.text("say")) for row in rows])


def interpreter_due(starts_at: datetime, on: date) -> datetime:
    """By when an interpreter should be confirmed."""
    days = rulebook.rule("limits", "interpreter_before", on).number("number")
    day = rules.working_days_before(clocks.london_date(starts_at), days)
    return datetime.combine(day, time(12), tzinfo=clocks.LONDON)


def of_case(case: Case) -> tuple[Appointment, ...]:
    """Every appointment of a case, the latest first."""
    return tuple(Appointment.objects.filter(case=case).order_by("-starts_at", "-id")[:MOST_SHOWN])


def next_of(case: Case, *, by: Actor, at: datetime, most: int) -> tuple[Appointment, ...]:
    """The next ones, from those of today that nobody has recorded."""
    return tuple(_next_of(case, by, at, most))


@ahead.question
def _next_of(case: Case, by: Actor, at: datetime, most: int) -> "QuerySet[Appointment]":
    today = datetime.combine(clocks.london_date(at), time.min, tzinfo=clocks.LONDON)
    found = Appointment.objects.visible_to(by).filter(case_id=case.pk, state=lifecycle.PLANNED, starts_at__gte=today)
    return found.order_by("starts_at", "id")[:most]


def reads(case: Case, *, by: Actor, at: datetime) -> Iterable["QuerySet[Any]"]:
    """What the page of a case asks of this domain: to be read in one with more (`rows.ahead`)."""
    return (_next_of(case, by, at, NEXT),)


@dataclass(frozen=True)
class Exact:
    """What is sealed of an appointment, opened: the exact place, the interpreter's booking, what was noted."""

    whereabouts: str
    booking: str
    note: str


def exact(appointment: Appointment) -> Exact:
    """The caller logs the look with its fields."""
    crypt.load_keys([appointment.victim_id])
    return Exact(*(fields.read(appointment, name) for name in ("whereabouts", "booking", "note")))


def moves_of(appointment: Appointment) -> tuple[Appointment, ...]:
    """What it was moved from, the latest first."""
    found: list[Appointment] = []
    step = appointment.replaces
    while step is not None and len(found) < LOOKED_BACK:
        found.append(step)
        step = step.replaces
    return tuple(found)


@dataclass(frozen=True)
class Day:
    """What a day holds, in order: appointments and what else keeps people busy."""

    day: date
    appointments: tuple[Appointment, ...]
    engagements: tuple[Engagement, ...]


def whose(asked: str, by: Actor) -> Q:
    """Mine, nobody's, one colleague's, or everybody's."""
    if asked == "nobody":
        return Q(worker=None)
    if asked == "team":
        return Q()
    try:
        return Q(worker=UUID(asked)) if asked else Q(worker=by.user_id)
    except ValueError:
        return Q(worker=by.user_id)


SHOWN = (lifecycle.PLANNED, lifecycle.HELD, lifecycle.MISSED)


def calendar(
    rows: "QuerySet[Appointment]", *, by: Actor, asked: str, first: date, last: date
) -> tuple[Day, ...]:  # fmt: skip
    """What the days from the first to the last hold; to one's own belongs what one covers for a colleague."""
    starts = datetime.combine(first, time.min, tzinfo=clocks.LONDON)
    ends = datetime.combine(last + clocks.ONE_DAY, time.min, tzinfo=clocks.LONDON)
    within, theirs = Q(starts_at__gte=starts, starts_at__lt=ends), whose(asked, by)
    covered = Q(case__cover=by.user_id, case__cover_until__gte=first, worker=F("case__worker"))
    found = rows.filter(
        within, theirs if asked else theirs | covered, provider_id=by.organisation_id or 0, state__in=SHOWN
    )
    found = found.select_related("case__victim")
    engaged = Engagement.objects.visible_to(by).filter(within, theirs)
    held: dict[date, list[Appointment]] = {}
    for one in found.order_by("starts_at", "id")[:MOST_SHOWN]:
        held.setdefault(clocks.london_date(one.starts_at), []).append(one)
    busy: dict[date, list[Engagement]] = {}
    for other in engaged.order_by("starts_at", "id")[:MOST_SHOWN]:
        busy.setdefault(clocks.london_date(other.starts_at), []).append(other)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return tuple(Day(day, tuple(held.get(day, ())), tuple(busy.get(day, ()))) for day in days)


def last_choices(by: Actor) -> dict[str, Any]:
    """What this person recorded last: what the next form begins with."""
    latest = Appointment.objects.visible_to(by).filter(settled_by=by.user_id, state=lifecycle.HELD)
    found = latest.order_by("-settled_at").values("kind", "way", "minutes", "place").first()
    return dict(found) if found else {}


@dataclass(frozen=True)
class Safe:
    """What bears on when somebody may be contacted: their hours in words, a hold, a wish to stop."""

    hours: str
    in_words: bool
    held: str
    stopped: datetime | None
    overrides: tuple[tuple[str, str], ...]


def safe(case: Case, *, by: Actor, at: datetime) -> Safe:
    """For the form that plans."""
    on = clocks.london_date(at)
    contact = messages.safe_contact(case.victim_id, hidden=referrals.hidden(case.referral, on))
    held = messages.held(case.victim_id, at)
    hours = referrals.calling_hours(case.referral, on, contact=contact)
    return Safe(
        contact.headline, hours == (), held.words if held else "", referrals.stopped(case.referral),
        referrals.hours_overrides(by, on),
    )  # fmt: skip


def own_feed(by: Actor) -> Feed | None:
    """The address of one's own calendar here, where one was made and not stopped."""
    return Feed.objects.visible_to(by).filter(organisation_id=by.organisation_id or 0, stopped_at=None).first()


def lookup(token: str) -> bytes:
    """The blind index by which an address is found; the address itself is kept nowhere."""
    return crypt.blind("calendar", token)


def busy(token: str, *, first: datetime, last: datetime) -> tuple[tuple[UUID, datetime, datetime], ...] | None:
    """The times at which the worker of an address is busy, and nothing else of them; None for no such address."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM appointments_busy(%s, %s, %s)", [lookup(token), first, last])
        rows = cursor.fetchall()
    if not rows:
        return None
    return tuple((key, starts, ends) for key, starts, ends in rows if starts is not None)
