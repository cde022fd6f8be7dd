"""Appointments of the demonstration's caseworker around this week, one that repeats, and a group with its registers."""

from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from alongside.config.demo import personas
from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.core.rows.realms import Realm
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.accounts.permissions import permissions_of
from alongside.support.cases.appointments import actions
from alongside.support.cases.appointments.models import Appointment
from alongside.support.cases.appointments.rules import Repeat, Wanted
from alongside.support.cases.casework.models import Case
from alongside.support.cases.groups import actions as groups
from alongside.support.cases.groups.rules import Marked

BEFORE, MONTH = timedelta(days=10), timedelta(days=40)
NOTE = "Sample words: we talked about the next weeks, and agreed when to speak again."
# How many days from today, at which hour, what, at what kind of place, and what came of it.
WEEK = (
    (-6, 10, "session", "ours", "held"), (-5, 14, "meeting", "elsewhere", "held"),
    (-4, 10, "session", "ours", "no_show"),
    (-3, 15, "session", "ours", "held"), (-2, 9, "court", "court", "others_moved"), (-1, 11, "session", "ours", ""),
    (0, 9, "session", "ours", ""), (0, 16, "session", "ours", ""), (1, 10, "court", "court", ""),
    (2, 13, "session", "ours", ""), (4, 11, "meeting", "police", ""),
)  # fmt: skip
MARKS = (("came", "came", "apologies", "absent"), ("came", "online", "came", "came"))


def plan_work(*, at: datetime) -> None:
    """Once."""
    if Appointment.objects.filter(state=Appointment.State.PLANNED).exists():
        return
    people = {one.key: User.objects.get(email=one.email) for one in personas.PERSONAS}
    lantern = Service.objects.filter(provider__code="lantern").order_by("code").first()
    worker = people["caseworker"]
    found = _cases(worker, at=at)
    if lantern is None or not found.exists():
        return
    by = _actor(worker, "caseworker", lantern)
    cases = list(found[:8])
    for number, (days, hour, kind, place, came) in enumerate(WEEK):
        _appointment(cases[number % len(cases)], by, days, hour, kind, place, came, at=at)
    _series(cases[0], by, at=at)
    _group(lantern, _actor(people["service-manager"], "service_manager", lantern), by, cases, at=at)


def _cases(worker: User, *, at: datetime) -> "QuerySet[Case]":
    """Those of the caseworker that have gone on for a while, and of nobody who is restricted."""
    going = Case.objects.filter(worker=worker.pk, state=Case.State.OPEN, accepted_at__lt=at - MONTH)
    return going.filter(victim__restrictions=None, visible_orgs__0__gt=0).order_by("-accepted_at", "id")


def _actor(user: User, role: str, service: Service) -> Actor:
    return Actor(
        realm=Realm.PROVIDER, user_id=user.pk, organisation_id=service.provider_id, permissions=permissions_of([role])
    )  # fmt: skip


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=clocks.LONDON)


def _appointment(
    case: Case, by: Actor, days: int, hour: int, kind: str, place: str, came: str, *, at: datetime
) -> None:  # fmt: skip
    day = clocks.london_date(at) + timedelta(days=days)
    wanted = Wanted(kind, time(hour), 50, by.user_id, place, day=day, interpreter=days in (2, 4))
    one = actions.plan(case, by=by, at=at - BEFORE, wanted=wanted)
    after = _at(day, hour) + timedelta(minutes=55)
    if came == "held" and after < at:
        actions.record(one, by=by, at=after, seen=one.version, way="in_person", minutes=50, note=NOTE)
    elif came and after < at:
        actions.miss(one, by=by, at=after, seen=one.version, reason=came)


def _series(case: Case, by: Actor, *, at: datetime) -> None:
    """Every week, over the bank holidays of the year's end too where it is near."""
    day = clocks.london_date(at) + timedelta(days=5)
    wanted = Wanted("session", time(12), 50, by.user_id, "ours", day=day)
    actions.plan(case, by=by, at=at, wanted=wanted, repeat=Repeat("weekly", times=6))


def _group(service: Service, manager: Actor, by: Actor, cases: list[Case], *, at: datetime) -> None:
    """Two sessions that were held, and the next."""
    today = clocks.london_date(at)
    assert by.user_id is not None
    group = groups.set_up(
        by=manager, at=at - BEFORE, service=service, kind="recovery", name="Evening group", places=6, place="ours",
        starts_on=today - timedelta(days=9), ends_on=today + timedelta(days=60), leaders=[by.user_id],
    )  # fmt: skip
    members = [groups.add(case, group, by=by, at=at - BEFORE, now=True, sure=True) for case in cases[:4]]
    for case in cases[4:6]:
        groups.add(case, group, by=by, at=at - BEFORE, now=False, sure=True)
    groups.plan_meetings(
        group, by=by, at=at - BEFORE, day=today - timedelta(days=9), from_time=time(18), minutes=90,
        repeat=Repeat("weekly", times=5),
    )  # fmt: skip
    for meeting, marks in zip(group.meetings.order_by("starts_at")[:2], MARKS, strict=True):
        given = {one.pk: Marked(mark) for one, mark in zip(members, marks, strict=False)}
        after = meeting.starts_at + timedelta(minutes=100)
        if after < at:
            groups.register(meeting, by=by, at=after, seen=meeting.version, marks=given, minutes=90, note=NOTE)
