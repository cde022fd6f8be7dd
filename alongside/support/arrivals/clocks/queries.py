"""Reads of clocks: which run on a referral, which stand still, and when each is due."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max, Min, Q, QuerySet

from alongside.core import clocks
from alongside.foundation.office.messages.models import ContactPoint
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.clocks import rules
from alongside.support.arrivals.clocks.models import Pause
from alongside.support.arrivals.clocks.rules import Line, Stop
from alongside.support.arrivals.referrals import queries as referrals
from alongside.support.arrivals.referrals.models import NeedsAssessment, Offer, Referral
from alongside.support.arrivals.referrals.rules import TO_DO, WITH_HUB

REFERRED, ASKED_AGAIN = "referred_to_support", "safe_contact"
TITLES = {ASKED_AGAIN: "Safe contact asked about again", "next_attempt": "Call", REFERRED: "Referred to us"}


def stop_of(pause: Pause) -> Stop:
    until = min(pause.until, pause.resumed_on) if pause.resumed_on else pause.until
    return Stop(pause.since, until, frozenset(pause.clocks), pause.reason)


def stops(referral: Referral) -> tuple[Stop, ...]:
    """Every pause that there has been, the first one first."""
    return tuple(stop_of(pause) for pause in Pause.objects.filter(referral=referral).order_by("since", "paused_at"))


def in_force(on: date) -> "QuerySet[Any]":
    """Pauses by which clocks stand still on a day."""
    return Pause.objects.filter(since__lte=on, until__gt=on, resumed_on=None)


def current(referral: Referral, on: date) -> Pause | None:
    """The pause that is in force, if any."""
    found: Pause | None = in_force(on).filter(referral=referral).first()
    return found


def paused(rows: Iterable[UUID], on: date) -> Mapping[UUID, Stop]:
    """Which of these referrals stand still, by which pause: in one question."""
    return {pause.referral_id: stop_of(pause) for pause in in_force(on).filter(referral__in=list(rows))}


def answers_due(rows: Iterable[UUID]) -> Mapping[UUID, datetime]:
    """By when the provider is to answer, of referrals that are offered: in one question."""
    made = Offer.objects.filter(referral_id__in=list(rows), state=Offer.State.OFFERED)
    return {key: _answer_due(at) for key, at in made.values_list("referral_id", "offered_at")}


def _answer_due(offered_at: datetime) -> datetime:
    return clocks.due(offered_at, referrals.working_days(rules.ANSWER, clocks.london_date(offered_at)))


def lines(referral: Referral, *, at: datetime) -> tuple[Line, ...]:
    """Every clock of a referral, running, standing still or run."""
    on, past = clocks.london_date(at), stops(referral)
    found = (*_first(referral), *_open(referral, past))
    return tuple(Line(line.code, line.due, line.done, _still(line, past, on)) for line in found)


def _still(line: Line, past: Iterable[Stop], on: date) -> Stop | None:
    return None if line.done else rules.standing(past, line.code, on)


def _first(referral: Referral) -> Iterable[Line]:
    """Clocks that run once: the Code's, first attempt and first offer."""
    if referral.source == Referral.Source.POLICE_FEED and referral.reported_at:
        on = clocks.london_date(referral.reported_at)
        yield Line(REFERRED, clocks.due(on, referrals.working_days(REFERRED, on)), referral.received_at)
    runs = referral.state in TO_DO
    for code, due, done in (
        (rules.ATTEMPT, referral.attempt_due_at, referral.first_attempt_at),
        (rules.OFFER, referral.offer_due_at, referral.first_offer_at),
    ):
        if done or runs:
            yield Line(code, due, done)


def _open(referral: Referral, past: tuple[Stop, ...]) -> Iterable[Line]:
    """Clocks that run while it is with the hub: the next call, the answer, the review, safe contact."""
    if referral.next_attempt_until:
        yield Line(rules.NEXT, referral.next_attempt_until)
    for due in answers_due([referral.pk]).values():
        yield Line(rules.ANSWER, due)
    latest = NeedsAssessment.objects.filter(referral=referral).aggregate(at=Max("assessed_at"))["at"]
    if latest and referral.state in TO_DO:
        days = referrals.working_days(rules.REVIEW, clocks.london_date(latest))
        yield Line(rules.REVIEW, rules.due(latest, days, past, rules.REVIEW))
    if referral.state in WITH_HUB and (again := _safe_contact_due(referral)):
        yield Line(ASKED_AGAIN, again)


def _safe_contact_due(referral: Referral) -> datetime | None:
    """When the way that was confirmed longest ago is to be asked about again."""
    used = ContactPoint.objects.filter(person_id=referral.victim_id, retired_at=None).exclude(safe="no")
    first: datetime | None = used.filter(~Q(verified_at=None)).aggregate(at=Min("verified_at"))["at"]
    if first is None:
        return None
    lasts = rulebook.rule("limits", "safe_contact_lasts", clocks.london_date(first)).number("number")
    return first + timedelta(days=lasts)


def titles(on: date) -> Mapping[str, str]:
    """The words of every clock."""
    return {**rulebook.titles("clocks", on), **TITLES}


def base_due(referral: Referral, clock: str, start: datetime) -> datetime:
    """When a clock of the hub is due by its start, the rulebook of that day, and every pause."""
    days = referrals.working_days(clock, clocks.london_date(start))
    return rules.due(start, days, stops(referral), clock)
