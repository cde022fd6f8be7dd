"""Every write of forecasts: asked for, played in the background stride by stride, and kept with what they came from."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.ids import uuid7
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.forecasts import queries, rules
from alongside.support.cases.forecasts.models import Forecast
from alongside.support.cases.forecasts.rules import Assumptions, Play
from alongside.support.cases.waiting.models import WaitingList
from alongside.support.cases.waiting.rules import MOMENTS

SEEDS = 2_000_000_000
RENEWED = 20  # hours


@transaction.atomic
def ask(
    held: WaitingList, *, by: Actor, at: datetime, assumed: Assumptions | None = None, seed: int | None = None
) -> Forecast:  # fmt: skip
    """Asks how long people would wait on a list: as it is, or as somebody assumes. Reckoned in the background."""
    said: dict[str, Any] = asdict(assumed) if assumed else {}
    if assumed:
        rules.check(assumed)
    waiting = Forecast.objects.filter(list=held, state=Forecast.State.ASKED, asked_at__gt=at - MOMENTS, assumed=said)
    if again := waiting.filter(own=assumed is not None).first():
        return again
    made = Forecast(
        id=uuid7(), list=held, provider_id=held.provider_id, own=assumed is not None, assumed=said, runs=rules.RUNS,
        seed=secrets.randbelow(SEEDS) if seed is None else seed, asked_at=at, asked_by=by.user_id,
    )  # fmt: skip
    made.save(force_insert=True)
    by = by if by.organisation_id else replace(by, organisation_id=held.provider_id)
    events.record("forecast.asked", made.pk, by=by, at=at, own=made.own)
    return made


@transaction.atomic
def begin(key: UUID, *, by: Actor, at: datetime) -> Forecast | None:
    """Reads what the list did and how it stands; None where nothing is left to reckon. Run by the worker."""
    made = Forecast.objects.select_for_update(of=("self",)).select_related("list").filter(pk=key).first()
    if made is None or made.state != Forecast.State.ASKED:
        return None
    facts = queries.facts(made.list, at)
    made.facts, made.played = queries.kept(facts), 0
    if not made.own:
        made.why_not = rules.why_not(facts, needed=queries.limit("waiting_tells_from", at))
        made.assumed = asdict(rules.assumed(facts))
    if made.why_not:
        made.state, made.done_at = Forecast.State.UNKNOWN, at
    made.save(update_fields=["facts", "played", "assumed", "why_not", "state", "done_at"])
    if made.why_not:
        _tell(made, by=by, at=at)
        return None
    return made


def note(made: Forecast, play: Play, before: int) -> None:
    """How far it is, for whoever waits for it."""
    Forecast.objects.filter(pk=made.pk).update(played=before + len(play.waits))


@transaction.atomic
def keep(made: Forecast, outcome: Mapping[str, Any], more: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """What came out, and what one more worker would change. Safe to run again."""
    held = Forecast.objects.select_for_update(of=("self",)).filter(pk=made.pk, state=Forecast.State.ASKED).first()
    if held is None:
        return
    held.outcome, held.more = dict(outcome), dict(more)
    held.state, held.done_at = Forecast.State.DONE, at
    held.save(update_fields=["outcome", "more", "state", "done_at"])
    _tell(held, by=by, at=at)


def _tell(made: Forecast, *, by: Actor, at: datetime) -> None:
    events.record(
        "forecast.reckoned", made.pk, by=replace(by, organisation_id=made.provider_id), at=at, state=made.state
    )


def renew(*, by: Actor, at: datetime) -> int:
    """Asks anew of every list of which nothing was asked lately. Returns of how many."""
    return sum(bool(ask(held, by=by, at=at)) for held in queries.stale(at, RENEWED))


@transaction.atomic
def forget(*, by: Actor, at: datetime) -> int:
    """Deletes what was reckoned longer ago than the office keeps it. Returns how many."""
    days = rulebook.rule("retention", "forecast", london_date(at)).number("keep")
    return Forecast.objects.filter(asked_at__lt=at - timedelta(days=days)).delete()[0]
