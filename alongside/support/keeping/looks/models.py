"""What was found in the read log, about somebody who works here, and what a person judged of it."""

from typing import Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import OwnOrg


class Findings(models.QuerySet["Finding"]):
    """First lock: what was found about people of one's own organisation, but oneself."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(organisation_id__in=actor.orgs).exclude(user_id=actor.user_id or UUID(int=0))


class Finding(models.Model):
    """Looks of one person that are unlike the work: by which rule, at how much, when; judged by somebody else."""

    class State(models.TextChoices):
        WAITING = "WAITING", "To be looked at"
        EXPLAINED = "EXPLAINED", "Explained by the work"
        CONCERN = "CONCERN", "Not explained"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rule = models.CharField(max_length=40)
    organisation_id = models.IntegerField()
    user_id = models.UUIDField()
    number = models.PositiveIntegerField()
    people: "ArrayField[list[UUID], list[UUID]]" = ArrayField(models.UUIDField(), default=list)
    first_on = models.DateField()
    last_on = models.DateField()
    found_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    outcome = SealedField(owner="id")
    judged_at = models.DateTimeField(null=True, blank=True)
    judged_by = models.UUIDField(null=True, blank=True)

    objects = Findings.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(judged_by=models.F("user_id")), name="looks_finding_not_own"),
            models.CheckConstraint(
                condition=models.Q(state="WAITING", judged_by=None)
                | (~models.Q(state="WAITING") & models.Q(judged_by__isnull=False)),
                name="looks_finding_judged",
            ),
        ]
        indexes = [models.Index(fields=["organisation_id", "state", "last_on", "id"], name="looks_finding_queue")]

    class Rows:
        scope = OwnOrg("organisation_id")
        grants = {
            Realm.HUB: "select update", Realm.PROVIDER: "select update", Realm.WORKER: "select insert update delete",
        }  # fmt: skip
        update = dict.fromkeys((Realm.HUB, Realm.PROVIDER), ("state", "outcome", "judged_at", "judged_by"))

    class Privacy:
        retention = "audit"
        identity = ("outcome",)
        sensitive = ("rule", "user_id", "people")
        neutral = ("id", "organisation_id", "number", "first_on", "last_on", "found_at", "state", "judged_at",
                   "judged_by")  # fmt: skip
