"""Snapshots: what was written, when, with which definitions. Their rows are Parquet files, never tables."""

from django.db import models

from alongside.core.ids import uuid7
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import Open


class Snapshot(models.Model):
    """One snapshot. It never changes; its pseudonym key is destroyed when it expires."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=40, unique=True)
    as_at = models.DateTimeField()
    made_at = models.DateTimeField()
    manifest = models.JSONField(default=dict)
    master = models.CharField(max_length=20, default="")
    sealed_key = models.BinaryField(default=b"")
    expires_on = models.DateField(null=True, blank=True)

    wrapped_key = "sealed_key"  # what `alongside keys reseal` seals again

    class Meta:
        ordering = ["-as_at"]

    class Rows:
        scope = Open("counts of rows and hashes of files; no person")
        grants = {Realm.WORKER: "select insert update"}

    class Privacy:
        retention = "snapshot"
        sensitive = ("sealed_key",)
        neutral = ("id", "code", "as_at", "made_at", "manifest", "master", "expires_on")
