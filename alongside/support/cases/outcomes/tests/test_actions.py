"""An assessment is kept with its scores, and the journey compares the latest with the first."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.models import Event
from alongside.foundation.office.rulebook import actions as rulebook
from alongside.support.cases.outcomes import actions, presenters, queries
from alongside.support.cases.outcomes.models import Assessment
from alongside.support.cases.outcomes.rules import WHOLE, Change, Why
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
    assert sitting.scores == {"health": 2.5, "coping": 2.0, "safety": None, "informed": 2.0, WHOLE: None}
    assert (sitting.question_set, sitting.set_version) == ("adult", 1)
    assert (sitting.step, sitting.higher, sitting.way) == (1.0, True, "together")
    assert sitting.asked.keys() == sitting.scores.keys()
    assert queries.own_words(sitting) == "I sleep better"
    assert b"sleep" not in bytes(sitting.words)
    assert Event.objects.get(name="case.assessed").details == {
        "stage": "first", "question_set": "adult", "way": "together",
    }  # fmt: skip


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


@pytest.mark.parametrize(
    ("before", "stage"),
    [(False, "review"), (False, "last"), (False, "follow_up"), (True, "first")],
)
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
    with pytest.raises(RuleBroken, match="not given any more"):
        actions.assess(
            uuid7(), by=world.actor("caseworker"), at=world.now, provider_id=1, stage="first", question_set="stars",
            answers={"x": 1},
        )  # fmt: skip
    assert Assessment.objects.count() == 0


def revise(world: World, **changes: Any) -> None:
    """A new version of the adults' tool, from the second day on."""
    latest = queries.versions("adult", world.now.date())[0]
    rulebook.revise(
        queries.BOOK, "adult", by=world.actor("hub_manager"), at=world.now, title=latest.title,
        body=latest.body() | changes, source="Office decision", since=(world.now + timedelta(days=1)).date(),
    )  # fmt: skip


def test_after_a_new_version_only_what_it_asks_as_before_is_compared(world: World) -> None:
    case, words = uuid7(), queries.versions("adult", world.now.date())[0].body()["questions"]
    sit(world, case, "first", 2)
    revise(world, questions=words.replace("I feel safe where I live.", "I feel safe at home."), step="3")
    assert sit(world, case, "last", 4).set_version == 2
    found = {line.outcome: (line.change, line.why) for line in queries.journey(case).distances}
    assert found["safety"] == (Change.NOT_MEASURED, Why.OTHER_QUESTIONS)
    assert found["health"] == (Change.SAME, ""), "by the step of the version that was asked last"


def test_a_sheet_of_paper_is_typed_in_under_its_own_version_and_day(world: World) -> None:
    case = uuid7()
    revise(world, step="2")
    later = world.now + timedelta(days=5)
    given: dict[str, Any] = {
        "by": world.actor("caseworker"), "provider_id": 1, "stage": "first", "question_set": "adult", "way": "paper",
        "answers": dict.fromkeys(CODES, 3),
    }  # fmt: skip
    sitting = actions.assess(case, at=later, version=1, answered_at=world.now, **given)
    assert (sitting.set_version, sitting.step, sitting.assessed_at, sitting.way) == (1, 1.0, world.now, "paper")
    with pytest.raises(RuleBroken, match="in the future"):
        actions.assess(uuid7(), at=world.now, answered_at=later, **given)
    with pytest.raises(RuleBroken, match="not given any more"):
        actions.assess(uuid7(), at=world.now, version=9, **given)
    early = world.now - timedelta(days=3)
    with pytest.raises(RuleBroken, match="before then"):
        actions.assess(case, at=later, answered_at=early, **given | {"stage": "review"})


def test_a_follow_up_is_told_beside_and_counts_in_no_change(world: World) -> None:
    case = uuid7()
    for stage, score in (("first", 2), ("last", 4), ("follow_up", 1)):
        sit(world, case, stage, score)
    health = queries.journey(case).distances[0]
    assert (health.change, health.later) == (Change.IMPROVED, Change.WORSE)
    own = queries.lines(case)[0]
    assert (own.change, own.scores) == (Change.WORSE, (2.0, 4.0, 1.0)), "they read how they are, not how it was counted"
    assert len(presenters.journey(queries.journey(case)).lines[0].points) == 2


def test_a_tool_tells_its_parts_its_whole_and_whether_it_is_more_than_chance(world: World) -> None:
    case = uuid7()
    revise(world, deviation="1", reliability="0.9")
    sit(world, uuid7(), "first", 2)
    sit(world, case, "first", 2)
    sit(world, case, "last", 4)
    used = queries.journey(case).used[0]
    assert [line.outcome for line in used.distances] == ["health", "coping", "safety", "informed"]
    assert (used.whole.change, used.whole.distance) == (Change.IMPROVED, 2.0)
    assert used.whole.reliable is not None
    assert used.whole.reliable.is_reliable
    shown = presenters.journey(queries.journey(case))
    assert "more than the tool wavers" in shown.tools[0].lines[-1].note
    assert shown.tools[0].star is not None
    assert shown.names == {"adult": "How things are, for adults"}


def test_an_outcome_that_no_tool_asked_about_is_not_applicable(world: World) -> None:
    case = uuid7()
    actions.assess(
        case, by=world.actor("caseworker"), at=world.now, provider_id=1, stage="first", question_set="eight_points",
        answers={"star_mood": 10},
    )  # fmt: skip
    Assessment.objects.update(scores={"coping": 3.0}, question_set="gone")
    journey = queries.journey(case)
    found = {line.outcome: line.change for line in journey.distances}
    assert found["health"] == Change.NOT_APPLICABLE
    assert found["coping"] == Change.NOT_MEASURED
    assert journey.used == (), "a tool of which no row is left is not drawn"


def test_what_was_used_is_offered_first_whatever_their_age_now(world: World) -> None:
    on = world.now.date()
    assert [one.code for one in queries.offered(30, "any", on)] == ["adult", "eight_points"]
    assert next(iter(queries.offered(18, "any", on, used=("young_person",)))).code == "young_person"
    assert [one.code for one in queries.offered(10, "any", on)] == ["young_person"]


def test_no_line_is_drawn_across_other_questions(world: World) -> None:
    case, words = uuid7(), queries.versions("adult", world.now.date())[0].body()["questions"]
    sit(world, case, "first", 2)
    revise(world, questions=words.replace("I feel safe where I live.", "I feel safe at home."))
    sit(world, case, "review", 4)
    found = {line.words: line for line in queries.lines(case)}
    assert found["Feeling safe"].scores == (4.0,)
    assert found["Health and wellbeing"].scores == (2.0, 4.0)
    assert found["Health and wellbeing"].ends == (1, 5)
    shown = {line.words: line for line in presenters.journey(queries.journey(case)).lines}
    assert len(shown["Feeling safe"].points) == 1
    own = presenters.own_line("Health", "improved", (2.0, 4.0), (1, 5))
    assert (own.words, own.path) == ("Better than at first", "10.0,49.0 230.0,23.0")
    turned = presenters.own_line("Health", "not_measured", (2.0,), (5, 1))
    assert (turned.words, turned.points) == ("", ((10.0, 23.0),))


def test_fewer_points_may_be_better_on_the_line_of_ones_own(world: World) -> None:
    case = uuid7()
    revise(world, higher=False)
    sit(world, uuid7(), "first", 2)
    sit(world, case, "first", 2)
    line = queries.lines(case)[0]
    assert line.ends == (5, 1)
    shown = presenters.journey(queries.journey(case))
    assert "went down by 1" in shown.tools[0].rule
