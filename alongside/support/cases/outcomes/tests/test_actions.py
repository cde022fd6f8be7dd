"""An assessment is kept with its scores, and the journey compares the latest with the first."""

from datetime import timedelta
from uuid import UUID

import pytest

from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.models import Event
from alongside.support.cases.outcomes import actions, queries
from alongside.support.cases.outcomes.models import Assessment
from alongside.support.cases.outcomes.rules import Change
from tests.world import World

CODES = [f"adult_{outcome}_{n}" for outcome in ("health", "coping", "safety", "informed") for n in (1, 2)]


def sit(world: World, case: UUID, stage: str, score: int | None, **changes: int | None) -> Assessment:
    return actions.assess(
        case, by=world.actor("caseworker"), at=world.now + timedelta(days=Assessment.objects.count()), stage=stage,
        provider_id=world.provider.pk, question_set="adult", answers={**dict.fromkeys(CODES, score), **changes},
        victim_id=uuid7(), words="I sleep better",
    )  # fmt: skip


def test_an_assessment_keeps_answers_scores_and_words(world: World) -> None:
    sitting = sit(world, uuid7(), "first", 2, adult_health_1=3, adult_safety_2=None)
    assert sitting.scores == {"health": 2.5, "coping": 2.0, "safety": None, "informed": 2.0}
    assert (sitting.question_set, sitting.set_version) == ("adult", 1)
    assert queries.own_words(sitting) == "I sleep better"
    assert b"sleep" not in bytes(sitting.words)
    assert Event.objects.get(name="case.assessed").details == {"stage": "first", "question_set": "adult"}


def test_the_journey_is_from_the_first_to_the_latest(world: World) -> None:
    case = uuid7()
    sit(world, case, "first", 2)
    sit(world, case, "review", 1)
    sit(world, case, "last", 3, adult_safety_1=2, adult_safety_2=2, adult_informed_1=None)
    journey = queries.journey(case)
    assert [sitting.stage for sitting in journey.sittings] == ["first", "review", "last"]
    found = {line.outcome: (line.distance, line.change) for line in journey.distances}
    assert found == {
        "health": (1.0, Change.IMPROVED), "coping": (1.0, Change.IMPROVED), "safety": (0.0, Change.SAME),
        "informed": (None, Change.NOT_MEASURED),
    }  # fmt: skip


def test_one_assessment_is_not_measured_and_none_is_nothing(world: World) -> None:
    case = uuid7()
    assert queries.journey(case).distances == ()
    assert queries.journey(case).first is None
    sit(world, case, "first", 2)
    journey = queries.journey(case)
    assert journey.latest is None
    assert {line.change for line in journey.distances} == {Change.NOT_MEASURED}


@pytest.mark.parametrize(("before", "stage"), [(False, "review"), (False, "last"), (True, "first")])
def test_the_first_assessment_comes_first_and_once(world: World, before: bool, stage: str) -> None:
    case = uuid7()
    if before:
        sit(world, case, "first", 2)
    with pytest.raises(RuleBroken) as refused:
        sit(world, case, stage, 3)
    assert refused.value.field == "stage"


def test_what_does_not_belong_to_the_set_is_refused(world: World) -> None:
    with pytest.raises(RuleBroken, match="scale"):
        sit(world, uuid7(), "first", 6)
    with pytest.raises(RuleBroken, match="scale"):
        sit(world, uuid7(), "first", 2, young_health_1=3)
    with pytest.raises(RuleBroken, match="nothing to keep"):
        sit(world, uuid7(), "first", None)
    with pytest.raises(RuleBroken, match="no question set"):
        actions.assess(
            uuid7(), by=world.actor("caseworker"), at=world.now, provider_id=1, stage="first", question_set="stars",
            answers={"x": 1},
        )  # fmt: skip
    assert Assessment.objects.count() == 0
