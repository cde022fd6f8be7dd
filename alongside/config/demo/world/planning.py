"""Plans whose needs were scored and looked at again, and one that its owner was given."""

from datetime import datetime, timedelta

from alongside.config.demo.world.cast import Cast
from alongside.core.access.actor import Actor
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.models import User
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case, Need
from alongside.support.cases.plans import actions as plans
from alongside.support.cases.plans.actions import Line
from alongside.support.cases.plans.models import Sitting

DAY = timedelta(days=1)
SCORES = ({"health": 2, "money": 2, "outlook": 1}, {"health": 3, "money": 2, "outlook": 3, "social": 2},
          {"health": 4, "money": 4, "outlook": 3, "social": 3})  # fmt: skip
GOAL, STEPS = "I want to sleep through the night again.", ("Ask the GP for a longer appointment",
                                                           "Walk to the shop with my sister on Saturdays")  # fmt: skip
WORDS = "Some nights are better now. I still check the door."


def plan(cast: Cast, *, at: datetime) -> None:
    """Some cases of one worker: scored once, twice or three times; the first with a plan that was given."""
    if Sitting.objects.exists():
        return
    supported = Case.objects.filter(
        provider__code="lantern", state="OPEN", started_at__lt=at - 50 * DAY, victim__restrictions=None,
        worker__isnull=False,
    )  # fmt: skip
    found = supported.select_related("service", "victim", "referral").order_by("-started_at", "id")
    persona = User.objects.get(email="caseworker@alongside.example").pk
    for number, case in enumerate(sorted(found, key=lambda case: case.worker != persona)[:5]):
        by = Actor(realm=Realm.PROVIDER, user_id=case.worker, organisation_id=case.provider_id)
        _scored(case, by=by, at=at, times=3 - number % 3)
        if number == 0:
            _given(case, by=by, at=at - DAY)


def _scored(case: Case, *, by: Actor, at: datetime, times: int) -> None:
    for turn, answers in enumerate(SCORES[:times]):
        plans.score(
            case, by=by, at=at - (45 - 20 * turn) * DAY, stage="review" if turn else "first", answers=answers,
            said_by="victim", words=WORDS if turn else "",
        )  # fmt: skip


def _given(case: Case, *, by: Actor, at: datetime) -> None:
    """One goal with two steps, in words that may be found."""
    found = Need.objects.filter(case=case, state="OPEN").order_by("found_at").first()
    need = found or casework.find_need(case, by=by, at=at - 40 * DAY, code="outlook", goal=GOAL)
    steps = {
        casework.add_step(need, by=by, at=at - DAY, what=what, who=who, due_on=(at + 14 * DAY).date()).pk: what
        for what, who in zip(STEPS, ("worker", "victim"), strict=True)
    }
    plans.give(
        case, by=by, at=at, lines=[Line(need.pk, GOAL, steps)], way="paper", safe="kept_here",
        shares_home="no", checked=True,
    )  # fmt: skip
