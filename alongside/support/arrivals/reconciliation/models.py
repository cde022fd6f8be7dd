"""Alarms: a file that was due and did not come by its hour, or came with fewer rows than is usual."""

from django.db import models

from alongside.core.ids import uuid7
from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import OwnOrg
from alongside.foundation.office.organisations.models import Organisation
from alongside.support.arrivals.feeds.models import CODE, OfHub


class Alarm(models.Model):
    """One for a feed and a day on which its file was due; the count of rows is as it was last looked at."""

    class Kind(models.TextChoices):
        MISSING = "missing", "No file came"
        SHORT = "short", "Fewer rows than usual"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hub_id = models.IntegerField()
    source = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    feed = models.SlugField(max_length=CODE, default="", blank=True, db_index=False)
    day = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    due_at = models.DateTimeField()
    least = models.PositiveIntegerField(null=True, blank=True)
    rows = models.PositiveIntegerField(default=0)
    raised_at = models.DateTimeField()
    over_at = models.DateTimeField(null=True, blank=True)  # the file came after all
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.UUIDField(null=True, blank=True)
    reason = models.CharField(max_length=40, default="", blank=True)
    words = SealedField(owner="id")

    objects = OfHub.as_manager()

    class Meta:
        ordering = ["-day", "source__name", "feed"]
        constraints = [
            models.UniqueConstraint(fields=["hub_id", "source", "feed", "day"], name="reconciliation_alarm_once"),
            models.CheckConstraint(
                condition=models.Q(acknowledged_at=None, reason="")
                | (~models.Q(acknowledged_at=None) & ~models.Q(reason="")),
                name="reconciliation_alarm_acknowledged",
            ),
        ]

    class Rows:
        scope = OwnOrg("hub_id")
        grants = {Realm.HUB: "select update", Realm.WORKER: "select insert update delete"}
        update = {Realm.HUB: ("acknowledged_at", "acknowledged_by", "reason", "words")}

    class Privacy:
        retention = "audit"
        identity = ("words",)
        neutral = ("id", "hub_id", "source", "feed", "day", "kind", "due_at", "least", "rows", "raised_at", "over_at",
                   "acknowledged_at", "acknowledged_by", "reason")  # fmt: skip
