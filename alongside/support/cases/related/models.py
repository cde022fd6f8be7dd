"""Versions of what is known of somebody around a case. The newest stands; the others stay as what it said before."""

from django.db import models

from alongside.core.ids import uuid7
from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.records import Child
from alongside.core.rows.scopes import Parent
from alongside.support.cases.casework.models import PROVIDER_ONLY, Case

FILED = ("id", "case", "victim_id", "piece", "number", "gone", "written_at", "written_by", "superseded_at")


class Version(Child):
    """One version. `piece` is the same through all of somebody's; one that takes them off is `gone`, without words."""

    victim_id = models.UUIDField()
    piece = models.UUIDField(default=uuid7)
    number = models.PositiveIntegerField(default=1)
    name = SealedField(owner="victim_id")
    gone = models.BooleanField(default=False)
    why = models.CharField(max_length=40, default="", blank=True)
    written_at = models.DateTimeField()
    written_by = models.UUIDField(null=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    parent_path = "case"

    class Meta:
        abstract = True


class Relative(Version):
    """A child, or somebody else of the household or family. `own_case`: the case that the same provider has of them."""

    class Lives(models.TextChoices):
        WITH_VICTIM = "with_victim", "With the person we support"
        BOTH = "both", "In both homes"
        ELSEWHERE = "elsewhere", "Elsewhere"
        NOT_KNOWN = "not_known", "Not known"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="relatives")
    relation = models.CharField(max_length=40)
    child = models.BooleanField()
    birth_date = models.DateField(null=True, blank=True)
    age_said = models.PositiveSmallIntegerField(null=True, blank=True)
    age_said_on = models.DateField(null=True, blank=True)
    lives = models.CharField(max_length=20, choices=Lives.choices)
    responsibility = models.CharField(max_length=40, default="", blank=True)
    school = SealedField(owner="victim_id")
    needs = SealedField(owner="victim_id")
    social_worker = SealedField(owner="victim_id")
    own_case = models.UUIDField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["case", "piece", "number"], name="related_relative_case"),
            models.Index(
                fields=["birth_date"],
                condition=models.Q(child=True, superseded_at=None, asked_at=None),
                name="related_relative_born",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["piece", "number"], name="related_relative_number"),
            models.UniqueConstraint(
                fields=["piece"], condition=models.Q(superseded_at=None), name="related_relative_one_stands"
            ),
        ]  # fmt: skip

    class Rows:
        scope = Parent("case_id", "casework_case")
        grants = PROVIDER_ONLY
        update = {Realm.PROVIDER: ("superseded_at", "asked_at")}

    class Privacy:
        retention = "support"
        identity = ("name", "birth_date", "school", "social_worker")
        special = ("needs",)
        sensitive = ("relation", "child", "age_said", "lives", "responsibility", "why")
        neutral = (*FILED, "age_said_on", "own_case", "asked_at")


class Professional(Version):
    """Somebody who works with whoever is supported, and whether they may be told that it is here."""

    class Told(models.TextChoices):
        YES = "yes", "Yes, they may be told"
        ASK = "ask", "Ask first, each time"
        NO = "no", "No: they must not learn it from us"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="professionals")
    role = models.CharField(max_length=40)
    organisation = SealedField(owner="victim_id")
    phone = SealedField(owner="victim_id")
    email = SealedField(owner="victim_id")
    may_be_told = models.CharField(max_length=10, choices=Told.choices)
    told_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["case", "piece", "number"], name="related_professional_case")]
        constraints = [
            models.UniqueConstraint(fields=["piece", "number"], name="related_professional_number"),
            models.UniqueConstraint(
                fields=["piece"], condition=models.Q(superseded_at=None), name="related_professional_one_stands"
            ),
        ]

    class Rows:
        scope = Parent("case_id", "casework_case")
        grants = PROVIDER_ONLY
        update = {Realm.PROVIDER: ("superseded_at",)}

    class Privacy:
        retention = "support"
        identity = ("name", "organisation", "phone", "email")
        sensitive = ("role", "may_be_told", "why")
        neutral = (*FILED, "told_on")
