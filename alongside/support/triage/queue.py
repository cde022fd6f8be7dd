"""Reads of the hub's queue, a page at a time, apart from the reads of one referral."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.foundation.messages import queries as messages
from alongside.foundation.organisations.models import Council
from alongside.foundation.rulebook import queries as rulebook
from alongside.support.duty import queries as duty
from alongside.support.referrals import queries, rules
from alongside.support.referrals.models import Addition, Referral
from alongside.support.victims.rules import name_part

COUNT_UP_TO = 999


@dataclass(frozen=True)
class Wanted:
    """What the queue's page asks for; empty is everything."""

    view: str = "to_do"
    q: str = ""
    crime: str = ""
    council: str = ""
    source: str = ""
    flag: str = ""


def late(at: datetime) -> Q:
    """Referrals to do whose first attempt or first offer is overdue."""
    attempt = Q(first_attempt_at=None, attempt_due_at__lt=at)
    return Q(state__in=rules.TO_DO) & (attempt | Q(first_offer_at=None, offer_due_at__lt=at))


def views(by: Actor, at: datetime) -> dict[str, Q]:
    """The saved views of the queue by code. What a victim added is to do until it is read, whatever the state."""
    added = Q(unread=True)
    return {
        "to_do": Q(state__in=rules.TO_DO) | added,
        "added": added,
        "calls_due": Q(next_attempt_at__lt=_tomorrow(at)),
        "high_risk": Q(state__in=rules.WITH_HUB, high_risk=True),
        "not_taken": Q(state__in=rules.TO_DO, worker=None),
        "mine": Q(state__in=rules.WITH_HUB, worker=by.user_id),
        "late": late(at),
        "returned": Q(state__in=rules.TO_DO, returned=True),
        "offered": Q(state=Referral.State.OFFERED),
        "accepted": Q(state=Referral.State.ACCEPTED),
        "closed": Q(state=Referral.State.CLOSED),
        "all": Q(),
    }


def _tomorrow(at: datetime) -> datetime:
    """The first moment of the next day in London."""
    return datetime.combine(clocks.london_date(at) + clocks.ONE_DAY, time.min, tzinfo=clocks.LONDON)


def wanted(rows: QuerySet[Referral], asked: Wanted, *, by: Actor, at: datetime) -> QuerySet[Referral]:
    """The rows that a page of the queue asks for, with their victims."""
    known = views(by, at)
    rows = rows.filter(known.get(asked.view, known["to_do"]), **_filters(asked))
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
        Referral.objects.filter(source_ref__in=rules.as_typed(words)).values_list("pk", flat=True)[:COUNT_UP_TO]
    )
    if theirs:
        return Q(pk__in=theirs)
    key = name_part(words)
    return Q(victim__name_key__begins=key) if key else Q(pk__in=[])


def counts(rows: QuerySet[Referral], *, by: Actor, at: datetime) -> dict[str, int]:
    """How many are in each saved view: exact for work to do, in one scan; up to COUNT_UP_TO for the large ones."""
    known = views(by, at)
    large = {name: known.pop(name) for name in ("accepted", "closed", "all")}
    working = rows.filter(Q(state__in=rules.WITH_HUB) | known["added"])
    found: dict[str, int] = working.aggregate(**{name: Count("pk", filter=which) for name, which in known.items()})
    return found | {name: rows.filter(which)[: COUNT_UP_TO + 1].count() for name, which in large.items()}


@dataclass(frozen=True)
class Words:
    """The words of codes and ids on a page of the queue."""

    crimes: Mapping[str, str]
    markers: Mapping[str, str]
    councils: Mapping[str, str]
    people: Mapping[UUID | None, str]
    duty: str
    news: Mapping[UUID, str]
    calls: Mapping[UUID, str]


def words(rows: Iterable[Referral], *, by: Actor, at: datetime) -> Words:
    """What a page of the queue needs to speak in words."""
    rows, on = list(rows), clocks.london_date(at)
    return Words(
        crimes=rulebook.titles("crime_types", on), markers=rulebook.titles("markers", on),
        councils=queries.council_names(row.council for row in rows), people=queries.names(row.worker for row in rows),
        duty=duty.on_duty(by.organisation_id or 0, on).name, news=_news(rows),
        calls=_calls(rows, at=at),
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
