"""Sittings of risk questions, what is raised when a risk rises, and the sets that an office is writing."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.records import Child
from alongside.core.rows.scopes import OwnOrg, Parent
from alongside.foundation.office.organisations.models import Organisation
from alongside.support.cases.casework.models import PROVIDER_ONLY, Case


class Sitting(Child):
    """One sitting of one set, under the version in which it was begun. A draft until it is finished; then it stays.

    `answers` maps each question's code to an answer; `comments` is JSON of the same codes. `reckoned`: the level that
    the answers came to; `level`: what it was judged to be, never less. `council`: by whose thresholds it was reckoned.
    """

    class State(models.TextChoices):
        DRAFT = "DRAFT", "Begun"
        DONE = "DONE", "Finished"
        DROPPED = "DROPPED", "Thrown away"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="risk_sittings")
    victim_id = models.UUIDField()
    kind = models.CharField(max_length=40)
    set_code = models.CharField(max_length=60)
    set_version = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    stamp = models.PositiveIntegerField(default=1)
    answers = models.JSONField(default=dict)
    comments = SealedField(owner="victim_id")
    incidents = models.PositiveSmallIntegerField(null=True, blank=True)
    asked_how = models.CharField(max_length=40, default="", blank=True)
    council = models.CharField(max_length=9, default="", blank=True)
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    reckoned = models.CharField(max_length=10, default="", blank=True)
    level = models.CharField(max_length=10, default="", blank=True)
    before = models.CharField(max_length=10, default="", blank=True)
    why: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    judgement = SealedField(owner="victim_id")
    begun_at = models.DateTimeField()
    begun_by = models.UUIDField(null=True)
    saved_at = models.DateTimeField()
    saved_by = models.UUIDField(null=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.UUIDField(null=True, blank=True)

    parent_path = "case"

    class Meta:
        indexes = [models.Index(fields=["case", "kind", "done_at"], name="risk_sitting_case")]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"], condition=models.Q(state="DRAFT"), name="risk_sitting_one_draft"
            ),
            models.CheckConstraint(
                condition=models.Q(state="DONE", done_at__isnull=False, score__isnull=False)
                | (~models.Q(state="DONE") & models.Q(done_at=None, level="")),
                name="risk_sitting_done",
            ),
        ]

    class Rows:
        scope = Parent("case_id", "casework_case")
        grants = PROVIDER_ONLY
        update = {
            Realm.PROVIDER: (
                "state", "stamp", "answers", "comments", "incidents", "asked_how", "council", "score", "reckoned",
                "level", "before", "why", "judgement", "saved_at", "saved_by", "done_at", "done_by",
            )
        }  # fmt: skip

    class Privacy:
        retention = "support"
        identity = ("comments", "judgement")
        special = ("answers",)
        sensitive = ("kind", "set_code", "incidents", "asked_how", "council", "score", "reckoned", "level", "before",
                     "why")  # fmt: skip
        neutral = ("id", "case", "victim_id", "set_version", "state", "stamp", "begun_at", "begun_by", "saved_at",
                   "saved_by", "done_at", "done_by")  # fmt: skip


class Alert(Child):
    """A risk that rose, for the manager to see and for somebody to act on. `answer_seen_at`: when a manager saw what
    was done; until then it stays on their list."""

    class State(models.TextChoices):
        NEW = "NEW", "New"
        SEEN = "SEEN", "Seen"
        ANSWERED = "ANSWERED", "Acted on"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="risk_alerts")
    victim_id = models.UUIDField()
    sitting = models.OneToOneField(Sitting, on_delete=models.CASCADE, related_name="alert")
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    raised_at = models.DateTimeField()
    raised_by = models.UUIDField(null=True)
    due_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.UUIDField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.UUIDField(null=True, blank=True)
    did: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    words = SealedField(owner="victim_id")
    answer_seen_at = models.DateTimeField(null=True, blank=True)
    answer_seen_by = models.UUIDField(null=True, blank=True)

    parent_path = "case"

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], condition=models.Q(answer_seen_at=None), name="risk_alert_waits")
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="ANSWERED", answered_at__isnull=False)
                | (~models.Q(state="ANSWERED") & models.Q(answered_at=None)),
                name="risk_alert_answered",
            ),
            models.CheckConstraint(
                condition=models.Q(answer_seen_at=None) | models.Q(state="ANSWERED"), name="risk_alert_answer_seen"
            ),
        ]

    class Rows:
        scope = Parent("case_id", "casework_case")
        grants = PROVIDER_ONLY
        update = {
            Realm.PROVIDER: ("state", "seen_at", "seen_by", "answered_at", "answered_by", "did", "words",
                             "answer_seen_at", "answer_seen_by")
        }  # fmt: skip

    class Privacy:
        retention = "support"
        identity = ("words",)
        sensitive = ("did",)
        neutral = ("id", "case", "victim_id", "sitting", "state", "raised_at", "raised_by", "due_at", "seen_at",
                   "seen_by", "answered_at", "answered_by", "answer_seen_at", "answer_seen_by")  # fmt: skip


class Drafts(models.QuerySet["Draft"]):
    """First lock: an organisation's own drafts."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(organisation_id__in=actor.orgs)


class Draft(models.Model):
    """A set that an office is writing, of which nothing is asked yet: one for each set and each office that writes.

    `body`: as the rulebook has it; `seen`: the version that it began from; `stamp` goes up each time it is written.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    body = models.JSONField()
    source = models.CharField(max_length=200)
    seen = models.PositiveIntegerField()
    stamp = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.UUIDField(null=True)

    objects = Drafts.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="risk_draft_one")]

    class Rows:
        scope = OwnOrg("organisation_id")
        grants = dict.fromkeys((Realm.HUB, Realm.COMMISSIONING), "select insert update delete")

    class Privacy:
        retention = "permanent"
        neutral = ("id", "organisation", "code", "title", "body", "source", "seen", "stamp", "changed_at",
                   "changed_by")  # fmt: skip
