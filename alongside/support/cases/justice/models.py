"""Proceedings of a case with the police and courts, every turn of them, and how news that is owed was asked for."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from alongside.core.privacy.fields import SealedField
from alongside.core.rows.records import Child
from alongside.core.rows.scopes import Parent
from alongside.support.cases.casework.models import PROVIDER_ADDS, PROVIDER_ONLY, Case

IN_CASE = Parent("case_id", "casework_case")
LISTED = models.Q(state="LISTED")
UNTOLD = models.Q(told_on__isnull=True, due_at__isnull=False, state__in=["DONE", "LISTED"])


def codes() -> "ArrayField[list[str], list[str]]":
    return ArrayField(models.CharField(max_length=60), default=list, blank=True)


class Proceeding(Child):
    """One crime on its way through the police and courts, or the answer that it was not reported."""

    class State(models.TextChoices):
        NOT_REPORTED = "NOT_REPORTED", "Not reported"
        GOING_ON = "GOING_ON", "Going on"
        ENDED = "ENDED", "Ended"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="proceedings")
    victim_id = models.UUIDField()
    state = models.CharField(max_length=14, choices=State.choices)
    reported = models.CharField(max_length=40)
    crime_type = models.CharField(max_length=40)
    force = models.CharField(max_length=100, default="", blank=True)
    crime_ref = SealedField(owner="victim_id")
    officer = SealedField(owner="victim_id")
    court_kind = models.CharField(max_length=40, default="", blank=True)
    court = SealedField(owner="victim_id")
    urn = SealedField(owner="victim_id")
    entitlements = codes()
    takes_part = models.BooleanField(default=True)
    started_at = models.DateTimeField()
    started_by = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)

    parent_path = "case"

    class Meta:
        indexes = [models.Index(fields=["case", "started_at"], name="justice_proceeding_case")]

    class Rows:
        scope = IN_CASE
        grants = PROVIDER_ONLY

    class Privacy:
        retention = "support"
        identity = ("crime_ref", "officer", "court", "urn")
        special = ("entitlements",)
        sensitive = ("state", "reported", "crime_type", "force", "court_kind", "takes_part")
        neutral = ("id", "case", "victim_id", "started_at", "started_by", "version")


class Turn(Child):
    """What happened, or a day at court that is set. A clock that runs is the agency's; it remembers its rule."""

    class State(models.TextChoices):
        DONE = "DONE", "Happened"
        LISTED = "LISTED", "Set"
        POSTPONED = "POSTPONED", "Postponed"
        TAKEN_OFF = "TAKEN_OFF", "No longer takes place"
        STRUCK = "STRUCK", "Struck out"

    proceeding = models.ForeignKey(Proceeding, on_delete=models.CASCADE, related_name="turns")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="turns")
    victim_id = models.UUIDField()
    kind = models.CharField(max_length=60)
    rule = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices)
    on = models.DateField(db_column="on_day")  # the word is PostgreSQL’s own
    at_time = models.TimeField(null=True, blank=True)
    from_on = models.DateField()
    after = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="moved_to")
    answers = codes()
    also = codes()
    body = models.CharField(max_length=60, default="", blank=True)
    note = SealedField(owner="victim_id")
    enhanced = models.BooleanField(default=False)
    owes = models.CharField(max_length=60, default="", blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    told_on = models.DateField(null=True, blank=True)
    told_by = models.CharField(max_length=60, default="", blank=True)
    told_how = models.CharField(max_length=60, default="", blank=True)
    answer_by = models.DateField(null=True, blank=True)
    answer_last = models.DateField(null=True, blank=True)
    reassess = models.BooleanField(default=False)
    reassessed_on = models.DateField(null=True, blank=True)
    reassessed = models.CharField(max_length=60, default="", blank=True)
    ended_why = models.CharField(max_length=60, default="", blank=True)
    leads_to = models.CharField(max_length=10, default="", blank=True)
    struck_why = SealedField(owner="victim_id")
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_by = models.UUIDField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)
    version = models.PositiveIntegerField(default=1)

    parent_path = "case"

    class Meta:
        indexes = [
            models.Index(fields=["proceeding", "on"], name="justice_turn_proceeding"),
            models.Index(fields=["case", "on"], name="justice_turn_case"),
            models.Index(fields=["on", "id"], condition=LISTED, name="justice_turn_listed"),
            models.Index(fields=["due_at", "id"], condition=UNTOLD, name="justice_turn_untold"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["proceeding", "kind"], condition=LISTED, name="justice_turn_listed_once"),
            models.CheckConstraint(
                condition=models.Q(state="STRUCK", struck_at__isnull=False)
                | (~models.Q(state="STRUCK") & models.Q(struck_at=None)), name="justice_turn_struck_at",
            ),
        ]  # fmt: skip

    class Rows:
        scope = IN_CASE
        grants = PROVIDER_ONLY

    class Privacy:
        retention = "support"
        identity = ("note", "struck_why")
        sensitive = ("kind", "state", "on", "at_time", "from_on", "answers", "also", "body", "enhanced", "owes",
                     "due_at", "told_on", "told_by", "told_how", "answer_by", "answer_last", "reassess",
                     "reassessed_on", "reassessed", "ended_why", "leads_to")  # fmt: skip
        neutral = ("id", "proceeding", "case", "victim_id", "rule", "after", "struck_at", "struck_by", "recorded_at",
                   "recorded_by", "version")  # fmt: skip


class Chase(Child):
    """A worker asked an agency for news that it owes the victim."""

    turn = models.ForeignKey(Turn, on_delete=models.CASCADE, related_name="chases")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    victim_id = models.UUIDField()
    body = models.CharField(max_length=60)
    how = models.CharField(max_length=60)
    on = models.DateField(db_column="on_day")  # the word is PostgreSQL’s own
    note = SealedField(owner="victim_id")
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)

    parent_path = "case"

    class Meta:
        indexes = [models.Index(fields=["turn", "on"], name="justice_chase_turn")]

    class Rows:
        scope = IN_CASE
        grants = PROVIDER_ADDS

    class Privacy:
        retention = "support"
        identity = ("note",)
        sensitive = ("body", "how", "on")
        neutral = ("id", "turn", "case", "victim_id", "recorded_at", "recorded_by")
