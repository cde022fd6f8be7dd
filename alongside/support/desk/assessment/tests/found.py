"""What an assessment found, for tests; and the same person's referrals, linked."""

from dataclasses import replace
from datetime import date
from typing import Any

from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.referrals.tests.arrivals import at_work, taken
from alongside.support.desk.assessment import actions
from alongside.support.desk.assessment.models import Detail
from alongside.support.desk.assessment.rules import Children, Found
from alongside.support.people.matching import actions as matching
from tests.world import World

FOUND = Found(
    levels={"health": "lot", "money": "urgent", "social": "none", "outlook": "not_asked"},
    words={"money": "I cannot pay the rent at 12 Sample Road"}, vulnerability=("fear",), harder="Afraid of the dark",
    others=("child_at_home",), others_words="His temper", language="en", interpreter="no", access=("step_free",),
    children=Children("yes", 2, "3 and 7", "Their nan", "unsure"), access_words="A quiet room",
    entitlements=("vulnerable_intimidated",), why="Shook while talking", summary="Needs somebody soon",
)  # fmt: skip
CHECKED = {
    "danger": "no", "level_health": "lot", "level_money": "urgent", "words_money": "I cannot pay the rent",
    "vulnerability": ["fear"], "entitlements": ["vulnerable_intimidated"], "why": "Shook while talking",
    "children": "yes", "children_count": "2", "children_ages": "3 and 7", "interpreter": "yes", "language": "pl",
    "access": ["step_free"], "access_words": "A quiet room", "summary": "Needs somebody soon",
}  # fmt: skip


def assessed(world: World, referral: Referral | None = None, **changes: Any) -> Detail:
    """An assessment of a referral that the triage officer has taken."""
    referral = referral or taken(world)
    with at_work(world, "triage_officer") as officer:
        return actions.assess(referral, by=officer, at=changes.pop("at", world.now), found=replace(FOUND, **changes))


def another(world: World, referral: Referral, crime: str, on: date, *, link: bool = True, ref: str = "") -> Referral:
    """One more referral of the same person, in another record that somebody has linked."""
    other = taken(world, crime_type=crime, occurred_from=on, source_ref=ref or f"TEST-{crime}-{on}")
    if link:
        with at_work(world, "triage_officer") as officer:
            matching.judge(referral.victim, other.victim, by=officer, at=world.now, judgement="same")
    return other
