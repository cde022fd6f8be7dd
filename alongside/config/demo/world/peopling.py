"""People around two cases of the sample year: children, professionals, an other party with an order. All made up."""

from datetime import date, datetime, timedelta
from typing import Any

from alongside.config.demo.world.alarming import cases, worker
from alongside.config.demo.world.cast import Cast
from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.support.cases.casework.models import Case
from alongside.support.cases.others import actions as others
from alongside.support.cases.related import actions
from alongside.support.cases.related.models import Relative

DAY, CASES = timedelta(days=1), 3
OTHER: dict[str, Any] = {
    "name": "Sampson Mockley", "aliases": "Sam\nMocky", "born": date(1984, 5, 17), "relation": "ex_partner",
    "lives": "elsewhere", "knows": ["work", "school"], "dangers": ["present", "dog"], "warning": "Made up: a dog.",
    "description": "Made up: tall, red cap.", "vehicle": "A grey van, TE57 ABC", "phones": "07700 900377",
    "emails": "mocky@sample.example",
}  # fmt: skip
OFFICER: dict[str, Any] = {
    "role": "officer", "name": "PC Demo Sample", "organisation": "Sample Police", "phone": "01632 960377",
    "email": "officer@sample-police.example", "may_be_told": "yes",
}  # fmt: skip
SCHOOL: dict[str, Any] = {
    "role": "school", "organisation": "Sample Primary School", "phone": "01632 960378", "may_be_told": "ask",
}  # fmt: skip


def fill_homes(cast: Cast, *, at: datetime) -> None:
    """Around the first case of domestic abuse a whole household; around the second a child who turns 18 soon."""
    if Relative.objects.exists():
        return
    found = cases(cast)
    if len(found) < CASES:
        return
    first, second, third = found[:CASES]
    by, moment = worker(first), max(first.accepted_at, at - 12 * DAY)
    on = moment.date()
    for name, born, school in (("Poppy Sample", date(on.year - 6, 3, 4), "Sample Primary School"),
                               ("Toby Sample", date(on.year - 2, 8, 19), "")):  # fmt: skip
        actions.add_relative(first, by=by, at=moment, relation="child", name=name, birth_date=born, school=school,
                             lives="with_victim", responsibility="both", needs="Made up: sleeps badly.")  # fmt: skip
    for said in (OFFICER, SCHOOL):
        actions.add_professional(first, by=by, at=moment, told_on=on, **said)
    party = others.add(first, by=by, at=moment, **OTHER)
    others.add_condition(
        party, by=by, at=moment, kind="non_molestation", until=(at + 9 * DAY).date(),
        words="Made up: not within 100 metres of the home, the work place or the school.",
    )  # fmt: skip
    _second(second, third, at=at)
    others.raise_ending(by=SYSTEM_ACTOR, at=at)


def _second(case: Case, other: Case, *, at: datetime) -> None:
    """A child who turns 18 soon; and an other party of the same name as another client, for their manager to decide."""
    near = (at + 11 * DAY).date()
    born = near.replace(year=near.year - 18, day=min(near.day, 28))
    actions.add_relative(case, by=worker(case), at=at - DAY, relation="child", name="Jamie Sample", birth_date=born,
                         lives="both", responsibility="victim", school="Sample College")  # fmt: skip
    others.add(case, by=worker(case), at=at - DAY, name=f"{other.victim.given_name} {other.victim.family_name}",
               relation="neighbour", lives="elsewhere", description="Made up: lives across the road.")  # fmt: skip
    for one in (other, case):
        others.look(one.pk, by=SYSTEM_ACTOR, at=at)
