"""Plans for tests: everybody in them is made up."""

from datetime import datetime
from typing import Any

from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case, Need, Step
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.cases.plans import actions
from alongside.support.cases.plans.actions import Line
from alongside.support.cases.plans.models import Given, Sitting
from tests.world import World

GOAL, WHAT = "Sleep through the night", "Fit a stronger door"


def planned(world: World, person: str = "caseworker", **changes: Any) -> tuple[Case, Need, Step]:
    """A case with one need, whose goal has one step."""
    case, by = accepted(world, person, **changes), world.actor(person)
    need = casework.find_need(case, by=by, at=world.now, code="health", goal=GOAL)
    return case, need, casework.add_step(need, by=by, at=world.now, what=WHAT, who="worker")


def scored(world: World, case: Case, at: datetime | None = None, **changes: Any) -> Sitting:
    given: dict[str, Any] = {"stage": "first", "answers": {"health": 2, "money": "not_applicable"},
                             "said_by": "victim", "words": "It is hard"}  # fmt: skip
    return actions.score(case, by=world.actor("caseworker"), at=at or world.now, **given | changes)


def given(world: World, case: Case, need: Need, at: datetime | None = None, **changes: Any) -> Given:
    words: dict[str, Any] = {"lines": [Line(need.pk, GOAL)], "way": "paper", "safe": "lives_apart",
                             "shares_home": "no"}  # fmt: skip
    return actions.give(case, by=world.actor("caseworker"), at=at or world.now, **words | changes)
