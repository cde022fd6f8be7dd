"""What a first assessment found in detail, what was decided of Enhanced Rights and why, and alarms that were raised."""

from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models

from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.records import Child
from alongside.core.rows.scopes import Parent
from alongside.support.arrivals.referrals.models import HUB_ONLY, Referral, codes

OF_REFERRAL = Parent("referral_id", "referrals_referral")


class Detail(Child):
    """One assessment in detail, under the key of the summary that the referral keeps of it. It never changes."""

    class Answer(models.TextChoices):
        YES = "yes", "Yes"
        NO = "no", "No"
        UNSURE = "unsure", "Not sure"
        NOT_ASKED = "not_asked", "Not asked"

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="details")
    victim_id = models.UUIDField()
    levels = models.JSONField(default=dict)  # by need: none, some, lot, urgent; what is not there was not asked
    others_at_risk = codes()
    children = models.CharField(max_length=10, choices=Answer.choices, default=Answer.NOT_ASKED)
    children_count = models.PositiveSmallIntegerField(null=True, blank=True)
    child_concern = models.CharField(max_length=10, choices=Answer.choices, default=Answer.NOT_ASKED)
    interpreter = models.CharField(max_length=10, default="unknown", blank=True)
    said = SealedField(owner="victim_id")  # everything that was written, by the name of its field
    assessed_at = models.DateTimeField()

    parent_path = "referral"

    class Rows:
        scope = OF_REFERRAL
        grants = {Realm.HUB: "select insert", Realm.PROVIDER: "select", Realm.WORKER: HUB_ONLY[Realm.WORKER]}

    class Privacy:
        retention = "support"
        identity = ("said",)
        sensitive = ("levels", "others_at_risk", "children", "children_count", "child_concern", "interpreter")
        neutral = ("id", "referral", "victim_id", "assessed_at")


class Decision(Child):
    """Which Enhanced Rights apply, why, and the facts that it was decided on. For the hub alone: who helps reads the
    rights themselves on the referral, and never why, which may tell of another service.
    """

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="decisions")
    victim_id = models.UUIDField()
    entitlements = codes()
    basis = models.JSONField(default=dict)
    why = SealedField(owner="victim_id")
    decided_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)

    parent_path = "referral"

    class Meta:
        indexes = [models.Index(fields=["referral", "-decided_at"], name="assessment_decision_latest")]

    class Rows:
        scope = OF_REFERRAL
        grants = HUB_ONLY

    class Privacy:
        retention = "support"
        identity = ("why",)
        special = ("entitlements", "basis")
        neutral = ("id", "referral", "victim_id", "decided_at", "decided_by")


class Review(Child):
    """Facts changed since Enhanced Rights were decided: somebody looks again. One at a time for a referral."""

    class Ended(models.TextChoices):
        KEPT = "kept", "Looked at again, and kept"
        CHANGED = "changed", "Looked at again, and changed"
        FACTS_BACK = "facts_back", "The facts are what they were"

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="reviews")
    victim_id = models.UUIDField()
    changed: "ArrayField[list[str], list[str]]" = codes()
    opened_at = models.DateTimeField()
    ended = models.CharField(max_length=12, choices=Ended.choices, default="", blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.UUIDField(null=True, blank=True)

    parent_path = "referral"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["referral"], condition=models.Q(ended_at=None), name="assessment_review_open_once"
            ),
            models.CheckConstraint(
                condition=models.Q(ended="", ended_at=None) | (~models.Q(ended="") & models.Q(ended_at__isnull=False)),
                name="assessment_review_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["opened_at", "id"], name="assessment_review_open", condition=models.Q(ended_at=None))
        ]

    class Rows:
        scope = OF_REFERRAL
        grants = HUB_ONLY

    class Privacy:
        retention = "support"
        sensitive = ("changed", "ended")
        neutral = ("id", "referral", "victim_id", "opened_at", "ended_at", "ended_by")


class Alarm(Child):
    """Somebody said that there is danger now: who said so, who was told, and who has it."""

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="alarms")
    victim_id = models.UUIDField()
    raised_at = models.DateTimeField()
    raised_by = models.UUIDField(null=True)
    told: "ArrayField[list[UUID], list[UUID]]" = ArrayField(models.UUIDField(), default=list, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.UUIDField(null=True, blank=True)

    parent_path = "referral"

    class Meta:
        indexes = [
            models.Index(fields=["raised_at", "id"], name="assessment_alarm_open", condition=models.Q(taken_at=None))
        ]

    class Rows:
        scope = OF_REFERRAL
        grants = HUB_ONLY

    class Privacy:
        retention = "support"
        neutral = ("id", "referral", "victim_id", "raised_at", "raised_by", "told", "taken_at", "taken_by")


class Heard(Child):
    """Something that they named in a call, for whoever assesses: a need, a language, what they need to use a service.
    It goes into an assessment by a person alone, and stays here whatever becomes of it.
    """

    class What(models.TextChoices):
        NEED = "need", "Need"
        LANGUAGE = "language", "Language"
        INTERPRETER = "interpreter", "Interpreter"
        ACCESS = "access", "Access"

    class Ended(models.TextChoices):
        TAKEN = "taken", "In the assessment"
        LEFT = "left", "Left out"

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="heard")
    victim_id = models.UUIDField()
    what = models.CharField(max_length=12, choices=What.choices)
    code = models.CharField(max_length=40)
    heard_at = models.DateTimeField()
    heard_by = models.UUIDField(null=True)
    ended = models.CharField(max_length=10, choices=Ended.choices, default="", blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.UUIDField(null=True, blank=True)

    parent_path = "referral"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["referral", "what", "code"], condition=models.Q(ended_at=None), name="assessment_heard_once"
            ),
            models.CheckConstraint(
                condition=models.Q(ended="", ended_at=None) | (~models.Q(ended="") & models.Q(ended_at__isnull=False)),
                name="assessment_heard_ended",
            ),
        ]

    class Rows:
        scope = OF_REFERRAL
        grants = HUB_ONLY

    class Privacy:
        retention = "support"
        special = ("code",)
        sensitive = ("what", "ended")
        neutral = ("id", "referral", "victim_id", "heard_at", "heard_by", "ended_at", "ended_by")
