"""Reads of what a list did and how it stands, in counts and weeks; and of what was reckoned of it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from alongside.core.clocks import london_date
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.forecasts import rules
from alongside.support.cases.forecasts.models import Forecast
from alongside.support.cases.forecasts.rules import Assumptions, Facts
from alongside.support.cases.waiting import queries as waiting
from alongside.support.cases.waiting.models import KEEPS_PLACE, Entry, WaitingList

A_WEEK = timedelta(weeks=1)
READ = ("state", "joined_on", "added_at", "started_at", "ended_at", "need", "case__high_risk", "follows_id")
GONE = (Entry.State.LEFT, Entry.State.MOVED)


def limit(code: str, at: datetime) -> int:
    return rulebook.rule("limits", code, london_date(at)).number("number")


def _weeks(span: timedelta) -> float:
    return round(span / A_WEEK, 2)


def facts(held: WaitingList, at: datetime) -> Facts:
    """What a list did in the time that the office looks back, and how it stands. Run by the worker, which sees all."""
    rows = list(Entry.objects.filter(list=held).values_list(*READ, named=True))
    began = min((row.added_at for row in rows), default=at)
    since = max(began, at - limit("waiting_looks_back", at) * A_WEEK)
    points, week = _points(held, at)
    lately = [row for row in rows if row.added_at >= since and _arrived(row)]
    mix = tuple(sorted(points(row) for row in lately)) or (0.0,)
    return Facts(
        weeks=_weeks(at - since), joined=len(lately), started=_since(rows, "started_at", since),
        left=_since([row for row in rows if row.state in GONE], "ended_at", since),
        ended=_since([row for row in rows if row.state == Entry.State.DONE], "ended_at", since),
        spent=_spent(rows, since, at), waited=_waited(rows, since, at),
        lengths=tuple(_weeks(row.ended_at - row.started_at) for row in rows if row.state == Entry.State.DONE),
        waiting=tuple(sorted(
            (_since_joining(row, at), points(row)) for row in rows if row.state in KEEPS_PLACE
        )),
        helped=tuple(sorted(_weeks(at - row.started_at) for row in rows if row.state == Entry.State.STARTED)),
        points=mix, typical=mix[len(mix) // 2], week=float(week), workers=held.workers, each=held.each,
        limit=held.limit_people,
    )  # fmt: skip


def _points(held: WaitingList, at: datetime) -> tuple[Any, int]:
    """Somebody's points of need and risk under the list's rule, and the points of a week of waiting."""
    on = london_date(at)
    weights, needs = waiting.weights(waiting.rule_on(held, on)), waiting.need_points(on)
    return lambda row: float(
        weights.need * needs.get(row.need, 0) + weights.risk * int(row.case__high_risk)
    ), weights.week  # fmt: skip


def _arrived(row: Any) -> bool:
    return row.follows_id is not None or rules.is_arrival(row.joined_on, london_date(row.added_at))


def _since(rows: Iterable[Any], name: str, since: datetime) -> int:
    return sum((when := getattr(row, name)) is not None and when >= since for row in rows)


def _since_joining(row: Any, at: datetime) -> float:
    return round((london_date(at) - row.joined_on).days / 7, 2)


def _spent(rows: Iterable[Any], since: datetime, at: datetime) -> float:
    """Weeks of help in the time that is looked at, of everybody together, of those too who are still helped."""
    times = ((row.started_at, row.ended_at or at) for row in rows if row.started_at)
    return _within(times, since, at)


def _waited(rows: Iterable[Any], since: datetime, at: datetime) -> float:
    times = ((row.added_at, row.started_at or row.ended_at or at) for row in rows)
    return _within(times, since, at)


def _within(times: Iterable[tuple[datetime, datetime]], since: datetime, at: datetime) -> float:
    start, end = since.timestamp(), at.timestamp()
    seconds = sum(rules.overlap(begins.timestamp(), ends.timestamp(), start, end) for begins, ends in times)
    return round(seconds / A_WEEK.total_seconds(), 2)


def kept(found: Facts) -> dict[str, Any]:
    """Facts as they are kept with an outcome."""
    return asdict(found)


def facts_of(forecast: Forecast) -> Facts:
    """The facts that an outcome was reckoned from, to reckon it again."""
    said: Mapping[str, Any] = forecast.facts
    inside = {name: tuple(said[name]) for name in ("lengths", "helped", "points")}
    return Facts(**{**said, **inside, "waiting": tuple((weeks, points) for weeks, points in said["waiting"])})


def assumed_of(forecast: Forecast) -> Assumptions:
    return Assumptions(**forecast.assumed)


def latest(held: WaitingList) -> Forecast | None:
    """What was last reckoned of a list as it is."""
    return (
        Forecast.objects.filter(list=held, own=False).exclude(state=Forecast.State.ASKED).order_by("-asked_at").first()
    )


def under_way(held: WaitingList) -> Forecast | None:
    """What is being reckoned of a list as it is."""
    asked = Forecast.objects.filter(list=held, own=False, state=Forecast.State.ASKED)
    return asked.order_by("-asked_at").first()


def stale(at: datetime, hours: int) -> QuerySet[WaitingList]:
    """Lists of which nothing was asked lately."""
    recent = Forecast.objects.filter(own=False, asked_at__gt=at - timedelta(hours=hours)).values("list_id")
    return WaitingList.objects.exclude(pk__in=recent).order_by("made_at", "id")


@dataclass(frozen=True)
class Wait:
    """One list of a hub's area: how many wait, and how long a new person would, as it was last reckoned."""

    provider: str
    service: str
    modality: str
    state: str
    closed_on: date | None
    meanwhile: str
    people: int
    told: Mapping[str, Any] | None
    told_at: datetime | None


def waits() -> tuple[Wait, ...]:
    """Every list of the hub's area, as numbers alone. For the hub."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM forecasts_waits()")
        names = [column.name for column in cursor.description]
        rows: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return tuple(Wait(**{**row, "told": json.loads(row["told"]) if row["told"] else None}) for row in rows)
