"""A page and a snapshot judge a case by one rule: tools, versions, steps and directions of all kinds, drawn by lot."""

from datetime import date, timedelta
from pathlib import Path
from random import Random

from django.db import connection

from alongside.core.clocks import london_date
from alongside.facts.collect import extract
from alongside.facts.collect.tests.test_actions import read
from alongside.support.cases.casework.models import Case
from alongside.support.cases.outcomes import queries
from alongside.support.cases.outcomes.models import Assessment
from alongside.support.cases.outcomes.rules import Change
from tests.story import DAY, LAST, RECEIVED, Story

OUTCOMES = ("health", "coping", "safety", "informed")
CASES = 60


def lot(story: Story, random: Random, case: Case) -> None:
    """Up to five sittings with up to three tools."""
    for place in range(random.choice((0, 1, 2, 2, 3, 3, 4, 5))):
        asked = [outcome for outcome in OUTCOMES if random.random() < 0.7]
        marks = {} if random.random() < 0.2 else {outcome: random.choice("mmmn") for outcome in asked}
        Assessment.objects.create(
            case_id=case.pk, provider_id=case.provider_id, assessed_at=RECEIVED + (place + 3) * DAY,
            stage=random.choice(("review", "review", "last", "follow_up")), asked=marks,
            question_set=random.choice("aaabc"), set_version=random.choice((1, 1, 2)),
            step=random.choice((None, 0.5, 1.0, 2.0)), higher=random.random() < 0.7,
            scores={outcome: random.choice((None, 1.0, 1.33, 2.5, 3.0, 3.33, 5.0)) for outcome in asked},
        )  # fmt: skip


def test_a_page_and_a_snapshot_say_the_same_of_every_case(story: Story, snapshot_place: Path) -> None:
    random, cases = Random(6), {}
    for place in range(CASES):
        case = story.case(story.referral())
        lot(story, random, case)
        day = RECEIVED + (9 + place) * DAY
        cases[london_date(story.close(case, day).closed_at or day)] = case
    said = {
        (day, line.outcome): str(line.change)
        for day, case in cases.items() for line in queries.journey(case.pk).distances
    }  # fmt: skip
    rows = read(snapshot_place, story.snapshot().code, "outcomes")
    told = {(row["closed_on"], row["outcome"]): row["result"] for row in rows}
    asked = {day for day, _ in said}
    nothing = {(day, one) for day in cases.keys() - asked for one in OUTCOMES}
    assert told == said | dict.fromkeys(nothing, "not_measured")
    assert {*said.values()} == {str(change) for change in Change}, "the lot draws every kind of change"
    assert live() == told


def live() -> dict[tuple[date, str], str]:
    """The same by the statement that a benchmark compares with."""
    extract.live(extract.source(LAST + timedelta(seconds=1)), 1.0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT closed_on, outcome, result FROM outcomes")
        return {(day, outcome): result for day, outcome, result in cursor.fetchall()}
