"""Sittings for tests: everybody in them is made up."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from alongside.foundation.office.rulebook import actions as rulebook
from alongside.support.arrivals.referrals.tests.arrivals import TESTINA
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted, inside
from alongside.support.cases.risk import actions, queries, rules
from alongside.support.cases.risk.models import Sitting
from tests.world import World

DA, YOUNG, OLDER = "domestic_abuse", "domestic_abuse_young", "domestic_abuse_older"


def case_of(world: World, born: date | None = date(1990, 1, 1), person: str = "caseworker", **who: Any) -> Case:
    """A case of domestic abuse that somebody's organisation has accepted."""
    return accepted(world, person, crime_type="domestic_abuse", identity=replace(TESTINA, birth_date=born, **who))


def yes(sitting: Sitting, count: int, answer: str = rules.NO) -> dict[str, str]:
    """So many first questions answered yes, the rest otherwise."""
    codes = [item.code for item in queries.as_asked(sitting).items]
    return {code: rules.YES if place < count else answer for place, code in enumerate(codes)}


def said(sitting: Sitting, count: int = 0, **changes: Any) -> queries.Said:
    known: dict[str, Any] = {"answers": yes(sitting, count), "comments": {}, "incidents": None, "asked_how": "by_phone"}
    return queries.Said(**{**known, **changes})


def begun(world: World, case: Case, at: datetime, person: str = "caseworker", code: str = DA) -> Sitting:
    with transaction.atomic(), inside(world, person):
        return actions.begin(case, by=world.actor(person), at=at, set_code=code)


def finished(
    world: World, case: Case, count: int, at: datetime, *, level: str = "", judgement: str = "", code: str = DA,
    person: str = "caseworker", comments: Mapping[str, str] | None = None, **changes: Any,
) -> Sitting:  # fmt: skip
    """A whole sitting with so many yeses; at the level that its answers come to, or at a higher."""
    by = world.actor(person)
    sitting = begun(world, case, at, person, code)
    with transaction.atomic(), inside(world, person):
        answers = said(sitting, count, comments=comments or {}, **changes)
        sitting = actions.keep(sitting, by=by, at=at, said=answers, seen=sitting.stamp)
        level = level or queries.reckoned(sitting, at).level
        return actions.finish(sitting, by=by, at=at, level=level, judgement=judgement, seen=sitting.stamp)


def revise(world: World, at: datetime, since: date | None = None, **changes: Any) -> None:
    """A new version of the set, from the office."""
    row = queries.open_version(DA)
    rulebook.revise(
        "risk_sets", DA, by=world.actor("office_administrator"), at=at, title=row.title, source=row.source,
        body={**row.body, **changes}, since=since or max(row.since, at.date()),
    )  # fmt: skip
