"""Background work of forecasts: the play itself, a little at a time, and every list anew each night."""

from uuid import UUID

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import brief, job
from alongside.support.cases.forecasts import actions, queries, rules
from alongside.support.cases.forecasts.models import Forecast
from alongside.support.cases.forecasts.rules import Assumptions, Facts, Play


@job("forecasts.play", apart=True)
def play(event: str, subject: str) -> None:
    """After `forecast.asked`: plays the list as it is assumed, and with one more worker. Safe to run again. It
    says how far it is as it goes, and holds no transaction meanwhile."""
    with brief():
        made = actions.begin(UUID(subject), by=SYSTEM_ACTOR, at=timezone.now())
    if made is None:
        return
    facts, one = queries.facts_of(made), queries.assumed_of(made)
    outcome = rules.outcome(_played(made, facts, one, 0))
    more = rules.outcome(_played(made, facts, rules.one_more(one), made.runs))
    with brief():
        actions.keep(made, outcome, more, by=SYSTEM_ACTOR, at=timezone.now())


def _played(made: Forecast, facts: Facts, one: Assumptions, before: int) -> Play:
    found = Play()
    for found in rules.played(facts, one, seed=made.seed, runs=made.runs):
        with brief():
            actions.note(made, found, before)
    return found


@job("forecasts.renew", cron="50 2 * * *", lock="forecasts.renew")
def renew() -> None:
    """Every night: how long people would wait on each list, as it is now; and what is past its time is deleted."""
    actions.forget(by=SYSTEM_ACTOR, at=timezone.now())
    actions.renew(by=SYSTEM_ACTOR, at=timezone.now())
