"""Outcome assessments: a tool of the rulebook, answered; the first and the latest are kept and compared."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.records import Record
from alongside.core.rows.scopes import Follows


class Assessment(Record):
    """One sitting with one tool, under the version in which it was asked.

    `answers` maps question code to a point, or to null when it was not asked or not answered. `asked`: by outcome, a
    mark of its questions and their scale; `step` and `higher`: by what the tool judged a change on that day.
    """

    class Stage(models.TextChoices):
        FIRST = "first", "First"
        REVIEW = "review", "Review"
        LAST = "last", "Last"
        FOLLOW_UP = "follow_up", "Follow-up"

    class Way(models.TextChoices):
        TOGETHER = "together", "With the worker"
        PAPER = "paper", "On paper"
        PHONE = "phone", "On their phone"

    case_id = models.UUIDField()
    provider_id = models.IntegerField()
    victim_id = models.UUIDField(null=True, blank=True)
    stage = models.CharField(max_length=10, choices=Stage.choices)
    question_set = models.CharField(max_length=60)
    set_version = models.PositiveIntegerField()
    answers = models.JSONField(default=dict)
    scores = models.JSONField(default=dict)
    asked = models.JSONField(default=dict)
    step = models.FloatField(null=True, blank=True)
    higher = models.BooleanField(default=True)
    way = models.CharField(max_length=10, choices=Way.choices, default=Way.TOGETHER)
    in_own_words = models.BooleanField(default=False)
    words = SealedField(owner="victim_id")
    assessed_at = models.DateTimeField()
    assessed_by = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes = [
            GinIndex(fields=["visible_orgs"], name="outcomes_assessment_orgs"),
            models.Index(fields=["case_id", "assessed_at"], name="outcomes_assessment_case"),
        ]

    class Rows:
        scope = Follows(kind="case", key="case_id", holder="provider_id", person="victim_id")
        grants = {Realm.PROVIDER: "select insert", Realm.WORKER: "select insert update delete"}

    class Privacy:
        retention = "support"
        identity = ("words",)
        special = ("answers", "scores")
        neutral = ("id", "visible_orgs", "case_id", "provider_id", "victim_id", "stage", "question_set",
                   "set_version", "asked", "step", "higher", "way", "in_own_words", "assessed_at",
                   "assessed_by")  # fmt: skip
