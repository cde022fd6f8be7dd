"""Rules that an office changes: dated, versioned rows. A row is altered once: to say when it ended."""

from django.db import models

from alongside.core.ids import uuid7
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import Open

REFERENCE = Open("rules of the office: no person")
WRITERS = (Realm.HUB, Realm.COMMISSIONING, Realm.WORKER)
GRANTS = {**dict.fromkeys(Realm, "select"), **dict.fromkeys(WRITERS, "select insert update")}


class Rule(models.Model):
    """One version of one row of a book, in force from `since` until the day before `until`."""

    class Origin(models.TextChoices):
        SHIPPED = "shipped", "Came with the product"
        OFFICE = "office", "Written by this office"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    book = models.CharField(max_length=40)
    code = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    body = models.JSONField(default=dict)
    source = models.CharField(max_length=200)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    position = models.PositiveIntegerField()
    origin = models.CharField(max_length=10, choices=Origin.choices)
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["book", "position", "code", "version"]
        constraints = [
            models.UniqueConstraint(fields=["book", "code", "version"], name="rulebook_rule_version"),
            models.UniqueConstraint(
                fields=["book", "code"], condition=models.Q(until=None), name="rulebook_rule_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")),
                name="rulebook_rule_ends_after_start",
            ),
        ]

    class Rows:
        scope = REFERENCE
        grants = GRANTS
        update = dict.fromkeys((Realm.HUB, Realm.COMMISSIONING), ("until",))

    class Privacy:
        retention = "permanent"
        neutral = (
            "id", "book", "code", "version", "title", "body", "source", "since", "until", "position",
            "origin", "created_at", "created_by",
        )  # fmt: skip


class Edition(models.Model):
    """One row whose stamp changes with every write: what a process read under a stamp stays true."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    stamp = models.UUIDField(default=uuid7)

    class Rows:
        scope = REFERENCE
        grants = GRANTS
        update = dict.fromkeys((Realm.HUB, Realm.COMMISSIONING), ("stamp",))

    class Privacy:
        retention = "permanent"
        neutral = ("id", "stamp")
