"""Waiting lists of one charity: one with people on it and a history to reckon from, and one that is closed."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from alongside.config.demo.world.cast import Cast
from alongside.core.access.actor import SYSTEM_ACTOR, Actor
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.rows.realms import Realm
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.accounts.permissions import permissions_of
from alongside.support.cases.casework.models import Case
from alongside.support.cases.forecasts import actions as forecasts
from alongside.support.cases.forecasts import queries as forecast_queries
from alongside.support.cases.forecasts import rules as forecast_rules
from alongside.support.cases.waiting import actions, setting
from alongside.support.cases.waiting.models import Entry, WaitingList

CHARITY, PEOPLE, HISTORY, WEEKS = "lantern", 25, 60, 52
SETTINGS = {
    "limit_people": 30, "limit_weeks": 20, "review_weeks": 12, "contact_weeks": 4, "answer_days": 5, "declines_talk": 2,
    "workers": 2, "each": 7,
}  # fmt: skip
WEIGHTS = {"need": 3, "risk": 4, "week": 1}
NEEDS, WISHES = ("urgent", "soon", "soon", "steady"), ("mornings", "evenings", "online", "in_person", "woman_worker")
LEFT = ("no_longer_wanted", "help_elsewhere", "waited_too_long", "lost_contact")
WHY = "One of our two group workers has left. We take new people again when somebody has been found."
MEANWHILE = (
    "The drop-in on Tuesdays, and the counselling list one-to-one, where they keep the day on which they joined."
)
RUNS, SEED = 200, 2026
DAY = timedelta(days=1)


def queue_up(cast: Cast, random: Random, *, at: datetime) -> None:
    """Sets both lists up, tells a year of one of them, and reckons how long a new person would wait."""
    service = Service.objects.filter(provider__code=CHARITY).order_by("code").first()
    if service is None or WaitingList.objects.exists():
        return
    workers = cast.workers[service.provider_id or 0]
    by = Actor(
        realm=Realm.PROVIDER, user_id=workers[0], organisation_id=service.provider_id,
        permissions=permissions_of(["service_manager"]),
    )  # fmt: skip
    begun = at - WEEKS * 7 * DAY
    held = setting.set_up(service, by=by, at=begun, modality="counselling", **WEIGHTS, **SETTINGS)
    closed = setting.set_up(service, by=by, at=begun, modality="counselling_group", **WEIGHTS, **SETTINGS)
    cases = Case.objects.filter(provider_id=service.provider_id, victim__restrictions=None)
    _remember(held, list(cases.filter(state="CLOSED").order_by("-closed_at", "id")[:HISTORY]), workers, random, at=at)
    _help(held, list(cases.filter(state="OPEN").order_by("accepted_at", "id")[:14]), workers, random, at=at)
    there = Entry.objects.values("case_id")
    waiting = cases.filter(state__in=["OPEN", "WAITING"], accepted_at__lt=at - 3 * DAY).exclude(pk__in=there)
    waiting = waiting.order_by("accepted_at", "id")
    for number, case in enumerate(waiting[:PEOPLE]):
        _join(held, case, by, random, number=number, at=at)
    setting.close(closed, by=by, at=at - 9 * DAY, closed_on=london_date(at - 9 * DAY), why=WHY, meanwhile=MEANWHILE)
    _reckon(held, at=at)


def _remember(
    held: WaitingList, cases: Sequence[Case], workers: Sequence[UUID], random: Random, *, at: datetime
) -> None:  # fmt: skip
    """People who came, waited and were helped, or gave up, in the last year."""
    made = []
    for number, case in enumerate(cases):
        added = at - timedelta(days=WEEKS * 7 - 5 * number)
        start = added + timedelta(days=random.randint(50, 95))
        gone = number % 7 == 6
        ended = (
            added + timedelta(days=random.randint(20, 60)) if gone else start + timedelta(days=random.randint(60, 120))
        )
        if ended >= at:
            break
        made.append(
            Entry(
                id=uuid7(), list=held, case=case, victim_id=case.victim_id, state="LEFT" if gone else "DONE",
                joined_on=london_date(added), need=random.choice(NEEDS), review_due_on=london_date(added),
                contact_due_on=london_date(added), added_at=added, added_by=workers[0], ended_at=ended,
                started_at=None if gone else start, worker=None if gone else random.choice(workers),
                ended_why=random.choice(LEFT) if gone else "",
            )
        )  # fmt: skip
    Entry.objects.bulk_create(made)


def _help(
    held: WaitingList, cases: Sequence[Case], workers: Sequence[UUID], random: Random, *, at: datetime
) -> None:  # fmt: skip
    """People who are being helped now."""
    Entry.objects.bulk_create(
        Entry(
            id=uuid7(), list=held, case=case, victim_id=case.victim_id, state="STARTED", need="soon",
            joined_on=london_date(at - timedelta(days=90 + 5 * number)), added_at=at - timedelta(days=90 + 5 * number),
            review_due_on=london_date(at), contact_due_on=london_date(at), worker=random.choice(workers),
            started_at=at - timedelta(days=8 + 6 * number), added_by=workers[0],
        )
        for number, case in enumerate(cases)
    )  # fmt: skip


def _join(held: WaitingList, case: Case, by: Actor, random: Random, *, number: int, at: datetime) -> None:
    """Somebody who waits now, and what became of some of them since."""
    when = max(case.accepted_at + DAY, at - timedelta(days=4 + 4 * number))
    wishes = random.sample(WISHES, number % 3)
    one = actions.join(case, held, by=by, at=when, need=NEEDS[number % len(NEEDS)], wishes=wishes)
    assert by.user_id is not None
    spoke = at - (2 + number) * DAY
    if number % 4 and spoke > when:
        with suppress(RuleBroken):  # somebody asked that they be left alone
            actions.keep_in_touch(one, by=by, at=spoke, happened_at=spoke, channel="phone", result="spoke", minutes=10)
    if number in (5, 11):
        actions.pause(one, by=by, at=at - 2 * DAY, why="trial", until=london_date(at + 30 * DAY))
    if number in (7, 13):
        starts = (at + (6 + number) * DAY).replace(minute=0, second=0, microsecond=0)
        actions.offer(
            one, by=by, at=at - (12 if number == 7 else 1) * DAY, worker=by.user_id, starts_at=starts, why="wishes"
        )
    if number == 7:
        actions.lapse_all(by=SYSTEM_ACTOR, at=at)


def _reckon(held: WaitingList, *, at: datetime) -> None:
    """How long a new person would wait, as last night reckoned it."""
    made = forecasts.ask(held, by=SYSTEM_ACTOR, at=at, seed=SEED)
    type(made).objects.filter(pk=made.pk).update(runs=RUNS)
    begun = forecasts.begin(made.pk, by=SYSTEM_ACTOR, at=at)
    if begun is None:
        return
    facts, one = forecast_queries.facts_of(begun), forecast_queries.assumed_of(begun)
    sides = [
        list(forecast_rules.played(facts, side, seed=SEED, runs=RUNS))[-1]
        for side in (one, forecast_rules.one_more(one))
    ]
    forecasts.keep(begun, *(forecast_rules.outcome(side) for side in sides), by=SYSTEM_ACTOR, at=at)
