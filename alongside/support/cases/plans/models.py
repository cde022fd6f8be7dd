"""Sittings that score the needs of a case, reviews of its plan, and the versions of it that its owner was given."""

from django.db import models

from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.records import Child
from alongside.core.rows.scopes import Parent
from alongside.support.cases.casework.models import PROVIDER_ADDS, PROVIDER_ONLY, Case

OF_CASE = Parent("case_id", "casework_case")


class Sitting(Child):
    """One sitting: some of the eight needs scored. It is never changed; a better one is another.

    `answers` maps the code of a need to a step of the scale (1 to 5, higher is better) or to `not_applicable`; what is
    not there was not asked. `scale` and `scale_version`: the row of the rulebook under which it was made.
    """

    class Stage(models.TextChoices):
        FIRST = "first", "First"
        REVIEW = "review", "Review"
        END = "end", "At the end"

    class SaidBy(models.TextChoices):
        VICTIM = "victim", "The person we support, in their own view"
        WORKER = "worker", "The worker, from what they said"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="plan_sittings")
    victim_id = models.UUIDField()
    stage = models.CharField(max_length=10, choices=Stage.choices)
    scale = models.CharField(max_length=60)
    scale_version = models.PositiveIntegerField()
    answers = models.JSONField(default=dict)
    said_by = models.CharField(max_length=10, choices=SaidBy.choices)
    words = SealedField(owner="victim_id")
    sat_at = models.DateTimeField()
    sat_by = models.UUIDField(null=True)

    parent_path = "case"

    class Meta:
        indexes = [models.Index(fields=["case", "sat_at"], name="plans_sitting_case")]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(stage="first"), name="plans_sitting_first_once"
            )
        ]  # fmt: skip

    class Rows:
        scope = OF_CASE
        grants = PROVIDER_ADDS

    class Privacy:
        retention = "support"
        identity = ("words",)
        special = ("answers",)
        neutral = ("id", "case", "victim_id", "stage", "scale", "scale_version", "said_by", "sat_at", "sat_by")


class Review(Child):
    """That a plan was begun or looked at, and by when it is looked at again; nothing after the last sitting."""

    class Result(models.TextChoices):
        BEGUN = "begun", "The plan was begun"
        SCORED = "scored", "The needs were scored"
        UNCHANGED = "unchanged", "Looked at, nothing changed"
        SOONER = "sooner", "The risk has changed"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="plan_reviews")
    result = models.CharField(max_length=10, choices=Result.choices)
    sitting = models.ForeignKey(Sitting, null=True, blank=True, on_delete=models.CASCADE, related_name="reviews")
    rule = models.CharField(max_length=70, default="", blank=True)
    due_on = models.DateField(null=True, blank=True)
    reviewed_at = models.DateTimeField()
    reviewed_by = models.UUIDField(null=True)

    parent_path = "case"

    class Meta:
        indexes = [models.Index(fields=["case", "reviewed_at"], name="plans_review_case")]

    class Rows:
        scope = OF_CASE
        grants = PROVIDER_ADDS

    class Privacy:
        retention = "support"
        sensitive = ("result", "due_on")
        neutral = ("id", "case", "sitting", "rule", "reviewed_at", "reviewed_by")


class Given(Child):
    """A version of the plan as its owner was given it: chosen goals and steps in words that may be found by anybody.

    `made_from`: the version of each need and step that it was made of, by which it is seen to be out of date.
    """

    class Shares(models.TextChoices):
        YES = "yes", "Yes"
        NO = "no", "No"
        NOT_KNOWN = "not_known", "Not known"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="given_plans")
    victim_id = models.UUIDField()
    number = models.PositiveIntegerField()
    way = models.CharField(max_length=60)
    safe = models.CharField(max_length=60)
    shares_home = models.CharField(max_length=10, choices=Shares.choices)
    content = SealedField(owner="victim_id")
    made_from = models.JSONField(default=dict)
    given_at = models.DateTimeField()
    given_by = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.UUIDField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=60, default="", blank=True)

    parent_path = "case"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="plans_given_number"),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None, withdrawn_why="")
                | models.Q(withdrawn_at__isnull=False) & ~models.Q(withdrawn_why=""),
                name="plans_given_withdrawn",
            ),
        ]

    class Rows:
        scope = OF_CASE
        grants = PROVIDER_ONLY
        update = {Realm.PROVIDER: ("withdrawn_at", "withdrawn_by", "withdrawn_why")}

    class Privacy:
        retention = "support"
        identity = ("content",)
        sensitive = ("way", "safe", "shares_home", "withdrawn_why")
        neutral = ("id", "case", "victim_id", "number", "made_from", "given_at", "given_by", "withdrawn_at",
                   "withdrawn_by")  # fmt: skip
