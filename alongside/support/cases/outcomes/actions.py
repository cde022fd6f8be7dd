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

FIRST = Assessment.Stage.FIRST


@transaction.atomic
def assess(
    case_id: UUID, *, by: Actor, at: datetime, provider_id: int, stage: str, question_set: str,
    answers: Mapping[str, int | None], in_own_words: bool = False, victim_id: UUID | None = None, words: str = "",
) -> Assessment:  # fmt: skip
    """Keeps the answers of one sitting with their scores. `in_own_words`: the victim chose the answers themselves."""
    asked = queries.question_set(question_set, clocks.london_date(at))
    _check(case_id, stage, asked, answers)
    sitting = Assessment(
        case_id=case_id, provider_id=provider_id, victim_id=victim_id, stage=stage, question_set=asked.code,
        set_version=asked.version, answers=dict(answers), scores=rules.scores(asked.questions, answers),
        in_own_words=in_own_words, assessed_at=at, assessed_by=by.user_id,
    )  # fmt: skip
    fields.write(sitting, words=words)
    sitting.save(force_insert=True)
    events.record("case.assessed", case_id, by=by, at=at, stage=stage, question_set=asked.code)
    return sitting


def _check(case_id: UUID, stage: str, asked: queries.QuestionSet, answers: Mapping[str, int | None]) -> None:
    if not asked.questions:
        raise RuleBroken("There is no question set of this name now.")
    if rules.strangers(asked.questions, answers):
        raise RuleBroken("An answer does not belong to this question set or its scale.")
    if not rules.measured(answers):
        raise RuleBroken("Nothing was answered, so there is nothing to keep.")
    before = Assessment.objects.filter(case_id=case_id).exists()
    if before and stage == FIRST:
        raise RuleBroken("The first assessment has been made already: this one is a review or the last.", "stage")
    if not before and stage != FIRST:
        raise RuleBroken("No assessment has been made yet: this one is the first.", "stage")
