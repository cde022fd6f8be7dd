"""Every write of appointments: planning, changing, recording, and taking back what was a mistake."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max, Min

from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.privacy import fields
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.arrivals.referrals import queries as referrals
from alongside.support.arrivals.referrals import rules as calling
from alongside.support.cases.agenda import actions as agenda
from alongside.support.cases.appointments import lifecycle, queries, rules
from alongside.support.cases.appointments.models import Appointment, Engagement
from alongside.support.cases.appointments.rules import Repeat, Span, Wanted
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework import caseload
from alongside.support.cases.casework.lifecycle import case as case_moves
from alongside.support.cases.casework.models import Case, Contact
from alongside.support.cases.casework.queries import limit

DUE, INTERPRETER, IN_A_ROW = "appointment.due", "appointment.interpreter", "appointment.missed"
UNCONFIRMED = (Appointment.Interpreter.TO_BOOK, Appointment.Interpreter.BOOKED)
EXPECTED = (*UNCONFIRMED, Appointment.Interpreter.CONFIRMED)


@transaction.atomic
def plan(case: Case, *, by: Actor, at: datetime, wanted: Wanted, repeat: Repeat | None = None) -> Appointment:
    """Plans an appointment, or a series of them, and returns the first."""
    case, on = casework.locked(case), clocks.london_date(at)
    kind = queries.kind(wanted.kind, on)
    assert wanted.day is not None
    days = rules.days(wanted.day, repeat, longest=limit("series_longest", on))
    spans = [rules.span(day, wanted.from_time, wanted.minutes) for day in days]
    if again := queries.again(case, by=by, at=at, kind=kind.code, starts_at=spans[0].starts):
        return again
    why = _check(case, wanted, spans, kind, by=by, at=at)
    series = uuid4() if repeat else None
    planned = [
        _new(case, wanted, kind, span, by=by, at=at, despite=why, series=series, repeats=repeat.every if repeat else "")
        for span in spans
    ]
    first = planned[0]
    events.record("appointment.planned", case.pk, by=by, at=at, appointment=str(first.pk), kind=kind.code,
                  count=len(planned), day=days[0].isoformat(), outside=bool(why), why=why)  # fmt: skip
    return first


def _check(case: Case, wanted: Wanted, spans: Sequence[Span], kind: RuleRow, *, by: Actor, at: datetime) -> str:
    """Refuses what must not be planned: for who asked us to stop, within a hold, outside the hours that are safe.

    Returns the code of why a manager goes against the hours; empty where nobody does."""
    on = clocks.london_date(at)
    queries.check_place(wanted.place, on)
    caseload.check_worker(case, wanted.worker)
    calling.refuse_stopped(referrals.stopped(case.referral))
    ahead = limit("appointment_ahead", on)
    for span in spans:
        rules.check_ahead(span, at=at, ahead=ahead, field="day" if len(spans) == 1 else "until")
        messages.check_plan(case.victim_id, clocks.london_date(span.starts), at=at)
    return _check_hours(case, wanted, spans, by=by, at=at) if kind.flag("safe_times") else ""


def _check_hours(case: Case, wanted: Wanted, spans: Sequence[Span], *, by: Actor, at: datetime) -> str:
    on = clocks.london_date(at)
    hours, known = referrals.calling_hours(case.referral, on), dict(referrals.hours_overrides(by, on))
    why = (wanted.despite if wanted.despite in known else "") if known else None
    windows = [calling.Window(span.starts, span.ends) for span in spans]
    for window in windows:
        ahead = limit("appointment_ahead", on)
        calling.check_plan(window, hours, at=at, ahead=ahead, sure=wanted.sure, despite=why)
    outside = bool(hours) and not all(calling.within(window, hours or ()) for window in windows)
    return (why or "") if outside else ""


def _new(
    case: Case, wanted: Wanted, kind: RuleRow, span: Span, *, by: Actor, at: datetime, **more: Any
) -> Appointment:  # fmt: skip
    made = Appointment(
        case=case, victim_id=case.victim_id, provider_id=case.provider_id, kind=kind.code, kind_ref=kind.ref,
        starts_at=span.starts, ends_at=span.ends, worker=wanted.worker, place=wanted.place,
        interpreter=Appointment.Interpreter.TO_BOOK if wanted.interpreter else "",
        language=case.victim.language if wanted.interpreter else "", planned_at=at, planned_by=by.user_id, **more,
    )  # fmt: skip
    fields.write(made, whereabouts=wanted.whereabouts)
    made.save(force_insert=True)
    _remind(case, made, by=by, at=at)
    return made


def _remind(case: Case, one: Appointment, *, by: Actor, at: datetime) -> None:
    """Puts on the agenda what is due for an appointment, or takes it off. Of a series the next one is due alone."""
    upcoming = queries.next_of_series(one) if one.series else [one]
    first = upcoming[0] if upcoming and upcoming[0].state == lifecycle.PLANNED else None
    for other in {one.pk, *(later.pk for later in upcoming)} - {first.pk if first else None}:
        for kind in (DUE, INTERPRETER):
            agenda.drop(case, by=by, at=at, kind=kind, about=other)
    if first is None:
        return
    agenda.put(case, by=by, at=at, kind=DUE, about=first.pk, due_at=first.starts_at, details={"kind": first.kind})
    if first.interpreter in UNCONFIRMED:
        due = queries.interpreter_due(first.starts_at, clocks.london_date(at))
        details = {"language": first.language, "asked": first.interpreter == Appointment.Interpreter.BOOKED}
        agenda.put(case, by=by, at=at, kind=INTERPRETER, about=first.pk, due_at=due, details=details)
    else:
        agenda.drop(case, by=by, at=at, kind=INTERPRETER, about=first.pk)


def _current(appointment: Appointment, seen: int) -> tuple[Case, Appointment]:
    """The case and the appointment as they are now, held; refuses whoever writes over what they have not seen."""
    case = casework.locked(appointment.case)
    fresh = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if fresh.version != seen:
        raise RuleBroken(rules.STALE)
    return case, fresh


def _save(one: Appointment, *changed: str) -> None:
    one.version += 1
    one.save(update_fields=[*changed, "version"])


@transaction.atomic
def revise(
    appointment: Appointment, *, by: Actor, at: datetime, seen: int, wanted: Wanted, following: bool = False
) -> Appointment:  # fmt: skip
    """Changes an appointment on its day, or all of its series from it on: time of day, length, worker, place."""
    case, fresh = _current(appointment, seen)
    lifecycle.appointment.target(fresh.state, "revise")
    kind = queries.kind(fresh.kind, clocks.london_date(at))
    found = list(queries.series_from(fresh).select_for_update().order_by("starts_at")) if following else [fresh]
    spans = [rules.span(clocks.london_date(one.starts_at), wanted.from_time, wanted.minutes) for one in found]
    why = _check(case, wanted, spans, kind, by=by, at=at)
    for one, span in zip(found, spans, strict=True):
        one.starts_at, one.ends_at, one.worker, one.place = span.starts, span.ends, wanted.worker, wanted.place
        one.despite = why
        fields.write(one, whereabouts=wanted.whereabouts)
        _save(one, "starts_at", "ends_at", "worker", "place", "despite", "whereabouts")
        _remind(case, one, by=by, at=at)
    events.record("appointment.revised", case.pk, by=by, at=at, appointment=str(fresh.pk), kind=fresh.kind,
                  count=len(found), outside=bool(why), why=why)  # fmt: skip
    return found[0]


@transaction.atomic
def move(appointment: Appointment, *, by: Actor, at: datetime, seen: int, wanted: Wanted, reason: str) -> Appointment:
    """Plans an appointment anew for another day. The old one stays as it was and says why."""
    case, old = _current(appointment, seen)
    on = clocks.london_date(at)
    target = lifecycle.appointment.target(old.state, "move")
    why, kind = queries.reason(reason, on, when="before").code, queries.kind(old.kind, on)
    assert wanted.day is not None
    span = rules.span(wanted.day, wanted.from_time, wanted.minutes)
    if span.starts == old.starts_at:
        raise RuleBroken("It is planned for that time already. Choose another day or time.", "day")
    outside = _check(case, wanted, [span], kind, by=by, at=at)
    _settle(case, old, by=by, at=at, state=target, why=why)
    made = _new(case, wanted, kind, span, by=by, at=at, despite=outside, series=old.series,
                repeats=old.repeats, replaces=old)  # fmt: skip
    if old.interpreter in EXPECTED and not wanted.interpreter:
        made.interpreter, made.language = Appointment.Interpreter.TO_BOOK, old.language
        _save(made, "interpreter", "language")
        _remind(case, made, by=by, at=at)
    events.record("appointment.moved", case.pk, by=by, at=at, appointment=str(made.pk), kind=made.kind, why=why,
                  was=clocks.london_date(old.starts_at).isoformat(), day=wanted.day.isoformat())  # fmt: skip
    return made


def _settle(case: Case, one: Appointment, *changed: str, by: Actor, at: datetime, state: str, why: str = "") -> None:
    one.state, one.why, one.settled_at, one.settled_by = state, why, at, by.user_id
    _save(one, "state", "why", "settled_at", "settled_by", *changed)
    _remind(case, one, by=by, at=at)


@transaction.atomic
def cancel(
    appointment: Appointment, *, by: Actor, at: datetime, seen: int, reason: str, following: bool = False
) -> None:  # fmt: skip
    """Cancels an appointment, or all of its series from it on, with a coded reason."""
    case, fresh = _current(appointment, seen)
    target = lifecycle.appointment.target(fresh.state, "cancel")
    why = queries.reason(reason, clocks.london_date(at), when="before").code
    found = list(queries.series_from(fresh).select_for_update()) if following else [fresh]
    for one in found:
        _settle(case, one, by=by, at=at, state=target, why=why)
    events.record("appointment.cancelled", case.pk, by=by, at=at, appointment=str(fresh.pk), kind=fresh.kind,
                  why=why, count=len(found))  # fmt: skip
    _mind(case, by=by, at=at)


def _mind(case: Case, *, by: Actor, at: datetime) -> None:
    """Several that did not happen in a row are put before the worker: it may mean danger."""
    on = clocks.london_date(at)
    missed = queries.missed_in_a_row(case.pk, on)
    if missed:
        agenda.put(case, by=by, at=at, kind=IN_A_ROW, about=case.pk, due_at=on, details={"count": missed})
    else:
        agenda.drop(case, by=by, at=at, kind=IN_A_ROW)


def _pressed_twice(appointment: Appointment, state: str, *, by: Actor, at: datetime) -> Appointment | None:
    """The same, recorded by the same person moments ago: its form was sent twice. Held until the end."""
    now = Appointment.objects.select_for_update().get(pk=appointment.pk)
    just = now.settled_at is not None and now.settled_at > at - rules.MOMENTS
    return now if now.state == state and now.settled_by == by.user_id and just else None


@transaction.atomic
def record(
    appointment: Appointment, *, by: Actor, at: datetime, seen: int, way: str, minutes: int, note: str = "",
    travel_minutes: int = 0, travel_km: int = 0, interpreter: str = "", despite: str = "",
) -> Appointment:  # fmt: skip
    """It happened: writes the appointment and the contact of the case together, so that both are counted once."""
    casework.locked(appointment.case)
    if again := _pressed_twice(appointment, lifecycle.HELD, by=by, at=at):
        return again
    case, fresh = _current(appointment, seen)
    target = lifecycle.appointment.target(fresh.state, "record")
    when = rules.happened_at(fresh.starts_at, at, early=limit("appointment_early", clocks.london_date(at)))
    contact = _contact(case, by=by, at=at, when=when, way=way, minutes=minutes, note=note, despite=despite)
    fresh.way, fresh.minutes, fresh.contact_id = way, minutes, contact.pk
    fresh.travel_minutes, fresh.travel_km = travel_minutes, travel_km
    if fresh.interpreter in EXPECTED:
        fresh.interpreter = interpreter or fresh.interpreter
    _settle(case, fresh, "way", "minutes", "contact_id", "travel_minutes", "travel_km", "interpreter",
            by=by, at=at, state=target)  # fmt: skip
    _held(case, fresh, by=by, at=at)
    return fresh


def _contact(
    case: Case, *, by: Actor, at: datetime, when: datetime, way: str, minutes: int, note: str, despite: str
) -> Contact:  # fmt: skip
    rules.check_length(minutes)
    result = queries.result_of(way, clocks.london_date(when))
    return casework.record_contact(
        case, by=by, at=at, happened_at=when, channel=way, result=result, minutes=minutes, note=note, despite=despite
    )  # fmt: skip


def _held(case: Case, one: Appointment, *, by: Actor, at: datetime) -> None:
    events.record("appointment.held", case.pk, by=by, at=at, appointment=str(one.pk), kind=one.kind, way=one.way,
                  contact=str(one.contact_id), unplanned=one.unplanned)  # fmt: skip
    _mind(case, by=by, at=at)


@transaction.atomic
def record_new(
    case: Case, *, by: Actor, at: datetime, wanted: Wanted, way: str, note: str = "", travel_minutes: int = 0,
    travel_km: int = 0, despite: str = "",
) -> Appointment:  # fmt: skip
    """Records what happened without being planned."""
    case = casework.locked(case)
    assert wanted.day is not None
    span, kind = rules.span(wanted.day, wanted.from_time, wanted.minutes), queries.kind(wanted.kind, wanted.day)
    queries.check_place(wanted.place, wanted.day)
    contact = _contact(
        case, by=by, at=at, when=span.starts, way=way, minutes=wanted.minutes, note=note, despite=despite
    )  # fmt: skip
    if again := Appointment.objects.filter(contact_id=contact.pk).first():
        return again
    made = _new(
        case, replace(wanted, worker=by.user_id), kind, span, by=by, at=at, state=lifecycle.HELD, unplanned=True,
        way=way, minutes=wanted.minutes, contact_id=contact.pk, travel_minutes=travel_minutes, travel_km=travel_km,
        settled_at=at, settled_by=by.user_id,
    )  # fmt: skip
    _held(case, made, by=by, at=at)
    return made


@transaction.atomic
def miss(
    appointment: Appointment, *, by: Actor, at: datetime, seen: int, reason: str, note: str = "", despite: str = ""
) -> Appointment:  # fmt: skip
    """It did not happen, with a coded reason. Where we were there and they were not, it is an attempt of the case."""
    casework.locked(appointment.case)
    if again := _pressed_twice(appointment, lifecycle.MISSED, by=by, at=at):
        return again
    case, fresh = _current(appointment, seen)
    on, target = clocks.london_date(at), lifecycle.appointment.target(fresh.state, "miss")
    row = queries.reason(reason, on, when="after")
    when = rules.happened_at(fresh.starts_at, at, early=limit("appointment_early", on))
    if result := row.text("result"):
        channel = queries.kind(fresh.kind, on).text("way")
        fresh.contact_id = casework.record_contact(
            case, by=by, at=at, happened_at=when, channel=channel, result=result, note=note, despite=despite
        ).pk
    fields.write(fresh, note=note)
    _settle(case, fresh, "contact_id", "note", by=by, at=at, state=target, why=row.code)
    events.record("appointment.missed", case.pk, by=by, at=at, appointment=str(fresh.pk), kind=fresh.kind,
                  why=row.code)  # fmt: skip
    _mind(case, by=by, at=at)
    return fresh


@transaction.atomic
def take_back(appointment: Appointment, *, by: Actor, at: datetime) -> None:
    """Takes back what one recorded a moment ago: it is planned again, or, unplanned, was a mistake.

    Its contact is forgotten by a job: the role of this request adds contacts and takes none away."""
    case, fresh = _current(appointment, appointment.version)
    minutes = limit("appointment_undo", clocks.london_date(at))
    verb = "take_back_new" if fresh.unplanned else "take_back"
    target, settled_at = lifecycle.appointment.target(fresh.state, verb), fresh.settled_at
    assert settled_at is not None
    if not rules.may_take_back(
        settled_at=settled_at, settled_by=fresh.settled_by, by=by.user_id, at=at, minutes=minutes
    ):  # fmt: skip
        raise RuleBroken(f"Only whoever recorded it takes it back, within {minutes} minutes. Add a note instead.")
    contact, fresh.contact_id = fresh.contact_id, None
    fresh.state, fresh.why = target, "mistake" if fresh.unplanned else ""
    fresh.settled_at, fresh.settled_by = (at, by.user_id) if fresh.unplanned else (None, None)
    _save(fresh, "contact_id", "state", "why", "settled_at", "settled_by")
    _remind(case, fresh, by=by, at=at)
    _mind(case, by=by, at=at)
    events.record("appointment.taken_back", case.pk, by=by, at=at, appointment=str(fresh.pk), kind=fresh.kind,
                  contact=str(contact or ""))  # fmt: skip


@transaction.atomic
def forget_contact(contact_id: UUID, *, by: Actor, at: datetime) -> None:
    """A contact that was taken back: gone, and the case's first and latest with it. Worker's role; safe to repeat."""
    gone = Contact.objects.filter(pk=contact_id).first()
    if gone is None:
        return
    case = Case.objects.select_for_update().get(pk=gone.case_id)
    if Appointment.objects.filter(contact_id=contact_id).exists():  # recorded again meanwhile, as it had been
        return
    gone.delete()
    left = Contact.objects.filter(case=case)
    reached = left.filter(reached=True).aggregate(first=Min("happened_at"), last=Max("happened_at"))
    case.first_attempt_at = left.aggregate(first=Min("happened_at"))["first"]
    case.first_contact_at = case.started_at = reached["first"]
    case.last_contact_at = reached["last"]
    if case.state == Case.State.OPEN and reached["first"] is None:
        case.state = case_moves.target(case.state, "unstart")
    case.save(update_fields=["state", "first_attempt_at", "first_contact_at", "started_at", "last_contact_at"])
    events.record("case.contact_taken_back", case.pk, by=by, at=at, contact=str(contact_id))


@transaction.atomic
def book_interpreter(
    appointment: Appointment, *, by: Actor, at: datetime, seen: int, state: str, language: str = "", booking: str = ""
) -> None:  # fmt: skip
    """Says how the booking of an interpreter stands, in which language, with the agency's reference."""
    case, fresh = _current(appointment, seen)
    lifecycle.appointment.target(fresh.state, "book_interpreter")
    if state in EXPECTED and not language:
        raise RuleBroken("Choose the language that they speak.", "language")
    fresh.interpreter, fresh.language = state, language if state else ""
    fields.write(fresh, booking=booking if state else "")
    _save(fresh, "interpreter", "language", "booking")
    _remind(case, fresh, by=by, at=at)
    events.record("appointment.interpreter_booked", case.pk, by=by, at=at, appointment=str(fresh.pk), state=state)


@transaction.atomic
def engage(
    about: UUID, workers: Sequence[UUID], span: Span, *, by: Actor, at: datetime, kind: str, organisation_id: int
) -> None:  # fmt: skip
    """Says that these workers, and nobody else, are busy with something that is about no one case. Part of the write
    that plans it, and without an event of its own."""
    release(about, by=by, at=at)
    Engagement.objects.bulk_create(
        Engagement(organisation_id=organisation_id, worker=worker, kind=kind, about=about, starts_at=span.starts,
                   ends_at=span.ends) for worker in workers
    )  # fmt: skip


def release(about: UUID, *, by: Actor, at: datetime) -> None:
    """Nobody is busy with it any more."""
    Engagement.objects.filter(about=about).delete()
