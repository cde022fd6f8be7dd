"""Writes of gaps: what was missing is said, by the action of whoever keeps it; or that it was asked in vain."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.foundation.office.documents import actions as documents
from alongside.foundation.office.documents.rules import Column
from alongside.support.cases.blanks import queries, rules
from alongside.support.cases.blanks.models import Asked
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from alongside.support.people.victims import actions as victims
from alongside.support.people.victims import queries as victim_queries
from alongside.support.people.victims.models import Agreement

TOLD = "told_us"  # the reason of a correction: the person told us
OWN_CODE = ("sex", "ethnicity")  # books that hold a code for whoever does not want to say
OF_IDENTITY = {
    "birth_date": ("birth_date", "age_said"), "sex": ("sex",), "ethnicity": ("ethnicity",),
    "language": ("language",), "interpreter": ("interpreter",), "access_needs": ("access_needs",),
}  # fmt: skip


@transaction.atomic
def fill(case: Case, *, by: Actor, at: datetime, code: str, given: Mapping[str, Any]) -> None:
    """Says what was missing. It is written, and its event recorded, by the domain that keeps it."""
    case = casework.locked(case)
    if not queries.open_of(case, code, london_date(at)):
        raise RuleBroken(rules.GONE)
    if code == "agreement":
        victims.agree(case.victim, by=by, at=at, about=Agreement.About.SUPPORT, given=given["given"],
                      how="asked by a worker")  # fmt: skip
    elif code in OF_IDENTITY:
        _identity(case, by=by, at=at, said={name: given[name] for name in OF_IDENTITY[code]})
    else:
        raise RuleBroken("This is done on its own page.")
    Asked.objects.filter(case=case, code=code).delete()


def _identity(case: Case, *, by: Actor, at: datetime, said: Mapping[str, Any]) -> None:
    """Only what was missing is written over what the record says at this moment."""
    victim = victim_queries.as_it_stands(case.victim)
    identity = replace(victims.identity_of(victim), **said)
    victims.correct(victim, by=by, at=at, identity=identity, reason=TOLD, seen=victim.version)


@transaction.atomic
def set_aside(case: Case, *, by: Actor, at: datetime, code: str, came: str) -> None:
    """Says that somebody was asked in vain, or leaves it for later. A book with a code of its own for whoever does not
    want to say has that in the record too, so that returns count it."""
    case, on = casework.locked(case), london_date(at)
    row = queries.wanted(on).get(code)
    if row is None or not queries.open_of(case, code, on):
        raise RuleBroken(rules.GONE)
    if came not in rules.ways(code):
        raise RuleBroken("Choose what came of asking.")
    if came == rules.NOT_SAID and code in OWN_CODE:
        _identity(case, by=by, at=at, said={code: rules.NOT_SAID})
    again = rules.again_on(came, on=on, again=row.again, later=queries.later_days(on))
    made = Asked(case=case, victim_id=case.victim_id, code=code, rule=row.ref, came=came, again_on=again, asked_at=at,
                 asked_by=by.user_id)  # fmt: skip
    Asked.objects.bulk_create(
        [made], update_conflicts=True, unique_fields=["case", "code"],
        update_fields=["came", "rule", "again_on", "asked_at", "asked_by"],
    )  # fmt: skip
    events.record("case.blank_set_aside", case.pk, by=by, at=at, code=code, came=came)


COLUMNS = tuple(
    Column(*pair) for pair in (
        ("who", "Worker"), ("cases", "Cases"), ("done", "Answered"), ("of", "Asked for"), ("blank", "Gaps"),
        ("percent", "Complete, percent"), ("as_at", "As at"),
    )
)  # fmt: skip
NOTE = "Answered: said, or asked and not known or not wanted. No person supported is in this file."


def export(found: Iterable[documents.Row], *, by: Actor, at: datetime) -> documents.Export:
    """How complete the records of each worker are, as a file."""
    return documents.table("data-gaps", COLUMNS, found, by=by, at=at, about="data gaps", notes=[NOTE])
