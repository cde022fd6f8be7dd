"""Pages of appointments: those of a case, each with what may be done, a worker's calendar, and its secret address."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django import forms as plain
from django.contrib import messages as flash
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST, require_safe

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.core.access.callers import caller
from alongside.core.access.declare import Open, access, actor_of, note_looks
from alongside.core.errors import RuleBroken
from alongside.core.pages import drafts, once
from alongside.core.pages.acts import did, tried
from alongside.core.pages.beside import Card, framed
from alongside.core.pages.filters import date_words
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.appointments import actions, calendars, forms, lifecycle, presenters, queries, rules
from alongside.support.cases.appointments.models import Appointment
from alongside.support.cases.casework import caseload
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.queries import colleagues, limit, workers
from alongside.support.cases.others import queries as others

BACK = {"calendar": "appointments:calendar", "day": "day:mine"}  # where an appointment may be dealt with from


def _spoken(by: Actor) -> dict[str, Any]:
    """What every row is put into words with."""
    on = forms.today()
    return {"words": queries.words(on), "names": colleagues(by), "by": by, "at": timezone.now(),
            "undo": limit("appointment_undo", on), "early": limit("appointment_early", on)}  # fmt: skip


def _people(case: Case) -> list[tuple[str, str]]:
    return [forms.NOBODY, *((str(key), name) for key, name in workers(case.provider_id).items())]


def _page(request: HttpRequest, case: Case, template: str, **context: Any) -> HttpResponse:
    visit = others.visit_warnings([case.pk], forms.today()).get(case.pk, "")
    return framed(request, "case", case, f"appointments/{template}.html", tab="appointments", visit=visit, **context)


@access(P.CASE_WORK, of=Case)
def of_case(request: HttpRequest, case: Case) -> HttpResponse:
    """What is planned with somebody and what was, and what to do when several in a row did not happen."""
    spoken = _spoken(actor_of(request))
    rows = [presenters.row(one, **spoken) for one in queries.of_case(case)]
    missed = queries.missed_in_a_row(case.pk, forms.today())
    planned = [row for row in reversed(rows) if row.one.state == lifecycle.PLANNED]
    past = [row for row in rows if row.one.state != lifecycle.PLANNED]
    step = queries.step(missed, forms.today())
    return _page(request, case, "of_case", planned=planned, past=past, missed=missed, step=step)


@access(P.CASE_WORK, of=Case)
def plan(request: HttpRequest, case: Case) -> HttpResponse:
    by, at, on = actor_of(request), timezone.now(), forms.today()
    safe = queries.safe(case, by=by, at=at)
    choices = {
        "kind": rulebook.choices("appointment_kinds", on), "worker": _people(case),
        "place": rulebook.choices("appointment_places", on), "despite": safe.overrides,
    }  # fmt: skip
    start = {"kind": "session", "minutes": 50, "place": "ours", "worker": str(case.worker or by.user_id),
             "interpreter": case.victim.interpreter == "yes"}  # fmt: skip
    form = forms.Plan(request.POST or None, choices=choices, initial=start)
    if form.is_valid() and did(
        form, lambda: actions.plan(case, by=by, at=at, wanted=form.wanted, repeat=form.repeat)
    ):  # fmt: skip
        _say_planned(request, form)
        return redirect("appointments:of_case", pk=case.pk)
    return _page(request, case, "plan", form=form, safe=safe)


def _say_planned(request: HttpRequest, form: forms.Plan) -> None:
    """That it is planned; which days are bank holidays; whether somebody would be in two places."""
    flash.success(request, "It is planned.")
    wanted, repeat = form.wanted, form.repeat
    assert wanted.day is not None
    days = rules.days(wanted.day, repeat, longest=limit("series_longest", forms.today()))
    if holidays := rules.bank_holidays(days):
        said = ", ".join(map(date_words, holidays))
        flash.warning(request, f"Bank holiday: {said}. It is planned all the same: move or cancel what does not fit.")
    _warn(request, wanted, days)


def _warn(request: HttpRequest, wanted: rules.Wanted, days: tuple[date, ...]) -> None:
    """More than one thing in a worker's time, the one just planned with them."""
    spans = [rules.span(day, wanted.from_time, wanted.minutes) for day in days]
    taken = queries.taken(wanted.worker, spans)
    crowded = [span for span in spans if len(rules.clashes([span], taken)) > 1]
    if crowded and wanted.worker:
        names = colleagues(actor_of(request))
        found = rules.clashes(crowded[:1], taken)
        flash.warning(request, rules.clash_words(found[:1], names.get(wanted.worker, "Somebody")))


def _done(request: HttpRequest, one: Appointment) -> HttpResponse:
    """Back to where it was done from: the day, the calendar, or the appointments of the case."""
    if view := BACK.get(_from(request)):
        return redirect(view)
    return redirect("appointments:of_case", pk=one.case_id)


def _from(request: HttpRequest) -> str:
    """Which page led here: as the form says it, as the link says it, or as the browser does of the day."""
    said = request.POST.get("by", "") or request.GET.get("by", "")
    came = urlsplit(request.headers.get("Referer", "")).path
    return said or ("day" if came == reverse(BACK["day"]) else "")


def _on_one(
    request: HttpRequest, one: Appointment, form: plain.Form, verb: str, act: Callable[[], object], done: str,
    **context: Any,
) -> HttpResponse:  # fmt: skip
    """A form about one appointment: done and back; or again, with what is wrong and what it says now."""
    if form.is_valid() and did(form, act):
        flash.success(request, done)
        return _done(request, one)
    row = presenters.row(one, **_spoken(actor_of(request)))
    return _page(request, one.case, verb, form=form, row=row, one=one, back=_from(request), **context)


@access(P.CASE_WORK, of=Appointment)
def show(request: HttpRequest, one: Appointment) -> HttpResponse:
    """One appointment in full. The exact place is opened here alone, and that it was is on record."""
    spoken, exact = _spoken(actor_of(request)), queries.exact(one)
    note_looks(request, [one.case.victim_id], fields="place" if exact.whereabouts else "")
    facts = presenters.facts(one, exact, words=spoken["words"], names=spoken["names"])
    moved = presenters.history(queries.moves_of(one), words=spoken["words"], names=spoken["names"])
    return _page(request, one.case, "show", row=presenters.row(one, **spoken), one=one, facts=facts, moved=moved)


@access(P.CASE_WORK, of=Appointment)
def record(request: HttpRequest, one: Appointment) -> HttpResponse:
    """It happened: length and way are filled in, and a note may be added."""
    by, at, on = actor_of(request), timezone.now(), forms.today()
    if request.method == "GET" and one.starts_at > at + timedelta(minutes=limit("appointment_early", on)):
        return redirect("appointments:show", pk=one.pk)  # it is still to come: what may be done now is there
    kept = drafts.restore(name := drafts.form_name("appointments.record", one.pk), by=by, at=at)
    despite = caseload.despite(one.case, by=by, at=at)
    came = Appointment.Interpreter
    asked = [(came.CAME.value, "Yes"), (came.ABSENT.value, "No")] if one.interpreter in actions.EXPECTED else []
    choices = {"way": rulebook.choices("appointment_ways", on), "interpreter": asked, "despite": despite.reasons}
    length = int((one.ends_at - one.starts_at).total_seconds() // 60)
    way = queries.kind(one.kind, on).text("way")
    start = drafts.initial(forms.Record, kept) | {"seen": one.version} if kept else {"minutes": length, "way": way}
    form = forms.Record(request.POST or None, choices=choices, initial=start)
    return _on_one(
        request, one, form, "record", lambda: _recorded(name, one, by, form), "Recorded. It counts as a contact too.",
        kept=kept, draft=name, held=despite.held,
    )  # fmt: skip


def _recorded(draft: str, one: Appointment, by: Actor, form: forms.Record) -> None:
    actions.record(one, by=by, at=timezone.now(), **form.given)
    drafts.drop(draft, by=by)


def _of_new(on: date) -> dict[str, Any]:
    """What is to be chosen from, of what happened without being planned."""
    return {
        "kind": rulebook.choices("appointment_kinds", on), "way": rulebook.choices("appointment_ways", on),
        "place": rulebook.choices("appointment_places", on), "interpreter": (), "despite": (),
    }  # fmt: skip


@access(P.CASE_WORK, of=Case)
def record_new(request: HttpRequest, case: Case) -> HttpResponse:
    """What happened without being planned: it begins with what this person recorded last."""
    by, at, on = actor_of(request), timezone.now(), forms.today()
    kept = drafts.restore(name := drafts.form_name("appointments.record_new", case.pk), by=by, at=at)
    despite = caseload.despite(case, by=by, at=at)
    start = drafts.initial(forms.RecordNew, kept) or forms.RecordNew.now(at, queries.last_choices(by))
    choices = {**_of_new(on), "despite": despite.reasons}
    form = forms.RecordNew(request.POST or None, choices=choices, initial=start)
    if form.is_valid() and did(form, lambda: actions.record_new(case, by=by, at=at, **form.given)):
        drafts.drop(name, by=by)
        flash.success(request, "Recorded. It counts as a contact too.")
        return redirect("appointments:of_case", pk=case.pk)
    return _page(request, case, "record_new", form=form, held=despite.held, kept=kept, draft=name)


def offline(case: Case, *, by: Actor, at: datetime) -> Iterable[Card]:
    """The form of a session comes along with the page of a case, for when there is no connection."""
    if by.realm == Realm.PROVIDER and by.may(P.CASE_WORK):
        fields = _brought(rulebook.edition(), clocks.london_date(at))
        words = {"fields": fields, "draft": drafts.form_name("appointments.record_new", case.pk)}
        yield Card("aside", "appointments/parts/offline.html", words)


@lru_cache(maxsize=2)
def _brought(edition: UUID, on: date) -> SafeString:
    """The fields of a session, the same for everybody while the rules stand; the page fills in the day and the time."""
    form = forms.RecordNew(choices=_of_new(on), initial=forms.RecordNew.USUAL, auto_id="away_%s")
    return mark_safe(render_to_string("appointments/parts/brought.html", {"form": form}))  # noqa: S308 – a template's


@access(P.CASE_WORK, of=Appointment)
def miss(request: HttpRequest, one: Appointment) -> HttpResponse:
    """It did not happen. What several in a row may mean is said before and after."""
    by, at, on = actor_of(request), timezone.now(), forms.today()
    despite = caseload.despite(one.case, by=by, at=at)
    choices = {"reason": queries.reasons(on, when="after"), "despite": despite.reasons}
    form = forms.Miss(request.POST or None, choices=choices)
    missed = queries.missed_in_a_row(one.case_id, on)
    return _on_one(
        request, one, form, "miss", lambda: actions.miss(one, by=by, at=at, **form.cleaned_data),
        "Recorded that it did not happen.", missed=missed, step=queries.step(missed + 1, on), held=despite.held,
    )  # fmt: skip


@access(P.CASE_WORK, of=Appointment)
def revise(request: HttpRequest, one: Appointment) -> HttpResponse:
    by, at, on = actor_of(request), timezone.now(), forms.today()
    safe, exact = queries.safe(one.case, by=by, at=at), queries.exact(one)
    choices = {
        "kind": (), "worker": _people(one.case), "place": rulebook.choices("appointment_places", on),
        "despite": safe.overrides,
    }  # fmt: skip
    start = {"from_time": forms.clock(one.starts_at), "worker": str(one.worker or ""),
             "minutes": (one.ends_at - one.starts_at).seconds // 60, "place": one.place,
             "whereabouts": exact.whereabouts}  # fmt: skip
    form = forms.Revise(request.POST or None, choices=choices, series=one.series is not None, initial=start)
    note_looks(request, [], fields="place" if exact.whereabouts else "")
    return _on_one(
        request, one, form, "revise",
        lambda: _revised(request, one, form), "It is changed.", safe=safe,
    )  # fmt: skip


def _revised(request: HttpRequest, one: Appointment, form: forms.Revise) -> None:
    given = form.cleaned_data
    made = actions.revise(one, by=actor_of(request), at=timezone.now(), seen=given["seen"], wanted=form.wanted,
                          following=given.get("following", False))  # fmt: skip
    _warn(request, form.wanted, (clocks.london_date(made.starts_at),))


@access(P.CASE_WORK, of=Appointment)
def move(request: HttpRequest, one: Appointment) -> HttpResponse:
    """Another day or time. That it was moved, and why, stays on record."""
    by, at, on = actor_of(request), timezone.now(), forms.today()
    safe = queries.safe(one.case, by=by, at=at)
    choices = {"reason": queries.reasons(on, when="before"), "despite": safe.overrides}
    start = {"from_time": forms.clock(one.starts_at),
             "minutes": (one.ends_at - one.starts_at).seconds // 60}  # fmt: skip
    form = forms.Move(request.POST or None, choices=choices, initial=start)
    return _on_one(request, one, form, "move", lambda: _moved(request, one, form), "It is moved.", safe=safe)


def _moved(request: HttpRequest, one: Appointment, form: forms.Move) -> None:
    wanted = form.wanted(one, queries.exact(one).whereabouts)
    actions.move(one, by=actor_of(request), at=timezone.now(), seen=form.cleaned_data["seen"], wanted=wanted,
                 reason=form.cleaned_data["reason"])  # fmt: skip
    assert wanted.day is not None
    _warn(request, wanted, (wanted.day,))


@access(P.CASE_WORK, of=Appointment)
def cancel(request: HttpRequest, one: Appointment) -> HttpResponse:
    by, at, on = actor_of(request), timezone.now(), forms.today()
    form = forms.Cancel(request.POST or None, choices={"reason": queries.reasons(on, when="before")})
    if one.series is None:
        del form.fields["following"]
    return _on_one(
        request, one, form, "cancel", lambda: actions.cancel(one, by=by, at=at, **form.cleaned_data), "It is cancelled."
    )  # fmt: skip


@access(P.CASE_WORK, of=Appointment)
def book_interpreter(request: HttpRequest, one: Appointment) -> HttpResponse:
    """How the booking stands; on the agenda until it is confirmed."""
    by, at, on = actor_of(request), timezone.now(), forms.today()
    states = [(forms.NOT_NEEDED, "Not needed"), *((state.value, state.label) for state in actions.EXPECTED)]
    languages = [("", "Not chosen"), *rulebook.choices("languages", on)]
    start = {"state": one.interpreter or forms.NOT_NEEDED, "language": one.language or one.case.victim.language,
             "booking": queries.exact(one).booking}  # fmt: skip
    form = forms.BookInterpreter(
        request.POST or None, choices={"state": states, "language": languages}, initial=start
    )  # fmt: skip
    return _on_one(
        request, one, form, "book_interpreter",
        lambda: actions.book_interpreter(one, by=by, at=at, **form.given), "The booking is noted.",
    )  # fmt: skip


@access(P.CASE_WORK, of=Appointment)
@require_POST
def take_back(request: HttpRequest, one: Appointment) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: actions.take_back(one, by=by, at=at), "What you recorded is taken back.")
    return _done(request, one)


def _days(request: HttpRequest, rows: "QuerySet[Appointment]", asked: dict[str, Any]) -> list[presenters.DayShown]:
    by, day = actor_of(request), asked["day"] or forms.today()
    first, last = (day, day) if asked["view"] == "day" else rules.week_of(day)
    whose = asked["whose"] if by.may(P.CASE_ASSIGN) else ""
    found = queries.calendar(rows, by=by, asked=whose, first=first, last=last)
    return presenters.days(found, **_spoken(by))


@access(P.CASE_WORK, rows=Appointment)
def calendar(request: HttpRequest, rows: "QuerySet[Appointment]") -> HttpResponse:
    """A day or a week of one's own; for managers of a colleague, of nobody or of the team."""
    by = actor_of(request)
    team = [(str(key), name) for key, name in workers(by.organisation_id or 0).items() if key != by.user_id]
    people = [
        ("", "Mine"),
        *([("team", "Everybody’s"), ("nobody", "Nobody’s"), *team] if by.may(P.CASE_ASSIGN) else []),
    ]
    form = forms.Calendar(request.GET, people=people)
    asked = form.asked
    days = _days(request, rows, asked)
    note_looks(request, [row.one.victim_id for day in days for row in day.rows], fields="name")
    step = timedelta(days=1 if asked["view"] == "day" else 7)
    links = {word: day.isoformat() for word, day in (("before", days[0].day - step), ("after", days[0].day + step))}
    return render(request, "appointments/calendar.html", {
        "form": form, "asked": asked, "days": days, "links": links, "many": len(people) > 1,
        "visits": queries.visits([row.one for day in days for row in day.rows], forms.today()),
    })  # fmt: skip


@access(P.CASE_WORK, rows=Appointment)
def print_day(request: HttpRequest, rows: "QuerySet[Appointment]") -> HttpResponse:
    """A day of one's own on paper: times, kinds and references; no name, no address, no exact place."""
    if request.method != "POST":
        return redirect("appointments:calendar")
    by, at = actor_of(request), timezone.now()
    calendars.print_day(by=by, at=at)
    form = forms.Calendar(request.POST, people=[])
    (day,) = _days(request, rows, {**form.asked, "view": "day", "whose": ""})
    note_looks(request, [row.one.victim_id for row in day.rows])
    visits = queries.visits([row.one for row in day.rows], forms.today())
    return render(request, "appointments/print_day.html", {"day": day, "by": by, "at": at, "visits": visits})


@access(P.CASE_WORK)
def feed(request: HttpRequest) -> HttpResponse:
    """The secret address of one's calendar: shown once, when it was made."""
    held = queries.own_feed(actor_of(request))
    token = once.carried(request, held.pk) if held else ""
    where = request.build_absolute_uri(reverse("appointments:busy", args=[token])) if token else ""
    return render(request, "appointments/feed.html", {"held": held, "where": where})


@access(P.CASE_WORK)
@require_POST
def make_feed(request: HttpRequest) -> HttpResponse:
    by = actor_of(request)
    token = calendars.make_feed(by=by, at=timezone.now())
    held = queries.own_feed(by)
    assert held is not None
    once.carry(request, held.pk, token)
    return redirect("appointments:feed")


@access(P.CASE_WORK)
@require_POST
def stop_feed(request: HttpRequest) -> HttpResponse:
    by, at = actor_of(request), timezone.now()
    tried(request, lambda: calendars.stop_feed(by=by, at=at), "The address is stopped. It shows nothing any more.")
    return redirect("appointments:feed")


@access(Open.PUBLIC)
@require_safe
def busy(request: HttpRequest, token: str) -> HttpResponse:
    """What a calendar program reads: when somebody is busy. No cookie, nobody signed in, and nothing else told."""
    at, on = timezone.now(), forms.today()
    try:
        calendars.count_call(caller=caller(request), at=at)
    except RuleBroken:
        return HttpResponse(status=429, headers={"Retry-After": "3600"})
    first = at - timedelta(days=limit("calendar_behind", on))
    found = queries.busy(token, first=first, last=at + timedelta(days=limit("calendar_ahead", on)))
    if found is None:
        return HttpResponse(status=410)  # a 404 would be rolled back, and the count of requests with it
    return HttpResponse(
        presenters.calendar(found, token=token, at=at), content_type="text/calendar; charset=utf-8",
        headers={"Cache-Control": "private, max-age=900", "X-Robots-Tag": "noindex"},
    )  # fmt: skip
