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
    # A whole one may be added to: what it was made by, and the first transaction whose writes it may not have seen.
    made_by = models.JSONField(default=dict, blank=True)
    since_xid = models.BigIntegerField(null=True, blank=True)
    discarded_at = models.DateTimeField(null=True, blank=True)

    wrapped_key = "sealed_key"  # what `alongside keys reseal` seals again

    class Meta:
        ordering = ["-as_at"]

    class Rows:
        scope = Open("counts of rows and hashes of files; no person")
        grants = {Realm.WORKER: "select insert update"}

    class Privacy:
        retention = "snapshot"
        sensitive = ("sealed_key",)
        neutral = (
            "id",
            "code",
            "as_at",
            "made_at",
            "manifest",
            "master",
            "expires_on",
            "made_by",
            "since_xid",
            "discarded_at",
        )


class Touched(models.Model):
    """A record whose rows were written, by the transaction that wrote them. Triggers write it (migration 0002)."""

    at_xid = models.BigIntegerField()
    kind = models.CharField(max_length=8)
    record = models.UUIDField(null=True, blank=True)

    class Rows:
        scope = Open("opaque ids alone; written by triggers, read by the worker, and gone within days")
        grants = {Realm.WORKER: "select insert delete"}

    class Privacy:
        retention = "snapshot"
        neutral = ("id", "at_xid", "kind", "record")
