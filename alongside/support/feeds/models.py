"""Deliveries of a police feed with their receipts, and the rows that were held or rejected, sealed."""

from typing import Any

from django.db import models

from alongside.core.ids import uuid7
from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import OwnOrg
from alongside.foundation.organisations.models import Organisation


class OfHub(models.QuerySet[Any]):
    """First lock: a hub's own deliveries and rows."""

    def visible_to(self, actor: Any) -> Any:
        return self.all() if actor.realm == Realm.WORKER else self.filter(hub_id__in=actor.orgs)


class Delivery(models.Model):
    """One file from one source, with its receipt: sent is always the sum of what became of each row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hub_id = models.IntegerField()
    source = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    file = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    charset = models.CharField(max_length=20)
    received_at = models.DateTimeField()
    loaded_by = models.UUIDField(null=True)
    sent = models.PositiveIntegerField()
    accepted = models.PositiveIntegerField()
    duplicate = models.PositiveIntegerField()
    held = models.JSONField(default=dict)
    rejected = models.JSONField(default=dict)
    warnings = models.JSONField(default=list)

    objects = OfHub.as_manager()

    class Meta:
        ordering = ["-received_at"]
        indexes = [models.Index(fields=["source", "sha256"], name="feeds_delivery_file")]

    class Rows:
        scope = OwnOrg("hub_id")
        grants = {Realm.HUB: "select insert", Realm.WORKER: "select insert update delete"}

    class Privacy:
        retention = "permanent"
        neutral = ("id", "hub_id", "source", "file", "sha256", "charset", "received_at", "loaded_by", "sent",
                   "accepted", "duplicate", "held", "rejected", "warnings")  # fmt: skip


class KeptRow(models.Model):
    """A row that was held or rejected, sealed whole, until it is dealt with or its time is over."""

    class Outcome(models.TextChoices):
        HELD = "held", "Held"
        REJECTED = "rejected", "Rejected"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="kept")
    hub_id = models.IntegerField()
    line = models.PositiveIntegerField()
    source_ref = models.CharField(max_length=60, default="", blank=True)
    content_hash = models.BinaryField(max_length=32, default=b"")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.CharField(max_length=80)
    content = SealedField(owner="id")
    expires_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_how = models.CharField(max_length=40, default="", blank=True)
    settled_by = models.UUIDField(null=True, blank=True)

    objects = OfHub.as_manager()
    looks_are_logged = True

    class Meta:
        ordering = ["delivery", "line"]
        indexes = [models.Index(fields=["hub_id", "outcome", "settled_at"], name="feeds_keptrow_open")]

    class Rows:
        scope = OwnOrg("hub_id")
        grants = {Realm.HUB: "select insert update", Realm.WORKER: "select insert update delete"}

    class Privacy:
        retention = "held_row"
        identity = ("content", "source_ref")
        sensitive = ("reason",)
        neutral = ("id", "delivery", "hub_id", "line", "content_hash", "outcome", "expires_at", "settled_at",
                   "settled_how", "settled_by")  # fmt: skip
