"""Pieces of a safety plan with every version that they had, and what was given on paper."""

from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models

from alongside.core.ids import uuid7
from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.records import Child
from alongside.core.rows.scopes import Parent
from alongside.support.cases.casework.models import PROVIDER_ADDS, PROVIDER_ONLY, Case


class Entry(Child):
    """One version of one piece of a plan. The newest stands; the others stay as what it said before.

    `piece` is the same through all its versions. A version that takes the piece out is `gone` and holds no words.
    """

    class Who(models.TextChoices):
        VICTIM = "victim", "The person we support"
        WORKER = "worker", "The worker"
        OTHER = "other", "Somebody else"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="safety")
    victim_id = models.UUIDField()
    piece = models.UUIDField(default=uuid7)
    number = models.PositiveIntegerField(default=1)
    section = models.CharField(max_length=40)
    words = SealedField(owner="victim_id")
    who = models.CharField(max_length=10, choices=Who.choices, default=Who.VICTIM)
    review_on = models.DateField(null=True, blank=True)
    may_print = models.BooleanField(default=False)
    gone = models.BooleanField(default=False)
    written_at = models.DateTimeField()
    written_by = models.UUIDField(null=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    parent_path = "case"

    class Meta:
        indexes = [models.Index(fields=["case", "piece", "number"], name="safety_entry_case")]
        constraints = [
            models.UniqueConstraint(fields=["piece", "number"], name="safety_entry_number"),
            models.UniqueConstraint(
                fields=["piece"], condition=models.Q(superseded_at=None), name="safety_entry_one_stands"
            ),
        ]

    class Rows:
        scope = Parent("case_id", "casework_case")
        grants = PROVIDER_ONLY
        update = {Realm.PROVIDER: ("superseded_at", "may_print", "review_on")}

    class Privacy:
        retention = "support"
        identity = ("words",)
        sensitive = ("section", "who", "review_on", "may_print", "gone")
        neutral = ("id", "case", "victim_id", "piece", "number", "written_at", "written_by", "superseded_at")


class Paper(Child):
    """What was given on paper: which versions, and how it is kept safe. Never changed."""

    class Home(models.TextChoices):
        NO = "no", "No"
        YES = "yes", "Yes"
        NOT_KNOWN = "not_known", "Not known"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="safety_papers")
    victim_id = models.UUIDField()
    home_shared = models.CharField(max_length=10, choices=Home.choices)
    kept_how = models.CharField(max_length=40, default="", blank=True)
    entries: "ArrayField[list[UUID], list[UUID]]" = ArrayField(models.UUIDField(), default=list)
    printed_at = models.DateTimeField()
    printed_by = models.UUIDField(null=True)

    parent_path = "case"

    class Rows:
        scope = Parent("case_id", "casework_case")
        grants = PROVIDER_ADDS

    class Privacy:
        retention = "support"
        sensitive = ("home_shared", "kept_how")
        neutral = ("id", "case", "victim_id", "entries", "printed_at", "printed_by")
