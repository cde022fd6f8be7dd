"""The many tables that a page of a case is made of, read in one statement (`rows.ahead`)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.core.pages import beside
from alongside.core.privacy import crypt
from alongside.core.rows import ahead
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.messages import queries as messages
from alongside.support.arrivals.referrals import queries as referrals
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.cases.casework import queries, timeline
from alongside.support.cases.casework.models import Case
from alongside.support.cases.outcomes import queries as outcomes
from alongside.support.people.victims import queries as victims
from alongside.support.people.victims.models import Victim

PARENTS: tuple[tuple[str, Any], ...] = (("victim", Victim), ("referral", Referral), ("service", Service))


def read_ahead(case: Case, *, by: Actor, at: datetime) -> None:
    """Reads what the first page of a case will ask: its parents, its head, what happened, and what stands beside it."""
    wanted = [model.objects.filter(pk=getattr(case, f"{name}_id")) for name, model in PARENTS]
    found = ahead.read([*wanted, *_head(case, at), *_own(case), *beside.reads("case", case, by=by, at=at)])
    for (name, _), rows in zip(PARENTS, found, strict=False):
        for row in rows:
            setattr(case, name, row)


def _head(case: Case, at: datetime) -> Iterable[QuerySet[Any]]:
    """What every page of a case begins with."""
    yield crypt.sealed_keys((case.victim_id,))
    yield from messages.reads(case.victim_id, clocks.london_date(at))
    yield from victims.reads(case.victim_id)
    yield from referrals.reads(case.referral_id)


def _own(case: Case) -> Iterable[QuerySet[Any]]:
    yield from (queries.steps_of(case), queries.needs_of(case), outcomes.sittings_of(case.pk))
    yield from timeline.reads(case)
