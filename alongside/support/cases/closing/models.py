"""What was said and left when support ended; one for each time that a case was closed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from alongside.core.privacy.fields import SealedField
from alongside.core.rows.records import Child
from alongside.core.rows.scopes import Parent
from alongside.support.cases.casework.models import PROVIDER_ADDS, Case


class Ending(Child):
    """How support ended, beside the reason that the case keeps. Never changed; closing again makes another."""

    class Knows(models.TextChoices):
        YES = "yes", "Yes"
        NO = "no", "No, there was no safe way to say it"
        NOT_KNOWN = "not_known", "Not sure"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="endings")
    victim_id = models.UUIDField()
    reason = models.CharField(max_length=40)
    said = SealedField(owner="victim_id")
    signposts: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=40), default=list)
    knows_how = models.CharField(max_length=10, choices=Knows.choices, default="", blank=True)
    own_words = SealedField(owner="victim_id")
    unscored_why = models.CharField(max_length=40, default="", blank=True)
    despite = SealedField(owner="victim_id")
    left_open = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField()
    ended_by = models.UUIDField(null=True)

    parent_path = "case"

    class Meta:
        indexes = [models.Index(fields=["case", "ended_at"], name="closing_ending_case")]

    class Rows:
        scope = Parent("case_id", "casework_case")
        grants = PROVIDER_ADDS

    class Privacy:
        retention = "support"
        identity = ("said", "own_words", "despite")
        sensitive = ("reason", "signposts", "knows_how", "unscored_why", "left_open")
        neutral = ("id", "case", "victim_id", "ended_at", "ended_by")
