"""A request for records about a victim: what was asked, what it says, what the victim says, and what was decided."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from alongside.core.privacy.fields import SealedField
from alongside.core.rows.records import Child
from alongside.core.rows.scopes import Parent
from alongside.support.cases.casework.models import PROVIDER_ONLY, Case

WAITS = models.Q(state__in=["OPEN", "ASKED_BACK", "TO_APPROVE"])


def codes() -> "ArrayField[list[str], list[str]]":
    return ArrayField(models.CharField(max_length=60), default=list, blank=True)


class Request(Child):
    """`found`: which of the things that it must say it does say, each with the version of its rule."""

    class State(models.TextChoices):
        OPEN = "OPEN", "To be decided"
        ASKED_BACK = "ASKED_BACK", "Asked for what is missing"
        TO_APPROVE = "TO_APPROVE", "Waits for a second approval"
        PROVIDED = "PROVIDED", "Provided"
        PART = "PART", "Provided in part"
        REFUSED = "REFUSED", "Refused"
        WITHDRAWN = "WITHDRAWN", "Taken back by them"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="material_requests")
    victim_id = models.UUIDField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    body = models.CharField(max_length=60)
    office = models.CharField(max_length=100)
    their_ref = SealedField(owner="victim_id")
    asked_on = models.DateField()
    came_on = models.DateField()
    kinds = codes()
    counselling = models.BooleanField(default=False)
    scope = SealedField(owner="victim_id")
    enquiry = SealedField(owner="victim_id")
    found = codes()
    notice_on = models.DateField(null=True, blank=True)
    spoken_on = models.DateField(null=True, blank=True)
    view = models.CharField(max_length=60, default="", blank=True)
    due_on = models.DateField()
    decision = models.CharField(max_length=12, default="", blank=True)
    reasons = codes()
    why = SealedField(owner="victim_id")
    provided = SealedField(owner="victim_id")
    checked_by = models.UUIDField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.UUIDField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.UUIDField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)

    parent_path = "case"

    class Meta:
        indexes = [
            models.Index(fields=["case", "came_on"], name="material_request_case"),
            models.Index(fields=["due_on", "id"], condition=WAITS, name="material_request_waits"),
        ]
        constraints = [
            # Counselling records never leave on one person's word.
            models.CheckConstraint(
                condition=~models.Q(state__in=["PROVIDED", "PART"], counselling=True)
                | models.Q(approved_by__isnull=False) & ~models.Q(approved_by=models.F("decided_by")),
                name="material_counselling_twice",
            ),
        ]  # fmt: skip

    class Rows:
        scope = Parent("case_id", "casework_case")
        grants = PROVIDER_ONLY

    class Privacy:
        retention = "support"
        identity = ("their_ref", "scope", "enquiry", "why", "provided")
        sensitive = ("state", "body", "office", "asked_on", "came_on", "kinds", "counselling", "found", "notice_on",
                     "spoken_on", "view", "due_on", "decision", "reasons")  # fmt: skip
        neutral = ("id", "case", "victim_id", "checked_by", "decided_at", "decided_by", "approved_at", "approved_by",
                   "recorded_at", "recorded_by", "version")  # fmt: skip
