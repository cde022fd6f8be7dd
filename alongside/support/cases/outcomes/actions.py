"""The one write of outcomes: an assessment is made. It is never changed; a better one is another."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.privacy import fields
from alongside.support.cases.outcomes import queries, rules
from alongside.support.cases.outcomes.models import Assessment
from alongside.support.cases.outcomes.rules import Tool

FIRST, FOLLOW_UP = Assessment.Stage.FIRST, Assessment.Stage.FOLLOW_UP
GONE = "This tool is not given any more, or never was. Choose another."


@transaction.atomic
def assess(
    case_id: UUID, *, by: Actor, at: datetime, provider_id: int, stage: str, question_set: str,
    answers: Mapping[str, int | None], in_own_words: bool = False, victim_id: UUID | None = None, words: str = "",
    version: int | None = None, answered_at: datetime | None = None, way: str = Assessment.Way.TOGETHER,
) -> Assessment:  # fmt: skip
    """Keeps the answers of one sitting with their scores. `in_own_words`: the victim chose the answers themselves.

    `version`: that under which it was asked, where it is not today's, such as on paper; `answered_at`: when it was.
    """
    when = answered_at or at
    asked = queries.tool(question_set, clocks.london_date(at)) if version is None else (
        queries.version(question_set, version)
    )  # fmt: skip
    if asked is None:
        raise RuleBroken(GONE)
    if when > at:
        raise RuleBroken("It cannot have been answered in the future.", "on")
    _check(case_id, stage, asked, answers, when)
    sitting = Assessment(
        case_id=case_id, provider_id=provider_id, victim_id=victim_id, stage=stage, question_set=asked.code,
        set_version=asked.version, answers=dict(answers), scores=rules.scores(asked.questions, answers),
        asked=asked.marks(), step=asked.step, higher=asked.higher, way=way, in_own_words=in_own_words,
        assessed_at=when, assessed_by=by.user_id,
    )  # fmt: skip
    fields.write(sitting, words=words)
    sitting.save(force_insert=True)
    events.record("case.assessed", case_id, by=by, at=at, stage=stage, question_set=asked.code, way=way)
    return sitting


def _check(case_id: UUID, stage: str, asked: Tool, answers: Mapping[str, int | None], when: datetime) -> None:
    if rules.strangers(asked.questions, asked.points, answers):
        raise RuleBroken("An answer does not belong to this tool or its scale.")
    if not rules.measured(answers):
        raise RuleBroken("Nothing was answered, so there is nothing to keep.")
    before = Assessment.objects.filter(case_id=case_id, question_set=asked.code)
    if stage == FIRST and before.exists():
        raise RuleBroken("The first assessment has been made already with this tool: this one is a later one.", "stage")
    if stage != FIRST and not before.filter(assessed_at__lte=when).exists():
        raise RuleBroken("No assessment has been made with this tool before then: this one is the first.", "stage")
