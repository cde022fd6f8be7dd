"""Reads of the hub's queue, a page at a time, apart from the reads of one referral."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.core.rows.counts import counts as bounded
from alongside.foundation.office.messages import queries as messages
from alongside.foundation.office.organisations.models import Council
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.callbacks import queries as callbacks
from alongside.support.arrivals.callbacks.models import CallBack
from alongside.support.arrivals.clocks import queries as running
from alongside.support.arrivals.clocks.rules import Stop
from alongside.support.arrivals.feeds import queries as feeds
from alongside.support.arrivals.feeds.models import KeptRow
from alongside.support.arrivals.referrals import queries, rules
from alongside.support.arrivals.referrals.models import Addition, Referral
from alongside.support.desk.triage.models import SavedView
from alongside.support.desk.triage.queries import tomorrow
from alongside.support.people.duty import queries as duty
from alongside.support.people.victims.rules import name_part

COUNT_UP_TO = 300
SAME_REFERENCE = 999  # referrals that one reference of a source finds at most
CENTRES = "third_party_centre"
# The views of work that waits, which are counted. The others hold everything that ever came, and nobody waits there.
WORKING = (
    "to_do", "mine", "cover", "not_taken", "high_risk", "late", "due_today", "calls_due", "call_backs", "added",
    "returned", "offered", "third_party", "paused",
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What the queue's page asks for; empty is everything."""

    view: str = "to_do"
    q: str = ""
    crime: str = ""
    council: str = ""
    source: str = ""
    flag: str = ""


def views(by: Actor, at: datetime) -> dict[str, Q]:
    """The fixed views of the queue by code, each served by its own index.

    What a victim added is to do until it is read, whatever the state.
    """
    added, to_do, with_hub = Q(unread=True), Q(state__in=rules.TO_DO), Q(state__in=rules.WITH_HUB)
    return {
        "to_do": to_do | added,
        "added": added,
        "calls_due": Q(next_attempt_at__lt=tomorrow(at), next_attempt_at__isnull=False),
        "call_backs": Q(pk__in=callbacks.waiting().filter(hub_id=by.organisation_id or 0).values("referral")),
        "high_risk": with_hub & Q(high_risk=True),
        "not_taken": to_do & Q(worker=None),
        "mine": with_hub & Q(worker=by.user_id),
        "cover": with_hub & Q(worker__in=duty.covered_by(by, clocks.london_date(at))),
        "late": Q(due_at__lt=at, due_at__isnull=False),
        "due_today": Q(due_at__gte=at, due_at__lt=tomorrow(at), due_at__isnull=False),
        "returned": to_do & Q(returned=True),
        "paused": with_hub & Q(pk__in=running.in_force(clocks.london_date(at)).values("referral")),
        "third_party": with_hub & Q(source=CENTRES),
        "offered": Q(state=Referral.State.OFFERED),
        "accepted": Q(state=Referral.State.ACCEPTED),
        "closed": Q(state=Referral.State.CLOSED),
        "all": Q(),
    }


def wanted(rows: QuerySet[Referral], asked: Wanted, *, by: Actor, at: datetime) -> QuerySet[Referral]:
    """The rows that a page of the queue asks for, with their victims."""
    known = views(by, at)
    rows = rows.filter(known.get(asked.view, known["to_do"]), hub_id=by.organisation_id or 0, **_filters(asked))
    if asked.flag:
        rows = rows.filter(high_risk=True) if asked.flag == "high_risk" else rows.filter(markers__contains=[asked.flag])
    if asked.q:
        rows = rows.filter(_found(asked.q))
    return rows.select_related("victim")


def _filters(asked: Wanted) -> dict[str, str]:
    given = {"crime_type": asked.crime, "council": asked.council, "source": asked.source}
    return {column: value for column, value in given.items() if value}


def _found(words: str) -> Q:
    """Our reference whole, or the source's own, or a family name by its beginning. What is theirs is looked up first,
    so that each is found by an index."""
    if reference := rules.tidy_reference(words):
        return Q(reference=reference)
    theirs = list(
        Referral.objects.filter(source_ref__in=rules.as_typed(words)).values_list("pk", flat=True)[:SAME_REFERENCE]
    )
    if theirs:
        return Q(pk__in=theirs)
    key = name_part(words)
    return Q(victim__name_key__begins=key) if key else Q(pk__in=[])


def counts(by: Actor, *, at: datetime, names: Sequence[str] = WORKING) -> dict[str, int]:
    """How many are in each of these views, each counted no further than one past COUNT_UP_TO, in one question."""
    known = views(by, at)
    own = Referral.objects.visible_to(by).filter(hub_id=by.organisation_id or 0)
    return _counted({name: own.filter(known[name]) for name in names})


def all_counts(by: Actor, saved: Iterable[SavedView], *, at: datetime) -> dict[str, int]:
    """The same of every view of the page: the fixed ones and what people saved, of work that waits, and held rows."""
    known, rows = views(by, at), Referral.objects.visible_to(by)
    own = rows.filter(hub_id=by.organisation_id or 0)
    sets: dict[str, QuerySet[Any]] = {name: own.filter(known[name]) for name in WORKING}
    for one in saved:
        if one.view in WORKING:
            sets[str(one.pk)] = wanted(rows, Wanted(one.view, **one.filters), by=by, at=at)
    return _counted({**sets, "held": feeds.open_rows(KeptRow.objects.visible_to(by))})


def _counted(sets: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    return dict(zip(sets, bounded(list(sets.values()), COUNT_UP_TO + 1), strict=True))


@dataclass(frozen=True)
class Words:
    """The words of codes and ids on a page of the queue."""

    crimes: Mapping[str, str]
    markers: Mapping[str, str]
    councils: Mapping[str, str]
    people: Mapping[UUID | None, str]
    duty: str
    stops: Mapping[UUID, Stop]
    answers: Mapping[UUID, datetime]
    news: Mapping[UUID, str]
    calls: Mapping[UUID, str]
    call_backs: Mapping[UUID, CallBack]


def words(rows: Iterable[Referral], *, by: Actor, at: datetime) -> Words:
    """What a page of the queue needs to speak in words."""
    rows, on = list(rows), clocks.london_date(at)
    return Words(
        crimes=rulebook.titles("crime_types", on), markers=rulebook.titles("markers", on),
        councils=queries.council_names(row.council for row in rows),
        people=duty.answering_all(by.organisation_id or 0, (row.worker for row in rows), on),
        duty=duty.on_duty(by.organisation_id or 0, on).name, news=_news(rows),
        calls=_calls(rows, at=at), call_backs=callbacks.of_rows(row.pk for row in rows),
        stops=running.paused((row.pk for row in rows), on),
        answers=running.answers_due(row.pk for row in rows if row.state == Referral.State.OFFERED),
    )  # fmt: skip


def _calls(rows: Iterable[Referral], *, at: datetime) -> dict[UUID, str]:
    """When to call, by referral; with a warning where that is not inside the hours that are safe as of now."""
    on = clocks.london_date(at)
    due = {row: window for row in rows if (window := queries.set_window(row))}
    times = messages.calling_times({row.victim_id: queries.hidden(row, on) for row in due}) if due else {}
    return {
        row.pk: rules.call_words(window, at) + _warning(window, queries.hours_of(times[row.victim_id], on))
        for row, window in due.items()
    }


def _warning(window: rules.Window, hours: rules.Hours | None) -> str:
    return "" if hours and rules.within(window, hours) else ". Not a time that is recorded as safe: look first"


def _news(rows: Iterable[Referral]) -> dict[UUID, str]:
    """What victims who came back added and nobody has dealt with, by referral; a wish to stop before all else."""
    added = Addition.objects.filter(ticket__referral__in=[row.pk for row in rows], handled_at=None)
    found = added.values_list("ticket__referral_id", "kind")
    return dict(sorted(found, key=lambda pair: pair[1] == Addition.Kind.WITHDRAW))


def queue_choices(by: Actor, on: date) -> dict[str, list[tuple[str, str]]]:
    """What the queue can be filtered by."""
    area = Council.objects.current().filter(force__organisation=by.organisation_id or 0).order_by("name")
    return {
        "crime": [("", "All"), *rulebook.titles("crime_types", on).items()],
        "council": [("", "All"), *area.values_list("code", "name")],
        "flag": [("", "All"), ("high_risk", "High risk"), *rulebook.titles("markers", on).items()],
    }
